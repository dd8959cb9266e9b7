"""What stands in a GGUF file, read again, and what is refused before anything is written."""

import json
import shutil
from pathlib import Path

import pytest
from gguf import GGUFReader

from tests.export.gguf_made import write
from tests.tiny import make_tokenizer
from tests.training.blended import made_run
from workbench.errors import ModelError, RunError
from workbench.export.gguf.file import read_values
from workbench.export.gguf.model import GgufModel
from workbench.export.gguf.verify import verify
from workbench.export.targets import TARGETS
from workbench.runs.run_dir import RunDir


@pytest.fixture
def run(root: Path, tiny_model: Path) -> RunDir:
    return made_run(root, tiny_model, "tuned")


def test_a_file_says_what_model_and_tokenizer_are(run: RunDir, tmp_path: Path) -> None:
    reader = GGUFReader(write(run, "gguf", "F16", tmp_path / "out"))
    told, tokenizer = read_values(reader), make_tokenizer()
    assert (told["general.architecture"], told["llama.attention.head_count_kv"]) == ("llama", 2)
    assert told["tokenizer.chat_template"] == tokenizer.chat_template
    assert told["tokenizer.ggml.tokens"][tokenizer.eos_token_id] == "<|im_end|>"
    assert {tensor.name: tensor.tensor_type.name for tensor in reader.tensors}["blk.0.attn_q.weight"] == "F16"


def test_numbers_that_were_written_otherwise_are_seen(run: RunDir, tmp_path: Path) -> None:
    file = write(run, "gguf", "Q8_0", tmp_path / "out")
    whole = bytearray(file.read_bytes())
    whole[-40:] = bytes(40)
    file.write_bytes(whole)
    with pytest.raises(RunError, match="times as far off as they may be"):
        verify(GgufModel(run, "Q8_0").file, tmp_path / "out")


def test_other_architectures_are_refused_by_name(root: Path, tiny_model: Path, tmp_path: Path) -> None:
    model = shutil.copytree(tiny_model, tmp_path / "other")
    run = made_run(root, model, "other")
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | {"model_type": "olmo2"}))
    run.environment_path.write_text("{}")
    with pytest.raises(ModelError, match="kind “olmo2”"):
        TARGETS["gguf"].check(run)
