"""What is to be exported, in which form, and where to."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

DType = Literal["fp32", "bf16", "fp16"]
DTYPES: tuple[DType, ...] = get_args(DType)


@dataclass(frozen=True)
class ExportRequest:
    run: str
    """Its id."""
    dtype: DType
    out: Path
    """The folder that comes to be."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"out": str(self.out)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(told["run"], told["dtype"], Path(told["out"]))
