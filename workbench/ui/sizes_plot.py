"""Memory by size of model as a picture, both by powers of ten, with this machine's memory as lines across."""

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.training.sizes import WAYS, Memory, Row
from workbench.ui import text_machine as words
from workbench.ui.quantities import gigabytes

_WIDTH, _HEIGHT = 470, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 92, 12, 34
_SHAPES = (
    "M-4 -4h8v8h-8z",
    "M0 -5L5 4H-5z",
    "M0 -5.5L5.5 0L0 5.5L-5.5 0z",
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
)
"""A mark for each way, so that lines are told apart without their colours."""

_PARAMETER_TICKS = (0.1e9, 1e9, 10e9, 100e9)
_GB_TICKS = (1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class _Axis:
    """From numbers to places, by powers of ten."""

    low: float
    high: float
    begin: float
    end: float

    def place(self, number: float) -> float:
        share = math.log(number / self.low) / math.log(self.high / self.low)
        return round(self.begin + share * (self.end - self.begin), 1)


_ACROSS = _Axis(0.1e9, 100e9, _LEFT, _WIDTH - _RIGHT)
_UP = _Axis(0.5, 2000, _HEIGHT - _BOTTOM, _TOP)


def draw(rows: list[Row], memory: Memory) -> str:
    """An SVG that takes its colours from the page."""
    inside = "".join((*_grid(), *_limits(memory), *(_line(place, way, rows) for place, way in enumerate(WAYS))))
    return (
        f'<figure class="sizes-plot"><figcaption>{words.PLOT}</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(_told(rows, memory))}">'
        f"{inside}</svg></figure>"
    )


def _told(rows: list[Row], memory: Memory) -> str:
    """The picture in words."""
    first, last = rows[0], rows[-1]
    ends = (f"{way} {gigabytes(first.training[way].gb)} to {gigabytes(last.training[way].gb)} GB" for way in WAYS)
    total = words.PLOT_TOTAL.format(gigabytes(memory.total_gb))
    return f"{words.PLOT}, from {first.model} to {last.model}: {', '.join(ends)}; {total}"


def _grid() -> Iterator[str]:
    left, right = _LEFT, _WIDTH - _RIGHT
    for gb in _GB_TICKS:
        y = _UP.place(gb)
        yield f'<path class="sizes-grid" d="M{left} {y}H{right}"/>'
        yield f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{gb:,.0f}</text>'
    for parameters in _PARAMETER_TICKS:
        x = _ACROSS.place(parameters)
        yield f'<path class="sizes-grid" d="M{x} {_TOP}V{_HEIGHT - _BOTTOM}"/>'
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 15}" text-anchor="middle">{parameters / 1e9:g} B</text>'
    yield f'<text x="{left - 6}" y="{_UP.place(1000) - 14}" text-anchor="end">GB</text>'
    yield f'<text x="{(left + right) / 2}" y="{_HEIGHT - 4}" text-anchor="middle">{words.PARAMETERS_AXIS}</text>'


def _limits(memory: Memory) -> Iterator[str]:
    """Total and free, each with its words on its own side of the line."""
    yield from _limit("total", memory.total_gb, words.PLOT_TOTAL, -5)
    yield from _limit("free", memory.free_gb, words.PLOT_FREE, 13)


def _limit(kind: str, gb: float, name: str, aside: int) -> Iterator[str]:
    y = _UP.place(max(gb, _UP.low))
    yield f'<path class="sizes-{kind}" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>'
    yield f'<text class="sizes-limit" x="{_LEFT + 4}" y="{y + aside}">{name.format(gigabytes(gb))}</text>'


def _line(place: int, way: str, rows: list[Row]) -> str:
    points = [(_ACROSS.place(row.parameters), _UP.place(row.training[way].gb)) for row in rows]
    path = "L".join(f"{x} {y}" for x, y in points)
    marks = "".join(f'<path d="{_SHAPES[place]}" transform="translate({x} {y})"/>' for x, y in points)
    x, y = points[-1]
    name = f'<text x="{x + 9}" y="{y + 4}">{way}</text>'
    return f'<g class="sizes-way-{place}"><path class="sizes-line" d="M{path}"/>{marks}{name}</g>'
