"""Where a text that is too long for one row is split into several."""

from bisect import bisect_right
from collections.abc import Sequence

Stretch = tuple[int, int, int]
"""Where a row begins to read, where it begins to learn, and where it ends."""


def split_text(breaks: Sequence[int], head: int, most: int, overlap: int) -> list[Stretch]:
    """Rows of at most `most` tokens, each beginning with the `head` tokens that the text begins with.

    A row ends before the last paragraph that does not fit, else where it is full. `breaks` are the ends of the
    paragraphs, the last that of the text. From the second on, rows read the last `overlap` tokens before them again.
    """
    end, room = breaks[-1], most - head
    overlap = min(overlap, room // 2)
    # A row of one token would teach nothing, as the first token of a row is only read.
    least = 1 if overlap else max(1, 2 - head)
    stretches: list[Stretch] = []
    done = head
    while done < end:
        start = max(head, done - overlap) if stretches else done
        cut = end if end - start <= room else _cut(breaks, done, min(start + room, end - least), least)
        stretches.append((start, done, cut))
        done = cut
    return stretches


def _cut(breaks: Sequence[int], done: int, full: int, least: int) -> int:
    """The last break up to `full` that leaves a row of at least `least` tokens, else `full`."""
    place = breaks[max(0, bisect_right(breaks, full) - 1)]
    return place if done + least <= place <= full else full
