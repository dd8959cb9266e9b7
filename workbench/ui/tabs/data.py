"""The Data tab: what the model will learn from, row by row, and how it comes to be."""

import json
from typing import Any

import gradio as gr

from workbench.config.build import build as build_config
from workbench.errors import SettingError
from workbench.ui import text
from workbench.ui import text_data as words
from workbench.ui.data import view
from workbench.ui.data.snapshot import file_defaults
from workbench.ui.entry import DataEntry
from workbench.ui.form import restore
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page


def build(page: Page) -> None:
    tab = DataTab(page)
    tab.connect_visit()
    tab.connect_changes()
    tab.connect_entry()


class DataTab:
    """The view, and below it the ways to add a set. What is chosen stands in the form of the Train tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.view = view.build(page.root)
        with gr.Accordion(words.ADD_FOLD, open=False, elem_id="data-add"):
            self.entry = DataEntry(page.root, "add")

    def connect_visit(self) -> None:
        """Each visit looks at the data with the settings that the form has by now."""

        @shown
        def on_visit(saved: dict[str, Any], event: gr.SelectData) -> Any:
            return _look(saved) if event.value == text.TABS["data"] else gr.skip()

        self.page.tabs.select(on_visit, self.page.saved, self.view, **AT_ONCE)

    def connect_changes(self) -> None:
        """What is changed in the view goes into the form."""

        @shown
        def on_put_settings(event: gr.EventData) -> str:
            return self._sent(event)

        @shown
        def on_use_set(event: gr.EventData) -> str:
            sent = self._sent(event)
            gr.Success(words.CHOSEN)
            return sent

        carrier = self.page.put_settings.output
        self.view.put_settings(on_put_settings, None, carrier, **AT_ONCE)
        self.view.use_set(on_use_set, None, carrier, **AT_ONCE)

    def connect_entry(self) -> None:
        """A set that was added is chosen at once, and read as if nothing had been said of other files."""
        page = self.page

        def on_added(added: str, saved: dict[str, Any]) -> dict[Any, Any]:
            chosen = file_defaults() | {"data.path": added}
            sent = page.put_settings.send(json.dumps(chosen))
            return {self.view: _look({"settings": saved["settings"] | chosen}), page.put_settings.output: sent}

        self.entry.added.listen(on_added, [self.view, page.put_settings.output], page.saved)
        self.entry.connect(page.blocks.load, page.tabs.select)

    def _sent(self, event: gr.EventData) -> str:
        """The settings of an event, if the form can take them."""
        settings = event.settings
        if not isinstance(settings, dict) or not all(str(name).startswith("data.") for name in settings):
            raise SettingError("data.path", words.NOT_OF_DATA, words.CHOOSE_SET)
        build_config(settings)
        return self.page.put_settings.send(json.dumps(settings))


def _look(saved: dict[str, Any]) -> str:
    """The value of the view: the settings of the form."""
    config = restore(saved["settings"])
    return json.dumps(saved["settings"] | {"data.path": config.data.path, "model.path": config.model.path})
