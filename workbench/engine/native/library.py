"""A built library of kernels: sealed with its own sha256, so that a damaged file is never loaded, and loaded."""

import ctypes
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_SEAL_BYTES = hashlib.sha256().digest_size


def seal(path: Path) -> None:
    """Append the digest of what is there; the loader does not look past the end of the library itself."""
    content = path.read_bytes()
    path.write_bytes(content + hashlib.sha256(content).digest())


def is_sealed(path: Path) -> bool:
    """Whether the file is there, whole and unchanged."""
    if not path.exists():
        return False
    content = path.read_bytes()
    return hashlib.sha256(content[:-_SEAL_BYTES]).digest() == content[-_SEAL_BYTES:]


def load(path: Path) -> ctypes.CDLL:
    """Into this process, beside torch: it uses the threads that torch's OpenMP has, so torch is loaded first."""
    import torch  # noqa: F401

    return ctypes.CDLL(str(path))


def bind(library: ctypes.CDLL, name: str, *arguments: Any) -> Callable[..., None]:
    """A function that gives nothing back, with the types of its arguments fixed: that halves what a call costs."""
    function = library[name]
    function.argtypes = arguments
    function.restype = None
    return function
