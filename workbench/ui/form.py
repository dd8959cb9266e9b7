"""The form of a run, made by walking the settings: read and written by name, never by position."""

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

from workbench.config.build import build
from workbench.config.fields import Leaf, leaves, settings_of, value_at
from workbench.config.methods import method_of
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError
from workbench.runs.run_dir import Resolved
from workbench.ui import text
from workbench.ui.choices import Options
from workbench.ui.fields import from_field, make_field, to_field
from workbench.ui.quantities import setting_value

LEAVES = {leaf.path: leaf for leaf in leaves(RunConfig)}


class Form:
    """Components by dotted setting. Handlers get a dict of values, so that order cannot matter."""

    def __init__(self) -> None:
        self.fields: dict[str, Component] = {}
        self._folds: list[tuple[gr.Accordion, str, list[str]]] = []

    def add(self, path: str, component: Component) -> None:
        """Take a component that was made elsewhere, such as a list of models."""
        self.fields[path] = component

    def place(self, wanted: Callable[[Leaf], bool]) -> list[str]:
        """Make the components of the wanted settings here, in the order of declaration."""
        paths = [path for path, leaf in LEAVES.items() if wanted(leaf) and path not in self.fields]
        for path in paths:
            self.add(path, make_field(LEAVES[path], is_shown=_belongs(LEAVES[path], RunConfig().method.name)))
        return paths

    def place_folded(self, title: str, elem_id: str, wanted: Callable[[Leaf], bool]) -> None:
        """The same behind a fold that counts what was changed, with a heading for each section."""
        paths = [path for path, leaf in LEAVES.items() if wanted(leaf) and path not in self.fields]
        sections = dict.fromkeys(LEAVES[path].section for path in paths)
        with gr.Accordion(title, open=False, elem_id=elem_id) as fold:
            for section in sections:
                if len(sections) > 1:
                    gr.Markdown(f"#### {text.SECTIONS[section]}")
                with gr.Row(elem_classes="fields"):
                    self.place(lambda leaf, here=section: leaf.path in paths and leaf.section == here)  # type: ignore[misc]
        self._folds.append((fold, title, paths))

    @property
    def inputs(self) -> set[Component]:
        return set(self.fields.values())

    @property
    def reflecting(self) -> set[Any]:
        """What `reflect` may change."""
        leaves = {path: LEAVES[path] for path in self.fields}
        shown = {self.fields[path] for path, leaf in leaves.items() if leaf.auto or leaf.spec.only_if or leaf.kinds}
        return shown | {fold for fold, _, _ in self._folds}

    def settings(self, values: Mapping[Any, Any]) -> dict[str, Any]:
        """What stands in the form, by dotted setting, right or wrong; without those that only other methods have."""
        method = method_of(str(values[self.fields["method.name"]]))
        own = {path: field for path, field in self.fields.items() if _belongs(LEAVES[path], method)}
        return {path: from_field(LEAVES[path], values[field]) for path, field in own.items()} | {"method.name": method}

    def read(self, values: Mapping[Any, Any]) -> RunConfig:
        """The config that stands in the form. Raises SettingError for what cannot be."""
        return build(self.settings(values))

    def write(self, config: RunConfig) -> dict[Any, Any]:
        """Updates that put a config into the form; what it has no setting for stays as it is."""
        return {
            self.fields[path]: gr.update(value=to_field(LEAVES[path], value))
            for path, value in settings_of(config).items()
        }

    def show_method(self, method: str) -> dict[Any, Any]:
        """Updates that show the settings of a method, and of no other."""
        return {
            field: gr.update(visible=_belongs(LEAVES[path], method))
            for path, field in self.fields.items()
            if LEAVES[path].kinds
        }

    def reflect(self, config: RunConfig, auto: Mapping[str, Resolved], offers: Mapping[str, Options]) -> dict[Any, Any]:
        """Updates that show what auto became, which settings matter now, what there is to choose, and what changed."""
        updates: dict[Any, Any] = {}
        for path, field in self.fields.items():
            leaf = LEAVES[path]
            look: dict[str, Any] = _auto_look(leaf, auto) | _only_if_look(leaf, config)
            look |= _kind_look(leaf, config.method.name) | ({"choices": offers[path]} if path in offers else {})
            if look:
                updates[field] = gr.update(**look)  # type: ignore[arg-type]
        for fold, title, paths in self._folds:
            updates[fold] = gr.update(label=_count_changed(title, paths, config))
        return updates


def restore(settings: Mapping[str, Any]) -> RunConfig:
    """The config from a form of an earlier visit; a setting that has become impossible gets its default back."""
    config = RunConfig()
    for path, value in settings.items():
        try:
            config = build({path: value}, config)
        except SettingError:
            continue
    return config


def _belongs(leaf: Leaf, method: str) -> bool:
    return not leaf.kinds or method in leaf.kinds


def _kind_look(leaf: Leaf, method: str) -> dict[str, bool]:
    return {"visible": method in leaf.kinds} if leaf.kinds else {}


def _auto_look(leaf: Leaf, auto: Mapping[str, Resolved]) -> dict[str, str]:
    if not leaf.auto:
        return {}
    became = auto.get(leaf.path)
    return {"placeholder": f"auto: {setting_value(became.value)}" if became else "auto"}


def _only_if_look(leaf: Leaf, config: RunConfig) -> dict[str, bool]:
    if leaf.spec.only_if is None:
        return {}
    other, wanted = leaf.spec.only_if
    return {"interactive": str(value_at(config, other)) == wanted}


def _count_changed(title: str, paths: list[str], config: RunConfig) -> str:
    settings = settings_of(config)
    changed = sum(settings.get(path, LEAVES[path].default) != LEAVES[path].default for path in paths)
    return f"{title} · {changed} changed" if changed else title
