"""Writes the record of an export beside its files."""

from pathlib import Path

from workbench.export.record import card, content_summary, provenance
from workbench.export.record.facts import gather
from workbench.export.request import ExportRequest
from workbench.runs.run_dir import RunDir


def write_record(folder: Path, run: RunDir, request: ExportRequest) -> None:
    """Once the folder holds all else: card and provenance tell what is there."""
    facts = gather(run, request)
    told = {
        card.NAME: card.card(facts, folder),
        provenance.NAME: provenance.provenance(facts, folder),
        content_summary.NAME: content_summary.content_summary(facts),
    }
    for name, text in told.items():
        (folder / name).write_text(text, encoding="utf-8")
