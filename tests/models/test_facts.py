"""What a model folder holds, and every reason why one cannot be tuned."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPTNeoXConfig, MixtralConfig, OPTConfig, Phi3Config
from transformers.pytorch_utils import Conv1D

from tests.tiny import ARCHITECTURES, make_model
from workbench.errors import ModelError
from workbench.models.facts import describe, facts

Change = Callable[[Path], object]

SIZE = {"vocab_size": 400, "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
OTHER_KINDS = [
    GPTNeoXConfig(**SIZE, intermediate_size=128),
    MixtralConfig(**SIZE, intermediate_size=128, num_key_value_heads=2, num_local_experts=2),
    OPTConfig(**SIZE, ffn_dim=128, word_embed_proj_dim=64),
    Phi3Config(**SIZE, intermediate_size=128, pad_token_id=0),
]


def config(**changes: Any) -> Change:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def write(name: str, text: str) -> Change:
    return lambda folder: (folder / name).write_text(text)


def remove(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def rename(name: str, other: str) -> Change:
    return lambda folder: (folder / name).rename(folder / other)


def cut_off(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def cut_off_one_of_several(folder: Path) -> None:
    AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder, max_shard_size="100KB")
    (folder / "model.safetensors").unlink()
    last = max(folder.glob("*.safetensors"))
    last.write_bytes(last.read_bytes()[:-1])


def cut_off_in_the_header(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:50])


def lose_a_shard(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    places = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))


def reach_outside(folder: Path) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "tokenizer_config.json").write_text(json.dumps({"vocab_file": "../secret.txt"}))


def shard_outside(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "a.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "../a.safetensors"}}))


def only_gguf(folder: Path) -> None:
    (folder / "config.json").rename(folder / "model.gguf")


REASONS: dict[str, tuple[Change, str]] = {
    "adapter": (write("adapter_config.json", "{}"), "an adapter, not a whole model"),
    "gguf": (only_gguf, "GGUF"),
    "no weights": (remove("model.safetensors"), "no weights here"),
    "pickle": (rename("model.safetensors", "pytorch_model.bin"), "can run programs"),
    "no config": (remove("config.json"), "no config.json"),
    "broken config": (write("config.json", "{"), "config.json is not valid JSON"),
    "config of a list": (write("config.json", "[]"), "does not hold settings"),
    "deep config": (write("config.json", '{"a":' * 100_000), "not valid JSON"),
    "huge config": (write("config.json", " " * 4_000_001), "larger than 4 MB"),
    "not causal": (config(architectures=["BertForMaskedLM"]), "BertForMaskedLM"),
    "no kind": (config(model_type=None), "what kind of model"),
    "odd architectures": (config(architectures=[1]), "what kind of model"),
    "needs code": (config(model_type="own", auto_map={"AutoModel": "own.Own"}), "need program code"),
    "layers without end": (config(num_hidden_layers=10**9), "it describes 1,000,000,000 layers"),
    "layers in words": (config(num_hidden_layers="many"), "says “many” for num_hidden_layers"),
    "heads below zero": (config(num_attention_heads=-4), "says “-4” for num_attention_heads"),
    "unknown kind": (config(model_type="own"), "cannot load models of the kind “own”"),
    "foreign attention": (config(_attn_implementation_internal="evil/repo"), "foreign code"),
    "nested foreign attention": (config(text_config={"_attn_implementation": "evil/repo"}), "foreign code"),
    "quantized": (config(quantization_config={"quant_method": "gptq"}), "already quantized"),
    "cut off": (cut_off, "cut off"),
    "cut off in the header": (cut_off_in_the_header, "model.safetensors are cut off"),
    "one of several cut off": (cut_off_one_of_several, "safetensors are cut off"),
    "missing shard": (lose_a_shard, "1 of 2 weight files are missing"),
    "shard outside": (shard_outside, "where the weights are"),
    "broken index": (rename("model.safetensors", "model.safetensors.index.json"), "not valid JSON"),
    "no tokenizer": (remove("tokenizer.json"), "tokenizer is missing"),
    "broken tokenizer settings": (write("tokenizer_config.json", "nope"), "tokenizer_config.json is not valid"),
    "tokenizer outside": (reach_outside, "outside its folder"),
    "template name": (
        write("tokenizer_config.json", '{"chat_template": [{"name": "../../x", "template": ""}]}'),
        "unusual name",
    ),
    "huge template": (write("chat_template.jinja", "x" * 70_000), "template is larger"),
}


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "copy"))


@pytest.mark.parametrize("case", REASONS)
def test_a_model_that_cannot_be_tuned_says_why(case: str, copy: Path) -> None:
    change, why = REASONS[case]
    change(copy)
    found = facts(copy)
    assert not found.tunable
    assert why in str(found.reason)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("tied", [True, False])
def test_facts_are_those_of_the_loaded_model(architecture: str, tied: bool, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model", architecture, tied=tied)
    assert_facts_match(folder)
    found = facts(folder)
    assert (found.context, found.hidden_size, found.layers, found.vocabulary) == (256, 64, 2, 400)
    assert (found.tunable, found.reason, found.template, found.dtype) == (True, None, True, "fp32")


@pytest.mark.parametrize("kind", OTHER_KINDS, ids=lambda kind: kind.model_type)
def test_linear_layers_are_found_in_other_architectures(kind: Any, copy: Path) -> None:
    AutoModelForCausalLM.from_config(kind).save_pretrained(copy)
    assert_facts_match(copy)


def assert_facts_match(folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder)
    found = facts(folder)
    assert found.reason is None
    assert found.parameters == sum(weight.numel() for weight in model.parameters())
    expected = {}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear | Conv1D) and module is not model.get_output_embeddings():
            rows, columns = module.weight.shape
            expected[name] = (columns, rows) if isinstance(module, Conv1D) else (rows, columns)
    assert found.linear_shapes == expected
    assert found.linear_names == sorted({name.split(".")[-1] for name in expected})


def test_a_stored_copy_of_a_tied_output_layer_is_counted_once(copy: Path) -> None:
    before = facts(copy).parameters
    model = AutoModelForCausalLM.from_pretrained(copy)
    weights = {**model.state_dict(), "lm_head.weight": model.get_input_embeddings().weight.detach().clone()}
    save_file({name: weight.contiguous().clone() for name, weight in weights.items()}, copy / "model.safetensors")
    assert facts(copy).parameters == before


def test_names_of_old_checkpoints_become_the_modules_full_names(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "gpt2", "gpt2")
    expected = facts(folder)
    path = folder / "model.safetensors"
    old = {name.removeprefix("transformer."): weight for name, weight in load_file(path).items()}
    old |= {"h.0.attn.bias": torch.ones(1, 1, 256, 256), "h.0.attn.masked_bias": torch.tensor(-1e4)}
    save_file(old, path)
    found = facts(folder)
    assert found.linear_shapes == expected.linear_shapes
    assert found.parameters == expected.parameters
    assert set(found.linear_shapes) <= {
        name for name, _ in AutoModelForCausalLM.from_pretrained(folder).named_modules()
    }


def test_a_model_of_several_files_is_read_whole(copy: Path) -> None:
    expected = facts(copy)
    model = AutoModelForCausalLM.from_pretrained(copy)
    (copy / "model.safetensors").unlink()
    model.save_pretrained(copy, max_shard_size="100KB")
    assert len(list(copy.glob("*.safetensors"))) > 1
    found = facts(copy)
    assert (found.parameters, found.linear_shapes) == (expected.parameters, expected.linear_shapes)


def test_a_path_of_the_makers_computer_does_no_harm(copy: Path) -> None:
    write("tokenizer_config.json", '{"tokenizer_file": "/somewhere/else/tokenizer.json"}')(copy)
    assert facts(copy).tunable


def test_a_model_without_a_template_can_be_tuned(copy: Path) -> None:
    remove("chat_template.jinja")(copy)
    assert (facts(copy).template, facts(copy).tunable) == (False, True)


def test_code_of_its_own_is_not_needed_where_transformers_knows_the_kind(copy: Path) -> None:
    config(auto_map={"AutoModelForCausalLM": "modeling_own.Own"})(copy)
    assert facts(copy).tunable


def test_a_folder_without_a_model_is_not_looked_through(tmp_path: Path) -> None:
    """It may be any folder of this computer, as large as the whole disk."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(bytes(1000))
    assert (facts(tmp_path).size_gb, facts(tmp_path).tunable) == (0, False)


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        facts(tmp_path / "nowhere")


def test_the_description_is_json_with_the_promised_keys(tiny_model: Path) -> None:
    described = json.loads(json.dumps(describe(facts(tiny_model))))
    assert described["architecture"] == "LlamaForCausalLM"
    promised = {"architecture", "parameters", "context", "tunable", "reason", "linear_names", "template"}
    assert promised <= described.keys()
