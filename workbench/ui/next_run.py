"""From a run to the next one: its settings in the form, with one change or with its adapter to go on from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.keeping.corrections import settings_with
from workbench.config.build import build
from workbench.config.fields import settings_of
from workbench.config.run_config import OF_ADAPTER, RunConfig
from workbench.errors import RunError
from workbench.methods.table import METHODS
from workbench.monitoring.advice import Advice
from workbench.runs.run_dir import RunDir
from workbench.ui import text_kept, text_result
from workbench.ui.advice import find_advice, open_ended
from workbench.ui.again import open_short
from workbench.ui.notices import shown
from workbench.ui.page import QUIET, Page


def connect(view: Any, page: Page) -> None:
    """Let the buttons in a live view that lead to a new run put its settings into the form."""

    @shown
    def on_try(event: gr.EventData) -> str:
        run = open_ended(page.root, event.run)
        return page.use_settings.send(with_change(run, find_advice(run, event.complaint)))

    @shown
    def on_again(event: gr.EventData) -> str:
        run = open_short(page.root, event.run)
        return page.use_settings.send(with_less(run, event.settings, str(event.sentence)))

    @shown
    def on_further(event: gr.EventData) -> str:
        return page.use_settings.send(with_adapter(RunDir.open(page.root, str(event.run))))

    view.try_change(on_try, None, page.use_settings.output, **QUIET)
    view.start_again(on_again, None, page.use_settings.output, **QUIET)
    view.train_further(on_further, None, page.use_settings.output, **QUIET)


def with_change(run: RunDir, advice: Advice) -> str:
    """What `use_settings` carries: the run, and the setting that is to differ. Raises RunError if none is."""
    if not advice.setting:
        raise RunError(text_result.NO_CHANGE, text_result.EDIT_DATA)
    note, settings = text_result.CHANGED_SINCE.format(run=run.name, change=advice.change), {advice.setting: advice.new}
    if advice.setting.startswith("method.") and run.asked().model.adapter:
        # Another size than the adapter it went on from.
        return _carry(run, note + text_result.BEGINS_ANEW, settings | {"model.adapter": ""})
    return _carry(run, note, settings)


def with_less(run: RunDir, settings: Any, sentence: str) -> str:
    """The same for one that ran out of memory, with what is to differ. Raises RunError for what are no settings."""
    if not isinstance(settings, dict) or not all(isinstance(path, str) for path in settings):
        raise RunError(text_result.NO_LESS, text_result.RELOAD)
    return _carry(run, text_result.WITH_LESS.format(run=run.name, sentence=sentence), settings)


def with_adapter(run: RunDir) -> str:
    """The same for a run whose adapter is to be trained further."""
    return _carry(run, text_result.TRAINED_FURTHER.format(run=run.name), {"model.adapter": run.id})


def with_corrections(run: RunDir, name: str) -> str:
    """The same for one that is to learn the corrections in the set `name` as well, on top of what it has learned."""
    settings = settings_with(run, name)
    if METHODS[run.config().method.name].extends:
        settings["model.adapter"] = run.id
    return _carry(run, text_kept.WITH_CORRECTIONS.format(run=run.name, name=name), settings)


def read_change(root: Path, sent: str, form: RunConfig) -> tuple[RunConfig, str]:
    """The settings of the run named first in `sent`, with what follows it changed, and a note on that.

    Of an adapter that was not trained here it is only known what it is; the rest stays as it stands in the form.
    """
    run_id, _, rest = sent.partition(" ")
    run = RunDir.open(root, run_id)
    asked = run.asked()
    if run.origin() != "trained":
        known = {path: value for path, value in settings_of(asked).items() if path.startswith(OF_ADAPTER)}
        asked = build(known, form)
    changed = json.loads(rest) if rest else {}
    return build(changed.get("settings", {}), asked), changed.get("note", "")


def _carry(run: RunDir, note: str, settings: Mapping[str, Any]) -> str:
    return f"{run.id} {json.dumps({'note': note, 'settings': settings})}"
