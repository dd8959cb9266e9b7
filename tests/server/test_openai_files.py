"""GGUF files asked by programs."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.chat.gguf_files import write_gguf
from tests.export.gguf_made import tuned_run, write
from tests.server.asked_server import HELLO, serve
from workbench.chat.protocol import LLAMA
from workbench.server.openai.directory import describe, find, list_models
from workbench.server.openai.errors import ApiError

pytestmark = pytest.mark.needs_llama

ASKED: dict[str, Any] = {"messages": HELLO, "temperature": 0, "max_tokens": 12}
MINE, WITH_LORA = "models/mine.gguf", "models/mine.gguf+models/lora.gguf"


@pytest.fixture
def with_files(root: Path) -> Path:
    write_gguf(root / "models" / "mine.gguf")
    write_gguf(root / "models" / "lora.gguf", "adapter")
    (root / "models" / "bad.gguf").write_bytes(b"GGUF")
    return root


def test_files_that_can_answer_are_listed(with_files: Path) -> None:
    listed = {card["id"]: card["parent"] for card in list_models(with_files)}
    assert {name: parent for name, parent in listed.items() if ".gguf" in name} == {MINE: None, WITH_LORA: MINE}
    assert describe(with_files, WITH_LORA + "@0.5")["id"] == WITH_LORA + "@0.5"


def test_a_lora_file_is_turned_up_and_down(with_files: Path) -> None:
    asked = find(with_files, WITH_LORA + "@0.5").question(HELLO, "")
    (target,) = asked.targets
    assert (asked.engine, Path(target.adapter).name, target.strength) == (LLAMA, "lora.gguf", 0.5)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (MINE + "@0.5", "as it came"),
        (WITH_LORA + "@1.6", "too much"),
        ("models/bad.gguf", "There is no model"),
        ("models/../models/mine.gguf", "There is no model"),
    ],
)
def test_what_cannot_answer_is_refused(with_files: Path, name: str, problem: str) -> None:
    with pytest.raises(ApiError, match=problem):
        find(with_files, name)


@pytest.mark.slow
def test_a_file_answers_as_its_run_does(root: Path, tiny_model: Path, tmp_path: Path) -> None:
    run = tuned_run(root, tiny_model, "pirate")
    (root / "models").mkdir(exist_ok=True)
    shutil.copy(write(run, "gguf", "F32", tmp_path / "out"), root / MINE)
    with serve(root) as server:
        tuned, file = (server.client.chat.completions.create(model=name, **ASKED) for name in (run.id, MINE))
    assert file.choices[0].message.content == tuned.choices[0].message.content != ""
