"""Questions and answers, and plain text: which columns are which, and which rows do not fit."""

import json
from pathlib import Path

import pytest

from tests.data.files import BOTH, BYE, HELLO, faults, pairs, read, turns, written
from tests.data.meanings import meant

ASKED = [("user", "Hello"), ("assistant", "Ahoy")]


@pytest.mark.parametrize("names", [("Prompt", "COMPLETION"), ("Frage", "Antwort"), ("Fragen", "Antworten"),
    ("Pytanie", "Odpowiedź"), ("spørsmål", "svar"), ("sporsmal", "svar"), ("întrebare", "răspuns"),
    ("Intrebare ", "raspuns"), ("question", "réponse"), ("Pregunta", "Respuesta"), ("domanda", "risposta"),
    ("pergunta", "resposta"), ("Vraag", "Antwoord"), ("Fråga", "Svar"), ("Spørgsmål", "Svar"), ("Otázka", "Odpověď"),
    ("instruction", "response"), ("input", "output"), ("user", "assistant"), ("User_Prompt", "Answer:"),
    ("Q", "A")])  # fmt: skip
def test_common_names_of_the_two_columns(names: tuple[str, str]) -> None:
    found = meant(dict(zip(names, BOTH[0], strict=True)))
    assert found.turns == [ASKED]
    assert found.mapping == {"question": names[0], "answer": names[1]}
    assert (found.unsure, found.notes) == ("", [])


def test_alpaca_joins_instruction_and_input(tmp_path: Path) -> None:
    rows = [{"instruction": "Translate.", "output": "Ja"}] * 60
    rows += [{"instruction": "Translate.", "input": "yes", "output": "ja", "system": "Be short."}]
    reading = read(written(tmp_path, "a.json", json.dumps(rows)))
    assert reading.format == "alpaca"
    assert turns(reading.examples[0]) == [("user", "Translate."), ("assistant", "Ja")]
    assert turns(reading.examples[60]) == [("system", "Be short."), ("user", "Translate.\n\nyes"), ("assistant", "ja")]
    assert reading.notes == (
        "“input”, which first stands in row 61, is used for the context of the questions.",
        "“system”, which first stands in row 61, is used for the system prompts.",
    )


def test_alpaca_history_comes_first() -> None:
    rows = [
        {"instruction": "Bye", "output": "Fair winds", "history": [["Hello", "Ahoy"]], "system": "Be a pirate."},
        {"instruction": "Bye", "output": "Fair winds", "history": []},
        {"instruction": "Bye", "output": "Fair winds", "history": '[["Hello", "Ahoy"]]'},
        {"instruction": "Bye", "output": "Fair winds", "history": [["Hello"]]},
        {"instruction": "Bye", "output": "Fair winds", "history": "Hello"},
    ]
    found = meant(*rows)
    bye = [("user", "Bye"), ("assistant", "Fair winds")]
    assert found.turns == [[("system", "Be a pirate."), *ASKED, *bye], bye, [*ASKED, *bye]]
    assert found.rejected[0] == (4, "history is no list of pairs of question and answer")
    assert found.rejected[1][0] == 5
    assert found.notes == ["Earlier questions and answers stand before the question (in 2 rows)."]


def test_context_stands_below_the_question() -> None:
    found = meant({"question": "Where?", "context": "We sail to Oslo.", "answer": "Oslo", "id": "7"})
    assert found.turns == [[("user", "Where?\n\nWe sail to Oslo."), ("assistant", "Oslo")]]
    assert found.notes == ["Columns that are not used: “id”."]


def test_rows_that_lack_a_half() -> None:
    found = meant(HELLO, {"question": " ", "answer": "x"}, {"question": "x", "answer": None}, {"question": "x"})
    assert found.turns == [ASKED]
    assert found.rejected == [(2, "no question"), (3, "no answer"), (4, "missing column answer")]
    assert meant(HELLO, {"question": "2 + 2", "answer": 4}).rejected == [(2, "answer is a number, not text")]


def test_text_column() -> None:
    found = meant({"text": "Once upon a time", "label": "1"}, {"text": "", "label": "2"})
    assert (found.layout, found.mapping, found.unsure) == ("text", {"text": "text"}, "")
    assert [example.text for example in found.examples] == ["Once upon a time"]
    assert found.rejected == [(2, "no text")]
    assert found.notes == ["Columns that are not used: “label”."]


@pytest.mark.parametrize("name", ["book.txt", "book.md"])
def test_raw_text_is_one_document_in_pieces(tmp_path: Path, name: str) -> None:
    paragraphs = [f"Paragraph {number}. " + "word " * 100 for number in range(40)]
    text = "\n\n".join(paragraphs)
    reading = read(written(tmp_path, name, text.replace("\n", "\r\n")))
    assert reading.format == "raw text"
    assert len(reading.examples) > 3
    assert "".join(example.text for example in reading.examples) == text.rstrip()
    assert [example.ends_document for example in reading.examples] == [False] * (len(reading.examples) - 1) + [True]
    assert all(example.text.startswith("Paragraph") for example in reading.examples)
    second = reading.examples[1]
    assert text.split("\n")[second.line - 1] == second.text.split("\n")[0]
    assert reading.notes == ()


def test_the_layout_of_most_rows_counts() -> None:
    found = meant({"text": "odd one"}, {"prompt": "Hello", "completion": "Ahoy"}, HELLO, BYE)
    assert found.mapping == {"question": "question", "answer": "answer"}
    assert [tuple(text for _, text in row) for row in found.turns] == BOTH
    assert found.rejected == [(1, "missing column question"), (2, "missing column question")]
    assert "Took “question” for the questions, not “prompt”" in found.unsure


def test_rows_of_a_file_are_told_apart_by_the_line(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "a.json", json.dumps([HELLO, {"question": "x"}, BYE])))
    assert pairs(reading) == BOTH
    assert faults(reading) == [(2, "missing column answer")]
