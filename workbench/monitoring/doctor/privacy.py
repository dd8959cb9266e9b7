"""What is said of a machine without who works on it: no path, and not the machine's own name."""

import re
import socket
from dataclasses import replace
from pathlib import Path

from workbench.monitoring.doctor.finding import Finding, Section

_PATH = re.compile(r"(?<![\w.:/…])~?/[\w.@+~-]+(?:/[\w.@+~-]*)*")
_PROJECT = Path(__file__).parents[3]
_SOMEWHERE = "…"


def without_person(section: Section, root: Path) -> Section:
    """Fit to be shown to others. What programs say of themselves may hold anything."""
    return replace(section, findings=tuple(_without_person(finding, root) for finding in section.findings))


def _without_person(finding: Finding, root: Path) -> Finding:
    return Finding(finding.topic, _shown(finding.value, root), _shown(finding.advice, root))


def _shown(words: str, root: Path) -> str:
    # Whole folders first: their names may hold what ends a path for the pattern, such as a space.
    for folder in sorted({str(root), str(root.resolve()), str(_PROJECT), str(Path.home())}, key=len, reverse=True):
        words = words.replace(folder, _SOMEWHERE) if len(folder) > 1 else words
    words = _PATH.sub(_SOMEWHERE, words)
    name = socket.gethostname()
    return re.sub(rf"\b{re.escape(name)}\b", "this computer", words) if name else words
