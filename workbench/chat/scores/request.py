"""What an evaluation is asked for."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from workbench.errors import RunError

Part = Literal["held_out", "training", "data"]

PARTS: tuple[Part, ...] = ("held_out", "training", "data")
"""Examples that the run never learned from, those that it did, and those of another set."""

MOST_EXAMPLES = 500
"""Of each part; a sheet of more is read by nobody, and takes hours."""

MOST_RUNS = 6

_WHICH = "Choose held-out or training examples, or a set; or the forgetting check alone."


@dataclass(frozen=True)
class EvaluationRequest:
    """Of a run, and of others on the same base beside it."""

    parts: tuple[Part, ...] = ("held_out",)
    """Which of the run's own examples."""
    data: str = ""
    """A set by its reference, see `data.sets.sources`, whose examples are asked besides."""
    others: tuple[str, ...] = ()
    """Ids of runs that answer beside it."""
    count: int = 50
    """At most so many examples of each part."""
    answers: bool = True
    """The answer sheet."""
    scores: bool = True
    """The loss on the examples; with the answer sheet also how near its answers come to what was expected."""
    forgetting: bool = True
    """What general texts cost, before and after."""
    answer_tokens: int = 200
    """The longest answer."""

    def check(self) -> None:
        """Raises RunError for what cannot be."""
        if not 1 <= self.count <= MOST_EXAMPLES:
            raise RunError(
                f"{self.count} examples cannot be checked at once.", f"Choose between 1 and {MOST_EXAMPLES} of them."
            )
        if not (self.answers or self.scores or self.forgetting):
            raise RunError("Nothing was chosen to be checked.", "Choose answers, scores or forgetting.")
        if (self.answers or self.scores) and not (self.parts or self.data):
            raise RunError("No examples were chosen.", _WHICH)
        if len(self.others) >= MOST_RUNS:
            raise RunError(f"{len(self.others)} runs were chosen beside this one.", f"At most {MOST_RUNS - 1} can be.")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data | {"parts": tuple(data["parts"]), "others": tuple(data["others"])})
