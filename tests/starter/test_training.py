"""Training goes on where it stopped, and its schedule ends with its time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import distributed
from transformers import PreTrainedTokenizerFast

from starter.corpus.conversations import generate
from starter.packing import Rows, pack
from starter.tokenizer import train_tokenizer
from starter.training import Clock, Plan, answer_loss, build_model, pick_batch, rate_at, train

PLAN = Plan(minutes=0.02, seed=1, processes=1, rows_a_process=1)


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(message["content"] for messages in generate(1, 200) for message in messages)


@pytest.fixture(scope="module")
def rows(tokenizer: PreTrainedTokenizerFast) -> Rows:
    return pack(tokenizer, generate(1, 60), length=128, seed=0)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[None]:
    distributed.init_process_group("gloo", f"file://{tmp_path / 'meeting'}", rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


@pytest.mark.usefixtures("group")
@pytest.mark.slow
def test_training_resumes_from_its_checkpoint(tokenizer: PreTrainedTokenizerFast, rows: Rows, tmp_path: Path) -> None:
    first = train(build_model(tokenizer, seed=1), (rows, rows), PLAN, tmp_path)
    model = build_model(tokenizer, seed=1)
    second = train(model, (rows, rows), PLAN._replace(minutes=PLAN.minutes * 3), tmp_path)
    assert second.step > first.step > 0
    assert second.tokens == second.step * 128
    untrained = answer_loss(build_model(tokenizer, seed=1), pick_batch(rows, 0, 0, PLAN))
    assert answer_loss(model, pick_batch(rows, 0, 0, PLAN)) < untrained


def test_processes_take_different_rows(rows: Rows) -> None:
    plan = PLAN._replace(processes=2, rows_a_process=2)
    first, second = (pick_batch(rows, 3, rank, plan).ids for rank in (0, 1))
    assert not any(torch.equal(a, b) for a in first for b in second)


def test_rate_falls_to_its_floor_when_the_time_is_over() -> None:
    rates = [
        rate_at(Clock(step, seconds, 0, 0.0), PLAN) for step, seconds in ((0, 0.0), (200, 0.1), (300, 0.6), (400, 1.2))
    ]
    assert rates[0] < rates[2] < rates[1] < PLAN.peak_rate
    assert rates[3] == pytest.approx(PLAN.floor_rate)
