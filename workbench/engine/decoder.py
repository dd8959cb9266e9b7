"""A whole decoder with adapters, forward and backward by hand: the gradients of LoRA alone, over packed examples."""

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters, Operands, Taught
from workbench.engine.head import Head
from workbench.engine.kernels import Kernels, Norm, Sight
from workbench.engine.layer import Context, Layer, Norms
from workbench.engine.linear import Decoded, Linear, Plain, Updates, Weight
from workbench.engine.packs import Pack
from workbench.engine.shape import FUSED
from workbench.engine.turns import turn_at
from workbench.engine.weights import LayerWeights, Weights
from workbench.engine.workspace import Passing, Saved, Workspace

_SEEDS_A_PRODUCT = 4
"""At most so many modules are fused."""


@dataclass(frozen=True)
class _Way:
    """One pack on its way through all layers."""

    layers: list[Saved]
    passing: Passing
    contexts: list[Context]


class Decoder:
    """What all threads share; each brings a workspace of its own. `refresh` has to follow each change of parameters."""

    def __init__(self, weights: Weights, adapters: Adapters, kernels: Kernels) -> None:
        self._weights = weights
        self._shape = weights.shape
        self._adapters = adapters
        self._kernels = kernels
        self._norm = Norm(weights.norm, self._shape.epsilon)
        self._head = Head(weights.head, kernels)
        self._operands: dict[tuple[int, str], Operands] = {}
        self._layers = [self._layer(number, layer) for number, layer in enumerate(weights.layers)]
        self.refresh()

    def refresh(self) -> None:
        """Take over the adapters' parameters as they are now."""
        self._adapters.write(self._operands)

    def workspace(self) -> Workspace:
        """What a thread needs to call the rest."""
        coded = any(not isinstance(held, Tensor) for layer in self._weights.layers for held in layer.products.values())
        return Workspace(self._shape, self._adapters, self._weights.embedding.dtype, decodes=coded)

    def gradients(self) -> Tensor:
        """Memory for what one pack teaches, see `Adapters.take_gradients`."""
        return self._weights.embedding.new_zeros(self._adapters.numbers)

    @torch.no_grad()
    def learn(self, pack: Pack, factor: float, seed: int, gradients: Tensor, workspace: Workspace) -> float:
        """The loss over the learned tokens in nats, summed; its gradients times `factor` overwrite `gradients`.

        `seed` decides which inputs of adapters are left out, if any are.
        """
        way = self._begin(pack, workspace, seed)
        x = self._forward(pack, way)[pack.predicting]
        normed, inverse = self._normed(x)
        loss = self._head.loss_and_gradient(normed, pack.labels, factor, workspace.logits)
        grad = torch.zeros_like(x)
        grads = normed.unsqueeze(1), x.unsqueeze(1)
        self._kernels.passes.rms_norm_backward(*grads, self._norm, inverse, grad.unsqueeze(1))
        way.passing.grad.zero_().index_copy_(0, pack.predicting, grad)
        self._backward(way, self._adapters.taught(gradients))
        return loss

    @torch.no_grad()
    def loss(self, pack: Pack, workspace: Workspace) -> float:
        """The loss over the learned tokens in nats, summed; nothing is left out."""
        way = self._begin(pack, workspace, None)
        normed, _ = self._normed(self._forward(pack, way)[pack.predicting])
        return self._head.loss(normed, pack.labels, workspace.logits)

    def _layer(self, number: int, weights: LayerWeights) -> Layer:
        epsilon = self._shape.epsilon
        products = {fused: self._product(number, fused, weights) for fused in FUSED}
        around = (Norm(norm, epsilon) for norm in (weights.attention_norm, weights.mlp_norm))
        of_heads = (Norm(norm, epsilon) for norm in (weights.query_norm, weights.key_norm) if norm is not None)
        sight = Sight(self._shape.heads, self._shape.layers[number].window)
        return Layer(self._shape, sight, Norms(*around, *of_heads), products, self._kernels)

    def _product(self, number: int, fused: str, weights: LayerWeights) -> Linear:
        rows, columns, more = self._adapters.size(number, fused)
        held, like = weights.products[fused], self._weights.embedding
        weight: Weight
        if isinstance(held, Tensor):
            weight = Plain(held, columns)
        else:
            weight = Decoded(held, like.new_zeros(rows, more), self._kernels)
        down = like.new_zeros(more, columns)
        self._operands[number, fused] = Operands(down, weight.updates)
        seed = _SEEDS_A_PRODUCT * (number * len(FUSED) + list(FUSED).index(fused))
        updates = Updates(self._adapters.parts(number, fused), down, seed)
        return Linear(weight, weights.biases.get(fused), updates, self._kernels)

    def _begin(self, pack: Pack, workspace: Workspace, seed: int | None) -> _Way:
        tokens = len(pack.ids)
        workspace.reserve(tokens)
        desk = workspace.desk(seed)
        turns = [turn_at(pack.positions, rope) for rope in self._shape.ropes]
        return _Way(
            layers=[workspace.layer(number, tokens) for number in range(len(self._layers))],
            passing=workspace.passing(tokens),
            contexts=[
                Context(pack.starts, None if layer.rope is None else turns[layer.rope], desk)
                for layer in self._shape.layers
            ],
        )

    def _forward(self, pack: Pack, way: _Way) -> Tensor:
        """[tokens, hidden], what the last layer gives."""
        passes, hidden = self._kernels.passes, self._shape.hidden
        first = way.layers[0]
        torch.index_select(self._weights.embedding, 0, pack.ids, out=first.before)
        out = first.normed[:, :hidden].unsqueeze(1)
        passes.rms_norm(first.before.unsqueeze(1), self._layers[0].norms.before, out, first.inverse)
        for number in range(len(self._layers) - 1):
            saved, following = way.layers[number], way.layers[number + 1]
            self._layers[number].forward(saved, following.before, way.contexts[number])
            norm, out = self._layers[number + 1].norms.before, following.normed[:, :hidden]
            passes.add_rms_norm(saved.between, following.before, norm, out, following.inverse)
        between = way.layers[-1].between
        after = torch.empty_like(between)
        self._layers[-1].forward(way.layers[-1], after, way.contexts[-1])
        return after.add_(between)

    def _backward(self, way: _Way, taught: dict[tuple[int, str], Taught]) -> None:
        lowest_layer, lowest = self._adapters.lowest()
        for number in reversed(range(lowest_layer, len(self._layers))):
            of_layer = {fused: taught[number, fused] for fused in FUSED}
            stop = lowest if number == lowest_layer else None
            self._layers[number].backward(way.layers[number], way.passing, of_layer, way.contexts[number], stop)

    def _normed(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The last norm, and what it divided by."""
        normed, inverse = torch.empty_like(x), torch.empty(len(x), 1)
        self._kernels.passes.rms_norm(x.unsqueeze(1), self._norm, normed.unsqueeze(1), inverse)
        return normed, inverse
