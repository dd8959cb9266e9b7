"""When a run ends before its last step, and what becomes of it then."""

from dataclasses import dataclass

from workbench.jobs.ending import CANCELLED
from workbench.jobs.folder import Request


@dataclass(frozen=True)
class Ending:
    """How a run ends: its last word, and whether what it has learned is saved and made its adapter."""

    phase: str
    message: str = ""
    hint: str = ""
    saves: bool = True
    publishes: bool = True


FINISHED = Ending("finished")

_ON_REQUEST: dict[Request, Ending] = {
    "cancel": Ending("stopped", CANCELLED, saves=False, publishes=False),
    "stop": Ending("stopped"),
    "pause": Ending(
        "paused",
        "Paused: its place is saved, and memory and processor are free.",
        "Continue goes on exactly from here.",
        publishes=False,
    ),
}


def on_request(request: Request | None) -> Ending | None:
    """How a run ends that is asked to, None if it is not."""
    return _ON_REQUEST[request] if request else None
