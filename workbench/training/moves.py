"""What can be changed about a run so that it takes less memory, and what each change costs. No torch."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from workbench.config.fields import settings_of
from workbench.config.optimizers import OPTIMIZERS
from workbench.hardware.devices import machine
from workbench.models import catalog
from workbench.training.largest import largest_batch, largest_length
from workbench.training.plan import Plan


class Cost(IntEnum):
    """What is given up, the least first."""

    NOTHING = 0
    TIME = 1
    EXACTNESS = 2
    """Numbers are rounded that the result rests on."""
    LEARNING = 3
    """Less is learned, or something else."""
    MODEL = 4


@dataclass(frozen=True)
class Move:
    """`name` can stand before "saves 1.2 GB"."""

    settings: dict[str, Any]
    cost: Cost
    name: str
    effect: str = ""
    """What it does beside, as it can stand after "saves 1.2 GB: "."""


_COVERED: tuple[tuple[str, Any, Cost, str], ...] = (
    ("hardware.engine", "standard", Cost.NOTHING, ""),
    ("training.batching", "padded", Cost.NOTHING, "with packing"),
    ("training.gradient_checkpointing", True, Cost.NOTHING, "without gradient checkpointing"),
    ("model.precision", "fp16", Cost.NOTHING, "not in fp16"),
    ("training.neftune_noise_alpha", None, Cost.LEARNING, "without noise"),
    ("method.use_dora", True, Cost.LEARNING, "without DoRA"),
    ("method.init", None, Cost.LEARNING, "beginning by default"),
)
"""Settings that keep a run off the fast path: the value that does, or None where all but the usual one do."""

_GRID = (32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384)
_FEW_CUT = 0.05
_SMALLEST_RANK = 4


def find_moves(plan: Plan) -> Iterator[Move]:
    """Those that the settings leave room for; whether they save anything, the changed plan tells."""
    yield from _onto_fast_path(plan)
    yield from _fewer_at_once(plan)
    yield from _computing_twice(plan)
    yield from _fewer_threads(plan)
    yield from _rounder_weights(plan)
    yield from _rounder_moments(plan)
    yield from _shorter(plan)
    yield from _beside_the_model(plan)
    yield from _smaller_adapter(plan)
    yield from _smaller_model(plan)


def _onto_fast_path(plan: Plan) -> Iterator[Move]:
    if plan.config.hardware.engine == "fast" or machine().gpu:
        return
    has, usual = settings_of(plan.asked), settings_of(type(plan.asked)())
    in_the_way = [
        (path, cost, words)
        for path, bad, cost, words in _COVERED
        if path in has and (has[path] == bad if bad is not None else has[path] != usual[path])
    ]
    if in_the_way:
        given_up = " and ".join(words for _, _, words in in_the_way if words)
        name = f"The fast path, {given_up}," if given_up else "The fast path"
        settings = {path: usual[path] for path, _, _ in in_the_way}
        yield Move(settings, max(cost for _, cost, _ in in_the_way), name)


def _fewer_at_once(plan: Plan) -> Iterator[Move]:
    """Half as many, or as many as fit where that is less still."""
    micro = int(plan.config.training.micro_batch_size)
    if micro == 1:
        return
    fewer = micro // 2 if plan.verdict == "fits" else max(1, min(micro // 2, largest_batch(plan)))
    name = f"A micro-batch of {fewer} instead of {micro}"
    yield Move({"training.micro_batch_size": fewer}, Cost.TIME, name, "the same result")


def _computing_twice(plan: Plan) -> Iterator[Move]:
    # The fast path computes nothing twice, and takes less than the standard path does so.
    if not plan.config.training.gradient_checkpointing and plan.config.hardware.engine == "standard":
        settings, effect = {"training.gradient_checkpointing": True}, "the same result, computed twice"
        yield Move(settings, Cost.TIME, "Gradient checkpointing", effect)


def _fewer_threads(plan: Plan) -> Iterator[Move]:
    """On the fast path each thread computes a pack of its own."""
    threads = int(plan.config.hardware.threads)
    if threads > 1 and plan.config.hardware.engine == "fast":
        name = "1 thread" if threads < 4 else f"{threads // 2} threads"
        yield Move({"hardware.threads": threads // 2}, Cost.TIME, f"{name} instead of {threads}")


def _rounder_weights(plan: Plan) -> Iterator[Move]:
    model = plan.config.model
    if model.precision == "fp32":
        yield Move({"model.precision": "bf16"}, Cost.EXACTNESS, "bf16 instead of fp32")
    if model.quantization in ("none", "int8"):
        yield Move({"model.quantization": "nf4"}, Cost.EXACTNESS, "NF4")
    if model.quantization == "none":
        yield Move({"model.quantization": "int8"}, Cost.EXACTNESS, "int8")


def _rounder_moments(plan: Plan) -> Iterator[Move]:
    rounder = "paged_adamw_8bit" if machine().gpu else "adamw_8bit"
    now = OPTIMIZERS[plan.config.training.optimizer]
    if now.state_bytes > OPTIMIZERS[rounder].state_bytes and plan.config.training.optimizer.endswith("adamw"):
        yield Move({"training.optimizer": rounder}, Cost.EXACTNESS, f"The optimizer {rounder}")


def _shorter(plan: Plan) -> Iterator[Move]:
    """A length that cuts few rows; where that is not enough, the largest that fits, or half."""
    if len(plan.rows) == 0:
        return
    now = min(int(plan.config.data.max_length), plan.counted.longest_tokens)
    share_within = float(np.quantile(plan.rows.lengths, 1 - _FEW_CUT))
    gentle = next((length for length in _GRID if length >= share_within), now)
    wanted = gentle if plan.verdict == "fits" else largest_length(plan) or now // 2
    firm = max((length for length in _GRID if length <= min(wanted, now // 2)), default=now)
    for length in sorted({gentle, firm}, reverse=True):
        if length < now:
            name = f"Length {length:,} instead of {now:,}"
            yield Move({"data.max_length": length}, Cost.LEARNING, name, _what_is_cut(plan, length))


def _what_is_cut(plan: Plan, length: int) -> str:
    """A text that is too long is split, and loses nothing."""
    tokens, rows = plan.prepared.tokens.tokens, plan.rows
    is_text = np.isin(rows.examples, tokens.examples[tokens.are_texts])
    lost = int(((rows.lengths > length) & ~is_text).sum())
    if not lost:
        return "splits your texts into shorter rows"
    verb, percent = "leaves out" if plan.config.data.over_long == "drop" else "cuts", 100 * lost / len(rows)
    return f"{verb} {percent:.0f} % of your rows" if percent >= 1 else f"{verb} {lost:,} of your {len(rows):,} rows"


def _beside_the_model(plan: Plan) -> Iterator[Move]:
    if plan.config.method.name == "full":
        effect, both = "learns less, and forgets less", {"method.name": "lora", "model.quantization": "nf4"}
        yield Move({"method.name": "lora"}, Cost.LEARNING, "LoRA instead of full fine-tuning", effect)
        yield Move(both, Cost.LEARNING, "QLoRA (LoRA with NF4) instead of full fine-tuning", effect)


def _smaller_adapter(plan: Plan) -> Iterator[Move]:
    has = settings_of(plan.config)
    rank = has.get("method.rank", 0)
    if rank > _SMALLEST_RANK:
        less = max(_SMALLEST_RANK, rank // 2)
        yield Move({"method.rank": less}, Cost.LEARNING, f"Rank {less} instead of {rank}", "holds less")
    if has.get("method.target_modules") == "all-linear":
        name = "An adapter in the attention layers alone"
        yield Move({"method.target_modules": "attention"}, Cost.LEARNING, name, "holds less")


def _smaller_model(plan: Plan) -> Iterator[Move]:
    """The largest that is at hand here and fits; the last resort, since the tokens of another differ."""
    if plan.verdict == "fits":
        return
    smaller = [m for m in catalog.list_models(plan.root) if m.tunable and m.parameters < plan.facts.parameters]
    for model in sorted(smaller, key=lambda model: -model.parameters):
        if plan.changed({"model.path": model.name}).verdict == "fits":
            effect = f"{_count(model.parameters)} parameters instead of {_count(plan.facts.parameters)}"
            name = f"The model {model.name}"
            yield Move({"model.path": model.name}, Cost.MODEL, name, effect)
            return


def _count(parameters: int) -> str:
    return f"{parameters / 1e9:.1f} B" if parameters >= 1e9 else f"{parameters / 1e6:.0f} M"
