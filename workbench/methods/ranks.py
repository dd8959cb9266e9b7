"""Ranks of their own for some layers: “attention 16, mlp 4” or “q_proj 16”, by roles and names as in target modules."""

import re

from workbench.config.methods import MOST_RANK, LoraSettings
from workbench.errors import SettingError
from workbench.methods import targets

_SETTING = "method.rank_pattern"
_HINT = "Write who gets which rank, such as “attention 16, mlp 4” or “q_proj 16”."


def rank_of_each(settings: LoraSettings, chosen: list[str]) -> dict[str, int]:
    """The rank of each chosen layer by its full name; where two entries mean a layer, the later one holds.

    Raises SettingError for what cannot be read, and for layers that are not among the chosen.
    """
    ranks = dict.fromkeys(chosen, settings.rank)
    for entry in targets.split(settings.rank_pattern):
        who, its_rank = _read(entry)
        ranks |= dict.fromkeys(_meant(who, chosen), its_rank)
    return ranks


def _read(entry: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\S+?)\s*[:= ]\s*(\d+)", entry)
    if not found:
        raise SettingError(_SETTING, f"“{entry[:80]}” does not say who gets which rank.", _HINT)
    if not 1 <= int(found[2]) <= MOST_RANK:
        raise SettingError(_SETTING, f"Rank {found[2]} is outside 1 to {MOST_RANK}.", _HINT)
    return found[1], int(found[2])


def _meant(who: str, chosen: list[str]) -> list[str]:
    try:
        return targets.choose(who, chosen)
    except SettingError as error:
        known = ", ".join(sorted({name.rpartition(".")[2] for name in chosen}))
        sentence = f"{who} is not among the layers that get an adapter."
        raise SettingError(_SETTING, sentence, f"They are {known}.") from error
