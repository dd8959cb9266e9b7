"""What the columns of a file are taken to mean, and which rows do not fit."""

import json
from pathlib import Path

import pytest

from tests.data.files import BOTH, BYE, HELLO, faults, jsonl, pairs, read, turns, written


@pytest.mark.parametrize("names", [("Prompt", "COMPLETION"), ("Frage", "Antwort"), ("Pytanie", "Odpowiedź"),
    ("spørsmål", "svar"), ("sporsmal", "svar"), ("întrebare", "răspuns"), ("Intrebare ", "raspuns"),
    ("question", "réponse"), ("instruction", "response"), ("input", "output"), ("user", "assistant")])  # fmt: skip
def test_common_names_of_the_two_columns(tmp_path: Path, names: tuple[str, str]) -> None:
    reading = read(written(tmp_path, "a.jsonl", jsonl(dict(zip(names, BOTH[0], strict=True)))))
    assert pairs(reading) == BOTH[:1]
    assert reading.mapping == {"question": names[0], "answer": names[1]}


def test_alpaca_joins_instruction_and_input(tmp_path: Path) -> None:
    rows = [{"instruction": "Translate.", "output": "Ja"}] * 60
    rows += [{"instruction": "Translate.", "input": "yes", "output": "ja", "system": "Be short."}]
    reading = read(written(tmp_path, "a.json", json.dumps(rows)))
    assert reading.format == "alpaca"
    assert turns(reading.examples[0]) == [("user", "Translate."), ("assistant", "Ja")]
    assert turns(reading.examples[60]) == [("system", "Be short."), ("user", "Translate.\n\nyes"), ("assistant", "ja")]


def test_chat_messages(tmp_path: Path) -> None:
    system, user = {"role": "system", "content": "Be a pirate."}, {"role": "user", "content": "Hello"}
    answer, empty = {"role": "assistant", "content": "Ahoy"}, {"role": "assistant", "content": " "}
    rows = [
        {"messages": [system, user, answer, user, answer]},
        {"messages": [user]},
        {"messages": [user, system, answer]},
        {"messages": [user, empty]},
        {"messages": [user, {"role": "tool", "content": "x"}, answer]},
        {"messages": [user, {"role": "assistant"}]},
        {"messages": [user, {"role": "assistant", "content": ["Ahoy"]}]},
        {"messages": [user, "Ahoy"]},
        {"messages": "Hello"},
        {"messages": []},
        {"chat": [user, answer]},
        {"messages": [{"role": "user", "content": ""}, answer]},
        {"messages": [answer, user, answer]},
    ]
    reading = read(written(tmp_path, "a.jsonl", jsonl(*rows)))
    assert reading.format == "messages"
    assert turns(reading.examples[0]) == [
        ("system", "Be a pirate."), ("user", "Hello"), ("assistant", "Ahoy"), ("user", "Hello"), ("assistant", "Ahoy"),
    ]  # fmt: skip
    assert faults(reading) == [
        (2, "no answer"),
        (3, "message 2 has the role “system” after the first message, which is not supported"),
        (4, "no answer"),
        (5, "message 2 has the role “tool”, which is not supported"),
        (6, "message 2 has no role and content"),
        (7, "message 2 is a list, not text"),
        (8, "message 2 has no role and content"),
        (9, "messages is a text, not a list"),
        (10, "no answer"),
        (11, "missing column messages"),
        (12, "message 1 is empty"),
        (13, "begins with an answer"),
    ]


def test_sharegpt_conversations(tmp_path: Path) -> None:
    conversation = [
        {"from": "system", "value": "Be a pirate."},
        {"from": "human", "value": "Hello"},
        {"from": "gpt", "value": "Ahoy"},
        {"from": "user", "value": "Bye"},
        {"from": "assistant", "value": "Fair winds"},
    ]
    reading = read(written(tmp_path, "a.json", json.dumps([{"conversations": conversation, "id": 3}])))
    assert reading.format == "sharegpt"
    assert [role for role, _ in turns(reading.examples[0])] == ["system", "user", "assistant", "user", "assistant"]


def test_conversations_with_roles_are_chat(tmp_path: Path) -> None:
    conversation = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Ahoy"}]
    assert pairs(read(written(tmp_path, "a.jsonl", jsonl({"conversations": conversation})))) == BOTH[:1]


def test_text_column(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "a.csv", "text,label\nOnce upon a time,1\n,2\n"))
    assert (reading.format, reading.mapping) == ("text", {"text": "text"})
    assert [example.text for example in reading.examples] == ["Once upon a time"]
    assert faults(reading) == [(3, "no text")]


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


def test_the_layout_of_most_rows_counts(tmp_path: Path) -> None:
    rows = [{"text": "odd one"}, HELLO, {"prompt": "Hello", "completion": "Ahoy"}, BYE]
    reading = read(written(tmp_path, "a.jsonl", jsonl(*rows)))
    assert pairs(reading) == BOTH
    assert faults(reading) == [(1, "missing column question"), (3, "missing column question")]
