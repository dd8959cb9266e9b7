"""A whole decoder with adapters, forward and backward by hand: the gradients of LoRA alone, over packed examples."""

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.head import Head
from workbench.engine.kernels import Kernels, Norm, Sight
from workbench.engine.layer import SEEDS_A_LAYER, Context, Layer, Norms, Turn
from workbench.engine.linear import Decoded, Dropout, Linear, Plain, Weight
from workbench.engine.packs import Pack
from workbench.engine.shape import FUSED, Rope
from workbench.engine.weights import LayerWeights, Weights
from workbench.engine.workspace import Passing, Saved, Workspace


class Decoder:
    """`refresh` has to follow each change of the adapters' parameters."""

    def __init__(self, weights: Weights, adapters: Adapters, kernels: Kernels) -> None:
        self._weights = weights
        self._shape = weights.shape
        self._adapters = adapters
        self._kernels = kernels
        self._norm = Norm(weights.norm, self._shape.epsilon)
        self._head = Head(weights.head, kernels)
        self._scratch: dict[tuple[int, int], Tensor] = {}
        self._layers = [self._layer(number, layer) for number, layer in enumerate(weights.layers)]
        self._workspace = Workspace(self._shape, adapters, weights.embedding.dtype)
        self.refresh()

    def refresh(self) -> None:
        """Take over the adapters' parameters as they are now."""
        for layer in self._layers:
            layer.refresh()

    @torch.no_grad()
    def loss_and_gradients(self, pack: Pack, factor: float, seed: int) -> float:
        """The loss over the learned tokens in nats, summed; adds `factor` times its gradients to the parameters'.

        `seed` decides which inputs of adapters are left out, if any are.
        """
        passing, contexts = self._begin(pack, seed if self._adapters.dropout else None)
        last = self._forward(pack, contexts)
        x = last[pack.predicting]
        normed, inverse = torch.empty_like(x), torch.empty(len(x), 1)
        self._kernels.passes.rms_norm(x.unsqueeze(1), self._norm, normed.unsqueeze(1), inverse)
        loss = self._head.loss_and_gradient(normed, pack.labels, factor)
        grad = torch.zeros_like(x)
        self._kernels.passes.rms_norm_backward(
            normed.unsqueeze(1), x.unsqueeze(1), self._norm, inverse, grad.unsqueeze(1)
        )
        passing.grad.zero_().index_copy_(0, pack.predicting, grad)
        self._backward(passing, contexts)
        return loss

    @torch.no_grad()
    def loss(self, pack: Pack) -> float:
        """The loss over the learned tokens in nats, summed; nothing is left out."""
        _, contexts = self._begin(pack, None)
        x = self._forward(pack, contexts)[pack.predicting]
        normed, inverse = torch.empty_like(x), torch.empty(len(x), 1)
        self._kernels.passes.rms_norm(x.unsqueeze(1), self._norm, normed.unsqueeze(1), inverse)
        return self._head.loss(normed, pack.labels)

    def _layer(self, number: int, weights: LayerWeights) -> Layer:
        shape = self._shape
        products = {
            fused: Linear(
                self._weight(weights.products[fused], self._adapters.columns(number, fused)),
                weights.biases.get(fused),
                self._adapters.parts(number, fused),
                self._kernels,
            )
            for fused in FUSED
        }
        of_heads = [Norm(norm, shape.epsilon) for norm in (weights.query_norm, weights.key_norm) if norm is not None]
        around = (Norm(norm, shape.epsilon) for norm in (weights.attention_norm, weights.mlp_norm))
        sight = Sight(shape.heads, shape.layers[number].window)
        return Layer(shape, sight, Norms(*around, *of_heads), products, self._kernels)

    def _weight(self, held: Tensor | tuple, columns: int) -> Weight:
        if isinstance(held, Tensor):
            return Plain(held)
        size = sum(coded.rows for coded in held), held[0].columns + columns
        if size not in self._scratch:
            self._scratch[size] = self._weights.embedding.new_zeros(size)
        return Decoded(held, self._scratch[size], self._kernels)

    def _begin(self, pack: Pack, seed: int | None) -> tuple[Passing, list[Context]]:
        """The memory for a pack, and what each layer has to know of it."""
        tokens = len(pack.ids)
        self._workspace.reserve(tokens)
        passing = self._workspace.passing(tokens)
        turns = [_turn(rope, pack.positions) for rope in self._shape.ropes]
        contexts = []
        for number, layer in enumerate(self._shape.layers):
            turn = None if layer.rope is None else turns[layer.rope]
            dropout = None
            if seed is not None:
                dropout = Dropout(self._adapters.dropout, seed + SEEDS_A_LAYER * number, passing.scratch)
            contexts.append(Context(pack.starts, turn, dropout))
        return passing, contexts

    def _saved(self, number: int, contexts: list[Context]) -> Saved:
        return self._workspace.layer(number, int(contexts[0].starts[-1]))

    def _forward(self, pack: Pack, contexts: list[Context]) -> Tensor:
        """[tokens, hidden], what the last layer gives."""
        passes = self._kernels.passes
        saved = self._saved(0, contexts)
        torch.index_select(self._weights.embedding, 0, pack.ids, out=saved.before)
        normed = saved.normed[:, : self._shape.hidden].unsqueeze(1)
        passes.rms_norm(saved.before.unsqueeze(1), self._layers[0].norms.before, normed, saved.inverse)
        for number in range(len(self._layers) - 1):
            following = self._saved(number + 1, contexts)
            self._layers[number].forward(saved, following.before, contexts[number])
            normed, norm = following.normed[:, : self._shape.hidden], self._layers[number + 1].norms.before
            passes.add_rms_norm(saved.between, following.before, norm, normed, following.inverse)
            saved = following
        after = torch.empty_like(saved.between)
        self._layers[-1].forward(saved, after, contexts[-1])
        return after.add_(saved.between)

    def _backward(self, passing: Passing, contexts: list[Context]) -> None:
        lowest_layer, lowest = self._adapters.lowest()
        for number in reversed(range(lowest_layer, len(self._layers))):
            stop = lowest if number == lowest_layer else None
            self._layers[number].backward(self._saved(number, contexts), passing, contexts[number], stop)


def _turn(rope: Rope, positions: Tensor) -> Turn:
    angles = torch.outer(positions.float(), torch.tensor(rope.frequencies))
    return Turn(angles.cos() * rope.factor, angles.sin() * rope.factor)
