"""What would take less memory than a plan, ranked by what it costs whoever trains. No torch.

for saving in find_savings(plan):
    print(saving.sentence)  # NF4 saves 3.1 GB, about as fast here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from workbench.memory.verdict import Verdict
from workbench.training.checks import find_errors
from workbench.training.moves import Cost, Move, find_moves
from workbench.training.plan import Plan

_WORTH_IT = 0.05
"""What is saved of the memory at least, to be worth a line."""

_AS_FAST = 0.1
_MOST_TOGETHER = 4
_MOST_TRIED = 24
_OVERLAP = 0.7
"""Of what two changes save each, what they are sure to save together at most."""

_VERDICTS: tuple[Verdict, ...] = ("fits", "tight", "will not fit")


@dataclass(frozen=True)
class Saving:
    """A change of settings, planned: what it saves and costs in a sentence, and what the run then takes."""

    settings: dict[str, Any]
    sentence: str
    ram_gb: float
    verdict: Verdict


@dataclass(frozen=True)
class _Tried:
    """Moves together, and the plan that they lead to."""

    moves: tuple[Move, ...]
    plan: Plan
    saved_gb: float

    @property
    def cost(self) -> int:
        return max(move.cost for move in self.moves)


def find_savings(plan: Plan) -> list[Saving]:
    """What costs nothing first, then what costs time, exactness, and what is learned.

    Where the plan does not fit, what makes it fit stands before the rest; where nothing so cheap does alone, what does
    together.
    """
    search = _Search(plan, frozenset(error.sentence for error in find_errors(plan)))
    tried = [found for move in find_moves(plan) if (found := search.attempt((move,)))]
    enough = [found.cost for found in tried if found.plan.verdict == "fits"]
    if plan.verdict != "fits":
        cheaper = [found for found in tried if found.cost < min(enough, default=Cost.MODEL)]
        tried += search.together(cheaper)
    return [_saving(plan, found) for found in sorted(tried, key=_place)]


def _place(found: "_Tried") -> tuple[bool, int, int, float]:
    """Another model is the last resort, whether the others are enough or not."""
    verdict = _VERDICTS.index(found.plan.verdict)
    return found.cost == Cost.MODEL, verdict, found.cost, -found.saved_gb


@dataclass(frozen=True)
class _Search:
    """`known` are the errors that the plan has anyway."""

    plan: Plan
    known: frozenset[str]

    def attempt(self, moves: tuple[Move, ...]) -> _Tried | None:
        """None where they cannot be made here, or save nothing to speak of."""
        changed = self.plan.changed(_settings(moves))
        needed_gb = _needed_gb(self.plan)
        saved_gb = needed_gb - _needed_gb(changed)
        is_worth_it = saved_gb >= _WORTH_IT * needed_gb
        if not is_worth_it or any(error.sentence not in self.known for error in find_errors(changed)):
            return None
        return _Tried(moves, changed, saved_gb)

    def together(self, alone: list[_Tried]) -> Iterator[_Tried]:
        """The smallest set that fits, the cheapest of its size; failing that, the first that would be tight."""
        tight: list[_Tried] = []
        free_gb = self.plan.vram_free_gb or self.plan.ram_free_gb
        for parts in _promising(alone, _OVERLAP * (_needed_gb(self.plan) - free_gb)):
            found = self.attempt(tuple(move for part in parts for move in part.moves))
            if found and found.plan.verdict == "fits":
                yield found
                return
            if found and found.plan.verdict == "tight":
                tight.append(found)
        if not any(part.plan.verdict == "tight" for part in alone):
            yield from tight[:1]


def _needed_gb(plan: Plan) -> float:
    """Of the GPU's memory where there is one: it is the shorter."""
    return plan.vram.gb if plan.vram else plan.ram_gb


def _promising(alone: list[_Tried], wanted_gb: float) -> Iterable[tuple[_Tried, ...]]:
    """Sets that may save enough, by their size and by what they cost."""
    sets: list[tuple[_Tried, ...]] = []
    for size in range(2, _MOST_TOGETHER + 1):
        sets += [
            parts
            for parts in combinations(alone, size)
            if _are_compatible(parts) and sum(part.saved_gb for part in parts) >= wanted_gb
        ]
    sets.sort(key=lambda parts: (len(parts), sum(part.cost for part in parts), -sum(part.saved_gb for part in parts)))
    return sets[:_MOST_TRIED]


def _are_compatible(parts: tuple[_Tried, ...]) -> bool:
    settings = [path for part in parts for move in part.moves for path in move.settings]
    return len(settings) == len(set(settings))


def _saving(plan: Plan, found: _Tried) -> Saving:
    return Saving(_settings(found.moves), _sentence(plan, found), found.plan.ram_gb, found.plan.verdict)


def _settings(moves: tuple[Move, ...]) -> dict[str, Any]:
    return {path: value for move in moves for path, value in move.settings.items()}


def _sentence(plan: Plan, found: _Tried) -> str:
    names = [move.name for move in found.moves]
    name = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} together"
    verb = "saves" if len(names) == 1 else "save"
    beside = dict.fromkeys(move.effect for move in found.moves if move.effect)
    told = f": {', '.join(beside)}" if beside else ""
    pace = _pace(plan, found.plan)
    return f"{name} {verb} {_gb(found.saved_gb)}{told}{f', {pace}' if pace else ''}."


def _pace(plan: Plan, changed: Plan) -> str:
    """How much longer it would take, where that is known in the same way of both."""
    if plan.time.basis == "arithmetic" or plan.time.basis != changed.time.basis:
        return ""
    times = changed.time.seconds / plan.time.seconds
    if abs(times - 1) <= _AS_FAST:
        return "about as fast here"
    if times >= 2 or times <= 0.5:
        return f"{times:.0f} times as long here" if times > 1 else f"{1 / times:.0f} times as fast here"
    return f"{100 * abs(times - 1):.0f} % {'slower' if times > 1 else 'less time'} here"


def _gb(amount: float) -> str:
    return f"{amount:.1f} GB" if amount >= 1 else f"{amount:.2f} GB"
