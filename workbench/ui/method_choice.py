"""The choice of a method: a menu, a line on the chosen one, and a table of them all beside each other."""

import html
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import gradio as gr

from workbench.config.build import build
from workbench.config.fields import settings_of
from workbench.config.methods import ALIASES, MethodSettings, method_of
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError
from workbench.methods.base import Method
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization
from workbench.ui import text
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES, Form
from workbench.ui.quantities import file_size, share, short_count

_SETTING = "method.name"
_BYTES_A_PARAMETER = 4


class MethodChoice:
    """The menu in the form; what stands below it follows the chosen model."""

    def __init__(self, form: Form) -> None:
        spec, options = LEAVES[_SETTING].spec, [(label, name) for name, label in entries().items()]
        self._menu = gr.Dropdown(options, value="lora", label=spec.label, info=spec.help, elem_id=field_id(_SETTING))
        form.add(_SETTING, self._menu)
        self._facts = gr.HTML(elem_id="method-facts", elem_classes="facts")
        with gr.Accordion(text.METHODS_FOLD, open=False, elem_id="all-methods"):
            self._table = gr.HTML()
        self.shown: set[Any] = {self._menu, self._facts, self._table}

    def picked(self, values: Mapping[Any, Any]) -> str:
        """The entry of the menu that stands in the form."""
        return str(values[self._menu])

    def look(self, config: RunConfig, model: ModelFacts | None) -> dict[Any, Any]:
        """Updates that show what the method is good for on this model, and what the others would cost."""
        entry = gr.update(value=entry_of(config))
        if model is None or not model.tunable:
            return {self._menu: entry, self._facts: html.escape(_trade_off(config)), self._table: text.CHOOSE_MODEL}
        return {self._menu: entry, self._facts: describe(config, model), self._table: table(config, model)}


def entries() -> dict[str, str]:
    """The menu: each method by name and label, and after it its aliases."""
    found: dict[str, str] = {}
    for name, method in METHODS.items():
        found[name] = method.label
        found |= {alias: text.ALIASES[alias] for alias in ALIASES if method_of(alias) == name}
    return found


def entry_of(config: RunConfig) -> str:
    """The entry of the menu that a config is."""
    settings = settings_of(config)
    fitting = (alias for alias in ALIASES if _meant_by(alias).items() <= settings.items())
    return next(fitting, config.method.name)


def implied_by(entry: str, before: RunConfig) -> dict[str, Any]:
    """Settings that an entry just picked brings along, and those that the one before had brought."""
    if entry == entry_of(before):
        return {}
    known = _meant_by(entry)
    gone = {path: LEAVES[path].default for path in _meant_by(entry_of(before)) if path != _SETTING}
    method = method_of(entry)
    return {path: value for path, value in gone.items() if _has(method, path)} | known


def describe(config: RunConfig, facts: ModelFacts) -> str:
    """What the chosen method is good for, or why it cannot be chosen for this model."""
    method = METHODS[config.method.name]
    reason = method.refuses(config.method, facts, Quantization.of(config.model))
    return html.escape(reason or _trade_off(config))


def table(config: RunConfig, facts: ModelFacts) -> str:
    """One row a method, with what its usual settings cost on this model."""
    return _table(facts, Quantization.of(config.model))


@lru_cache(maxsize=8)
def _table(facts: ModelFacts, quantization: Quantization) -> str:
    """Kept, since the form asks at every edit."""
    head = "".join(f'<th scope="col">{title}</th>' for title in text.METHOD_COLUMNS)
    rows = "".join(_row(name, facts, quantization) for name in METHODS)
    return f'<div class="scroll methods"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _meant_by(entry: str) -> dict[str, Any]:
    """What an alias stands for, by dotted setting."""
    sections = ALIASES.get(entry, {})
    return {f"{section}.{name}": value for section, settings in sections.items() for name, value in settings.items()}


def _has(method: str, path: str) -> bool:
    return not LEAVES[path].kinds or method in LEAVES[path].kinds


def _trade_off(config: RunConfig) -> str:
    return text.ALIAS_TRADE_OFFS.get(entry_of(config), METHODS[config.method.name].trade_off)


def _row(name: str, facts: ModelFacts, quantization: Quantization) -> str:
    method, usual = METHODS[name], build({"method.name": name}).method
    cells = _refusal(method, usual, facts, quantization) or _cost(method, usual, facts)
    return f'<tr><th scope="row">{method.label}</th>{cells}</tr>'


def _refusal(method: Method, usual: MethodSettings, facts: ModelFacts, quantization: Quantization) -> str:
    """Cells that say why the method cannot be had for this model, or not with its usual settings; or nothing."""
    reason = method.refuses(usual, facts, quantization)
    try:
        method.trainable(usual, facts)
    except SettingError as error:
        reason = reason or str(error)
    return f'<td colspan="2">{text.METHOD_REFUSED}</td><td>{html.escape(reason)}</td>' if reason else ""


def _cost(method: Method, usual: MethodSettings, facts: ModelFacts) -> str:
    trained = method.trainable(usual, facts)
    cost = f"{short_count(trained)} ({share(trained, facts.parameters)})"
    size = file_size(method.kept(usual, facts) * _BYTES_A_PARAMETER / 1e6)
    return f"<td>{cost}</td><td>{size}</td><td>{html.escape(method.trade_off)}</td>"
