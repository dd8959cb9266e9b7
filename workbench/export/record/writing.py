"""Writes the record of an export beside its files."""

import shutil
from pathlib import Path

from workbench.export.record import card, content_summary, provenance
from workbench.export.record.base_facts import terms_of
from workbench.export.record.facts import gather
from workbench.export.record.metadata import WITH_BASE
from workbench.export.request import ExportRequest
from workbench.models.base_of import base_of
from workbench.runs.run_dir import RunDir


def write_record(folder: Path, run: RunDir, request: ExportRequest) -> None:
    """Once the folder holds all else: card and provenance tell what is there."""
    facts = gather(run, request)
    if request.target in WITH_BASE and facts.base.terms:
        _carry_terms(folder, run)
    told = {
        card.NAME: card.card(facts, folder),
        provenance.NAME: provenance.provenance(facts, folder),
        content_summary.NAME: content_summary.content_summary(facts),
    }
    for name, text in told.items():
        (folder / name).write_text(text, encoding="utf-8")


def _carry_terms(folder: Path, run: RunDir) -> None:
    """Who passes weights on passes their terms on."""
    for path in terms_of(base_of(run)):
        shutil.copyfile(path, folder / path.name)
