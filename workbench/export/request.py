"""What is to be exported, in which form, and where to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class ExportRequest:
    run: str
    """Its id."""
    target: str
    """One of `targets.TARGETS`."""
    numbers: str
    """The number format of the weights, one of the target's; "" where there is none to choose."""
    out: Path
    """The folder that comes to be, or the zip file where it is called so."""
    statement: Mapping[str, str] = field(default_factory=dict)
    """What the author says of it, by the names of `record.statement.QUESTIONS`."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"out": str(self.out)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(told["run"], told["target"], told["numbers"], Path(told["out"]), told.get("statement", {}))
