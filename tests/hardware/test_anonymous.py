"""A process's own memory, seen from outside."""

import mmap
import os

from workbench.hardware.anonymous import AnonymousMemory

_BLOCK_BYTES = 50_000_000


def test_what_was_given_back_still_counts_for_the_peak() -> None:
    memory = AnonymousMemory(os.getpid())
    memory.look()
    before = memory.gb
    block = mmap.mmap(-1, _BLOCK_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for place in range(0, _BLOCK_BYTES, mmap.PAGESIZE):
        block[place] = 1
    memory.look()
    block.close()
    memory.look()
    assert abs(memory.peak_gb - before - 0.05) < 0.005
    assert abs(memory.gb - before) < 0.005


def test_a_process_that_is_gone_takes_nothing() -> None:
    memory = AnonymousMemory(2**22 + 1)
    memory.look()
    assert (memory.gb, memory.peak_gb) == (0.0, 0.0)
