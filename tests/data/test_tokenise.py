"""Examples on disk become tokens on disk, batch by batch, each row as it would be alone."""

import json
from pathlib import Path

import pytest

from tests.data.conversations import chat, row_of
from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile, ExamplesWriter
from workbench.data.preparing.requests import TokenRequest
from workbench.data.preparing.results import EXAMPLES, TokensResult
from workbench.data.preparing.tokenise import tokenise
from workbench.errors import SettingError
from workbench.models.tokenizer import load_tokenizer

WRONG = (3, 700, 701)
COUNT = 1203


def example(number: int) -> Example:
    if number in WRONG:
        return chat(f"<|im_end|>{number}", "Ahoy")
    if number % 10 == 0:
        return Example(number, text=f"Seven plus {number}.\n\n" * (number % 3 + 1))
    return chat(f"Hello {number}", "Ahoy! " * (number % 7 + 1), system="Be a pirate." if number % 4 else "")


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    folder.mkdir()
    with ExamplesWriter(folder / EXAMPLES) as writer:
        for number in range(COUNT):
            writer.add(example(number))
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "tokens"
    folder.mkdir()
    return folder


def test_every_row_is_as_it_would_be_alone(examples: Path, target: Path, tiny_model: Path) -> None:
    told: list[tuple[int, int]] = []
    tokenise(TokenRequest(str(examples), str(tiny_model)), target, lambda *counts: told.append(counts))
    result = TokensResult(target)
    assert result.tokens.examples.tolist() == [number for number in range(COUNT) if number not in WRONG]
    tokenizer = load_tokenizer(tiny_model)
    for place in (0, 1, 499, 500, 998, len(result.tokens) - 1):
        row = result.tokens[place]
        alone = row_of(example(row.example), tokenizer)
        assert (row.ids, row.spans, row.breaks, row.head) == (
            alone.ids,
            list(alone.spans),
            list(alone.breaks),
            alone.head,
        )
    assert told[-1] == (COUNT, COUNT)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert result.summary == {"examples": COUNT, "rows": COUNT - len(WRONG), "rejected": len(WRONG), "notes": []}


def test_what_is_left_out_is_told_with_its_place(examples: Path, target: Path, tiny_model: Path) -> None:
    tokenise(TokenRequest(str(examples), str(tiny_model)), target, lambda done, total: None)
    left_out = TokensResult(target).rejected
    assert [row["example"] for row in left_out] == list(WRONG)
    assert left_out[0]["reason"] == "contains the control text <|im_end|>"
    assert json.dumps(left_out[0]).count("part") == 1


def test_the_result_spells_its_rows(examples: Path, target: Path, tiny_model: Path) -> None:
    tokenise(TokenRequest(str(examples), str(tiny_model), system_prompt="Sing."), target, lambda done, total: None)
    result = TokensResult(target)
    pieces = result.vocabulary.pieces(result.tokens[4].ids)
    assert b"".join(pieces).decode().startswith("<|im_start|>system\nBe a pirate.<|im_end|>\n<|im_start|>user\nHello 5")
    fourth = result.vocabulary.pieces(result.tokens[3].ids)
    assert b"".join(fourth).decode().startswith("<|im_start|>system\nSing.<|im_end|>\n<|im_start|>user\nHello 4")


def test_a_stop_ends_it_without_a_result(examples: Path, target: Path, tiny_model: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        tokenise(TokenRequest(str(examples), str(tiny_model)), target, stop)
    assert not TokensResult(target).is_ready


def test_a_model_without_a_template_is_refused_with_the_choice(
    examples: Path, target: Path, tiny_model: Path, tmp_path: Path
) -> None:
    tokenizer = load_tokenizer(tiny_model)
    tokenizer.chat_template = None
    tokenizer.save_pretrained(tmp_path / "bare")
    with pytest.raises(SettingError, match="chatml, llama, alpaca, zephyr, plain"):
        tokenise(TokenRequest(str(examples), str(tmp_path / "bare")), target, lambda done, total: None)
    tokenise(TokenRequest(str(examples), str(tmp_path / "bare"), "alpaca"), target, lambda done, total: None)
    result = TokensResult(target)
    assert b"### Response:" in b"".join(result.vocabulary.pieces(result.tokens[1].ids))


def test_all_examples_are_read_as_they_are_one_by_one(examples: Path) -> None:
    file = ExamplesFile(examples / EXAMPLES)
    assert list(file) == [file[place] for place in range(COUNT)] == [example(number) for number in range(COUNT)]
