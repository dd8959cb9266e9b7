"""What stands in the way of a start: as a list, and beside the fields at fault."""

import html
import re

from workbench.config.problems import Problem
from workbench.errors import SettingError, WorkbenchError
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES


def render(problems: list[Problem]) -> str:
    """The list, and a mark in the form on each setting that stops the start."""
    items = "".join(_item(problem) for problem in problems)
    return (f'<ul class="problems">{items}</ul>' if items else "") + _mark(errors_among(problems))


def render_fault(error: WorkbenchError) -> str:
    """Why there is no plan; the setting at fault is marked in the form."""
    setting = error.setting if isinstance(error, SettingError) else ""
    short = error.message.removeprefix(f"{setting}: ")
    # The help of a field stands beside it already.
    whole = f"{LEAVES[setting].spec.label}: {short}" if short != error.message else str(error)
    mark = _mark([Problem("error", setting, short)])
    return f'<ul class="problems">{_item(Problem("error", setting, whole))}</ul>{mark}'


def errors_among(problems: list[Problem]) -> list[Problem]:
    """What stops the start."""
    return [problem for problem in problems if problem.level == "error"]


def _item(problem: Problem) -> str:
    return f'<li class="{problem.level}">{html.escape(problem.sentence)}</li>'


def _mark(errors: list[Problem]) -> str:
    """A style that frames the fields at fault and says beside each what is wrong."""
    marked = [problem for problem in errors if problem.setting in LEAVES]
    rules = [
        f"#{field_id(problem.setting)} :is(input,textarea){{border-color:var(--fault)!important}}"
        f'#{field_id(problem.setting)}::after{{content:"{_css_text(problem.sentence)}";color:var(--fault)}}'
        for problem in marked
    ]
    return f"<style>{''.join(rules)}</style>" if rules else ""


def _css_text(sentence: str) -> str:
    """A CSS string holds what the user typed, so everything but letters, digits and spaces is written as its number."""
    return re.sub(r"[^A-Za-z0-9 ]", lambda match: f"\\{ord(match[0]):06x} ", sentence)
