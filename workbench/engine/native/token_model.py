"""A decoder's weights and adapters as the tables that C reads, and what only those tables hold on to."""

from itertools import chain

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.coded import Coded
from workbench.engine.native.token_tables import PARTS, Layer, Model, Product, Update, Weight
from workbench.engine.native.weight_table import KINDS, describe_weight
from workbench.engine.shape import FUSED
from workbench.engine.weights import LayerWeights, Weights

_ACTIVATIONS = ("silu", "gelu_tanh")


class ModelTable:
    """Made once for a model; the tensors it points at must stay where they are."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._kept: list[Tensor] = []
        self._memory: tuple[int, ...] = (0, 0, 0, 0)
        shape, heads = weights.shape, weights.shape.heads
        self.model = Model(
            layers=(Layer * len(weights.layers))(*map(self._layer, range(len(weights.layers)))),
            depth=len(weights.layers),
            hidden=shape.hidden,
            intermediate=shape.intermediate,
            query=heads.query,
            key_value=heads.key_value,
            width=heads.width,
            held=KINDS[weights.embedding.dtype],
            activation=_ACTIVATIONS.index(shape.activation),
            scale=heads.scale,
            epsilon=shape.epsilon,
            embedding=self._keep(weights.embedding),
            norm=self._keep(weights.norm),
            head=self._weight(weights.head),
        )

    def reserve(self, room_tokens: int, threads: int, ranks: int, texts: int) -> None:
        """Make room for what passes through, with so many texts of so many tokens and adapters of so many columns."""
        needed = tuple(map(max, self._memory, (room_tokens, threads, ranks, texts)))
        if needed == self._memory:
            return
        self._memory = room_tokens, threads, ranks, texts = needed
        shape, heads = self._weights.shape, self._weights.shape.heads
        own = texts * shape.hidden + max(room_tokens, texts * max(shape.hidden, shape.intermediate))
        sizes = {
            "total": texts * shape.hidden,
            "qkv": texts * (heads.query_width + 2 * heads.key_width),
            "mixed": texts * heads.query_width,
            "gated": texts * shape.intermediate,
            "inner": ranks,
            "own": own * threads,
        }
        self._passing = torch.empty(sum(sizes.values()))
        for name, part in zip(sizes, self._passing.split(list(sizes.values())), strict=True):
            setattr(self.model, name, part.data_ptr())
        self.model.own_size = own

    def _layer(self, number: int) -> Layer:
        layer, shape = self._weights.layers[number], self._weights.shape.layers[number]
        return Layer(
            products=(Product * len(FUSED))(*(self._product(layer, fused) for fused in FUSED)),
            attention_norm=self._keep(layer.attention_norm),
            mlp_norm=self._keep(layer.mlp_norm),
            query_norm=self._keep_any(layer.query_norm),
            key_norm=self._keep_any(layer.key_norm),
            rope=-1 if shape.rope is None else shape.rope,
            window=shape.window,
        )

    def _product(self, layer: LayerWeights, fused: str) -> Product:
        held = layer.products[fused]
        columns = self._weights.shape.product(FUSED[fused][0].rpartition(".")[2])[1]
        parts = held if isinstance(held, tuple) else (held[:, :columns],)
        bias = self._keep_any(layer.biases.get(fused))
        return Product(weights=(Weight * PARTS)(*map(self._weight, parts)), bias=bias)

    def _weight(self, held: Tensor | Coded) -> Weight:
        return describe_weight(held, self._keep)

    def _keep_any(self, tensor: Tensor | None) -> int | None:
        return None if tensor is None else self._keep(tensor)

    def _keep(self, tensor: Tensor) -> int:
        """Where it lies, for as long as this table is there."""
        self._kept.append(tensor)
        return tensor.data_ptr()


class UpdateTable:
    """The updates of one model's adapters, with their values as they are at each call."""

    def __init__(self, adapters: Adapters, layers: int) -> None:
        self._adapters = adapters
        places = [(layer, fused) for layer in range(layers) for fused in FUSED]
        rows = [_updates(adapters, *place) for place in places]
        self.updates = (Update * (len(places) * PARTS))(*chain.from_iterable(rows))
        self.ranks = max(sum(update.rank for update in row) for row in rows)
        """Columns of the widest."""


def _updates(adapters: Adapters, layer: int, fused: str) -> list[Update]:
    """Those of rank 0 do nothing."""
    found = []
    for part in adapters.parts(layer, fused):
        assert part.down.is_contiguous() and part.up.is_contiguous()
        place = {"rank": len(part.down), "row": part.rows.start, "rows": len(part.up)}
        found.append(Update(down=part.down.data_ptr(), up=part.up.data_ptr(), scale=part.scale, **place))
    return found + [Update()] * (PARTS - len(found))
