"""Which column is which: the names that columns go by in several languages, and those that the user gives."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

INSTRUCTION = (
    "instruction", "instructions", "anweisung", "polecenie", "instrukcja", "instruks", "instruktion", "consigne",
    "instrucțiune", "instrucción", "istruzione", "instrução", "instructie", "instrukce",
)  # fmt: skip
QUESTION = (
    "prompt", "question", "questions", *INSTRUCTION, "input", "user", "human", "query", "user prompt", "q",
    "frage", "fragen", "anfrage", "eingabe",
    "pytanie", "pytania", "zapytanie",
    "spørsmål", "fråga", "frågor", "spørgsmål",
    "întrebare", "întrebări", "pregunta", "preguntas", "domanda", "domande", "pergunta", "perguntas",
    "vraag", "vragen", "otázka", "otázky", "dotaz",
)  # fmt: skip
ANSWER = (
    "completion", "answer", "answers", "response", "output", "assistant", "reply", "bot", "gpt", "a",
    "antwort", "antworten", "ausgabe",
    "odpowiedź", "odpowiedzi",
    "svar", "réponse", "réponses", "răspuns", "răspunsuri", "respuesta", "respuestas", "risposta", "risposte",
    "resposta", "respostas", "antwoord", "antwoorden", "odpověď", "odpovědi",
)  # fmt: skip
CONTEXT = ("context", "passage", "kontext", "kontekst", "contexte", "contexto", "contesto")
SYSTEM = ("system", "system prompt", "system message")
HISTORY = ("history",)
MESSAGES = ("messages", "conversations", "conversation", "dialogue", "dialog", "chat")
TEXT = ("text", "texte", "tekst", "texto", "testo")

Names = Mapping[str, tuple[str, ...]]
"""Role to the names that its column may have, the likeliest first."""


@dataclass(frozen=True)
class Columns:
    """The columns that the user chose, by role; see the settings of the same names. Empty is found by its name."""

    question: str = ""
    answer: str = ""
    context: str = ""
    system: str = ""
    messages: str = ""
    text: str = ""

    def given(self) -> dict[str, str]:
        """Role to column, of those that are chosen."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return {role: column for role, column in chosen.items() if column}


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name without case, accents and dressing: "Spørsmål:" becomes "sporsmal", "system_prompt" "system prompt"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    return "".join(character for character in plain if not unicodedata.combining(character)).strip(" :.*#")


def find_column(names: Iterable[str], columns: Iterable[str]) -> str | None:
    """The column that goes by the first possible one of `names`."""
    folded = {fold(column): column for column in reversed(list(columns))}
    return next((folded[fold(name)] for name in names if fold(name) in folded), None)


def find_roles(names: Names, columns: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Role to column, each column once, as far as `columns` has them; what is given goes before what is found."""
    here = list(columns)
    free = [column for column in here if column not in given.values()]
    found: dict[str, str] = {}
    for role, known in names.items():
        column = given[role] if role in given else find_column(known, free)
        if column is not None and column in here:
            found[role] = column
            free = [other for other in free if other != column]
    return found


def find_rivals(names: tuple[str, ...], columns: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The columns that could be meant by `names` as well as the one that was taken for it."""
    known = {fold(name) for name in names}
    used = set(taken)
    return [column for column in columns if column not in used and fold(column) in known]


_PLAIN = {ord("ø"): "o", ord("ł"): "l", ord("_"): " ", ord("-"): " "}
