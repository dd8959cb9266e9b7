"""Blending adapters: one component, drawn in the browser, that says what cannot be blended before it is begun.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import RunError
from workbench.runs.run_dir import RunDir, next_name
from workbench.training.blending import job
from workbench.training.blending.command import command_for
from workbench.training.blending.provenance import Provenance
from workbench.training.blending.recipe import check
from workbench.training.blending.request import BASE_NAME, LEAST_DENSITY, LEAST_WEIGHT, MOST, MOST_WEIGHT
from workbench.training.blending.ways import WAYS
from workbench.ui import text_blend as text
from workbench.ui.chat.ingredients import Ingredients, describe_rank, read_request
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered, draw
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/blend.js").then((blend) => blend.start(element, {{server}}));
element.addEventListener("workbench:talk", (event) => trigger("talk", event.detail));
element.addEventListener("workbench:bring", (event) => trigger("bring", event.detail));
element.addEventListener("workbench:train", (event) => trigger("train", event.detail));
"""


def build(page: Page) -> None:
    view = draw("blend", functions(page.root), _START)

    @shown
    def on_talk(event: gr.EventData) -> str:
        return page.open_chat.send(str(event.run))

    @shown
    def on_bring() -> str:
        return page.open_import.send("")

    view.talk(on_talk, None, page.open_chat.output, **AT_ONCE)
    view.bring(on_bring, None, page.open_import.output, **AT_ONCE)
    view.train(lambda: gr.Tabs(selected="train"), None, page.tabs, **AT_ONCE)


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""
    ingredients = Ingredients(root)

    @answered
    def blend_look(_: Answer) -> Answer:
        return _tell_choices() | {
            "runs": ingredients.tell(),
            "next_name": next_name(root, BASE_NAME),
            "latest": _tell_latest(root),
        }

    @answered
    def blend_check(arg: Answer) -> Answer:
        recipe = check(read_request(arg), root)
        model = Path(recipe.parts[0].config.model.path).name
        made = text.MADE_OF.format(describe_rank(recipe), model)
        return {"made": made, "notes": list(recipe.notes), "command": command_for(recipe.request)}

    @answered
    def blend_start(arg: Answer) -> Answer:
        job.start(root, read_request(arg))
        return _tell_latest(root)

    @answered
    def blend_state(_: Answer) -> Answer:
        return _tell_latest(root)

    @answered
    def blend_cancel(_: Answer) -> Answer:
        job.cancel(root)
        return _tell_latest(root)

    return [blend_look, blend_check, blend_start, blend_state, blend_cancel]


def _tell_choices() -> Answer:
    ways = [{"name": name, **asdict(way)} for name, way in WAYS.items()]
    limits = {"most": MOST, "weights": [LEAST_WEIGHT, MOST_WEIGHT], "least_density": LEAST_DENSITY}
    return {"ways": ways, "limits": limits}


def _tell_latest(root: Path) -> Answer:
    """How far the latest blending is, and what came of it; empty if there never was one."""
    latest = job.look(root)
    if latest is None:
        return {}
    status = latest.status
    return {
        "phase": status.phase,
        "message": status.message,
        "hint": status.hint,
        "percent": 100 * status.step // status.steps if status.steps else None,
        "goes_on": latest.goes_on,
        "made": _tell_made(root, latest.run) if latest.run else None,
    }


def _tell_made(root: Path, run_id: str) -> Answer | None:
    """What a blend was made of; None of one that is gone."""
    try:
        run = RunDir.open(root, run_id)
    except RunError:
        return None
    origin = Provenance.of(run)
    if origin is None:
        return None
    return {
        "run": run.id,
        "way": WAYS[origin.way].label,
        "parts": [{"name": part.name, "weight": part.weight, "share": part.share} for part in origin.parts],
        "exactness": origin.exactness(),
        "notes": list(origin.notes),
    }
