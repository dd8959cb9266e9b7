"""A token of each of some texts through a whole decoder by one call into C, over tables that are made once."""

import ctypes
from collections.abc import Sequence
from ctypes import POINTER, c_int64, c_void_p

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.cache import Cache
from workbench.engine.kernels import TokenText
from workbench.engine.native.library import bind
from workbench.engine.native.token_model import ModelTable, UpdateTable
from workbench.engine.native.token_tables import Model, Text
from workbench.engine.weights import Weights

_TOGETHER = 8
"""Texts that are read at a time: what passes through stays near the processor."""


class NativeTokens:
    """See `kernels.Tokens`."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def open(self, weights: Weights) -> "NativeModel":
        return NativeModel(self._library, weights)


class NativeModel:
    """See `kernels.TokenModel`."""

    def __init__(self, library: ctypes.CDLL, weights: Weights) -> None:
        self._read_tokens = bind(library, "read_tokens", POINTER(Model), c_void_p, c_int64, c_void_p, c_int64)
        self._table = ModelTable(weights)
        self._layers = len(weights.layers)
        self._vocabulary = len(weights.head)

    def begin(self, cache: Cache, adapters: Adapters | None, strength: float) -> "NativeText":
        return NativeText(cache, UpdateTable(adapters, self._layers) if adapters else None, strength)

    def read(self, texts: Sequence[TokenText]) -> list[Tensor]:
        logits = torch.empty(len(texts), self._vocabulary)
        rows = logits.unbind()
        for first in range(0, len(texts), _TOGETHER):
            self._read_group(texts[first : first + _TOGETHER], rows[first])
        return list(rows)

    def _read_group(self, texts: Sequence[TokenText], logits: Tensor) -> None:
        """The logits lie behind each other."""
        threads, count = torch.get_num_threads(), len(texts)
        self._table.reserve(
            max([text.room_tokens for text in texts]), threads, sum([text.ranks for text in texts]), count
        )
        addresses = (c_void_p * count)(*[text.address for text in texts])
        self._read_tokens(self._table.model, addresses, count, logits.data_ptr(), threads)


class NativeText:
    """See `kernels.TokenText`."""

    def __init__(self, cache: Cache, updates: UpdateTable | None, strength: float) -> None:
        self._cache = cache
        self._updates = updates
        self._table = Text(updates=ctypes.addressof(updates.updates) if updates else None, strength=strength)
        self.address = ctypes.addressof(self._table)
        self.ranks = updates.ranks if updates else 0
        """Columns of the widest of its updates."""

        self.room_tokens = 0

    def place(self, token: int, place: int) -> None:
        """What is to be read next, and where."""
        if self.room_tokens != self._cache.room_tokens:
            self._point()
        self._table.place, self._table.token = place, token

    def _point(self) -> None:
        """The cache has grown, and lies elsewhere."""
        cache, text = self._cache, self._table
        ropes = len(cache.cosines)
        self.room_tokens = cache.room_tokens
        text.keys, text.values, text.room = cache.keys.data_ptr(), cache.values.data_ptr(), cache.room_tokens
        text.cosines = (c_void_p * ropes)(*(table.data_ptr() for table in cache.cosines))
        text.sines = (c_void_p * ropes)(*(table.data_ptr() for table in cache.sines))
        text.pairs = (c_int64 * ropes)(*(table.shape[1] for table in cache.cosines))
