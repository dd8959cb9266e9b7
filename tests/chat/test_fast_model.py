"""Chat on the fast path: the answers of the standard one, which takes what the fast one does not cover."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import IA3Config, LoraConfig, PeftConfig, get_peft_model

from tests.chat.asking import HELLO, answers, ask_both
from tests.conftest import KERNELS
from tests.tiny import make_model
from workbench.chat import loaded_adapters
from workbench.chat.fast_model import FastModel
from workbench.chat.loaded_adapters import LoadedAdapters
from workbench.chat.models import load_model
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.data.examples import Message
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.engine.shape_reading import read_shape
from workbench.errors import ModelError
from workbench.models import load
from workbench.models.network_reader import decode, end_ids
from workbench.models.quantization import Quantization, keep_unpacked

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
SHARED: dict[str, Any] = {"task_type": "CAUSAL_LM", "init_lora_weights": False}
PLAIN = LoraConfig(r=4, target_modules=LINEAR, **SHARED)
UNEVEN = LoraConfig(
    r=4, rank_pattern={"layers.1.mlp.up_proj": 7}, alpha_pattern={"v_proj": 20}, use_rslora=True,
    target_modules=LINEAR, **SHARED,
)  # fmt: skip
UNCOVERED: dict[str, PeftConfig] = {
    "use_dora": LoraConfig(r=4, target_modules=["q_proj"], use_dora=True, **SHARED),
    "modules_to_save": LoraConfig(r=4, target_modules=["q_proj"], modules_to_save=["lm_head"], **SHARED),
    "lm_head": LoraConfig(r=4, target_modules=["lm_head"], **SHARED),
    "IA3": IA3Config(target_modules=["k_proj"], feedforward_modules=[], task_type="CAUSAL_LM"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untied, because a tied random model does little but repeat its last token."""
    return make_model(tmp_path_factory.mktemp("untied") / "model", tied=False)


def save_adapter(model: Path, folder: Path, config: PeftConfig, seed: int = 1) -> Path:
    """With weights large enough to be heard."""
    torch.manual_seed(seed)
    tuned: Any = get_peft_model(load.load_model(model, "fp32", "cpu"), dataclasses.replace(config))
    for parameter in tuned.parameters():
        parameter.data *= 3 if parameter.requires_grad else 1
    tuned.save_pretrained(str(folder), save_embedding_layers=False)
    return folder


def longer(question: Question, **changes: Any) -> Question:
    return dataclasses.replace(question, sampling=Sampling(max_new_tokens=40), **changes)


def on_fast_path(question: Question) -> FastModel:
    model, reason = load_model(question, KERNELS)
    assert isinstance(model, FastModel), reason
    return model


@pytest.mark.parametrize("config", [PLAIN, UNEVEN])
def test_greedy_answers_are_those_of_the_standard_path(config: LoraConfig, folder: Path, tmp_path: Path) -> None:
    question = longer(ask_both(folder, save_adapter(folder, tmp_path / "adapter", config)))
    found = answers(on_fast_path(question), question)
    assert found == answers(NetworkModel(question), question)
    assert found["original"] != found["tuned"]
    assert all(len(set(text)) > 5 for text in found.values())


def test_with_nf4_weights_answers_are_those_of_bitsandbytes(folder: Path, tmp_path: Path) -> None:
    asked = longer(ask_both(folder, tmp_path), targets=(Target("original", HELLO),))
    question = dataclasses.replace(asked, quantization="nf4")
    model = on_fast_path(question)
    theirs = load.load_model(folder, "fp32", "cpu", Quantization("nf4"))
    keep_unpacked(theirs)
    tokenizer = model.tokenizer_for(question.targets[0])
    prompt = prompt_ids((Message("user", "Hello!"),), tokenizer)
    ids = list(decode(theirs, prompt, question.sampling, end_ids(theirs, tokenizer)))
    found = answers(model, question)
    assert found == {"original": tokenizer.decode(ids, skip_special_tokens=True)}
    assert found != answers(on_fast_path(asked), asked)


def test_results_answer_beside_one_base_and_leave_it_as_it_was(folder: Path, tmp_path: Path) -> None:
    some, others = (save_adapter(folder, tmp_path / str(seed), PLAIN, seed) for seed in (1, 2))
    question = longer(ask_both(folder, some))
    model = on_fast_path(question)
    before = answers(model, question)
    three = (*question.targets, Target("other", HELLO, str(others)))
    assert model.serves(dataclasses.replace(question, targets=three))
    both = answers(model, dataclasses.replace(question, targets=three))
    assert {name: both[name] for name in before} == before
    assert both["other"] not in before.values()
    alone = dataclasses.replace(question, targets=question.targets[:1])
    assert model.serves(alone)
    assert answers(model, alone)["original"] == before["original"]


def test_an_adapter_that_was_written_anew_is_read_anew(folder: Path, tmp_path: Path) -> None:
    adapter = save_adapter(folder, tmp_path / "adapter", PLAIN)
    question = longer(ask_both(folder, adapter))
    model = on_fast_path(question)
    before = answers(model, question)
    shutil.rmtree(adapter)
    save_adapter(folder, adapter, PLAIN, seed=2)
    after = answers(model, question)
    assert (after["original"], after["tuned"] == before["tuned"]) == (before["original"], False)


def run_together(model: FastModel, targets: tuple[Target, ...]) -> dict[str, list[torch.Tensor]]:
    """The logits of each target's greedy answer, token by token, all read at once."""
    model.prepare(targets)
    decodings = {target.name: model.decode(target, prompt_of(model, target), Sampling()) for target in targets}
    found: dict[str, list[torch.Tensor]] = {name: [] for name in decodings}
    for _ in range(6):
        for (name, decoding), logits in zip(decodings.items(), model.read(list(decodings.values())), strict=True):
            found[name].append(logits)
            decoding.take(logits)
    return found


def prompt_of(model: FastModel, target: Target) -> list[int]:
    """Some are longer than others."""
    messages = tuple(Message(turn["role"], turn["content"]) for turn in target.messages)
    return prompt_ids(messages, model.tokenizer_for(target))


def test_answers_in_one_batch_have_the_logits_that_each_has_alone(folder: Path, tmp_path: Path) -> None:
    some, others = (
        save_adapter(folder, tmp_path / str(seed), config, seed) for seed, config in ((1, PLAIN), (2, UNEVEN))
    )
    long = ({"role": "user", "content": "Hello! " * 9},)
    targets = (
        Target("base", HELLO),
        Target("some", HELLO, str(some)),
        Target("half", long, str(some), strength=0.5),
        Target("others", long, str(others), strength=1.5),
        Target("none", HELLO, str(others), strength=0.0),
    )
    model = on_fast_path(dataclasses.replace(ask_both(folder, some), targets=targets))
    together = run_together(model, targets)
    for target in targets:
        assert all(map(torch.equal, together[target.name], run_together(model, (target,))[target.name]))
    assert all(map(torch.equal, together["none"], together["base"]))
    assert not torch.equal(together["some"][0], together["base"][0])
    assert {model.alone(target) for target in targets} == {""}


def test_an_answer_under_way_keeps_the_adapter_that_it_began_with(folder: Path, tmp_path: Path) -> None:
    target = Target("tuned", HELLO, str(save_adapter(folder, tmp_path / "adapter", PLAIN)))
    model = on_fast_path(dataclasses.replace(ask_both(folder, tmp_path), targets=(target,)))
    due = run_together(model, (target,))["tuned"]
    decoding = model.decode(target, prompt_of(model, target), Sampling())
    decoding.take(model.read([decoding])[0])
    save_adapter(folder, tmp_path / "adapter", PLAIN, seed=2)
    assert not torch.equal(run_together(model, (target,))["tuned"][0], due[0])
    shutil.rmtree(tmp_path / "adapter")
    assert torch.equal(model.read([decoding])[0], due[1])
    with pytest.raises(ModelError, match="tuned is not there"):
        model.prepare((target,))


def test_adapters_that_answered_long_ago_are_let_go(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = save_adapter(folder, tmp_path / "0", PLAIN)
    for number in range(1, 4):
        shutil.copytree(first, tmp_path / str(number))
    targets = [Target("tuned", HELLO, str(tmp_path / str(number))) for number in range(4)]
    monkeypatch.setattr(loaded_adapters, "MOST_ADAPTERS", 2)
    adapters = LoadedAdapters(read_shape(folder))
    kept = []
    for number in (0, 1, 0, 2, 3):
        adapters.prepare((targets[number],))
        kept.append(adapters.of(targets[number]))
    assert kept[0] is kept[2]
    adapters.prepare((targets[2],))
    assert adapters.of(targets[2]) is kept[3]
    adapters.prepare((targets[0],))
    assert adapters.of(targets[0]) is not kept[0]
    adapters.prepare(tuple(targets))
    assert all(adapters.of(target) for target in targets)


@pytest.mark.parametrize("name", UNCOVERED)
def test_what_is_more_than_plain_lora_takes_the_standard_path(name: str, folder: Path, tmp_path: Path) -> None:
    question = ask_both(folder, save_adapter(folder, tmp_path / "adapter", UNCOVERED[name]))
    model, reason = load_model(question, KERNELS)
    assert isinstance(model, NetworkModel)
    assert name in reason
    plain = dataclasses.replace(question, targets=question.targets[:1])
    assert not on_fast_path(plain).serves(question)


def spoil_architecture(question: Question, copy: Path) -> Question:
    return dataclasses.replace(question, model=str(make_model(copy, "gpt2")))


def ask_for_standard(question: Question, copy: Path) -> Question:
    return dataclasses.replace(question, engine="standard")


def ask_for_half(question: Question, copy: Path) -> Question:
    return dataclasses.replace(question, precision="fp16")


@pytest.mark.parametrize(
    ("change", "said"), [(spoil_architecture, "gpt2"), (ask_for_standard, "hardware.engine"), (ask_for_half, "fp16")]
)
def test_why_a_model_is_not_on_the_fast_path_is_told(
    change: Callable[[Question, Path], Question], said: str, folder: Path, tmp_path: Path
) -> None:
    plain = dataclasses.replace(ask_both(folder, tmp_path), targets=(Target("original", HELLO),))
    model, reason = load_model(change(plain, tmp_path / "copy"), KERNELS)
    assert isinstance(model, NetworkModel)
    assert said in reason


def test_a_pattern_that_is_more_than_a_name_is_never_tried(folder: Path, tmp_path: Path) -> None:
    """It could take for ever."""
    adapter = save_adapter(folder, tmp_path / "adapter", PLAIN)
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {"alpha_pattern": {"(a+)+b": 3}}))
    _, reason = load_model(ask_both(folder, adapter), KERNELS)
    assert "alpha_pattern" in reason
