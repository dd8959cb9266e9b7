"""The examples of a run, as its record tells them: names, digests and counts, and nothing that stands in them."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from workbench.data.counting.rejected_rows import RejectedRows
from workbench.data.preparing.results import REJECTED
from workbench.export.record.names import last_part
from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir

_CONTENT = re.compile(r"“[^”]*”?|: .*|\d[\d.,]*")
"""In the reason why a row was left out: what may be of the row itself."""


@dataclass(frozen=True)
class DataFile:
    name: str
    sha256: str
    format: str
    rows: int
    accepted: int
    rejected: int
    excluded: int
    """Left out by hand."""
    held_out: bool
    """Whether all of it is kept for checking."""


@dataclass(frozen=True)
class DataFacts:
    """Counts of rows."""

    files: tuple[DataFile, ...]
    given: int
    used: int
    """Rows of tokens that were learned from; a long text is several."""
    held_out: int
    rejected: int
    reasons: dict[str, int]
    duplicates: int
    """Copies of held-out examples, which were not learned from."""
    cut: int
    dropped: int
    nothing_to_learn: int
    learned_tokens: int
    """In one pass."""
    sha256: dict[str, str]
    """Of the examples as they were read, and of what was made of them."""


def gather_data(run: RunDir) -> DataFacts | None:
    """None of a run that nobody trained here."""
    told = read_json(run.data_dir / "summary.json")
    if not told:
        return None
    files = tuple(_file(file) for file in told.get("files", ()))
    return DataFacts(
        files=files,
        given=sum(file.rows for file in files),
        used=told.get("rows", 0),
        reasons=_reasons(run),
        sha256=dict(told.get("sha256", {})),
        **{name: told.get(name, 0) for name in _COUNTS},
    )


_COUNTS = ("held_out", "rejected", "duplicates", "cut", "dropped", "nothing_to_learn", "learned_tokens")


def _file(told: dict[str, Any]) -> DataFile:
    accepted, rejected, excluded = (int(told.get(kind, 0)) for kind in ("accepted", "rejected", "excluded"))
    return DataFile(
        name=_plain(str(told.get("name", ""))),
        sha256=str(told.get("sha256", "")),
        format=str(told.get("format", "")),
        rows=accepted + rejected + excluded,
        accepted=accepted,
        rejected=rejected,
        excluded=excluded,
        held_out=bool(told.get("held_out", False)),
    )


def _plain(name: str) -> str:
    """Of an absolute path its last part; in a folder or an archive a name may have several."""
    return last_part(name) if name.startswith(("/", "~", "\\")) or ":" in name else name


def _reasons(run: RunDir) -> dict[str, int]:
    """Why rows were left out, and how many for each reason, the most frequent first."""
    path = run.data_dir / REJECTED
    rows = RejectedRows([path]) if path.is_file() else ()
    counted = Counter(_CONTENT.sub("…", str(row["reason"])) for row in rows)
    return dict(counted.most_common())
