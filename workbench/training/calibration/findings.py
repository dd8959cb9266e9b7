"""How fast this machine was measured to be, in words."""

from collections.abc import Iterator
from pathlib import Path

from workbench.hardware.devices import machine
from workbench.memory.rates import ENGINES, PRECISIONS, EngineName, Rates, read
from workbench.memory.standard import BYTES
from workbench.monitoring.doctor.finding import Finding, Section

_TITLE = "Speed"
_OPERATIONS = 4
"""For a frozen weight and a token: a product and a sum, forward and back."""


def examine_speed(root: Path) -> Section:
    """What plans reckon times with, as it was measured last."""
    found = tuple(finding for engine in ENGINES for finding in _of_engine(engine, read(root, engine)))
    return Section(_TITLE, found)


def _of_engine(engine: EngineName, rates: Rates | None) -> Iterator[Finding]:
    if rates is None:
        yield Finding(f"{engine} path", "not measured yet", "Measure it, or call doctor --measure: a minute.")
        return
    for precision in sorted(PRECISIONS):
        learning = f"{_operations(engine, rates, precision) / 1e9:,.0f} billion operations a second in an update"
        answering = f"{_bytes_read(rates, precision) / 1e9:,.0f} GB of weights read a second in an answer"
        yield Finding(f"{engine} path, {precision}", f"{learning}; {answering}")


def _operations(engine: EngineName, rates: Rates, precision: str) -> float:
    """A second, in the largest layer over the most tokens that were measured."""
    weights, tokens, seconds = max(rates.layers[precision])
    side_by_side = machine().cores if engine == "fast" else 1
    return _OPERATIONS * weights * tokens * side_by_side / seconds


def _bytes_read(rates: Rates, precision: str) -> float:
    """A second, where each token of an answer needs every weight once."""
    weights, _, seconds = max(rates.answers[precision])
    return BYTES[precision] * weights / seconds
