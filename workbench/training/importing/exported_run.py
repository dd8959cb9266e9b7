"""A run that another workbench exported: what of its record is taken over, beside its result. No torch.

Every file is read against a list of what may stand in it, and written anew; nothing of it is handed on as it came.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.config import yaml_io
from workbench.config.run_config import RunConfig
from workbench.data.reading.archive import open_archive, read_chunks
from workbench.data.reading.bundle import list_members
from workbench.errors import AdapterError, WorkbenchError
from workbench.jobs.files import read_json
from workbench.jobs.room import has_room, tell_lack
from workbench.methods.changed_weights import ABOUT, WEIGHTS
from workbench.runs.rows import is_check, read_rows
from workbench.runs.run_dir import Resolved
from workbench.training.importing.files import BESIDE, CONFIG
from workbench.training.importing.files import WEIGHTS as ADAPTER

_CONFIG, _METRICS = "config.yaml", "metrics.jsonl"
_RECORDS = ("about.json", "status.json", "environment.json", "exit.json", "data/summary.json")
_RESULTS = (f"adapter/{CONFIG}", f"adapter/{ADAPTER}", f"adapter/{BESIDE}", f"weights/{WEIGHTS}", f"weights/{ABOUT}")
_CHECK = frozenset({"attempt", "step", "eval_loss", "seconds"})
_UPDATE = frozenset(
    {
        *("attempt", "step", "loss", "learning_rate", "grad_norm", "tokens", "learned_tokens", "tokens_per_second"),
        *("epoch", "seconds"),
    }
)
_NAMES = frozenset({_CONFIG, _METRICS, *_RECORDS, *_RESULTS})

_MOST_BYTES = 64 * 1024**3
_MOST_RECORD_BYTES = 4_000_000
_MOST_METRICS_BYTES = 500_000_000
_OTHER = "Export the run again, with a workbench of the same version."


@dataclass(frozen=True)
class ExportedRun:
    """Where its files lie: those of the list, and no others."""

    source: str
    """The name of what was given."""
    folder: Path

    @property
    def result(self) -> Path:
        weights = self.folder / "weights"
        return weights if weights.is_dir() else self.folder / "adapter"

    def settings(self) -> tuple[RunConfig, dict[str, Resolved]]:
        """What was asked for, and what each `auto` became. Raises AdapterError for what no run has."""
        try:
            tree = yaml_io.read_tree(self.folder / _CONFIG)
            became = {path: Resolved(row["value"], str(row["why"])) for path, row in tree.get("auto", {}).items()}
            asked = yaml_io.settings_in(tree)
        except (WorkbenchError, KeyError, TypeError, AttributeError) as error:
            raise AdapterError(f"The settings in {self.source} cannot be read.", _OTHER) from error
        return asked, became

    def record(self, name: str) -> dict[str, Any]:
        """What stands in one of its records; nothing where it has none."""
        path = self.folder / name
        is_small = path.is_file() and path.stat().st_size <= _MOST_RECORD_BYTES
        return read_json(path) if is_small else {}

    def course(self) -> Iterator[str]:
        """The rows of its metrics, with the numbers that each row has."""
        path = self.folder / _METRICS
        if not path.is_file() or path.stat().st_size > _MOST_METRICS_BYTES:
            return
        for row, _ in read_rows(path, 0):
            kept = _CHECK if is_check(row) else _UPDATE
            if row.keys() >= kept and all(is_number(row[name]) for name in kept):
                yield json.dumps({name: row[name] for name in sorted(kept)}) + "\n"


def find_run(given: Sequence[Path], staging: Path) -> ExportedRun | None:
    """None where what is given is no exported run; one in a zip file is unpacked into `staging`.

    Raises AdapterError or DataError for one that is damaged, or larger than there is room for.
    """
    if len(given) != 1:
        return None
    if given[0].is_dir():
        return _in_folder(given[0])
    return _in_zip(given[0], staging) if given[0].suffix.lower() == ".zip" and given[0].is_file() else None


def _in_folder(folder: Path) -> ExportedRun | None:
    """Its own folder, or that which holds card and run."""
    marks = (_CONFIG, *_RECORDS[:2])
    place = next((path for path in (folder, folder / "run") if all((path / name).is_file() for name in marks)), None)
    if place is None:
        return None
    if link := next((name for name in _NAMES if (place / name).is_symlink() or (place / name).parent.is_symlink()), ""):
        raise AdapterError(f"{link} is a link.", "Copy the file itself to that place.")
    return ExportedRun(folder.resolve().name, place)


def _in_zip(path: Path, staging: Path) -> ExportedRun | None:
    with open_archive(path, _MOST_BYTES) as archive:
        members = list_members(archive, path.name)
        places = [PurePosixPath(name).parent for name in members if PurePosixPath(name).name == _CONFIG]
        # Others also call a file so; a run has these beside it.
        if len(places) != 1 or not all(f"{places[0] / name}" in members for name in _RECORDS[:2]):
            return None
        wanted = {name: f"{places[0] / name}" for name in _NAMES if f"{places[0] / name}" in members}
        if not has_room(staging, needed := sum(members[name].file_size for name in wanted.values())):
            raise AdapterError(tell_lack(staging, needed), "Make room first.")
        for name, member in wanted.items():
            (staging / name).parent.mkdir(exist_ok=True)
            with (staging / name).open("xb") as file:
                for chunk in read_chunks(archive, members[member]):
                    file.write(chunk)
    return ExportedRun(path.name, staging)


def is_number(value: Any) -> bool:
    """Or said to be none."""
    return value is None or (isinstance(value, int | float) and math.isfinite(value))
