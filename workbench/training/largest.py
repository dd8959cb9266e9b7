"""The largest batch and the greatest length that fit comfortably, with all else as it is planned. No torch."""

from collections.abc import Callable

from workbench.training.auto import most_tokens
from workbench.training.needs import estimate, estimate_vram
from workbench.training.plan import Plan

_MOST_AT_ONCE = 4096
_SHORTEST_TOKENS, _LONGEST_TOKENS = 16, 131_072
_STEP_TOKENS = 16


def largest_batch(plan: Plan) -> int:
    """Examples computed at once (micro-batch), each of the planned length; 0 where not even one fits."""
    length = min(int(plan.config.data.max_length), plan.counted.longest_tokens)
    return _largest(_MOST_AT_ONCE, lambda micro: _fits(plan, micro, length))


def largest_length(plan: Plan) -> int:
    """Tokens of an example, in a micro-batch as planned that is full of them; 0 where not even the least fits."""
    micro = int(plan.config.training.micro_batch_size)
    most = min(_LONGEST_TOKENS, most_tokens(plan.config, plan.facts) or _LONGEST_TOKENS)
    steps = _largest(most // _STEP_TOKENS, lambda steps: _fits(plan, micro, steps * _STEP_TOKENS))
    return steps * _STEP_TOKENS


def _fits(plan: Plan, micro: int, length: int) -> bool:
    """Arithmetic on the settled plan: no data is cut to the length."""
    config = plan.config.changed("training.micro_batch_size", micro).changed("data.max_length", length)
    load = (config, plan.facts, micro, length)
    return plan.judge(plan.past.correct(estimate(*load)), estimate_vram(*load)) == "fits"


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `most` that fits, where all below it do; 0 if none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
