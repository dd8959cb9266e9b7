"""The libraries that are installed here, and whether they are those that the tests have seen."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from workbench.monitoring.doctor.finding import Finding

_REQUIREMENTS = Path(__file__).parents[3] / "requirements.txt"
_TOLD = ("torch", "transformers", "peft", "bitsandbytes", "datasets", "huggingface_hub", "gradio")
"""Those that one asks after."""

_MEND = "make run installs what is tested."


def examine_libraries() -> Iterator[Finding]:
    """Those that one asks after each by itself, of the others only those that are not as tested."""
    lines = _REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    looked_at = [look_at(Requirement(line)) for line in lines if line and not line.startswith("#")]
    told = [finding for finding in looked_at if finding.topic in _TOLD]
    others = [finding for finding in looked_at if finding.topic not in _TOLD]
    yield from told
    yield from (finding for finding in others if finding.advice)
    tested = sum(not finding.advice for finding in others)
    yield Finding("others", f"{tested} of {len(others)} as tested")


def look_at(wanted: Requirement) -> Finding:
    """One library against what is wanted of it."""
    try:
        here = version(wanted.name)
    except PackageNotFoundError:
        return Finding(wanted.name, "missing", _MEND)
    if wanted.specifier.contains(here, prereleases=True):
        return Finding(wanted.name, f"{here}, as tested")
    return Finding(wanted.name, f"{here}, not tested: {wanted.specifier} is", _MEND)
