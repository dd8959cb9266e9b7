"""How the rows of an update are shared out into batches, told from their lengths alone. No torch."""

import math
from collections.abc import Sequence

from workbench.engine.footprint import TOKENS_AT_ONCE

PACK_TOKENS = 2048
"""Longer packs are no faster, and the mask that keeps examples apart grows with the square of the length."""

Places = list[int]


def count_packs(lengths: Sequence[int], lanes: int, rows_at_once: int) -> int:
    """Packs of the fast path for rows of these lengths: as many for each lane."""
    return lanes * math.ceil(max(len(lengths) / rows_at_once, sum(lengths) / TOKENS_AT_ONCE))


def share_out(lengths: Sequence[int], count: int) -> list[Places]:
    """The rows in so many packs of about as many tokens, or in fewer where rows are few; the largest pack first."""
    packs: list[Places] = [[] for _ in range(count)]
    tokens = [0] * count
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place], reverse=True):
        smallest = tokens.index(min(tokens))
        packs[smallest].append(place)
        tokens[smallest] += lengths[place]
    by_size = sorted(zip(tokens, range(count), strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [packs[pack] for size, pack in by_size if size]


def fill_packs(lengths: Sequence[int], most_rows: int) -> list[Places]:
    """The rows in their order, as many in a pack as it takes."""
    packs: list[Places] = []
    tokens = 0
    for place, length in enumerate(lengths):
        if not packs or len(packs[-1]) == most_rows or tokens + length > PACK_TOKENS:
            packs.append([])
            tokens = 0
        packs[-1].append(place)
        tokens += length
    return packs


def group_by_length(lengths: Sequence[int], most_rows: int) -> list[Places]:
    """Batches of rows of like length, the longest first: what needs the most memory fails at once or never."""
    places = sorted(range(len(lengths)), key=lambda place: lengths[place], reverse=True)
    return [places[start : start + most_rows] for start in range(0, len(places), most_rows)]
