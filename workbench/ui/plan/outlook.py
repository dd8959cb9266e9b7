"""A plan in this machine as it will be then: what else holds memory, and what of it a start gives back."""

from dataclasses import dataclass, replace
from pathlib import Path

from workbench.chat.client import ChatClient
from workbench.hardware.devices import machine
from workbench.hardware.usage import tree_bytes
from workbench.memory.verdict import judge
from workbench.runs.listing import live_run
from workbench.training.plan import Plan


@dataclass(frozen=True)
class Outlook:
    """`plan` is set against the memory that is free when the run starts."""

    plan: Plan
    total_gb: float
    chat_gb: float
    """What the chat's model holds, where the plan is tight beside it."""
    closes_chat: bool
    """Whether the plan fits only without it. Its memory is free in `plan` then."""


def look_ahead(plan: Plan, chat: ChatClient, root: Path) -> Outlook:
    """A run that waits in line starts when the one before it has ended, whose memory it can have then."""
    free_gb, total_gb = plan.ram_free_gb + _given_back_gb(root), machine().ram_gb
    if judge(plan.ram_gb, free_gb) == "fits":
        return Outlook(replace(plan, ram_free_gb=free_gb), total_gb, 0.0, closes_chat=False)
    chat_gb = chat.held_bytes() / 1e9
    closes = free_gb < plan.ram_gb <= free_gb + chat_gb
    return Outlook(replace(plan, ram_free_gb=free_gb + closes * chat_gb), total_gb, chat_gb, closes)


def _given_back_gb(root: Path) -> float:
    """What the run that trains holds now."""
    run = live_run(root)
    worker = run.processes().get("worker") if run else None
    return tree_bytes(worker.pid) / 1e9 if worker else 0.0
