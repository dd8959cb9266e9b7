"""What was found, in a form that a terminal, a program and the page can show."""

from dataclasses import asdict, dataclass
from textwrap import fill

_COLUMNS = 110


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what is there, and what to do about it if anything."""

    topic: str
    value: str
    advice: str = ""


@dataclass(frozen=True)
class Section:
    """What belongs together."""

    title: str
    findings: tuple[Finding, ...]


def as_text(sections: list[Section]) -> str:
    """For a terminal, or to be sent to somebody who helps."""
    width = max(len(finding.topic) for section in sections for finding in section.findings)
    return "\n\n".join("\n".join(_lines(section, width)) for section in sections)


def as_json(sections: list[Section]) -> list[dict[str, str]]:
    return [{"section": section.title} | asdict(finding) for section in sections for finding in section.findings]


def _lines(section: Section, width: int) -> list[str]:
    lines = [section.title]
    for finding in section.findings:
        lines.append(_line(f"{finding.topic:<{width}}", finding.value))
        if finding.advice:
            lines.append(_line(" " * width, f"→ {finding.advice}"))
    return lines


def _line(head: str, words: str) -> str:
    return fill(words, _COLUMNS, initial_indent=f"  {head}  ", subsequent_indent=" " * (len(head) + 4))
