"""LoRA's parameters on the fast path: named and begun as PEFT does, in fp32, each told its place in a product."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.footprint import adapter_columns
from workbench.engine.shape import FUSED, Shape

_PREFIX = "base_model.model."
"""What PEFT puts before the names of a model's modules."""


@dataclass(frozen=True)
class LoraPlan:
    """Which modules get an update scale · B · A, by their full names such as `model.layers.0.self_attn.q_proj`."""

    ranks: Mapping[str, int]
    scales: Mapping[str, float]
    dropout: float = 0.0


@dataclass(frozen=True)
class Part:
    """The update of one module within a fused product: `rows` of its output, `columns` of its adapter."""

    down: nn.Parameter
    """A, [rank, in]"""

    up: nn.Parameter
    """B, [out, rank]"""

    scale: float
    rows: slice
    columns: slice


@dataclass(frozen=True)
class Operands:
    """The A and B of all modules of one fused product as it reads them, B in blocks with zeros between them."""

    down: Tensor
    """A, [adapter columns, in]"""

    up: Tensor
    """scale · B, [out, adapter columns]"""


@dataclass(frozen=True)
class Taught:
    """What a pack teaches the modules of one fused product; `ranks` is the sum of theirs."""

    down: Tensor
    """The gradient of A, [ranks, in]."""

    up: Tensor
    """That of scale · B, [ranks, out]: products of few rows are faster than those of few columns."""


class Adapters:
    """All updates of a model."""

    def __init__(self, plan: LoraPlan, shape: Shape) -> None:
        self.dropout = plan.dropout
        self.parameters: dict[str, nn.Parameter] = {}
        """By the names that PEFT gives them."""
        self._parts: dict[tuple[int, str], tuple[Part, ...]] = {}
        self._sizes: dict[tuple[int, str], tuple[int, int]] = {}
        for layer in range(len(shape.layers)):
            for fused, roles in FUSED.items():
                sizes = [shape.product(role.rpartition(".")[2]) for role in roles]
                self._sizes[layer, fused] = sum(rows for rows, _ in sizes), sizes[0][1]
                self._parts[layer, fused] = self._place(layer, fused, plan, sizes)

    def parts(self, layer: int, fused: str) -> tuple[Part, ...]:
        """The updates within one fused product."""
        return self._parts[layer, fused]

    def columns(self, layer: int, fused: str) -> int:
        """How many columns a fused product is made wider by; 0 where it has no update."""
        parts = self._parts[layer, fused]
        return adapter_columns(parts[-1].columns.stop if parts else 0)

    def size(self, layer: int, fused: str) -> tuple[int, int, int]:
        """Rows, columns and adapter columns of one fused product."""
        return (*self._sizes[layer, fused], self.columns(layer, fused))

    def lowest(self) -> tuple[int, str]:
        """The first product that has an update; nothing before it needs a gradient."""
        return next(place for place, parts in self._parts.items() if parts)

    def taught(self, flat: Tensor) -> dict[tuple[int, str], Taught]:
        """A piece of memory of `numbers`, by layer and product."""
        by_place, start = {}, 0
        for place, (rows, inputs) in self._sizes.items():
            ranks = self._ranks(place)
            middle, end = start + ranks * inputs, start + ranks * (inputs + rows)
            by_place[place] = Taught(flat[start:middle].view(ranks, inputs), flat[middle:end].view(ranks, rows))
            start = end
        return by_place

    @property
    def numbers(self) -> int:
        """What all products are taught together."""
        return sum(self._ranks(place) * sum(size) for place, size in self._sizes.items())

    def begin(self, rounded_to: torch.dtype = torch.float32) -> None:
        """Draw A as PEFT does, B is zero; PEFT rounds both once to the type of the weight they stand beside.

        It draws each matrix when its layer is made, and A a second time; all from torch's generator.
        """
        with torch.no_grad():
            for parts in self._parts.values():
                for part in parts:
                    rank, inputs = part.down.shape
                    drawn = nn.Linear(inputs, rank, bias=False)
                    nn.Linear(rank, part.up.shape[0], bias=False)
                    nn.init.kaiming_uniform_(drawn.weight, a=math.sqrt(5))
                    part.down.copy_(drawn.weight.to(rounded_to))
                    part.up.zero_()

    @torch.no_grad()
    def write(self, operands: Mapping[tuple[int, str], Operands]) -> None:
        """Copy the parameters to where the products read them: A as it is, and scale · B."""
        placed = [(part, operands[place]) for place, parts in self._parts.items() for part in parts]
        scaled = torch._foreach_mul([part.up for part, _ in placed], [part.scale for part, _ in placed])
        torch._foreach_copy_([pair.down[part.columns] for part, pair in placed], [part.down for part, _ in placed])
        torch._foreach_copy_([pair.up[part.rows, part.columns] for part, pair in placed], scaled)

    def take_gradients(self, flat: Tensor) -> None:
        """Give each parameter its gradient, out of what `flat` has been taught."""
        taught = self.taught(flat)
        for place, parts in self._parts.items():
            for part in parts:
                part.down.grad = taught[place].down[part.columns].clone()
                part.up.grad = taught[place].up[part.columns, part.rows].t().contiguous().mul_(part.scale)

    def _ranks(self, place: tuple[int, str]) -> int:
        """Of all modules of one fused product."""
        parts = self._parts[place]
        return parts[-1].columns.stop if parts else 0

    def _place(self, layer: int, fused: str, plan: LoraPlan, sizes: list[tuple[int, int]]) -> tuple[Part, ...]:
        parts, row, column = [], 0, 0
        for role, (rows, inputs) in zip(FUSED[fused], sizes, strict=True):
            module = f"model.layers.{layer}.{role}"
            if rank := plan.ranks.get(module, 0):
                down, up = (nn.Parameter(torch.zeros(size)) for size in ((rank, inputs), (rows, rank)))
                self.parameters[f"{_PREFIX}{module}.lora_A.default.weight"] = down
                self.parameters[f"{_PREFIX}{module}.lora_B.default.weight"] = up
                where = slice(row, row + rows), slice(column, column + rank)
                parts.append(Part(down, up, plan.scales[module], *where))
                column += rank
            row += rows
        return tuple(parts)
