"""The methods as the page offers them: a menu, a line on the chosen one, and a table of them all, as HTML."""

import html

from workbench.config.build import build
from workbench.errors import SettingError
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.ui import text
from workbench.ui.quantities import file_size, share, short_count

_BYTES_A_PARAMETER = 4


def options() -> list[tuple[str, str]]:
    return [(method.label, name) for name, method in METHODS.items()]


def describe(name: str, facts: ModelFacts) -> str:
    """What the chosen method is good for, or why it cannot be chosen for this model."""
    method = METHODS[name]
    return html.escape(method.refuses(facts) or method.trade_off)


def table(facts: ModelFacts) -> str:
    """One row a method, with what its usual settings cost on this model."""
    head = "".join(f'<th scope="col">{title}</th>' for title in text.METHOD_COLUMNS)
    rows = "".join(_row(name, facts) for name in METHODS)
    return f'<table class="methods"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(name: str, facts: ModelFacts) -> str:
    method, reason = METHODS[name], _refusal(name, facts)
    if reason:
        cells = f'<td colspan="2">{text.METHOD_REFUSED}</td><td>{html.escape(reason)}</td>'
        return f'<tr class="refused"><th scope="row">{method.label}</th>{cells}</tr>'
    trained = method.trainable(_usual(name), facts)
    cost = f"{short_count(trained)} ({share(trained, facts.parameters)})"
    size = file_size(trained * _BYTES_A_PARAMETER / 1e6)
    cells = f"<td>{cost}</td><td>{size}</td><td>{html.escape(method.trade_off)}</td>"
    return f'<tr><th scope="row">{method.label}</th>{cells}</tr>'


def _refusal(name: str, facts: ModelFacts) -> str | None:
    """Why the method cannot be had for this model, or not with its usual settings."""
    try:
        METHODS[name].trainable(_usual(name), facts)
    except SettingError as error:
        return str(error)
    return METHODS[name].refuses(facts)


def _usual(name: str) -> object:
    return build({"method.name": name}).method
