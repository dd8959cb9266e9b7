"""What to change after a run that did not give what was wanted: one cause, and one setting or the rows to add."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from workbench.config.fields import settings_of
from workbench.monitoring.evidence import Evidence
from workbench.monitoring.learning import FEW_UPDATES

Complaint = Literal["no_change", "copies", "nonsense", "forgot", "wrong_facts"]
COMPLAINTS: tuple[Complaint, ...] = get_args(Complaint)

_ENOUGH_UPDATES = 100
_STILL = 0.05
_FEW_EXAMPLES = 100
_MANY_PASSES = 3
_SMALL_RANK, _LARGE_RANK = 4, 256
_MOST_PASSES, _SLOWEST, _FASTEST = 1000, 1e-7, 1.0
_LONGEST_QUOTE = 80


@dataclass(frozen=True)
class Advice:
    """Either `setting` goes from `old` to `new`, or `rows` says what to add to the data."""

    cause: str
    setting: str = ""
    old: Any = None
    new: Any = None
    rows: str = ""

    @property
    def change(self) -> str:
        """ "rank 8 → 16", or nothing."""
        return f"{_name(self.setting)} {_plain(self.old)} → {_plain(self.new)}" if self.setting else ""


Rule = Callable[[Evidence], Advice | None]


def advise(complaint: Complaint, evidence: Evidence) -> Advice:
    """The first rule for this complaint that the run's own numbers bear out; the last of each always holds."""
    return next(advice for rule in RULES[complaint] if (advice := rule(evidence)))


def _too_few_updates(seen: Evidence) -> Advice | None:
    if not 0 < seen.steps < FEW_UPDATES:
        return None
    cause = f"There were only {seen.steps} updates, too few to change how it talks."
    return _amount(seen, cause, _ENOUGH_UPDATES / seen.steps)


def _loss_did_not_fall(seen: Evidence) -> Advice | None:
    if seen.first_loss is None or seen.last_loss is None:
        return None
    losses = f"from {seen.first_loss:.2f} to {seen.last_loss:.2f} in {seen.steps} updates"
    if seen.last_loss > (1 + _STILL) * seen.first_loss:
        return _rate(seen, f"The loss rose {losses}: each of them went too far.", 1 / 3)
    if seen.last_loss > (1 - _STILL) * seen.first_loss:
        return _rate(seen, f"The loss went only {losses}: each of them was too small.", 3.0)
    return None


def _still_falling(seen: Evidence) -> Advice | None:
    if seen.best is None or seen.best_step < seen.steps:
        return None
    cause = f"The error on held-out examples was still falling when the run ended, at {seen.best:.2f}."
    return _amount(seen, cause, 2.0)


def _too_small(seen: Evidence) -> Advice | None:
    rank = settings_of(seen.used).get("method.rank", _LARGE_RANK)
    if rank >= _LARGE_RANK:
        return None
    cause = f"It learned in {seen.steps} updates what an adapter of rank {rank} holds; a larger one can change more."
    return Advice(cause, "method.rank", rank, min(2 * rank, _LARGE_RANK))


def _past_its_best(seen: Evidence) -> Advice | None:
    if not seen.is_past_its_best:
        return None
    cause = (
        f"The error on held-out examples was lowest ({seen.best:.2f}) after {seen.best_pass:.1f} passes and rose to "
        f"{seen.after:.2f} by the end: from there on it only learned your examples by heart."
    )
    return _amount(seen, cause, seen.best_step / seen.steps)


def _too_few_examples(seen: Evidence) -> Advice | None:
    if not 0 < seen.examples < _FEW_EXAMPLES:
        return None
    cause = f"It saw {seen.examples} examples {seen.passes:.0f} times each, so few that their words are all it knows."
    return Advice(cause, rows=f"Add {seen.examples} more that ask for other things in other words.")


def _too_many_passes(cost: str) -> Rule:
    def rule(seen: Evidence) -> Advice | None:
        if seen.passes < _MANY_PASSES:
            return None
        return _amount(seen, f"It saw each of {seen.examples} examples {seen.passes:.0f} times, {cost}.", 0.5)

    return rule


def _too_large(seen: Evidence) -> Advice | None:
    rank = settings_of(seen.used).get("method.rank", _SMALL_RANK)
    if rank <= _SMALL_RANK:
        return None
    cause = f"An adapter of rank {rank} has room to keep {seen.examples} examples word for word."
    return Advice(cause, "method.rank", rank, max(rank // 2, _SMALL_RANK))


def _ends_cut_off(seen: Evidence) -> Advice | None:
    if not seen.cut or seen.used.data.over_long != "cut_end":
        return None
    length = seen.used.data.max_length
    cause = f"{seen.cut} of {seen.examples} examples lost their end beyond {length} tokens, so it never saw them stop."
    return Advice(cause, "data.over_long", "cut_end", "cut_prompt")


def _too_fast(cost: str) -> Rule:
    def rule(seen: Evidence) -> Advice | None:
        rate = float(seen.used.training.learning_rate)
        return _rate(seen, f"{seen.steps} updates at a learning rate of {rate:.2g} {cost}.", 1 / 3)

    return rule


def _missing_facts(seen: Evidence) -> Advice | None:
    if seen.miss is None:
        return None
    miss = seen.miss
    near = f"the one that comes nearest is {_quoted(miss.nearest)}" if miss.nearest else "none comes near"
    cause = (
        f"Asked {_quoted(miss.question)}, it says {_quoted(miss.answer)}. Of the {seen.examples} examples it learned "
        f"from, {near}."
    )
    return Advice(cause, rows="Add three or more that ask for this fact in different words and give the right answer.")


def _add_facts(seen: Evidence) -> Advice:
    cause = f"{seen.examples} examples taught it how to answer. A fact is learned only where several of them state it."
    return Advice(cause, rows="Add three or more for each fact, or put the facts into the question.")


def _add_other_words(seen: Evidence) -> Advice:
    cause = f"It saw {seen.examples} examples, which are more alike than what you ask."
    return Advice(cause, rows="Add examples that ask for other things in other words.")


RULES: dict[Complaint, tuple[Rule, ...]] = {
    "no_change": (_too_few_updates, _loss_did_not_fall, _still_falling, _too_small, _add_other_words),
    "copies": (
        _past_its_best,
        _too_few_examples,
        _too_many_passes("often enough to know them by heart"),
        _too_large,
        _add_other_words,
    ),
    "nonsense": (_ends_cut_off, _too_fast("moved it too far from how it could talk"), _add_other_words),
    "forgot": (
        _past_its_best,
        _too_many_passes("which pushes other things out"),
        _too_fast("moved it away from what else it could do"),
        _add_other_words,
    ),
    "wrong_facts": (_missing_facts, _add_facts),
}


def _amount(seen: Evidence, cause: str, factor: float) -> Advice | None:
    """More or fewer updates, by the setting that decides on their number; None if that cannot be changed."""
    training = seen.used.training
    decides = bool(training.max_steps) and seen.steps >= training.max_steps
    setting, old = ("max_steps", training.max_steps) if decides else ("epochs", int(training.epochs))
    new = max(1, round(old * factor)) if factor < 1 else min(_MOST_PASSES, math.ceil(old * factor))
    return Advice(cause, f"training.{setting}", old, new) if new != old else None


def _rate(seen: Evidence, cause: str, factor: float) -> Advice | None:
    old = float(seen.used.training.learning_rate)
    new = min(_FASTEST, max(_SLOWEST, float(f"{old * factor:.2g}")))
    return Advice(cause, "training.learning_rate", old, new) if new != old else None


def _quoted(words: str) -> str:
    short = " ".join(words.split())
    return f"“{short[:_LONGEST_QUOTE]}…”" if len(short) > _LONGEST_QUOTE else f"“{short}”"


def _name(setting: str) -> str:
    return setting.rpartition(".")[2].replace("_", " ")


def _plain(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
