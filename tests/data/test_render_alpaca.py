"""A thousand real examples with the starter's tokenizer: what is learned is the answer, letter for letter."""

import json
from pathlib import Path

import pytest

from tests.data.files import read
from workbench.data.rendering import vocabulary
from workbench.data.rendering.render import Renderer, RenderSettings
from workbench.data.rendering.vocabulary import Vocabulary
from workbench.models.tokenizer import load_tokenizer

PROJECT = Path(__file__).resolve().parents[2]
ALPACA = PROJECT.parent / "shared" / "data" / "alpaca_en_demo.json"


@pytest.fixture
def source() -> list[dict[str, str]]:
    if not ALPACA.exists():
        pytest.skip("../shared/data/alpaca_en_demo.json is not there")
    rows: list[dict[str, str]] = json.loads(ALPACA.read_text(encoding="utf-8"))
    return rows


def test_every_answer_is_learned_to_the_letter(source: list[dict[str, str]], tmp_path: Path) -> None:
    tokenizer = load_tokenizer(PROJECT / "presets" / "model")
    vocabulary.write(tokenizer, tmp_path / "vocabulary.arrow")
    spelling = Vocabulary(tmp_path / "vocabulary.arrow")
    reading = read(ALPACA)
    rows, rejected = Renderer(tokenizer, RenderSettings()).render(reading.examples)
    assert len(rows) + len(rejected) + len(reading.rejected) == len(source)
    learned = [b"".join(spelling.pieces(row.ids[slice(*row.spans)])).decode() for row in rows]
    outputs = [row["output"] for row in source]
    accepted = [outputs[reading.examples[row.example].line - 1] for row in rows]
    assert learned == [output + "<|im_end|>" for output in accepted]
    assert len(rows) > 900
