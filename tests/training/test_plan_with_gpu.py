"""What a plan says where there is a GPU, by a machine that is made here: its memory decides, and both are told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.hardware.devices import machine
from workbench.hardware.gpu import Gpu
from workbench.training import needs, plan
from workbench.training.plan import Plan

_CARD = "NVIDIA RTX A4000"


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    there = replace(machine(), gpu=_CARD)
    for module in (plan, needs):
        monkeypatch.setattr(module, "machine", lambda: there)


@pytest.fixture
def planned_with(card: None, config: RunConfig, root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Plan]:
    """By how much of the card's memory is free, in GB."""
    asked = build({"training.batch_size": 16}, config)

    def make(free_gb: float) -> Plan:
        monkeypatch.setattr(plan, "look_at_gpu", lambda: Gpu(_CARD, int(16e9), int(free_gb * 1e9)))
        return plan.make(asked, root)

    return make


def test_both_memories_are_told_and_the_shorter_decides(planned_with: Callable[[float], Plan]) -> None:
    roomy, scarce = planned_with(16.0), planned_with(0.5)
    assert roomy.config.hardware.engine == "standard"
    assert (roomy.vram_free_gb, roomy.verdict) == (16.0, "fits")
    assert roomy.vram and roomy.vram.terms["context"] > 0
    assert "activations" not in roomy.ram.terms
    assert scarce.verdict == "will not fit"
    assert int(scarce.config.training.micro_batch_size) < int(roomy.config.training.micro_batch_size) == 16
    assert "0.5 GB of the GPU's memory are free" in scarce.auto["training.micro_batch_size"].why


def test_without_a_gpu_there_is_nothing_to_tell(config: RunConfig, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = replace(machine(), gpu=None)
    for module in (plan, needs):
        monkeypatch.setattr(module, "machine", lambda: without)
    monkeypatch.setattr(plan, "look_at_gpu", lambda: pytest.fail("nobody is to be asked"))
    planned = plan.make(config, root)
    assert (planned.vram, planned.vram_free_gb) == (None, None)
