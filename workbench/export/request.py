"""What is to be exported, in which form, and where to."""

from dataclasses import asdict, dataclass
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
    """The folder that comes to be."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"out": str(self.out)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(told["run"], told["target"], told["numbers"], Path(told["out"]))
