"""AdaLoRA: ranks really move between layers, and what is saved answers as the model did."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from workbench.config.methods import AdaLoraSettings
from workbench.errors import SettingError
from workbench.methods.adalora import AdaLora
from workbench.methods.rank_budget import RankBudget
from workbench.models.facts import facts
from workbench.models.load import load_model

_IDS = torch.arange(3, 35).view(2, 16)
_UPDATES, _SETTLED_AT = 12, 9
_SETTINGS = AdaLoraSettings(
    rank=4, alpha=8.0, initial_rank=6, initial_updates=2, final_updates=_UPDATES - _SETTLED_AT, allocate_every=2
)


class Practice:
    """A tiny model that learns the same few tokens by heart."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(0)
        self.model = AdaLora().apply(load_model(folder, "fp32", "cpu"), _SETTINGS, facts(folder))
        self.regimen = RankBudget(self.model, _SETTINGS, _UPDATES)
        self._optimizer = torch.optim.AdamW([p for p in self.model.parameters() if p.requires_grad], 2e-2)

    def learn(self, first: int, last: int) -> None:
        for step in range(first, last + 1):
            self.model(_IDS, labels=_IDS).loss.backward()
            self._optimizer.step()
            self.regimen.after_update(step)
            self._optimizer.zero_grad()

    def take_over(self, other: "Practice") -> None:
        self.model.load_state_dict(other.model.state_dict())
        self._optimizer.load_state_dict(deepcopy(other._optimizer.state_dict()))
        self.regimen.restore(other.regimen.state())

    def factors(self) -> dict[str, torch.Tensor]:
        return {name: p for name, p in self.model.named_parameters() if ".lora_E." in name}


@pytest.fixture
def practice(tiny_model: Path) -> Practice:
    return Practice(tiny_model)


def logits(model: PeftModel) -> torch.Tensor:
    model.eval()
    with torch.no_grad():
        answer: torch.Tensor = model(_IDS).logits
    return answer


def test_ranks_fall_to_the_budget_and_differ_by_layer(practice: Practice) -> None:
    practice.learn(1, _UPDATES)
    ranks = [int((factor != 0).sum()) for factor in practice.factors().values()]
    assert sum(ranks) == _SETTINGS.rank * len(ranks)
    assert len(set(ranks)) > 1


def test_nothing_is_given_up_before_its_time(practice: Practice) -> None:
    practice.learn(1, 2)
    assert all(bool((factor != 0).all()) for factor in practice.factors().values())


def test_settled_ranks_stay_as_they_are(practice: Practice) -> None:
    practice.learn(1, _SETTLED_AT)
    before = {name: factor != 0 for name, factor in practice.factors().items()}
    practice.learn(_SETTLED_AT + 1, _UPDATES)
    assert all(torch.equal(before[name], factor != 0) for name, factor in practice.factors().items())


def test_what_is_saved_in_the_end_is_smaller_and_answers_alike(
    practice: Practice, tiny_model: Path, tmp_path: Path
) -> None:
    practice.learn(1, _UPDATES)
    again = reloaded(practice, tiny_model, tmp_path)
    torch.testing.assert_close(logits(again), logits(practice.model), rtol=0, atol=1e-6)
    saved = load_file(tmp_path / "adapter_model.safetensors")
    ranks = [len(factor) for name, factor in saved.items() if name.endswith("lora_E")]
    assert sum(ranks) == _SETTINGS.rank * len(ranks)
    assert json.loads((tmp_path / "adapter_config.json").read_text())["total_step"] == _UPDATES


def test_what_is_saved_while_ranks_fall_has_all_that_was_learned(
    practice: Practice, tiny_model: Path, tmp_path: Path
) -> None:
    practice.learn(1, 5)  # at 4 something was left out, which has learned again at 5
    assert torch.equal(logits(reloaded(practice, tiny_model, tmp_path)), logits(practice.model))


def reloaded(practice: Practice, tiny_model: Path, folder: Path) -> PeftModel:
    practice.model.save_pretrained(str(folder), save_embedding_layers=False)
    return PeftModel.from_pretrained(load_model(tiny_model, "fp32", "cpu"), str(folder))


@pytest.mark.parametrize("broken_off_at", [1, 5, _SETTLED_AT, 10])
def test_what_it_remembers_is_enough_to_go_on(practice: Practice, tiny_model: Path, broken_off_at: int) -> None:
    practice.learn(1, broken_off_at)
    other = Practice(tiny_model)
    other.take_over(practice)
    for one in (practice, other):
        one.learn(broken_off_at + 1, _UPDATES)
    assert all(torch.equal(factor, other.factors()[name]) for name, factor in practice.factors().items())


def test_the_penalty_is_the_one_that_peft_adds(practice: Practice) -> None:
    practice.learn(1, 3)
    logits_now = practice.model(_IDS).logits[:, :-1].flatten(0, 1)
    plain = torch.nn.functional.cross_entropy(logits_now, _IDS[:, 1:].flatten())
    penalty = practice.regimen.penalty()
    assert penalty is not None
    torch.testing.assert_close(practice.model(_IDS, labels=_IDS).loss, plain + penalty)


def test_layers_that_have_nothing_to_give_up_are_refused(tiny_model: Path) -> None:
    with pytest.raises(SettingError, match="begin with rank 8 have nothing to give up for rank 8"):
        AdaLora().trainable(AdaLoraSettings(rank=8, initial_rank=8), facts(tiny_model))
