"""training-content-summary.md: what a model was trained on, under the three headings of the EU's template.

The template (24 July 2025) is that of the AI Act's article 53 (1) d. Of a modified model only the modification is told.
"""

from workbench.export.record.facts import Facts
from workbench.export.record.statement import answer_of
from workbench.export.record.tables import Rows, table

NAME = "training-content-summary.md"

_SUMMARY = """# Summary of the training content

It tells of what {name} was tuned with. What its original, {base}, was trained with before, its makers know.
Names, digests and counts were written down by the program; the rest is what the author says.

## 1. General information

{general}

## 2. List of data sources

{sources}

{files}

## 3. Data processing aspects

{processing}
"""


def content_summary(facts: Facts) -> str:
    told = {"general": _general(facts), "sources": _sources(facts), "processing": _processing(facts)}
    name, base = (" ".join(text.split()) for text in (facts.name, facts.base.name))
    return _SUMMARY.format(name=name, base=base, files=table(_files(facts), ("File", "Rows", "sha256")), **told)


def _general(facts: Facts) -> str:
    tokens = facts.course.tokens if facts.course else 0
    return table(
        [
            ("Provider and contact", answer_of(facts.statement, "contact")),
            ("Model", facts.name),
            ("Modification of", facts.base.hub_id or facts.base.name),
            ("Kind of modification", facts.method),
            ("Date", facts.made or "not known here"),
            ("Modality", "text"),
            ("Size of the content", f"{tokens:,} tokens read in training" if tokens else "not known here"),
            ("Languages", answer_of(facts.statement, "language")),
        ]
    )


def _sources(facts: Facts) -> str:
    return table(
        [
            ("Where the data comes from", answer_of(facts.statement, "data_origin")),
            ("Publicly available, licensed, or of one's own", answer_of(facts.statement, "data_rights")),
            ("Collected from the web by this program", "none: it reads files that it is given"),
            ("Data of users", answer_of(facts.statement, "personal_data")),
            ("Synthetic data", answer_of(facts.statement, "synthetic_data")),
        ]
    )


def _files(facts: Facts) -> Rows:
    files = facts.data.files if facts.data else ()
    return [(file.name, file.rows, f"`{file.sha256 or 'not kept'}`") for file in files] or [("not known here", "", "")]


def _processing(facts: Facts) -> str:
    data = facts.data
    left_out = f"{data.rejected + data.dropped + data.nothing_to_learn:,} of {data.given:,} rows" if data else ""
    return table(
        [
            ("Reservations of rights that were honoured", answer_of(facts.statement, "data_rights")),
            ("Personal data", answer_of(facts.statement, "personal_data")),
            ("Removal of illegal content", "none by this program; what the author did stands under the data's origin"),
            ("Left out as unusable", left_out or "not known here"),
            ("Kept for checking, never learned from", f"{data.held_out:,} examples" if data else "not known here"),
        ]
    )
