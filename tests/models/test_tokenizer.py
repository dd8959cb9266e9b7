"""A tokenizer is the one that transformers would choose for the model, and comes up without the model's code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from tests.tiny import SENTENCES, make_model
from workbench.models.tokenizer import load_tokenizer

NETWORK = ("accelerate", "peft", "transformers.modeling_utils", "transformers.models.llama.configuration_llama")


@pytest.mark.parametrize("kind", ["llama", "qwen2", "gpt2"])
@pytest.mark.parametrize(
    "named", [None, "PreTrainedTokenizerFast", "GPT2Tokenizer", "Qwen2Tokenizer", "LlamaTokenizer"]
)
def test_it_is_the_one_that_transformers_chooses(named: str | None, kind: str, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", kind)
    settings = folder / "tokenizer_config.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"tokenizer_class": named}))
    ours, theirs = load_tokenizer(folder), AutoTokenizer.from_pretrained(folder)
    assert type(ours) is type(theirs)
    assert [ours(text)["input_ids"] for text in SENTENCES] == [theirs(text)["input_ids"] for text in SENTENCES]
    assert ours.special_tokens_map == theirs.special_tokens_map


@pytest.mark.slow
def test_it_comes_up_without_the_code_of_networks(tiny_model: Path) -> None:
    program = (
        f"import sys; from pathlib import Path; from workbench.models.tokenizer import load_tokenizer;"
        f"load_tokenizer(Path({str(tiny_model)!r})); print(*({NETWORK} & sys.modules.keys()))"
    ).replace(str(NETWORK), str(set(NETWORK)))
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stderr
