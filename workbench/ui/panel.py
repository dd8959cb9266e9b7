"""The plan beside the form, as HTML: what a start would do, and what stands in its way."""

import html
import re

from workbench.config.problems import Problem
from workbench.data.preparing.steps import Waiting
from workbench.errors import SettingError, WorkbenchError
from workbench.memory.verdict import judge
from workbench.methods.table import METHODS
from workbench.training.checks import find_problems
from workbench.training.plan import Plan
from workbench.ui import text
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES
from workbench.ui.quantities import file_size, gigabytes, setting_value, share, short_count, span


def render(plan: Plan, notes: list[str]) -> str:
    """The table of what will be, the notes, and the problems."""
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _rows(plan))
    remarks = "".join(f'<p class="note">{html.escape(note)}</p>' for note in notes)
    return f'<dl class="plan">{rows}</dl>{_autos(plan)}{remarks}{_problems(plan)}{_mark(errors_of(plan))}'


def render_fault(error: WorkbenchError) -> str:
    """Why there is no plan; the setting at fault is marked in the form."""
    setting = error.setting if isinstance(error, SettingError) else ""
    short = error.message.removeprefix(f"{setting}: ")
    # The help of a field stands beside it already.
    whole = f"{LEAVES[setting].spec.label}: {short}" if short != error.message else str(error)
    mark = _mark([Problem("error", setting, short)])
    return f'<ul class="problems">{_problem(Problem("error", setting, whole))}</ul>{mark}'


def render_waiting(waiting: Waiting) -> str:
    """How far the reading of the data is: a bar where the total is known, else the rows so far."""
    told = text.ROWS_OF if waiting.total else text.ROWS_SO_FAR if waiting.done else ""
    share = f' value="{waiting.done}" max="{waiting.total}"' if waiting.total else ""
    bar = f'<progress aria-label="{text.READING}"{share}></progress>'
    message = f"<p>{html.escape(waiting.message)}</p>"
    rows = f'<p class="hint">{told.format(waiting.done, waiting.total)}</p>'
    return f'<div class="waiting" role="status">{message}{bar}{rows}</div>'


def is_tight(plan: Plan) -> bool:
    """Whether little or nothing of the free memory would be left."""
    return judge(plan.ram_gb, plan.ram_free_gb) != "fits"


def errors_of(plan: Plan) -> list[Problem]:
    """What stops the start."""
    return [problem for problem in find_problems(plan) if problem.level == "error"]


def describe_data(plan: Plan) -> str:
    """ "92 examples, 9 kept for checking, 0 left out"."""
    parts = [f"{plan.examples:,} examples", f"{plan.held_out:,} kept for checking", f"{plan.rejected:,} left out"]
    parts += [f"{plan.duplicates:,} copies dropped"] if plan.duplicates else []
    return f"{', '.join(parts)}; {plan.rows.learned_tokens:,} of {plan.rows.total_tokens:,} tokens are learned"


def _rows(plan: Plan) -> list[tuple[str, str]]:
    whole = plan.facts.parameters
    trains = f"{short_count(plan.trainable)} of {short_count(whole)} ({share(plan.trainable, whole)})"
    time = span(plan.time.low_seconds, plan.time.high_seconds)
    time += ", not measured yet" if plan.time.basis == "arithmetic" else ""
    return [
        (text.TRAINS, trains),
        (text.MEMORY, _memory(plan)),
        (text.TIME, time),
        (text.UPDATES, f"{plan.steps:,}"),
        (text.EXAMPLES, f"{plan.training:,} to learn from, {plan.held_out:,} to check with"),
        (text.RESULT_SIZE, f"{file_size(plan.adapter_mb)} {_kept(plan)}"),
    ]


def _kept(plan: Plan) -> str:
    """What is left of the run: an adapter, or weights."""
    return METHODS[plan.config.method.name].saved_as.folder


def _memory(plan: Plan) -> str:
    used = plan.ram_gb / plan.ram_free_gb if plan.ram_free_gb else 1.0
    word = judge(plan.ram_gb, plan.ram_free_gb)
    kind = word.replace(" ", "-")
    bar = (
        f'<span class="bar {kind}" role="progressbar" aria-label="memory" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{min(100, 100 * used):.0f}"><i style="width:{min(100, 100 * used):.1f}%"></i></span>'
    )
    return f"{bar}{gigabytes(plan.ram_gb)} of {gigabytes(plan.ram_free_gb)} GB free: {word}"


def _problems(plan: Plan) -> str:
    items = "".join(_problem(problem) for problem in find_problems(plan))
    return f'<ul class="problems">{items}</ul>' if items else ""


def _problem(problem: Problem) -> str:
    return f'<li class="{problem.level}">{html.escape(problem.sentence)}</li>'


def _autos(plan: Plan) -> str:
    """What each auto became and why, folded."""
    rows = "".join(
        f"<dt>{html.escape(LEAVES[path].spec.label)}</dt><dd>{html.escape(setting_value(row.value))}"
        f"<small>{html.escape(row.why)}</small></dd>"
        for path, row in plan.auto.items()
    )
    return f'<details class="autos"><summary>{text.AUTOS}</summary><dl class="plan">{rows}</dl></details>'


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
