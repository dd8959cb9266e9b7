"""What docs/api.md says is what the server does."""

from tests.server.conftest import PROJECT
from workbench.chat.client import MOST_CHARACTERS
from workbench.server.openai.reading import MOST_BYTES
from workbench.server.openai.reply import MOST_WAITING
from workbench.server.openai.shapes import MOST_CHOICES, MOST_SEED, MOST_STOPS, MOST_TOKENS, ChatRequest, TextRequest

TEXT = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")


def test_it_names_every_parameter() -> None:
    wanted = {*ChatRequest.model_fields, *TextRequest.model_fields} - {"messages", "prompt"}
    assert [name for name in wanted if f"`{name}" not in TEXT] == []


def test_it_names_every_limit() -> None:
    assert f"up to {MOST_TOKENS:,}, " in TEXT and f"0 to {MOST_SEED:,};" in TEXT
    assert f"| `n` | up to {MOST_CHOICES}, " in TEXT and f"up to {MOST_STOPS} texts" in TEXT
    assert f"longer than {MOST_BYTES:,} bytes, or the conversation than {MOST_CHARACTERS:,} characters" in TEXT
    assert f"| 429 | {MOST_WAITING} answers" in TEXT
