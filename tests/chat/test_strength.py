"""An adapter turned up and down on the standard path, beside itself at another strength."""

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.chat.test_network_batch import begin, check, make_targets, open_model, tokens
from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Target
from workbench.config.sampling import Sampling
from workbench.errors import ModelError
from workbench.methods.base import Base
from workbench.methods.changed_weights import ChangedWeights
from workbench.methods.strength import strength_reason
from workbench.methods.table import METHODS
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model

_BEFORE_TEXT = ("prefix tuning", "prompt tuning", "prompt tuning from a text", "p-tuning", "lora and prefix")


def says(model: NetworkModel, target: Target, strength: float = 1.0) -> torch.Tensor:
    asked = dataclasses.replace(target, strength=strength)
    model.prepare((asked,))
    return model.read([model.decode(asked, tokens(20, 5), Sampling())])[0]


def in_steps(model: NetworkModel, target: Target) -> list[torch.Tensor]:
    return [says(model, target, strength) for strength in (0.0, 0.01, 0.5, 1.0, 1.5)]


@pytest.mark.parametrize("case", ["lora", "bottleneck", "vera"])
def test_nothing_of_it_is_the_base_and_all_of_it_what_was_trained(case: str, tiny_model: Path, tmp_path: Path) -> None:
    original, tuned = make_targets(tiny_model, tmp_path, [case])
    model = open_model(tiny_model, [tuned])
    base, whole = says(model, original), says(model, tuned)
    none, hint, half, all_of_it, more = in_steps(model, tuned)
    assert torch.equal(none, base)
    assert torch.equal(all_of_it, whole)
    assert 0 < (hint - base).abs().max() < 0.1 * (half - base).abs().max()
    assert (half - base).norm() < (whole - base).norm() < (more - base).norm()


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["llama", "gpt2", "mixtral"])
def test_every_method_goes_from_the_base_to_what_was_trained(architecture: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", architecture)
    cases = [case for case, row in ROWS.items() if not row.trains_base and case not in _BEFORE_TEXT]
    original, *tuned = make_targets(model, tmp_path, cases)
    loaded = open_model(model, tuned)
    base = says(loaded, original)
    for target in tuned:
        none, hint, half, whole, more = in_steps(loaded, target)
        assert torch.equal(none, base), target.name
        assert (hint - base).norm() < 0.1 * (whole - base).norm(), target.name
        assert not torch.allclose(half, whole, atol=1e-3), target.name
        assert not torch.allclose(more, whole, atol=1e-3), target.name
        assert torch.equal(says(loaded, target), whole), target.name


@pytest.mark.slow
def test_half_of_what_is_linear_is_half_of_its_numbers(tiny_model: Path, tmp_path: Path) -> None:
    """What the layers give is the same as with an adapter whose one factor was halved in its file."""
    _, tuned = make_targets(tiny_model, tmp_path, ["lora"])
    halved = tmp_path / "halved"
    halved.mkdir()
    (halved / "adapter_config.json").write_text((tmp_path / "lora" / "adapter_config.json").read_text())
    tensors = load_file(tmp_path / "lora" / "adapter_model.safetensors")
    weaker = {name: tensor / 2 if "lora_B" in name else tensor for name, tensor in tensors.items()}
    save_file(weaker, halved / "adapter_model.safetensors")
    model = open_model(tiny_model, [tuned])
    assert torch.allclose(says(model, tuned, 0.5), says(model, Target("halved", adapter=str(halved))), atol=1e-5)


def test_one_adapter_answers_at_two_strengths_in_one_batch(tiny_model: Path, tmp_path: Path) -> None:
    original, tuned = make_targets(tiny_model, tmp_path, ["lora"])
    targets = [original, *(dataclasses.replace(tuned, name=str(part), strength=part) for part in (1.0, 0.3, 1.5, 0.0))]
    model = open_model(tiny_model, targets)
    assert not any(model.alone(target) for target in targets)
    check(model, targets)
    firsts = [answer.reader.read(tokens(9, 1)) for answer in begin(model, targets)]
    assert torch.equal(firsts[0], firsts[-1])
    assert len({float(logits.sum()) for logits in firsts}) == 4


def test_one_that_takes_turns_answers_at_two_strengths_too(tiny_model: Path, tmp_path: Path) -> None:
    _, tuned = make_targets(tiny_model, tmp_path, ["ia3"])
    targets = [dataclasses.replace(tuned, strength=part) for part in (1.0, 0.3, 1.0, 0.3)]
    check(open_model(tiny_model, targets), targets)


def test_changed_weights_go_half_way(tiny_model: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    half, whole = (load_model(tiny_model, "fp32", "cpu").requires_grad_(True) for _ in range(2))
    with torch.no_grad():
        for one, other in zip(half.parameters(), whole.parameters(), strict=True):
            change = 0.1 * torch.randn_like(one)
            one.add_(0.5 * change)
            other.add_(change)
    ChangedWeights().write(whole, Base("tiny", fingerprint(tiny_model)), tmp_path)
    tuned = Target("tuned", adapter=str(tmp_path))
    model = open_model(tiny_model, [tuned])
    base = says(model, Target("original"))
    due = half.eval()(torch.tensor([tokens(20, 5)])).logits[0, -1]
    assert torch.allclose(says(model, tuned, 0.5), due, atol=1e-4)
    assert torch.equal(says(model, tuned, 0.0), base)
    assert torch.equal(says(model, Target("original")), base)


def test_words_before_the_text_are_all_or_none_and_it_is_said(tiny_model: Path, tmp_path: Path) -> None:
    _, tuned = make_targets(tiny_model, tmp_path, ["prompt tuning"])
    model = open_model(tiny_model, [tuned])
    with pytest.raises(ModelError, match="words before the text"):
        says(model, tuned, 0.5)
    reasons = {name: strength_reason(name) for name in METHODS}
    assert {name for name, reason in reasons.items() if reason} == {
        *("prefix_tuning", "p_tuning", "prompt_tuning", "lora_prefix")
    }
    assert reasons["prompt_tuning"].startswith("Prompt tuning puts")
    assert not strength_reason("dora")
