"""The gradients of the fast path against those of transformers and PEFT, for each architecture and each choice."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.beside import Pair, Wanted, make_rows, save_model
from workbench.engine.crew import Crew
from workbench.engine.packs import pack

_FACTOR = 0.02

_MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("llama", {}),
    "untied llama with biases": (
        "llama",
        {"tie_word_embeddings": False, "attention_bias": True, "mlp_bias": True, "head_dim": 48},
    ),
    "one head of keys": ("llama", {"num_key_value_heads": 1}),
    "scaled rope": (
        "llama",
        {
            "rope_parameters": {
                "rope_type": "llama3",
                "rope_theta": 10000.0,
                "factor": 4.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 64,
            }
        },
    ),
    "mistral with a window": ("mistral", {"sliding_window": 7}),
    "qwen2": ("qwen2", {}),
    "qwen3": ("qwen3", {}),
    "smollm3": ("smollm3", {}),
}

_CHOICES = {
    "all": Wanted(),
    "queries and values": Wanted(targets=("q_proj", "v_proj")),
    "keys alone": Wanted(targets=("k_proj",)),
    "lowest in the middle": Wanted(targets=("up_proj", "down_proj"), layers=(1,)),
    "ranks of their own": Wanted(ranks={"q_proj": 1, "v_proj": 9, "down_proj": 33}),
    "rslora": Wanted(use_rslora=True),
}


def _relative(ours: torch.Tensor | None, theirs: torch.Tensor | None) -> float:
    assert ours is not None and theirs is not None
    return float((ours - theirs).norm() / theirs.norm())


@pytest.mark.parametrize("model", _MODELS)
def test_each_architecture_learns_what_peft_learns(model: str, tmp_path: Path) -> None:
    kind, changes = _MODELS[model]
    _compare(Pair(save_model(tmp_path, kind, **changes), Wanted()))


@pytest.mark.parametrize("choice", _CHOICES)
def test_each_choice_of_adapters_learns_what_peft_learns(choice: str, tmp_path: Path) -> None:
    _compare(Pair(save_model(tmp_path, "llama"), _CHOICES[choice]))


def _compare(pair: Pair) -> None:
    rows = make_rows(17, 4, 33, 9)
    crew = Crew(pair.decoder, pair.adapters, threads=2, rows=4)
    packs = [pack(rows[:3]), pack(rows[3:])]
    ours, theirs = crew.learn(packs, _FACTOR, [1, 2]), pair.loss_of_peft(rows, _FACTOR)
    assert pair.begins_alike
    assert pair.theirs.keys() == pair.adapters.parameters.keys()
    assert ours == pytest.approx(theirs, rel=1e-5)
    assert crew.loss(packs) == pytest.approx(theirs, rel=1e-5)
    worst = {name: _relative(pair.adapters.parameters[name].grad, p.grad) for name, p in pair.theirs.items()}
    assert max(worst.values()) < 1e-4, max(worst, key=worst.__getitem__)


def test_packed_rows_learn_what_each_learns_alone(tmp_path: Path) -> None:
    pair = Pair(save_model(tmp_path, "qwen3"), Wanted())
    rows = make_rows(17, 2, 33, 9)
    crew = Crew(pair.decoder, pair.adapters, threads=1, rows=4)
    together = crew.learn([pack(rows)], _FACTOR, [0])
    gradients = {name: p.grad for name, p in pair.adapters.parameters.items()}
    assert crew.learn([pack([row]) for row in rows], _FACTOR, [0] * 4) == pytest.approx(together, rel=1e-6)
    assert all(_relative(p.grad, gradients[name]) < 1e-4 for name, p in pair.adapters.parameters.items())


def test_who_computes_what_changes_nothing(tmp_path: Path) -> None:
    pair = Pair(save_model(tmp_path, "llama"), Wanted())
    packs = [pack([row]) for row in make_rows(17, 25, 33, 9)]
    alone, both = (Crew(pair.decoder, pair.adapters, threads, rows=4) for threads in (1, 2))
    assert alone.learn(packs, _FACTOR, [0] * 4) == both.learn(packs, _FACTOR, [0] * 4)
    gradients = [p.grad for p in pair.adapters.parameters.values()]
    alone.learn(packs, _FACTOR, [0] * 4)
    assert all(torch.equal(p.grad, g) for p, g in zip(pair.adapters.parameters.values(), gradients, strict=True))  # type: ignore[arg-type]


def test_the_gradient_with_dropout_is_that_of_its_loss(tmp_path: Path) -> None:
    """Along a random direction the loss changes as the gradient says, the same inputs left out on both sides."""
    pair = Pair(save_model(tmp_path, "llama"), Wanted(dropout=0.3))
    packs, crew = [pack(make_rows(40, 30))], Crew(pair.decoder, pair.adapters, threads=1, rows=2)
    parameters = list(pair.adapters.parameters.values())
    plain = crew.learn(packs, 1.0, [7])
    gradients = [p.grad for p in parameters]
    direction = [torch.randn_like(p) for p in parameters]
    slope = sum(float((g * d).sum()) for g, d in zip(gradients, direction, strict=True) if g is not None)
    losses = []
    for step in (1e-3, -1e-3):
        _move(pair, direction, step)
        losses.append(crew.learn(packs, 1.0, [7]))
        _move(pair, direction, -step)
    assert (losses[0] - losses[1]) / 2e-3 == pytest.approx(slope, rel=2e-2)
    assert crew.learn(packs, 1.0, [8]) != plain
    assert crew.loss(packs) != plain


@torch.no_grad()
def _move(pair: Pair, direction: list[torch.Tensor], step: float) -> None:
    for parameter, way in zip(pair.adapters.parameters.values(), direction, strict=True):
        parameter.add_(way, alpha=step)
    pair.decoder.refresh()


@pytest.mark.parametrize("kind", ["llama", "qwen2", "qwen3", "mistral", "smollm3"])
def test_bf16_is_as_close_to_fp32_as_that_of_peft(kind: str, tmp_path: Path) -> None:
    folder, rows = save_model(tmp_path, kind), make_rows(60, 41, 90, 17)
    exact, rounded = Pair(folder, Wanted()), Pair(folder, Wanted(), torch.bfloat16)
    _take(rounded, exact)
    exact.loss_of_peft(rows, _FACTOR)
    rounded.loss_of_peft(rows, _FACTOR)
    Crew(rounded.decoder, rounded.adapters, threads=2, rows=4).learn([pack(rows[:2]), pack(rows[2:])], _FACTOR, [0, 0])
    true = _flat(exact.theirs)
    ours, theirs = _flat(rounded.adapters.parameters), _flat(rounded.theirs)
    assert _distance(ours, true) <= 1.5 * _distance(theirs, true)
    assert float(torch.cosine_similarity(ours, true, dim=0)) >= 0.999


@torch.no_grad()
def _take(pair: Pair, other: Pair) -> None:
    for name, parameter in pair.theirs.items():
        parameter.copy_(other.theirs[name])
        pair.adapters.parameters[name].copy_(other.theirs[name])
    pair.decoder.refresh()


def _flat(parameters: dict[str, torch.nn.Parameter]) -> torch.Tensor:
    return torch.cat([p.grad.float().flatten() for _, p in sorted(parameters.items()) if p.grad is not None])


def _distance(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())
