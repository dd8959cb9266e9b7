"""What is wrong, or unwise, about a planned run: one list, for the page and the command line alike."""

import math
from collections.abc import Iterator

from workbench.config.fields import value_at
from workbench.config.methods import AdaLoraSettings
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.problems import Problem
from workbench.data.split import MAX_HELD_OUT
from workbench.engine.coverage import why_not
from workbench.errors import SettingError
from workbench.hardware.devices import machine
from workbench.jobs.room import compare_room, free_bytes
from workbench.methods.table import METHODS
from workbench.models.quantization import Quantization
from workbench.monitoring.trackers.table import NONE, SETTING, find_tracker
from workbench.training.adapter_checks import find_remarks
from workbench.training.auto import most_tokens
from workbench.training.lineage import find_misfits
from workbench.training.merged import find_obstacles, find_other_ground
from workbench.training.plan import Plan

_FEW_UPDATES = 30
_SAFE_BLOCK = 2048
_LEVELS = ("error", "warning", "note")


def find_problems(plan: Plan) -> list[Problem]:
    """Errors first, then warnings, then notes."""
    return sorted((*_of_plan(plan), *_reported(plan)), key=lambda problem: _LEVELS.index(problem.level))


def find_errors(plan: Plan) -> list[Problem]:
    """What stops a start. The data is not reported on, which takes long after a change of length."""
    return [problem for problem in _of_plan(plan) if problem.level == "error"]


def check_startable(problems: list[Problem]) -> None:
    """Raises SettingError for the first error among a plan's problems."""
    for problem in problems:
        if problem.level == "error":
            raise SettingError(problem.setting, problem.sentence, f"The setting is {problem.setting}.")


def _of_plan(plan: Plan) -> list[Problem]:
    return [
        *(find_misfits(plan.parent, plan.config) if plan.parent else ()),
        *_merged(plan),
        *_method(plan),
        *_experts(plan),
        *_phases(plan),
        *_amounts(plan),
        *_batching(plan),
        *_checkpointing(plan),
        *_paging(plan),
        *_format(plan),
        *_engine(plan),
        *_blocks(plan),
        *_examples(plan),
        *_memory(plan),
        *_disk(plan),
        *_tracker(plan),
    ]


def _merged(plan: Plan) -> Iterator[Problem]:
    if plan.parent:
        yield from find_other_ground(plan.parent, plan.config)
    if plan.merged:
        yield from find_obstacles(plan.merged, plan.config)


def _tracker(plan: Plan) -> Iterator[Problem]:
    chosen = plan.config.tracking.tracker
    try:
        if chosen != NONE:
            find_tracker(chosen)
    except SettingError as error:
        yield Problem("error", SETTING, str(error))


def _experts(plan: Plan) -> Iterator[Problem]:
    known, kind = plan.facts, plan.config.model.quantization
    inside = sum(map(math.prod, known.expert_shapes.values()))
    if inside and Quantization.of(plan.config.model).is_on:
        share = f"{inside / known.parameters:.0%} of its weights"
        sentence = f"The experts of {known.architecture}, {share}, are not held as {kind}: they stay as they are."
        yield Problem("warning", "model.quantization", sentence)


def _method(plan: Plan) -> Iterator[Problem]:
    method, settings = METHODS[plan.config.method.name], plan.config.method
    if reason := method.refuses(settings, plan.facts, Quantization.of(plan.config.model)):
        yield _refused(plan, reason)
        return
    try:
        method.trainable(settings, plan.facts)
    except SettingError as error:
        yield Problem("error", error.setting, str(error))
        return
    yield from find_remarks(settings, plan.facts)


def _refused(plan: Plan, reason: str) -> Problem:
    """Names the one setting without which the method would go, if there is such a setting."""
    method, settings = METHODS[plan.config.method.name], plan.config.method
    usual = type(settings)()
    for name in type(settings).model_fields:
        changed = settings.changed(name, getattr(usual, name))
        if not method.refuses(changed, plan.facts, Quantization.of(plan.config.model)):
            sentence = f"{reason} Change this setting, or how the weights are compressed."
            return Problem("error", f"method.{name}", sentence)
    return Problem("error", "method.name", f"{reason} Choose another method.")


def _phases(plan: Plan) -> Iterator[Problem]:
    method = plan.config.method
    if not isinstance(method, AdaLoraSettings):
        return
    before, after = int(method.initial_updates), int(method.final_updates)
    if 0 < plan.steps <= before + after:
        told = f"{before} updates before and {after} after are all of {plan.steps}"
        sentence = f"Ranks have no time to change: {told}. Choose fewer, or auto."
        yield Problem("error", "method.final_updates", sentence)


def _amounts(plan: Plan) -> Iterator[Problem]:
    if 0 < plan.steps < _FEW_UPDATES:
        updates = "1 update" if plan.steps == 1 else f"{plan.steps} updates"
        sentence = f"Only {updates}: too few to change how it talks. More passes or more examples help."
        yield Problem("warning", "training.epochs", sentence)
    most = most_tokens(plan.config, plan.facts)
    if 0 < most < int(plan.config.data.max_length):
        sentence = f"{plan.config.data.max_length} tokens are more than this model can read ({most})."
        yield Problem("error", "data.max_length", sentence)


def _batching(plan: Plan) -> Iterator[Problem]:
    if plan.config.training.batching == "packed" and not METHODS[plan.config.method.name].packs:
        sentence = "Examples cannot be packed with this method. Choose grouped or padded."
        yield Problem("error", "training.batching", sentence)


def _paging(plan: Plan) -> Iterator[Problem]:
    chosen = plan.config.training.optimizer
    if OPTIMIZERS[chosen].is_paged and machine().gpu is None:
        plain = chosen.removeprefix("paged_")
        sentence = f"Without a GPU there is nowhere to move {chosen} from: it works, and does what {plain} does."
        offer = "" if plain.endswith("8bit") else " To save memory here, choose adamw_8bit."
        yield Problem("warning", "training.optimizer", sentence + offer)


def _format(plan: Plan) -> Iterator[Problem]:
    if plan.config.model.precision == "fp16" and machine().gpu is None:
        sentence = (
            "A processor computes fp16 no faster than fp32. bf16 takes as little memory, and never runs out of range."
        )
        yield Problem("warning", "model.precision", sentence)


def _engine(plan: Plan) -> Iterator[Problem]:
    if plan.asked.hardware.engine == "fast" and (reason := why_not(plan.config, plan.facts, machine())):
        yield Problem("error", "hardware.engine", f"{reason} Choose auto or standard.")


def _blocks(plan: Plan) -> Iterator[Problem]:
    """On processors with AVX-512 bitsandbytes 0.50 takes some numbers of such blocks for their neighbours'."""
    quantization, block = Quantization.of(plan.config.model), plan.config.model.quantization_block_size
    if not quantization.is_4_bit or machine().gpu or plan.config.hardware.engine == "fast" or block >= _SAFE_BLOCK:
        return
    if width := next((width for _, width in plan.facts.linear_shapes.values() if width % block), 0):
        sentence = (
            f"On a processor the standard path reads weights wrongly in blocks of {block} where rows are {width} wide. "
            f"Choose {math.gcd(width, block)}, or the fast path."
        )
        yield Problem("error", "model.quantization_block_size", sentence)


def _checkpointing(plan: Plan) -> Iterator[Problem]:
    method = METHODS[plan.config.method.name]
    if plan.config.training.gradient_checkpointing and not method.checkpoints:
        sentence = f"{method.label} cannot be computed twice to save memory. Choose a smaller micro-batch instead."
        yield Problem("error", "training.gradient_checkpointing", sentence)


def _examples(plan: Plan) -> Iterator[Problem]:
    if len(plan.rows) == 0:
        yield Problem("error", "data.path", _nothing_left(plan))
    if len(plan.checked) == 0:
        sentence = "No examples are kept for checking, so nobody can tell learning from memorising."
        yield Problem("warning", "data.eval_share", sentence)
        yield from _unused_rules(plan)
    yield from _checked_with(plan)


def _reported(plan: Plan) -> Iterator[Problem]:
    report = plan.report
    foreign = [report.language] if report.is_foreign else []
    moved = plan.prepared.tokens.summary["notes"]
    for sentence in (*report.unsure, *foreign, *moved, *(warning.sentence for warning in report.warnings)):
        yield Problem("warning", "data.path", sentence)


def _unused_rules(plan: Plan) -> Iterator[Problem]:
    for setting in ("training.patience", "training.target_loss", "training.use_best"):
        if value_at(plan.config, setting):
            yield Problem("error", setting, "This needs held-out examples, and none are kept for checking.")


def _checked_with(plan: Plan) -> Iterator[Problem]:
    files = plan.prepared.examples.summary["files"]
    of_their_own = sum(file["accepted"] for file in files if file["held_out"])
    if plan.held_out == MAX_HELD_OUT < of_their_own:
        sentence = f"Only {MAX_HELD_OUT} of the {of_their_own:,} examples to check with are used; more would take long."
        yield Problem("warning", "data.eval_path", sentence)


def _nothing_left(plan: Plan) -> str:
    """Why that is so, and what would help."""
    report, told = plan.report, "Nothing is left to learn from"
    if plan.training == 0 and plan.duplicates:
        return f"{told}: every example is also kept for checking. Check with other examples (data.eval_path)."
    if plan.rows.dropped:
        return f"{told}: every example has more than {report.max_length} tokens. Allow more, or cut them instead."
    if plan.rows.nothing_to_learn:
        return f"{told}: every answer begins after {report.max_length} tokens. Allow more, or cut the prompt."
    if first := next(iter(plan.prepared.tokens.rejected), None):
        return f"{told}. Row {first['line']}: {first['reason']}. Mend the rows, or take other data."
    return f"{told}. Add examples, or keep fewer for checking."


def _memory(plan: Plan) -> Iterator[Problem]:
    if plan.ram_gb > plan.ram_free_gb:
        *others, last = _thrift(plan)
        ways = " or ".join(filter(None, (", ".join(others), last))).capitalize()
        sentence = (
            f"This needs about {plan.ram_gb:.1f} GB of memory, and {plan.ram_free_gb:.1f} GB are free. "
            f"{ways} would need less."
        )
        yield Problem("warning", "training.micro_batch_size", sentence)


def _thrift(plan: Plan) -> Iterator[str]:
    """What takes less in any case; how much less, only a plan of each would tell."""
    method, quantization = METHODS[plan.config.method.name], Quantization.of(plan.config.model)
    yield "shorter examples"
    if int(plan.config.training.micro_batch_size) > 1:
        yield "a smaller micro-batch"
    if not quantization.is_on and not method.refuses(plan.config.method, plan.facts, Quantization("nf4")):
        yield "weights in 4 bits (quantization)"


def _disk(plan: Plan) -> Iterator[Problem]:
    needed = int(1e9 * plan.disk_gb)
    if needed > free_bytes(plan.root):
        room = compare_room(plan.root, needed)
        sentence = f"The disk has no room for the checkpoints: {room}. Make room, or keep fewer of them."
        yield Problem("error", "training.keep_checkpoints", sentence)
