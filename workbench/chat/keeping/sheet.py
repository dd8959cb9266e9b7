"""A comparison as it is shown to others: names of models and adapters, and what they said; no path and no user."""

import time
from collections import Counter
from dataclasses import dataclass

from workbench.chat.conversation import Answer, Exchange
from workbench.chat.keeping.kept import Kept
from workbench.chat.keeping.soundness import mend, sound
from workbench.config.sampling import Sampling

SILENT = "(no answer)"

_ENDINGS = {"length": "cut at the longest answer set", "context": "the conversation was too long", "stopped": "stopped"}


@dataclass(frozen=True)
class Cell:
    """One answer; `note` says what is special about it."""

    text: str
    is_better: bool = False
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A question and the answers to it, in the order of the columns."""

    prompt: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """What every kind of export shows. All of it may hold anything but what no file can hold."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    facts: tuple[tuple[str, str], ...]
    """What is told of it: model, date, settings …, each with its name."""


def lay_out(kept: Kept) -> Sheet:
    """A conversation as rows and columns."""
    talk = sound(kept.conversation)
    names = {name: _with_strength(mend(kept.names[name]), one.strength) for name, one in talk.answerers.items()}
    usual = {name: one.strength for name, one in talk.answerers.items()}
    facts = {
        "Model": mend(kept.base),
        "Date": time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.changed)),
        "Settings": describe_sampling(talk.sampling),
        "System prompt": talk.system,
        "Better answers": _describe_votes(talk.exchanges, names),
    }
    return Sheet(
        title=mend(kept.name) or " · ".join(names.values()),
        columns=tuple(names.values()),
        rows=tuple(Row(exchange.prompt, _cells(exchange, usual)) for exchange in talk.exchanges),
        facts=tuple((name, words) for name, words in facts.items() if words),
    )


def describe_sampling(sampling: Sampling) -> str:
    """The settings that had an effect, in words."""
    told = [f"at most {sampling.max_new_tokens} tokens"]
    if sampling.repetition_penalty != 1:
        told.append(f"repetition penalty {sampling.repetition_penalty:g}")
    if sampling.temperature == 0:
        return ", ".join(["no randomness", *told])
    limits = {"top-p": (sampling.top_p, 1), "top-k": (sampling.top_k, 0), "min-p": (sampling.min_p, 0)}
    used = [f"{name} {value:g}" for name, (value, unused) in limits.items() if value != unused]
    return ", ".join([f"temperature {sampling.temperature:g}", *used, *told, f"seed {sampling.seed}"])


def _cells(exchange: Exchange, usual: dict[str, float]) -> tuple[Cell, ...]:
    """One for each answerer, also for one that was not asked."""
    cells = []
    for name, strength in usual.items():
        answer = exchange.answers.get(name, Answer(strength=strength))
        said = [f"strength {_percent(answer.strength)}"] if answer.strength != strength else []
        notes = [*said, *filter(None, [_ENDINGS.get(answer.reason)])]
        cells.append(Cell(answer.text.strip("\n") or SILENT, exchange.vote == name, ", ".join(notes)))
    return tuple(cells)


def _describe_votes(exchanges: tuple[Exchange, ...], names: dict[str, str]) -> str:
    votes = Counter(exchange.vote for exchange in exchanges if exchange.vote in names)
    return ", ".join(f"{names[name]}: {count}" for name, count in votes.most_common())


def _with_strength(name: str, strength: float) -> str:
    return name if strength == 1 else f"{name} at {_percent(strength)}"


def _percent(strength: float) -> str:
    return f"{100 * strength:.0f} %"
