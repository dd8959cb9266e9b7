"""The process of one showcase. Run as `python -m workbench.server.showcase.worker FOLDER`, by its supervisor."""

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from workbench.chat.client import ChatClient
from workbench.chat.questions import suggested_prompts
from workbench.chat.showing import Invitation, Showcase
from workbench.errors import WorkbenchError
from workbench.jobs.environment import stay_offline
from workbench.jobs.folder import Status
from workbench.runs.run_dir import RunDir
from workbench.server.access import LOOPBACK_NAMES
from workbench.server.app import PageServer
from workbench.server.showcase.addresses import LOOPBACK, claim, local_addresses
from workbench.server.showcase.answers import Answers
from workbench.server.showcase.app import Stage
from workbench.server.showcase.door import Door
from workbench.server.showcase.guard import ShowcaseGuard
from workbench.server.showcase.pages import Words

_LOOK_SECONDS = 0.5
_PROMPTS = 4
_EVER_AWAKE = 0.0
_NO_NETWORK = "This computer has no address in a local network."


def main(folder: str) -> int:
    """Show what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = Showcase(Path(folder))
    try:
        show(job, lambda _: None)
    except WorkbenchError as error:
        job.write_status(Status("failed", message=error.message, hint=error.hint))
        return 1
    return 0


def show(job: Showcase, on_ready: Callable[[Invitation], None]) -> None:
    """Serve a showcase until it is asked to end, or Ctrl-C. Raises WorkbenchError if it cannot be opened."""
    wish, run = job.wish, RunDir.open(job.root, job.wish.run)
    addresses = _addresses(wish.lan)
    listeners = claim(addresses, wish.port)
    stay_offline()
    names = LOOPBACK_NAMES | {*addresses, *(name.lower() for name in wish.names)}
    with closing(ChatClient(job.root / "cache" / "showcase.log", idle_seconds=_EVER_AWAKE)) as client:
        answers = Answers(run, client)
        # Others come by the first address that is theirs too.
        stage = _set_up(job, run, answers, f"{addresses[min(1, len(addresses) - 1)]}:{listeners[0].getsockname()[1]}")

        def open_up() -> None:
            job.write_status(Status("preparing", message="Open."))
            job.invite(stage.invitation)
            threading.Thread(target=_warm, args=(answers,), daemon=True).start()
            on_ready(stage.invitation)

        server = PageServer(ShowcaseGuard(stage.app(), frozenset(names)), open_up)
        threading.Thread(target=_look, args=(job, stage, server), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=listeners)
    job.write_status(Status("stopped", message="Ended."))


def _set_up(job: Showcase, run: RunDir, answers: Answers, address: str) -> Stage:
    door, home, wish = Door(), f"http://{address}", job.wish
    invitation = Invitation(f"{home}/?code={door.code}", address, door.code, f"{home}/room?key={door.key}")
    prompts = wish.prompts or tuple(suggested_prompts(run, _PROMPTS))
    words = Words(wish.title or run.name, Path(run.asked().model.path).name, run.name, prompts, wish.lan)
    return Stage(words, door, answers, invitation)


def _addresses(lan: bool) -> list[str]:
    found = local_addresses() if lan else []
    if lan and not found:
        raise WorkbenchError(_NO_NETWORK, "Connect it to one, or show on this computer alone.")
    return [LOOPBACK, *found]


def _warm(answers: Answers) -> None:
    try:
        answers.warm()
    except WorkbenchError as error:
        logging.getLogger(__name__).warning("%s", error)


def _look(job: Showcase, stage: Stage, server: PageServer) -> None:
    """Tell who came, and end when asked to."""
    told = None
    while not job.requested():
        if (counts := stage.counts()) != told:
            with contextlib.suppress(OSError):  # a full disk is no reason to end
                job.count(counts)
            told = counts
        time.sleep(_LOOK_SECONDS)
    server.should_exit = True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
