"""Answers that a network writes together are those that it writes one by one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from peft import PeftModel

from tests.methods.made import make_adapter
from tests.methods.rows import ROWS
from tests.tiny import KINDS, make_model
from workbench.chat.network import results
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.models.decode import Decoding
from workbench.models.facts import facts
from workbench.models.load import load_model

MIXED = ("lora", "rslora", "lora ranks and layers", "pissa", "prefix tuning", "prompt tuning", "lora and prefix")
"""What stands in one batch with others."""

BY_TURNS = {"dora": "DoRA", "vera": "VeRA", "ia3": "IA³", "bottleneck": "Bottleneck", "adalora": "AdaLoRA"}
"""What does not, and what is said of it."""

STEPS = 4


def tokens(count: int, seed: int) -> list[int]:
    return torch.randint(3, 390, (count,), generator=torch.Generator().manual_seed(seed)).tolist()


def make_targets(model: Path, folder: Path, cases: Sequence[str]) -> list[Target]:
    """The base and one adapter of each case that goes with it."""
    known, found = facts(model), [Target("original")]
    for case in cases:
        at = folder / case
        at.mkdir()
        if make_adapter(case, known, at) is not None:
            found.append(Target(case, adapter=str(at)))
    return found


def open_model(model: Path, targets: Sequence[Target], quantization: str = "none") -> NetworkModel:
    loaded = NetworkModel(Question(str(model), "fp32", tuple(targets), quantization=quantization))
    loaded.prepare(tuple(targets))
    return loaded


def begin(model: NetworkModel, targets: Sequence[Target]) -> list[Decoding]:
    """Each with a text of another length, the longest of them longer than the windows of those that have one."""
    sampling = Sampling(max_new_tokens=STEPS)
    return [model.decode(target, tokens(2 + 9 * row, row), sampling) for row, target in enumerate(targets)]


def read_on(model: NetworkModel, answers: list[Decoding]) -> list[torch.Tensor]:
    """Some tokens more of each, the same whoever reads along; the logits after them."""
    found: dict[int, list[torch.Tensor]] = {id(answer): [] for answer in answers}
    for step in range(STEPS):
        for answer, logits in zip(answers, model.read(answers), strict=True):
            found[id(answer)].append(logits)
            answer.ids.append(7 + step)
    return [torch.stack(logits) for logits in found.values()]


def check(model: NetworkModel, targets: Sequence[Target], tolerance: float = 1e-4) -> None:
    together = read_on(model, begin(model, targets))
    alone = [read_on(model, [answer])[0] for answer in begin(model, targets)]
    for target, one, other in zip(targets, together, alone, strict=True):
        assert torch.allclose(one, other, atol=tolerance), target.name


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "gemma3_text"])
def test_each_row_is_what_it_would_be_alone(architecture: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", architecture)
    targets = make_targets(model, tmp_path, MIXED[:2])
    loaded = open_model(model, [*targets, targets[1]])
    assert not any(loaded.alone(target) for target in targets)
    check(loaded, targets)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", KINDS)
def test_every_kind_of_model_reads_several_at_once(architecture: str, tmp_path: Path) -> None:
    # PEFT cannot put a prefix before a model whose heads share one pair of keys and values.
    mixed = [case for case in MIXED if architecture != "falcon" or "prefix" not in case]
    model = make_model(tmp_path / "model", architecture)
    targets = make_targets(model, tmp_path, mixed)
    loaded = open_model(model, targets)
    assert len(targets) == len(mixed) + 1
    assert not any(loaded.alone(target) for target in targets)
    check(loaded, targets)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["llama", "mixtral"])
def test_every_method_answers_as_it_does_alone_in_stock_peft(architecture: str, tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", architecture)
    cases = [case for case, row in ROWS.items() if not row.trains_base]
    targets = make_targets(model, tmp_path, cases)
    loaded = open_model(model, targets)
    check(loaded, targets)
    for target in targets[1:]:
        if target.name == "lora and prefix":
            continue
        stock = PeftModel.from_pretrained(load_model(model, "fp32", "cpu"), target.adapter).eval()
        answer = loaded.decode(target, tokens(9, 3), Sampling())
        assert torch.allclose(loaded.read([answer])[0], stock(torch.tensor([tokens(9, 3)])).logits[0, -1], atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["mamba", "minimax"])
def test_a_model_that_cannot_read_several_at_once_reads_one_by_one(
    architecture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that remembers nothing that could be padded, and one that keeps more than keys and values."""
    sizes = KINDS["mixtral"] if architecture == "minimax" else {"hidden_size": 64, "num_hidden_layers": 2}
    monkeypatch.setitem(KINDS, architecture, sizes)
    model = make_model(tmp_path / "model", architecture)
    targets = [Target("original"), Target("once more")]
    loaded = open_model(model, targets)
    assert "one text at a time" in loaded.alone(targets[0])
    check(loaded, targets)


def test_what_cannot_be_mixed_is_said_and_is_right_beside_the_others(tiny_model: Path, tmp_path: Path) -> None:
    targets = make_targets(tiny_model, tmp_path, ["lora", *BY_TURNS])
    loaded = open_model(tiny_model, targets)
    for target in targets[2:]:
        assert BY_TURNS[target.name] in loaded.alone(target)
    check(loaded, [*targets, targets[-1]])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["nf4", "int8"])
def test_quantised_weights_are_shared_by_all_that_answer(kind: str, tiny_model: Path, tmp_path: Path) -> None:
    targets = make_targets(tiny_model, tmp_path, ["lora", "rslora", "ia3"])
    loaded = open_model(tiny_model, targets, kind)
    assert not any(loaded.alone(target) for target in targets[:3])
    check(loaded, targets, 0.05 if kind == "int8" else 1e-3)


def test_rows_come_and_go_while_others_are_written(tiny_model: Path, tmp_path: Path) -> None:
    targets = make_targets(tiny_model, tmp_path, ["lora", "rslora"])
    loaded = open_model(tiny_model, targets)
    first, second, third = begin(loaded, targets)
    found = [read_on(loaded, [first, second])[0], read_on(loaded, [third, first])[1], read_on(loaded, [first])[0]]
    found += [read_on(loaded, [first, second, third])[0]]
    (alone, *_) = begin(loaded, targets)
    assert torch.allclose(torch.cat(found), torch.cat([read_on(loaded, [alone])[0] for _ in found]), atol=1e-4)


def test_a_result_that_comes_in_leaves_the_others_as_they_are(tiny_model: Path, tmp_path: Path) -> None:
    """Also one in a file that is written anew while it answers, and one that does not fit."""
    targets = make_targets(tiny_model, tmp_path, ["lora", "rslora", "ia3"])
    loaded = open_model(tiny_model, targets[:2])
    running, alone = begin(loaded, targets[:2]), begin(loaded, targets[:2])
    found = [read_on(loaded, running)]
    weights = tmp_path / "lora" / "adapter_model.safetensors"
    weights.write_bytes((tmp_path / "rslora" / "adapter_model.safetensors").read_bytes())
    loaded.prepare((targets[2], targets[3]))
    found += [read_on(loaded, running)]
    (tmp_path / "ia3" / "adapter_model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(Exception, match="does not fit"):
        loaded.prepare(tuple(targets))
    found += [read_on(loaded, running)]
    due = [[read_on(loaded, [answer])[0] for answer in alone] for _ in found]
    for step, expected in zip(found, due, strict=True):
        assert all(torch.allclose(one, other, atol=1e-4) for one, other in zip(step, expected, strict=True))


@pytest.mark.parametrize(("room_bytes", "most"), [(10**9, 10), (0, 2)])
def test_what_nobody_needs_is_given_up(
    room_bytes: int, most: int, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for some that were asked last, if they are small; and what an answer under way is written with."""
    monkeypatch.setattr(results, "MOST_KEPT_BYTES", room_bytes)
    targets = make_targets(tiny_model, tmp_path, ["lora"])
    loaded = open_model(tiny_model, targets)
    answer = loaded.decode(targets[1], [5, 6], Sampling())
    many = []
    for number in range(12):
        copy = tmp_path / f"copy {number}"
        copy.mkdir()
        for file in Path(targets[1].adapter).iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        many.append(Target(copy.name, adapter=str(copy)))
        loaded.prepare((many[-1],))
    with loaded.network_as(many[-1]) as network:
        held = {name.rpartition("lora_A.")[2] for name, _ in network.named_parameters() if "lora_A." in name}
    assert len(held) == most
    assert loaded.read([answer])[0].isfinite().all()
