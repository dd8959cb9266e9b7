"""provenance.json: the facts of an export for programs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.data.preparing.results import sha256_of
from workbench.export.record.facts import Facts
from workbench.export.record.statement import QUESTIONS, answer_of

NAME = "provenance.json"

_FORMAT = 1


def provenance(facts: Facts, folder: Path) -> str:
    """With the digest of each file that lies in the folder of the export."""
    told = {"format": _FORMAT, **asdict(facts), "statement": _statement(facts), "files": _files(folder)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _statement(facts: Facts) -> dict[str, str]:
    return {name: answer_of(facts.statement, name) for name in QUESTIONS}


def _files(folder: Path) -> list[dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        {"name": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in paths
        if path.name not in (NAME, "README.md", "training-content-summary.md")
    ]
