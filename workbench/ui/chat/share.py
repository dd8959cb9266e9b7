"""Sharing results: showcases for an audience, and the address for programs. One component, drawn in the browser.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

import base64
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.chat import showing
from workbench.chat.questions import answering_runs
from workbench.chat.showing import Invitation, Showcase, Wish
from workbench.runs.keys import api_key
from workbench.ui import text_share as text
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered_in_words, draw
from workbench.ui.page import Page

_START = f"""
import(location.origin + "{ASSETS_URL}/share.js").then((share) => share.start(element, {{server}}));
"""


def build(page: Page) -> None:
    draw("share", functions(page.root), _START)


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @answered_in_words
    def share_runs(_: Answer) -> Answer:
        return {"runs": [{"id": run.id, "name": run.name} for run in answering_runs(root)]}

    @answered_in_words
    def share_state(_: Answer) -> Answer:
        return {"showcases": [_tell(job) for job in showing.listed(root)]}

    @answered_in_words
    def start_showcase(arg: Answer) -> Answer:
        lines = [line.strip() for line in str(arg.get("prompts", "")).splitlines()]
        wish = Wish(
            run=str(arg.get("run", "")),
            title=" ".join(str(arg.get("title", "")).split()),
            prompts=tuple(line for line in lines if line),
            lan=arg.get("lan") is True,
        )
        return {"started": showing.start(root, wish).id}

    @answered_in_words
    def end_showcase(arg: Answer) -> Answer:
        showing.end(root, str(arg.get("id", "")))
        return {}

    @answered_in_words
    def tell_programs(_: Answer) -> Answer:
        return {"key": api_key(root), "curl": text.CURL, "python": text.PYTHON}

    return [share_runs, share_state, start_showcase, end_showcase, tell_programs]


def _tell(job: Showcase) -> Answer:
    status, wish, invitation = job.status(), job.wish, job.invitation()
    told: Answer = {"id": job.id, "run": wish.run, "title": wish.title or wish.run, "lan": wish.lan}
    if status.phase == "failed":
        return told | {"words": text.FAILED.format(status.message, status.hint)}
    if invitation is None:
        return told | {"words": text.OPENING, "goes_on": True}
    counts = text.COUNTS.format(**asdict(job.counts()))
    return told | {"words": counts, "goes_on": True} | asdict(invitation) | {"picture": _picture(invitation)}


def _picture(invitation: Invitation) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(invitation.draw()).decode()
