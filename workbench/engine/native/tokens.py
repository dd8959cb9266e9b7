"""One token through a whole decoder by one call into C, over tables of pointers that are made once."""

import ctypes
from ctypes import c_int64, c_void_p

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.cache import Cache
from workbench.engine.native.token_model import ModelTable, UpdateTable
from workbench.engine.native.token_tables import Text
from workbench.engine.weights import Weights


class NativeTokens:
    """See `kernels.Tokens`."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def open(self, weights: Weights) -> "NativeModel":
        return NativeModel(self._library, weights)


class NativeModel:
    """See `kernels.TokenModel`."""

    def __init__(self, library: ctypes.CDLL, weights: Weights) -> None:
        self._library = library
        self._table = ModelTable(weights)
        self._layers = len(weights.layers)
        self._vocabulary = len(weights.head)

    def begin(self, cache: Cache, adapters: Adapters | None) -> "NativeText":
        return NativeText(self, cache, UpdateTable(adapters, self._layers) if adapters else None)

    def read(self, text: Text, room_tokens: int, ranks: int) -> Tensor:
        """One token of a text, whose tables have such sizes."""
        threads = torch.get_num_threads()
        self._table.reserve(room_tokens, threads, ranks)
        logits = torch.empty(self._vocabulary)
        text.logits = logits.data_ptr()
        self._library.read_token(ctypes.byref(self._table.model), ctypes.byref(text), c_int64(threads))
        return logits


class NativeText:
    """See `kernels.TokenText`."""

    def __init__(self, model: NativeModel, cache: Cache, updates: UpdateTable | None) -> None:
        self._model = model
        self._cache = cache
        self._updates = updates
        self._text = Text(updates=ctypes.addressof(updates.updates) if updates else None)

    def read(self, token: int, place: int) -> Tensor:
        if self._text.room != self._cache.room_tokens:
            self._point()
        self._text.place, self._text.token = place, token
        return self._model.read(self._text, self._cache.room_tokens, self._updates.ranks if self._updates else 0)

    def _point(self) -> None:
        """The cache has grown, and lies elsewhere."""
        cache, text = self._cache, self._text
        ropes = len(cache.cosines)
        text.keys, text.values, text.room = cache.keys.data_ptr(), cache.values.data_ptr(), cache.room_tokens
        text.cosines = (c_void_p * ropes)(*(table.data_ptr() for table in cache.cosines))
        text.sines = (c_void_p * ropes)(*(table.data_ptr() for table in cache.sines))
        text.pairs = (c_int64 * ropes)(*(table.shape[1] for table in cache.cosines))
