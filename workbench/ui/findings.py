"""What was found on this machine, as HTML; each section keeps its words for the report that is copied."""

import html

from workbench.monitoring.doctor.finding import Finding, Section, as_text


def describe(sections: list[Section]) -> str:
    return f'<div class="machine-sections">{"".join(map(_section, sections))}</div>'


def _section(section: Section) -> str:
    words = html.escape(as_text([section]))
    rows = "".join(map(_row, section.findings))
    return f'<section data-report="{words}"><h4>{html.escape(section.title)}</h4><dl>{rows}</dl></section>'


def _row(finding: Finding) -> str:
    advice = f'<p class="machine-advice">{html.escape(finding.advice)}</p>' if finding.advice else ""
    value = html.escape(finding.value)
    return f"<div><dt>{html.escape(finding.topic)}</dt><dd>{value}{advice}</dd></div>"
