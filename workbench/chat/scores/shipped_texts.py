"""General texts, which no tuning is about: those that ship with the project, and one that the user gives. No torch."""

from pathlib import Path

from workbench.errors import DataError

FOLDER = Path(__file__).parents[3] / "presets" / "text"

GENERAL, LANGUAGES, OWN = "general", "languages", "own"
"""English, which the verdict is about; other languages; the user's."""

MOST_OWN_BYTES = 1_000_000

_NOT_TEXT = "Save it as plain text in UTF-8."


def check_own(content: bytes) -> str:
    """The user's text. Raises DataError for what is none, or is too long."""
    if len(content) > MOST_OWN_BYTES:
        raise DataError(
            f"The text has {len(content) / 1e6:.1f} MB, and at most {MOST_OWN_BYTES / 1e6:.0f} MB can be read.",
            "Choose a part of it.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"The file is no plain text (byte {error.start}).", _NOT_TEXT) from error
    if "\0" in text:
        raise DataError("The file holds null characters, so it is no plain text.", _NOT_TEXT)
    if not text.strip():
        raise DataError("The text is empty.", "Choose a file with some paragraphs of text.")
    return text


def shipped_bytes() -> int:
    """How long the texts are that ship with the project."""
    return sum(path.stat().st_size for path in FOLDER.glob("*.txt"))
