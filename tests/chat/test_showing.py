"""Showcases from outside: begun, listed and ended by several at once."""

import os
from pathlib import Path

from tests.chat.keeping.kept import tuned
from workbench.chat.showing import Showcase, Wish, listed


def test_one_that_is_being_opened_is_not_swept_away_by_another(root: Path) -> None:
    tuned(root)
    first = Showcase.create(root, Wish("pirate-1"))
    second = Showcase.create(root, Wish("pirate-1"))
    assert [job.id for job in listed(root)] == [second.id, first.id]
    assert first.wish == second.wish


def test_one_that_nobody_came_to_open_is_swept_away(root: Path) -> None:
    tuned(root)
    lost = Showcase.create(root, Wish("pirate-1"))
    os.utime(lost.path, (0, 0))
    assert not listed(root)
    Showcase.create(root, Wish("pirate-1"))
    assert not lost.path.exists()
