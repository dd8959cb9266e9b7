"""A plan in this machine as it will be then: what else holds memory, and what of it a start gives back."""

from dataclasses import dataclass, replace
from pathlib import Path

from workbench.chat.client import ChatClient
from workbench.config.run_config import RunConfig
from workbench.data.preparing.steps import Waiting
from workbench.hardware.anonymous import anonymous_bytes
from workbench.hardware.devices import machine
from workbench.hardware.gpu import look_at_gpu
from workbench.memory.verdict import judge
from workbench.runs.listing import live_run
from workbench.training import plan as planning
from workbench.training.plan import Plan
from workbench.ui.choices import check_listed

_PATIENCE_SECONDS = 1.5


@dataclass(frozen=True)
class Outlook:
    """`plan` is set against the memory that is free when the run starts."""

    plan: Plan
    total_gb: float
    chat_gb: float
    """What the chat's model holds, where the plan is tight beside it."""
    closes_chat: bool
    """Whether the plan fits only without it. Its memory is free in `plan` then."""
    vram_total_gb: float
    """0 without a GPU, or where it does not tell."""


def find_outlook(config: RunConfig, root: Path, chat: ChatClient) -> Outlook | Waiting:
    """Small files are read before anyone sees that they had to be. Names that are not in the lists are refused."""
    check_listed(config, root)
    plan = planning.look(config, root, patience_seconds=_PATIENCE_SECONDS)
    return plan if isinstance(plan, Waiting) else look_ahead(plan, chat, root)


def look_ahead(plan: Plan, chat: ChatClient, root: Path) -> Outlook:
    """A run that waits in line starts when the one before it has ended, whose memory it can have then."""
    free_gb, total_gb = plan.ram_free_gb + _given_back_gb(root), machine().ram_gb
    gpu = look_at_gpu() if plan.vram else None
    vram_total_gb = gpu.total_bytes / 1e9 if gpu else 0.0
    if judge(plan.ram_gb, free_gb) == "fits":
        return Outlook(replace(plan, ram_free_gb=free_gb), total_gb, 0.0, False, vram_total_gb)
    chat_gb = chat.held_bytes() / 1e9
    closes = free_gb < plan.ram_gb <= free_gb + chat_gb
    freed = replace(plan, ram_free_gb=free_gb + closes * chat_gb)
    return Outlook(freed, total_gb, chat_gb, closes, vram_total_gb)


def _given_back_gb(root: Path) -> float:
    """What the run that trains holds now."""
    run = live_run(root)
    worker = run.processes().get("worker") if run else None
    return anonymous_bytes(worker.pid) / 1e9 if worker else 0.0
