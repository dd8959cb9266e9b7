"""What of an export goes to the hub: the files that its record names, and the record itself. No torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import RunError
from workbench.export.record import card, content_summary, provenance
from workbench.export.record.statement import YES
from workbench.jobs.files import read_json

_RECORD = (card.NAME, provenance.NAME, content_summary.NAME)
_AGAIN = "Export it again."


@dataclass(frozen=True)
class Parcel:
    folder: Path
    digests: dict[str, str]
    """The sha256 of each file by its name, as it was when it was exported; "" for those of the record."""

    @property
    def size_bytes(self) -> int:
        return sum((self.folder / name).stat().st_size for name in self.digests)

    def check_digest(self, name: str, sha256: str) -> None:
        """Raises RunError where a file is not what was exported: the card would tell of another one."""
        if self.digests[name] not in ("", sha256):
            raise RunError(f"{name} is not as it was exported into {self.folder.name}.", _AGAIN)


def read_parcel(folder: Path) -> Parcel:
    """Raises RunError for what is no export, is not whole, or may not be passed on yet."""
    told = read_json(folder / provenance.NAME) if folder.is_dir() else {}
    digests = _digests(told)
    if not digests:
        hint = "Name a folder that was exported; unpack a zip file first."
        raise RunError(f"{folder} is no export: no {provenance.NAME} there names its files.", hint)
    _check_licence(told, folder)
    # A link could lead to anything.
    own = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    here = {path.relative_to(folder).as_posix() for path in own}
    lacking = next((name for name in digests if name not in here), "")
    if lacking:
        raise RunError(f"{lacking} is not in {folder} any more.", _AGAIN)
    return Parcel(folder, digests)


def _digests(told: dict[str, Any]) -> dict[str, str]:
    """Empty where that is not the record of an export."""
    try:
        return {str(file["name"]): str(file["sha256"]) for file in told["files"]} | dict.fromkeys(_RECORD, "")
    except (KeyError, TypeError):
        return {}


def _check_licence(told: dict[str, Any], folder: Path) -> None:
    statement = told.get("statement")
    if not isinstance(statement, dict) or statement.get("licence_confirmed") != YES:
        message = f"The card of {folder.name} does not say that you have read the licence of the original model."
        hint = "Confirm it (“licence_confirmed” of `export --questions`, or the tick under Card), and export again."
        raise RunError(message, hint)
