"""Which of a model's blocks are meant by “all”, “last 4”, “first 4” or “4-11”: the layers as a reader counts them."""

import re

from workbench.errors import SettingError

_SETTING = "method.layers"
_HINT = "Write “all”, “last 4”, “first 4”, one number, or first and last, such as 4-11. The first is 0."


def within(wanted: str, names: list[str]) -> list[str]:
    """Those of the linear layers that stand in the wanted blocks. Raises SettingError where there are none such."""
    if wanted == "all":
        return names
    numbers = sorted({number_of(name) for name in names})
    first, last = _span(wanted, numbers)
    kept = [name for name in names if first <= number_of(name) <= last]
    if not kept:
        raise SettingError(_SETTING, f"The layers with numbers run from {numbers[0]} to {numbers[-1]}.", _HINT)
    return kept


def number_of(name: str) -> int:
    """The number of the block that a linear layer stands in."""
    return int(next(part for part in name.split(".") if part.isdigit()))


def _span(wanted: str, numbers: list[int]) -> tuple[int, int]:
    if end := re.fullmatch(r"(first|last) (\d+)", wanted):
        count = int(end[2])
        if count == 0:
            raise SettingError(_SETTING, f"“{wanted}” are no layers.", _HINT)
        if count > len(numbers):
            raise SettingError(_SETTING, f"“{wanted}” is more than there is to choose from: {len(numbers)}.", _HINT)
        return (numbers[0], numbers[count - 1]) if end[1] == "first" else (numbers[-count], numbers[-1])
    if span := re.fullmatch(r"(\d+)(?: ?- ?(\d+))?", wanted):
        first, last = int(span[1]), int(span[2] or span[1])
        if first <= last <= numbers[-1]:
            return first, last
        raise SettingError(_SETTING, f"This model has no layers {wanted}: they run from 0 to {numbers[-1]}.", _HINT)
    raise SettingError(_SETTING, f"“{wanted[:80]}” is no range of layers.", _HINT)
