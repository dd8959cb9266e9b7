"""The weights of a model folder as the fast path holds them, each read right to where it stays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from workbench.engine.coded import Coded
from workbench.engine.quantizing import Quantizer
from workbench.engine.shape import FUSED, Shape
from workbench.engine.weights import LayerWeights, Weights
from workbench.models.stored import StoredTensors

Extra = Callable[[int, str], int]
"""How many columns the product of a layer, by its fused name, gets at its right for an adapter."""

_EMBEDDING = "model.embed_tokens.weight"
_HEAD = "lm_head.weight"
_NORM = "model.norm.weight"


def none_extra(_layer: int, _fused: str) -> int:
    return 0


def read_weights(
    folder: Path,
    shape: Shape,
    dtype: torch.dtype,
    quantizer: Quantizer | None = None,
    extra: Extra = none_extra,
) -> Weights:
    """All weights, in `dtype`, or those of the layers as codes where there is a quantizer.

    A product that is held whole is [rows, columns + extra], zeros at its right.

    Raises ModelError for files that are missing or damaged, or that do not fit the shape.
    """
    stored = StoredTensors(folder)
    stored.check(_expected(shape))
    reader = _Reader(stored, shape, dtype, quantizer)
    embedding = reader.matrix(_EMBEDDING, shape.vocabulary, shape.hidden)
    head = reader.head(embedding)
    return Weights(
        shape=replace(shape, tied=head is embedding),
        embedding=embedding,
        layers=tuple(reader.layer(number, extra) for number in range(len(shape.layers))),
        norm=reader.norm(_NORM, shape.hidden),
        head=head,
    )


@dataclass(frozen=True)
class _Reader:
    stored: StoredTensors
    shape: Shape
    dtype: torch.dtype
    quantizer: Quantizer | None

    def matrix(self, name: str, rows: int, columns: int) -> Tensor:
        whole = torch.empty(rows, columns, dtype=self.dtype)
        self.stored.read_into(name, whole)
        return whole

    def norm(self, name: str, width: int) -> Tensor:
        weight = torch.empty(width)
        self.stored.read_into(name, weight)
        return weight

    def head(self, embedding: Tensor) -> Tensor:
        """The embedding itself where they are tied, and no other output layer is stored: as transformers does."""
        if self.shape.tied and _HEAD not in self.stored:
            return embedding
        head = self.matrix(_HEAD, *embedding.shape)
        return embedding if self.shape.tied and torch.equal(head, embedding) else head

    def layer(self, number: int, extra: Extra) -> LayerWeights:
        prefix, shape = f"model.layers.{number}.", self.shape
        of_heads = (f"{prefix}self_attn.{name}_norm.weight" for name in ("q", "k"))
        query_norm, key_norm = (self.norm(name, shape.heads.width) if shape.normed_heads else None for name in of_heads)
        return LayerWeights(
            attention_norm=self.norm(f"{prefix}input_layernorm.weight", shape.hidden),
            mlp_norm=self.norm(f"{prefix}post_attention_layernorm.weight", shape.hidden),
            products={fused: self._product(prefix, fused, extra(number, fused)) for fused in FUSED},
            biases={fused: self._bias(prefix, fused) for fused in FUSED if _is_biased(shape, fused)},
            query_norm=query_norm,
            key_norm=key_norm,
        )

    def _product(self, prefix: str, fused: str, extra: int) -> Tensor | tuple[Coded, ...]:
        sizes = {f"{prefix}{role}.weight": self.shape.product(_end(role)) for role in FUSED[fused]}
        if self.quantizer:
            return tuple(self.quantizer.code(self.matrix(name, *size)) for name, size in sizes.items())
        columns = next(iter(sizes.values()))[1]
        wide = torch.empty(sum(rows for rows, _ in sizes.values()), columns + extra, dtype=self.dtype)
        wide[:, columns:] = 0
        row = 0
        for name, (rows, _) in sizes.items():
            self.stored.read_into(name, wide[row : row + rows, :columns])
            row += rows
        return wide

    def _bias(self, prefix: str, fused: str) -> Tensor:
        sizes = {f"{prefix}{role}.bias": self.shape.product(_end(role))[0] for role in FUSED[fused]}
        bias = torch.empty(sum(sizes.values()), dtype=self.dtype)
        for name, part in zip(sizes, bias.split(list(sizes.values())), strict=True):
            self.stored.read_into(name, part)
        return bias


def _expected(shape: Shape) -> dict[str, tuple[int, ...]]:
    """All that a model of this shape is made of, by its name in transformers."""
    expected: dict[str, tuple[int, ...]] = {_EMBEDDING: (shape.vocabulary, shape.hidden), _NORM: (shape.hidden,)}
    if not shape.tied:
        expected[_HEAD] = expected[_EMBEDDING]
    for number in range(len(shape.layers)):
        expected |= {f"model.layers.{number}.{name}": size for name, size in _expected_in_layer(shape).items()}
    return expected


def _expected_in_layer(shape: Shape) -> dict[str, tuple[int, ...]]:
    expected: dict[str, tuple[int, ...]] = dict.fromkeys(
        ("input_layernorm.weight", "post_attention_layernorm.weight"), (shape.hidden,)
    )
    if shape.normed_heads:
        expected |= dict.fromkeys(("self_attn.q_norm.weight", "self_attn.k_norm.weight"), (shape.heads.width,))
    for role in (role for roles in FUSED.values() for role in roles):
        rows, columns = shape.product(_end(role))
        expected[f"{role}.weight"] = (rows, columns)
        if _end(role) in shape.biased:
            expected[f"{role}.bias"] = (rows,)
    return expected


def _is_biased(shape: Shape, fused: str) -> bool:
    """What is fused has biases all together or none: that is so in every kind that is covered."""
    return _end(FUSED[fused][0]) in shape.biased


def _end(role: str) -> str:
    return role.rpartition(".")[2]
