"""Training of the starter model: packed rows, bf16 arithmetic, a schedule by the clock, a checkpoint that resumes.

Several processes of one thread each, which meet once a step, keep a busy machine better used than one process of
several threads, which would wait for each other at every operation.
"""

import math
import time
from collections import deque
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import distributed
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from starter.packing import Rows
from starter.tokenizer import CONTEXT_TOKENS

REPORT_STEPS = 50

# The first lesson in the corpus's plain wordings, the second in freer ones.
Lessons = tuple[Rows, Rows]


class Plan(NamedTuple):
    """How the model is trained."""

    minutes: float
    seed: int
    processes: int = 2
    rows_a_process: int = 4
    first_lesson_share: float = 0.65
    peak_rate: float = 2e-3
    floor_rate: float = 2e-5
    warmup_steps: int = 100
    checkpoint_seconds: float = 240


class Clock(NamedTuple):
    """Where a training stands, over all its attempts; the loss is the mean of the latest steps."""

    step: int
    seconds: float
    tokens: int
    loss: float

    @property
    def minutes(self) -> float:
        return round(self.seconds / 60, 1)


def build_model(tokenizer: PreTrainedTokenizerFast, seed: int) -> LlamaForCausalLM:
    """A new model of about five million parameters; widths are multiples of 256, so that block formats fit."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=5,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=64,
        max_position_embeddings=CONTEXT_TOKENS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config).float()


def train(model: LlamaForCausalLM, lessons: Lessons, plan: Plan, folder: Path) -> Clock:
    """Train until the planned minutes are over; go on from the checkpoint in `folder` if there is one."""
    rank = distributed.get_rank()
    optimizers = make_optimizers(model, plan)
    clock = resume(model, optimizers, folder)
    saved_seconds, began = clock.seconds, time.monotonic() - clock.seconds
    losses: deque[float] = deque(maxlen=REPORT_STEPS)
    while clock.seconds < plan.minutes * 60:
        rate = rate_at(clock, plan)
        batch = pick_batch(lessons[used_share(clock, plan) > plan.first_lesson_share], clock.step, rank, plan)
        losses.append(take_step(model, optimizers, batch, rate))
        tokens = clock.tokens + batch.ids.numel() * plan.processes
        clock = agree(Clock(clock.step + 1, time.monotonic() - began, tokens, sum(losses) / len(losses)))
        if rank == 0 and clock.step % REPORT_STEPS == 0:
            report(clock, rate)
        if rank == 0 and clock.seconds - saved_seconds > plan.checkpoint_seconds:
            save_checkpoint(model, optimizers, clock, folder)
            saved_seconds = clock.seconds
    if rank == 0:
        save_checkpoint(model, optimizers, clock, folder)
    return clock


def agree(clock: Clock) -> Clock:
    """The first process's clock, so that all take the same rate and stop at the same step."""
    values = torch.tensor(clock, dtype=torch.float64)
    distributed.broadcast(values, src=0)
    step, seconds, tokens, loss = values.tolist()
    return Clock(int(step), seconds, int(tokens), loss)


def report(clock: Clock, rate: float) -> None:
    print(
        f"step {clock.step}  {clock.seconds / 60:.1f} min  loss {clock.loss:.4f}  rate {rate:.2e}"
        f"  {clock.tokens / clock.seconds:,.0f} tokens/s",
        flush=True,
    )


def make_optimizers(model: LlamaForCausalLM, plan: Plan) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for embeddings and norms: fewer tokens for the same loss."""
    inner = [weight for weight in model.model.layers.parameters() if weight.dim() == 2]
    known = {id(weight) for weight in inner}
    outer = [weight for weight in model.parameters() if id(weight) not in known]
    return [
        torch.optim.Muon(inner, lr=plan.peak_rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=plan.peak_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]


def rate_at(clock: Clock, plan: Plan) -> float:
    """Warm-up by steps, then a cosine by the share of the planned time that is used up."""
    warm = min(1.0, (clock.step + 1) / plan.warmup_steps)
    swing = (1 + math.cos(math.pi * used_share(clock, plan))) / 2
    return warm * (plan.floor_rate + (plan.peak_rate - plan.floor_rate) * swing)


def used_share(clock: Clock, plan: Plan) -> float:
    return min(1.0, clock.seconds / (plan.minutes * 60))


def pick_batch(rows: Rows, step: int, rank: int, plan: Plan) -> Rows:
    """One process's rows of one step: a new seeded order for every pass over the corpus."""
    rows_a_step = plan.rows_a_process * plan.processes
    passes, place = divmod(step, len(rows.ids) // rows_a_step)
    order = torch.randperm(len(rows.ids), generator=torch.Generator().manual_seed(plan.seed + passes))
    first = place * rows_a_step + rank * plan.rows_a_process
    chosen = order[first : first + plan.rows_a_process]
    return Rows(rows.ids[chosen].long(), rows.learned[chosen])


def take_step(model: LlamaForCausalLM, optimizers: list[torch.optim.Optimizer], batch: Rows, rate: float) -> float:
    model.zero_grad()
    loss = answer_loss(model, batch)
    loss.backward()
    average_gradients(model)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
    return loss.item()


def average_gradients(model: LlamaForCausalLM) -> None:
    weights = list(model.parameters())
    flat = torch.cat([weight.grad.flatten() for weight in weights if weight.grad is not None])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for weight, part in zip(weights, flat.split([weight.numel() for weight in weights]), strict=True):
        weight.grad = part.view_as(weight)


def answer_loss(model: LlamaForCausalLM, batch: Rows) -> torch.Tensor:
    """Mean loss of the learned tokens; the head runs on their positions only, which is half the cost."""
    learned = batch.learned[:, 1:]
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=batch.ids[:, :-1], use_cache=False).last_hidden_state
        logits = model.lm_head(hidden[learned])
    return functional.cross_entropy(logits.float(), batch.ids[:, 1:][learned])


def save_checkpoint(
    model: LlamaForCausalLM, optimizers: list[torch.optim.Optimizer], clock: Clock, folder: Path
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "model": model.state_dict(),
        "optimizers": [each.state_dict() for each in optimizers],
        "clock": tuple(clock),
    }
    torch.save(state, folder / "checkpoint.part")
    (folder / "checkpoint.part").replace(folder / "checkpoint.pt")


def resume(model: LlamaForCausalLM, optimizers: list[torch.optim.Optimizer], folder: Path) -> Clock:
    """Load the checkpoint of an earlier attempt; its clock goes on."""
    if not (folder / "checkpoint.pt").exists():
        return Clock(0, 0.0, 0, 0.0)
    state = load_checkpoint(folder)
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return Clock(*state["clock"])


def load_checkpoint(folder: Path) -> dict[str, Any]:
    return torch.load(folder / "checkpoint.pt", weights_only=True)
