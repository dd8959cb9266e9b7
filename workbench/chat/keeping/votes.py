"""Which answers were called the better ones, kept and counted in the folder of the run that leads a conversation."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from workbench.chat.keeping.soundness import mend
from workbench.chat.questions import Answerer
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import RunDir

_LONGEST_PROMPT = 200


@dataclass(frozen=True)
class Vote:
    """Of those who answered a question, the better one by name; an empty `winner` takes an earlier vote back."""

    about: str
    """Which answers these are, such as a conversation's id and the question's place: a later vote replaces another."""
    prompt: str
    winner: str
    answerers: Mapping[str, Answerer]
    blind: bool = False
    """Whether the names were hidden."""
    time: float = field(default_factory=time.time)


def add_vote(run: RunDir, vote: Vote) -> None:
    """Keep a vote with the run. Raises WorkbenchError for a winner that did not answer."""
    if vote.winner and vote.winner not in vote.answerers:
        raise WorkbenchError(f"“{mend(vote.winner[:80])}” gave no answer here.", "Vote for one of those who did.")
    row = asdict(vote) | {"prompt": mend(vote.prompt[:_LONGEST_PROMPT])}

    def change(about: dict[str, Any]) -> dict[str, Any]:
        others = [other for other in about.get("votes", []) if other["about"] != vote.about]
        return about | {"votes": [*others, row] if vote.winner else others}

    run.change_about(change)


def count_votes(run: RunDir) -> dict[Answerer, int]:
    """How often each answerer was called the better one, the most often first: the original, and runs by strength."""
    votes = run.about().get("votes", [])
    return dict(Counter(Answerer(**vote["answerers"][vote["winner"]]) for vote in votes).most_common())


def describe_votes(run: RunDir) -> str:
    """ "pirate-1 7 · original 2", or nothing."""
    return " · ".join(f"{_called(answerer, run)} {count}" for answerer, count in count_votes(run).items())


def _called(answerer: Answerer, run: RunDir) -> str:
    if answerer.is_original:
        return "original"
    name = run.name if answerer.run_id == run.id else answerer.run_id or answerer.file_title
    return name if answerer.strength == 1 else f"{name} at {100 * answerer.strength:.0f} %"
