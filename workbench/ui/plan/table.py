"""The plan as HTML: a table of what will be with a bar of the memory it takes, notes and problems."""

import html
import json

from workbench.config import presets
from workbench.config.problems import Problem
from workbench.data.preparing.steps import Waiting
from workbench.errors import WorkbenchError
from workbench.memory.terms import Estimate
from workbench.methods.table import METHODS
from workbench.runs.run_dir import all_runs
from workbench.training.plan import Plan
from workbench.ui import text, text_plan
from workbench.ui.form import LEAVES
from workbench.ui.plan import bar, problems, savings
from workbench.ui.plan.bar import Bar
from workbench.ui.plan.outlook import Outlook
from workbench.ui.quantities import file_size, gigabytes, setting_value, share, short_count, span


def render(outlook: Outlook, found: list[Problem]) -> str:
    """All of it; `found` are the plan's problems. The settings it rests on stand in it, for what asks about others."""
    plan = outlook.plan
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _rows(outlook))
    notes = "".join(f'<p class="note">{html.escape(note)}</p>' for note in _notes(outlook))
    settings = html.escape(json.dumps(presets.differing(plan.asked)))
    whole = f'<dl class="plan">{rows}</dl>{savings.render_fold(plan)}{_autos(plan)}{notes}{problems.render(found)}'
    return f'<div class="planned" data-settings="{settings}">{whole}</div>'


def render_waiting(waiting: Waiting) -> str:
    """How far the reading of the data is: a bar where the total is known, else the rows so far."""
    told = text.ROWS_OF if waiting.total else text.ROWS_SO_FAR if waiting.done else ""
    share = f' value="{waiting.done}" max="{waiting.total}"' if waiting.total else ""
    bar = f'<progress aria-label="{text.READING}"{share}></progress>'
    message = f"<p>{html.escape(waiting.message)}</p>"
    rows = f'<p class="hint">{told.format(waiting.done, waiting.total)}</p>'
    return f'<div class="planned waiting" role="status">{message}{bar}{rows}</div>'


def render_fault(fault: WorkbenchError) -> str:
    """Why there is none."""
    return f'<div class="planned">{problems.render_fault(fault)}</div>'


def describe_data(plan: Plan) -> str:
    """ "92 examples, 9 kept for checking, 0 left out"."""
    parts = [f"{plan.examples:,} examples", f"{plan.held_out:,} kept for checking", f"{plan.rejected:,} left out"]
    parts += [f"{plan.duplicates:,} copies dropped"] if plan.duplicates else []
    return f"{', '.join(parts)}; {plan.rows.learned_tokens:,} of {plan.rows.total_tokens:,} tokens are learned"


def _rows(outlook: Outlook) -> list[tuple[str, str]]:
    plan = outlook.plan
    whole = plan.facts.parameters
    trains = f"{short_count(plan.trainable)} of {short_count(whole)} ({share(plan.trainable, whole)})"
    time = f"{span(plan.time.low_seconds, plan.time.high_seconds)}, {text_plan.BASES[plan.time.basis]}"
    return [
        (text_plan.TRAINS, trains),
        (text_plan.MEMORY, bar.render(Bar(plan.ram, plan.ram_free_gb, outlook.total_gb))),
        *([(text_plan.VRAM, _vram(outlook, plan.vram))] if plan.vram else []),
        (text_plan.TIME, time),
        (text_plan.UPDATES, f"{plan.steps:,}"),
        (text_plan.EXAMPLES, f"{plan.training:,} to learn from, {plan.held_out:,} to check with"),
        (text_plan.RESULT_SIZE, f"{file_size(plan.adapter_mb)} {_kept(plan)}"),
        (text_plan.DISK, text_plan.ON_DISK.format(file_size(1000 * plan.disk_gb))),
    ]


def _vram(outlook: Outlook, need: Estimate) -> str:
    free_gb = outlook.plan.vram_free_gb
    if free_gb is None:
        return text_plan.VRAM_UNKNOWN.format(gigabytes(need.gb))
    return bar.render(Bar(need, free_gb, outlook.vram_total_gb, text_plan.VRAM))


def _notes(outlook: Outlook) -> list[str]:
    notes, time = [], outlook.plan.time
    if told := outlook.plan.past.sentence():
        notes.append(text_plan.CORRECTED.format(told))
    if outlook.chat_gb:
        told = text_plan.CLOSES_CHAT if outlook.closes_chat else text_plan.CHAT_HOLDS
        notes.append(told.format(gigabytes(outlook.chat_gb)))
    if not all_runs(outlook.plan.root):
        notes.append(text.FIRST_VISIT.format(time=span(time.low_seconds, time.high_seconds)))
    return notes


def _kept(plan: Plan) -> str:
    """What is left of the run: an adapter, or weights."""
    return METHODS[plan.config.method.name].saved_as.folder


def _autos(plan: Plan) -> str:
    """What each auto became and why, folded."""
    rows = "".join(
        f"<dt>{html.escape(LEAVES[path].spec.label)}</dt><dd>{html.escape(setting_value(row.value))}"
        f"<small>{html.escape(row.why)}</small></dd>"
        for path, row in plan.auto.items()
    )
    summary = f"<summary>{text_plan.AUTOS}</summary>"
    return f'<details class="autos" data-fold="autos">{summary}<dl class="plan">{rows}</dl></details>'
