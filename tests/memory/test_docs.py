"""docs/memory.md says what the arithmetic says."""

from pathlib import Path

from workbench.memory.docs import page
from workbench.memory.terms import TERMS


def test_the_page_is_up_to_date_and_explains_every_term() -> None:
    stored = (Path(__file__).parents[2] / "docs" / "memory.md").read_text(encoding="utf-8")
    assert stored == page(), "run `python -m workbench.memory.docs > docs/memory.md`"
    assert all(f"| {term.label} |" in stored for term in TERMS.values())
