"""What the tests of the kernels stand on: the library, built once and shared by all sessions and workers."""

import ctypes
import os
from pathlib import Path

import pytest

from workbench.engine.native.build import build
from workbench.engine.native.library import load

MORE_FLAGS = "KERNEL_FLAGS"
"""The variable with flags that the library is built with besides its own: to try kernels of other processors here."""

CACHE = Path(__file__).parents[2] / "build" / "kernels"


@pytest.fixture(scope="session")
def library() -> ctypes.CDLL:
    """The kernels in C, loaded: give it to NativePasses, NativeAttention or NativeProducts."""
    return load(build(CACHE, tuple(os.environ.get(MORE_FLAGS, "").split())))
