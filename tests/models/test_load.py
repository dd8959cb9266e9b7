"""Loading into a worker: what comes out is what the files hold, or one sentence why not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.tiny import ARCHITECTURES, make_model
from workbench.errors import ModelError, SettingError
from workbench.models.fingerprint import fingerprint, fingerprints
from workbench.models.load import load_model
from workbench.models.tokenizer import load_tokenizer

TURNS = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ahoy"}]


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "copy"))


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("precision", "dtype"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_every_weight_is_that_of_the_file(
    architecture: str, precision: str, dtype: torch.dtype, tmp_path: Path
) -> None:
    folder = make_model(tmp_path / "model", architecture)
    model = load_model(folder, precision, "cpu")
    weights = model.state_dict()
    assert not model.training
    assert model.config._attn_implementation == "sdpa"
    for name, stored in load_file(folder / "model.safetensors").items():
        assert torch.equal(weights[name], stored.to(dtype))


def test_a_refused_model_is_not_loaded(copy: Path) -> None:
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ModelError, match="cut off"):
        load_model(copy, "fp32", "cpu")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_number_that_is_not_finite_is_found_and_its_place_told(number: float, dtype: torch.dtype, copy: Path) -> None:
    weights = {name: weight.to(dtype) for name, weight in load_file(copy / "model.safetensors").items()}
    weights["model.layers.1.mlp.up_proj.weight"][3, 4] = number
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    told = r"model\.safetensors is damaged: not all numbers of model\.layers\.1\.mlp\.up_proj\.weight are finite"
    with pytest.raises(ModelError, match=told):
        load_model(copy, "fp32", "cpu")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hidden_size": 128}, r"do not fit config\.json: model\.layers\.0\.mlp\.down_proj is 64 × 128, not 128 × 128"),
        ({"num_hidden_layers": 3}, r"7 layers of it are missing, such as model\.layers\.2\.self_attn\.q_proj"),
        ({"num_hidden_layers": 1}, r"7 layers are no part of it, such as model\.layers\.1\."),
        ({"vocab_size": 401}, r"do not fit its config: model\.embed_tokens\.weight is 400 × 64, not 401 × 64"),
        ({"num_attention_heads": 0}, "cannot be loaded"),
        ({"hidden_size": "wide"}, "hidden_size"),
    ],
)
def test_a_config_that_contradicts_the_weights_is_one_sentence(copy: Path, change: dict[str, Any], says: str) -> None:
    edit(copy / "config.json", **change)
    with pytest.raises(ModelError, match=says) as caught:
        load_model(copy, "fp32", "cpu")
    assert "\n" not in str(caught.value)


def test_a_layer_that_a_less_usual_model_lacks_is_told(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "gpt2", "gpt2")
    edit(folder / "config.json", n_layer=3)
    with pytest.raises(ModelError, match="lacks 12 weights"):
        load_model(folder, "fp32", "cpu")


def test_no_model_brings_a_dropout_of_its_own(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "gpt2", "gpt2")
    assert json.loads((folder / "config.json").read_text())["resid_pdrop"] == 0.1
    model, ids = load_model(folder, "fp32", "cpu").train(), torch.tensor([[5, 6, 7, 8]])
    before = torch.get_rng_state()
    assert torch.equal(model(ids).logits, model(ids).logits)
    assert torch.equal(torch.get_rng_state(), before)


def test_code_beside_a_model_is_never_run(copy: Path, tmp_path: Path) -> None:
    (copy / "modeling_own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    edit(copy / "config.json", auto_map={"AutoModelForCausalLM": "modeling_own.Own", "AutoConfig": "modeling_own.Own"})
    load_model(copy, "fp32", "cpu")
    assert not (tmp_path / "ran").exists()


def test_the_models_own_template_is_the_default(tiny_model: Path) -> None:
    text = load_tokenizer(tiny_model).apply_chat_template(TURNS, tokenize=False)
    assert text == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nAhoy<|im_end|>\n"


def test_a_built_in_template_replaces_it(tiny_model: Path) -> None:
    tokenizer = load_tokenizer(tiny_model, "plain")
    assert tokenizer.apply_chat_template(TURNS, tokenize=False) == (
        "### Question:\nHi\n\n### Answer:\nAhoy<|im_end|>\n\n"
    )


def test_a_model_without_a_template_has_none(copy: Path) -> None:
    (copy / "chat_template.jinja").unlink()
    assert load_tokenizer(copy).chat_template is None


def test_a_built_in_template_ends_a_turn_with_a_mark_that_the_model_knows(copy: Path) -> None:
    text = (copy / "tokenizer.json").read_text().replace("<|im_end|>", "<|over|>")
    (copy / "tokenizer.json").write_text(text)
    edit(copy / "tokenizer_config.json", eos_token="<|over|>")
    written = load_tokenizer(copy, "chatml").apply_chat_template(TURNS, tokenize=False)
    assert written == "<|im_start|>user\nHi<|over|>\n<|im_start|>assistant\nAhoy<|over|>\n"


def test_a_built_in_template_needs_a_mark_to_end_a_turn_with(copy: Path) -> None:
    edit(copy / "tokenizer_config.json", eos_token=None)
    with pytest.raises(SettingError, match="which the plain template ends an answer with"):
        load_tokenizer(copy, "plain")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"padding": {"strategy": {"Fixed": 2**40}, "direction": "Right"}}, "fixed length"),
        ({"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "x" * 65}]}}, "rewrites"),
        ({"normalizer": {"type": "Sequence", "normalizers": [{"type": "Replace", "content": "aa"}] * 17}}, "rewrites"),
        ({"added_tokens": None}, "cannot be read"),
    ],
)
def test_a_harmful_tokenizer_is_refused(copy: Path, change: dict[str, Any], says: str) -> None:
    edit(copy / "tokenizer.json", **change)
    with pytest.raises(ModelError, match=says):
        load_tokenizer(copy)


def test_the_fingerprint_is_of_the_content(tiny_model: Path, copy: Path) -> None:
    before = fingerprint(copy)
    assert before == fingerprint(tiny_model)
    weights = load_file(copy / "model.safetensors")
    weights["model.norm.weight"] += 1
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    changed = fingerprint(copy)
    edit(copy / "config.json", rms_norm_eps=1e-5)
    assert len({before, changed, fingerprint(copy)}) == 3


def test_the_fingerprints_name_the_file_that_differs(tiny_model: Path, copy: Path) -> None:
    edit(copy / "config.json", rms_norm_eps=1e-5)
    theirs, ours = fingerprints(tiny_model), fingerprints(copy)
    assert [name for name in theirs if theirs[name] != ours[name]] == ["config.json"]


def test_the_page_reads_facts_without_the_libraries() -> None:
    program = (
        "import sys, workbench.models.catalog as c, workbench.models.fingerprint, workbench.models.precision\n"
        "from pathlib import Path\n"
        "print(len(c.list_models(Path('.'))) >= 0, sorted({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "True []"
