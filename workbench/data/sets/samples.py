"""The small datasets that ship with the project."""

from pathlib import Path

from workbench.data.sets.originals import READABLE

SAMPLES = Path(__file__).parents[3] / "presets" / "data"


def samples() -> dict[str, Path]:
    """The samples by name; what is kept to judge a tuned model by is none."""
    files = sorted(path for path in SAMPLES.glob("*") if path.suffix in READABLE)
    return {path.stem: path for path in files if not path.stem.endswith("-heldout") and path.stem.upper() != "README"}
