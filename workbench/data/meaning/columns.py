"""The names that columns of questions and answers go by, in several languages."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

QUESTION = (
    "prompt", "question", "instruction", "input", "user",
    "frage", "pytanie", "spørsmål", "întrebare",
)  # fmt: skip
ANSWER = (
    "completion", "answer", "response", "output", "assistant",
    "antwort", "odpowiedź", "svar", "réponse", "răspuns",
)  # fmt: skip


# The same few names come again in every row.
@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """A name without case, accents and outer spaces: "Spørsmål" becomes "sporsmal"."""
    plain = unicodedata.normalize("NFKD", name.strip().casefold()).translate({ord("ø"): "o", ord("ł"): "l"})
    return "".join(character for character in plain if not unicodedata.combining(character))


def find_column(names: Iterable[str], columns: Iterable[str]) -> str | None:
    """The column that goes by the first possible one of `names`."""
    folded = {fold(column): column for column in reversed(list(columns))}
    return next((folded[fold(name)] for name in names if fold(name) in folded), None)
