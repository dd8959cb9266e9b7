"""Which methods' effects can be turned up and down, for the page. No torch."""

from workbench.config.methods import method_of
from workbench.methods.table import METHODS


def strength_reason(method: str) -> str:
    """One sentence on why a method, by its name or alias, is there wholly or not at all; "" where it has a strength."""
    return METHODS[method_of(method)].no_strength
