"""Texts of different lengths in one pass: their keys and values lie in one padded cache while they are read together.

A text is read alone until one token of it is left to be read. It joins with what it remembers, takes it along when it
leaves, and has its own logits all the while: what it is padded with, on the left, is masked.
"""

import copy
import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import pad
from transformers.cache_utils import DynamicCache, DynamicLayer, DynamicSlidingWindowLayer

from workbench.models.network_reader import NetworkReader

_AHEAD_TOKENS = 256
"""By which the mask is made longer than is needed yet."""

_NEAR, _NEAR_IN_16_BITS = 1e-3, 0.1
"""By how much of their standard deviation logits may differ that are the same but for rounding."""


class Batch:
    """Those that are read together. All their caches are of the same kind, see `kind`."""

    def __init__(self, model: Any) -> None:
        self._takes_positions = "position_ids" in inspect.signature(model.forward).parameters
        self._readers: list[NetworkReader] = []
        self._lengths: list[int] = []
        self._cache: Any = None
        self._mask = torch.ones(0, 0)

    def read(self, model: Any, readers: Sequence[NetworkReader], tokens: Sequence[int]) -> list[torch.Tensor]:
        """One more token of each; the logits after it. Who was here and is not now has left."""
        self._seat(list(readers))
        device = model.device
        answer = model(
            input_ids=torch.tensor(tokens, device=device)[:, None],
            past_key_values=self._cache,
            use_cache=True,
            **self._places(model.device),
        )
        self._lengths = [length + 1 for length in self._lengths]
        for reader in readers:
            reader.read_tokens += 1
        return list(answer.logits[:, -1])

    @property
    def kind(self) -> tuple[type, ...]:
        return kind(self._cache)

    def leave(self) -> None:
        """All go on alone."""
        self._seat([])

    def _seat(self, readers: list[NetworkReader]) -> None:
        if readers == self._readers:
            return
        for row, (reader, length) in enumerate(zip(self._readers, self._lengths, strict=True)):
            reader.cache = _with_layers(self._cache, [_row_of(layer, row, length) for layer in self._cache.layers])
        self._readers, self._lengths, self._cache = readers, [], None
        if not readers:
            return
        caches = [reader.cache for reader in readers]
        self._lengths = [cache.get_seq_length() for cache in caches]
        rows = zip(*(cache.layers for cache in caches), strict=True)
        self._cache = _with_layers(caches[0], [_joined(layers) for layers in rows])
        self._mask = torch.ones(0, 0)
        for reader in readers:
            reader.cache = None

    def _places(self, device: torch.device) -> dict[str, torch.Tensor]:
        """Where each row's token stands, and what is padding; nothing where no row is padded."""
        longest = max(self._lengths)
        if longest == min(self._lengths):
            return {}
        lengths = torch.tensor(self._lengths, device=device)[:, None]
        if self._mask.shape[1] <= longest:
            columns = torch.arange(longest + _AHEAD_TOKENS, device=device)
            self._mask = (columns >= longest - lengths).long()
        places = {"attention_mask": self._mask[:, : longest + 1]}
        return places | ({"position_ids": lengths} if self._takes_positions else {})


def kind(cache: Any) -> tuple[type, ...]:
    """What caches must have in common to be joined; empty for one that cannot be."""
    layers: list[Any] = cache.layers if type(cache) is DynamicCache else []  # others keep more than their layers
    kinds = tuple(type(layer) for layer in layers)
    whole = all(each in (DynamicLayer, DynamicSlidingWindowLayer) for each in kinds)
    return kinds if whole and all(layer.is_initialized for layer in layers) else ()


def can_join(model: Any) -> bool:
    """Whether texts of this model can be read together: tried, for a model may take no notice of a mask."""
    if not {"past_key_values", "attention_mask"} <= inspect.signature(model.forward).parameters.keys():
        return False
    readers, texts = [NetworkReader(model) for _ in range(3)], ([3, 1, 2, 0, 2], [1, 2], [1, 2])
    for reader, text in zip(readers, texts, strict=True):
        reader.read(text)
    if not kind(readers[0].cache):
        return False
    with torch.no_grad():
        joined = Batch(model).read(model, readers[:2], [3, 3])[1].float()
    alone = readers[2].read([1, 2, 3]).float()
    near = _NEAR if model.dtype == torch.float32 else _NEAR_IN_16_BITS
    return bool((joined - alone).abs().max() <= near * alone.std())


def _joined(layers: Sequence[Any]) -> Any:
    """One layer of all rows' caches, padded on the left to the longest, or to as much as a window holds of it."""
    longest = max(layers, key=lambda layer: layer.get_seq_length())
    joined, width = copy.copy(longest), longest.keys.shape[-2]
    for name in ("keys", "values"):
        parts = [getattr(layer, name) for layer in layers]
        setattr(joined, name, torch.cat([pad(part, (0, 0, width - part.shape[-2], 0)) for part in parts]))
    return joined


def _row_of(layer: Any, row: int, length: int) -> Any:
    """One row's own part, without what it was padded with."""
    own = copy.copy(layer)
    own.keys, own.values = layer.keys[row : row + 1, :, -length:], layer.values[row : row + 1, :, -length:]
    if layer.is_sliding:
        own.cumulative_length = length
    return own


def _with_layers(cache: Any, layers: list[Any]) -> Any:
    own = copy.copy(cache)
    own.layers = layers
    return own
