"""Which layers are meant by “all-linear”, “attention”, “mlp”, “experts” or names of layers, or several of these."""

import difflib
from collections.abc import Collection

from workbench.errors import SettingError
from workbench.models.layout import role_of

_SETTING = "method.target_modules"
_ALL = "all-linear"
ROLES = (_ALL, "attention", "mlp", "experts")
"""All linear layers are all but experts, which hold most of a mixture, and have to be asked for."""


def choose(wanted: str, linears: Collection[str]) -> list[str]:
    """Full names of the chosen linear layers, out of a model's own.

    Raises SettingError, with the nearest names, for a name the model lacks.
    """
    names = split(wanted)
    if not names:
        raise SettingError(_SETTING, "No layers are chosen.", "Choose “all-linear”, or names of layers.")
    return list(dict.fromkeys(layer for name in names for layer in _meant(name, linears)))


def split(names: str) -> list[str]:
    """Names out of a text that has them separated by commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


def is_feed_forward(name: str) -> bool:
    """Whether a layer belongs to the part of a block that is not attention."""
    return role_of(name) == "mlp"


def suffixes(chosen: list[str], linears: Collection[str]) -> list[str]:
    """The shortest endings that mean exactly the chosen layers, as PEFT's `target_modules` takes them."""
    picked, others = set(chosen), [name for name in linears if name not in set(chosen)]
    return sorted({_shortest_ending(name, others) for name in picked})


def _shortest_ending(name: str, others: list[str]) -> str:
    parts = name.split(".")
    for length in range(1, len(parts)):
        ending = ".".join(parts[-length:])
        if not any(other.endswith(f".{ending}") for other in others):
            return ending
    return name


def _meant(name: str, linears: Collection[str]) -> list[str]:
    if name not in ROLES:
        return _named(name, linears)
    of_role = [layer for layer in linears if _plays(layer, name)]
    return of_role or _refuse_role(name, linears)


def _plays(layer: str, role: str) -> bool:
    own = role_of(layer)
    return own == role or (role == _ALL and own != "experts")


def _named(name: str, linears: Collection[str]) -> list[str]:
    found = [layer for layer in linears if layer == name or layer.endswith(f".{name}")]
    if found:
        return found
    known = sorted({layer.rpartition(".")[2] for layer in linears})
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
    raise SettingError(_SETTING, f"This model has no layer called {name}.", f"It has {', '.join(near)}.")


def _refuse_role(wanted: str, linears: Collection[str]) -> list[str]:
    known = sorted({layer.rpartition(".")[2] for layer in linears})
    raise SettingError(_SETTING, f"This model has no layers known as {wanted}.", f"Name some of {', '.join(known)}.")
