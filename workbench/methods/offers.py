"""What can be written where layers are chosen: the roles, and a model's own names, with what each means there."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.errors import SettingError
from workbench.methods import targets


@dataclass(frozen=True)
class Offer:
    """`name` is what is written; `shapes` are (out, in) of the layers that it means."""

    name: str
    shapes: tuple[tuple[int, int], ...]


def offers(linears: Mapping[str, tuple[int, int]]) -> list[Offer]:
    """Roles first, then single names in the order of the model."""
    names = [*filter(lambda role: _has(role, linears), targets.ROLES), *_own_names(linears)]
    return [Offer(name, tuple(linears[layer] for layer in targets.choose(name, linears))) for name in names]


def _has(role: str, linears: Mapping[str, tuple[int, int]]) -> bool:
    try:
        return bool(targets.choose(role, linears))
    except SettingError:
        return False


def _own_names(linears: Mapping[str, tuple[int, int]]) -> list[str]:
    """The last parts of names; with the part before them where they stand in several places of a block."""
    places: dict[str, dict[str, None]] = {}
    for layer in linears:
        rest, _, last = layer.rpartition(".")
        places.setdefault(last, {})[f"{rest.rpartition('.')[2]}.{last}"] = None
    return [name for last, longer in places.items() for name in (longer if len(longer) > 1 else [last])]
