"""Reading texts that grow: a prompt in long pieces, then a token at a time, as answers are written.

text = ReadingModel(weights, kernels).open(adapters)
logits = text.read(prompt_ids)

The weights are there once, whoever answers: an adapter's s · B (A x) is added beside the product of the base.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from workbench.data.rendering.rows import IGNORED, Row
from workbench.engine.adapters import Adapters, Part
from workbench.engine.cache import Cache
from workbench.engine.coded import Coded
from workbench.engine.head import Head
from workbench.engine.kernels import Kernels, Norm, Sight, TokenText
from workbench.engine.linear import make_whole
from workbench.engine.shape import LayerShape, Shape
from workbench.engine.weights import LayerWeights, Weights
from workbench.models import decode

_FEW_TOKENS = 8
"""As many as `Products.times` takes."""

_HEAD_TOKENS = 64
"""Logits that are held at once when a loss is asked for."""


class ReadingModel:
    """A decoder ready to read, and memory for what passes through it, which all texts share: one is read at a time."""

    def __init__(self, weights: Weights, kernels: Kernels) -> None:
        self.weights = weights
        self.kernels = kernels
        self._passing = _Passing.of(weights.shape, 1, weights.embedding.dtype)
        self._logits = weights.head.new_empty(1, len(weights.head))
        self._whole = weights.embedding.new_empty(0)
        self.tokens = kernels.tokens.open(weights) if kernels.tokens else None

    def open(self, adapters: Adapters | None = None, strength: float = 1.0) -> "GrowingText":
        """An empty text, to be read with what adapters add times `strength`; without them, as the base reads it."""
        return GrowingText(self, adapters if strength else None, strength)

    def read_together(self, texts: "Sequence[GrowingText]", ids: Sequence[Sequence[int]]) -> list[Tensor]:
        """Read the next token of each text, of all at once; the logits after each, to the last bit as alone."""
        if self.tokens is None:
            return [text.read(text_ids) for text, text_ids in zip(texts, ids, strict=True)]
        logits = self.tokens.read([text.place(text_ids) for text, text_ids in zip(texts, ids, strict=True)])
        for text in texts:
            text.read_tokens += 1
        return logits

    @torch.no_grad()
    def read(self, ids: Sequence[int], text: "GrowingText") -> Tensor:
        """Read more of a text; the logits after its last token, fp32."""
        self.kernels.products.times(self.weights.head, self._pass(ids, text)[-1:], self._logits)
        return self._logits[0].to(torch.float32, copy=True)

    @torch.no_grad()
    def loss(self, ids: Sequence[int], following: Tensor, text: "GrowingText") -> float:
        """Read more of a text; the loss of what comes after its tokens, in nats, summed where that is not IGNORED."""
        is_learned = following != IGNORED
        x = self._pass(ids, text)[is_learned]
        memory = x.new_empty(min(max(1, len(x)), _HEAD_TOKENS), len(self.weights.head))
        return Head(self.weights.head, self.kernels).loss(x, following[is_learned], memory)

    def _pass(self, ids: Sequence[int], text: "GrowingText") -> Tensor:
        """What the head reads of each token; it holds until more is read."""
        passing = self._reserve(len(ids))
        torch.index_select(self.weights.embedding, 0, torch.tensor(ids), out=passing.total)
        self._norm(passing.total.unsqueeze(1), self.weights.layers[0].attention_norm, passing.normed.unsqueeze(1))
        for number in range(len(self.weights.layers)):
            self._attend(number, passing, text)
            self._think(number, passing, text)
        return passing.normed

    def _attend(self, number: int, passing: "_Passing", text: "GrowingText") -> None:
        """total += out(attention(rotate(qkv(normed)))), and its norm."""
        shape, layer = self.weights.shape, self.weights.layers[number]
        heads, window = shape.heads, shape.layers[number].window
        self._multiply(number, "qkv", passing.normed, passing.qkv, text)
        turned = passing.turned if shape.normed_heads else passing.qkv
        if shape.normed_heads:
            self._norm_heads(layer, passing)
        queries, keys, _ = turned.split([heads.query_width, heads.key_width, heads.key_width], 1)
        values = passing.qkv[:, heads.query_width + heads.key_width :]
        self._turn(turned[:, : heads.query_width + heads.key_width], shape.layers[number], text)
        end = text.read_tokens + len(turned)
        text.cache.keys[number, text.read_tokens : end] = keys
        text.cache.values[number, text.read_tokens : end] = values
        known, remembered = text.cache.keys[number, :end], text.cache.values[number, :end]
        self.kernels.attention.read(queries, known, remembered, Sight(heads, window), passing.mixed)
        self._multiply(number, "out", passing.mixed, passing.added, text)
        self._add_and_norm(passing, layer.mlp_norm)

    def _think(self, number: int, passing: "_Passing", text: "GrowingText") -> None:
        """total += down(glu(gate_up(normed))), and the norm that the next layer or the head reads."""
        self._multiply(number, "gate_up", passing.normed, passing.gate_up, text)
        self.kernels.passes.glu(passing.gate_up, self.weights.shape.activation, passing.gated)
        self._multiply(number, "down", passing.gated, passing.added, text)
        is_last = number + 1 == len(self.weights.layers)
        self._add_and_norm(passing, self.weights.norm if is_last else self.weights.layers[number + 1].attention_norm)

    def _multiply(self, number: int, fused: str, x: Tensor, out: Tensor, text: "GrowingText") -> None:
        """out = x Wᵀ + bias, and the updates of the text's adapters."""
        layer = self.weights.layers[number]
        weight = layer.products[fused]
        if isinstance(weight, Tensor):
            weight = weight[:, : x.shape[1]]  # in training, an adapter's columns stand at its right
        if len(x) > _FEW_TOKENS:
            torch.mm(x, self._made_whole(weight).t(), out=out)
        else:
            row = 0
            for part in weight if isinstance(weight, tuple) else (weight,):
                rows = part.rows if isinstance(part, Coded) else len(part)
                self.kernels.products.times(part, x, out[:, row : row + rows])
                row += rows
        if fused in layer.biases:
            out += layer.biases[fused]
        for update in text.adapters.parts(number, fused) if text.adapters else ():
            _add_update(update, text.strength, x, out[:, update.rows])

    def _made_whole(self, weight: "Tensor | tuple[Coded, ...]") -> Tensor:
        """[rows, columns]; holds until another weight is made whole."""
        if isinstance(weight, Tensor):
            return weight
        rows, columns = sum(coded.rows for coded in weight), weight[0].columns
        if self._whole.numel() < rows * columns:
            self._whole = self._whole.new_empty(rows * columns)
        whole = self._whole[: rows * columns].view(rows, columns)
        make_whole(weight, whole, self.kernels.products)
        return whole

    def _turn(self, heads: Tensor, layer: LayerShape, text: "GrowingText") -> None:
        """By the places of the tokens, the first of which is the next of the text."""
        if layer.rope is not None:
            places = slice(text.read_tokens, text.read_tokens + len(heads))
            cosine, sine = text.cache.cosines[layer.rope][places], text.cache.sines[layer.rope][places]
            self.kernels.passes.rotate(heads.unflatten(1, (-1, self.weights.shape.heads.width)), cosine, sine)

    def _norm_heads(self, layer: LayerWeights, passing: "_Passing") -> None:
        heads, start = self.weights.shape.heads, 0
        for weight, width in ((layer.query_norm, heads.query_width), (layer.key_norm, heads.key_width)):
            assert weight is not None, "where heads are normed, each layer has their norms"
            plain, normed = (x[:, start : start + width] for x in (passing.qkv, passing.turned))
            self._norm(plain.unflatten(1, (-1, heads.width)), weight, normed.unflatten(1, (-1, heads.width)))
            start += width

    def _norm(self, x: Tensor, weight: Tensor, out: Tensor) -> None:
        inverse = self._passing.inverse[: len(x), : x.shape[1]]
        self.kernels.passes.rms_norm(x, Norm(weight, self.weights.shape.epsilon), out, inverse)

    def _add_and_norm(self, passing: "_Passing", weight: Tensor) -> None:
        norm = Norm(weight, self.weights.shape.epsilon)
        self.kernels.passes.add_rms_norm(passing.added, passing.total, norm, passing.normed, passing.inverse[:, :1])

    def _reserve(self, tokens: int) -> "_Passing":
        if tokens > len(self._passing.total):
            self._passing = _Passing.of(self.weights.shape, tokens, self.weights.embedding.dtype)
        return self._passing.first(tokens)


class GrowingText:
    """One text, and who reads it. `read_tokens` of it were read."""

    def __init__(self, model: ReadingModel, adapters: Adapters | None, strength: float) -> None:
        shape = model.weights.shape
        self.adapters = adapters
        self.strength = strength
        self.cache = Cache(shape, model.weights.embedding.dtype)
        self.read_tokens = 0
        self.context_tokens: float = shape.context or math.inf
        """How long it may become."""

        self._model = model
        self._tokens = model.tokens.begin(self.cache, adapters, strength) if model.tokens else None

    def read(self, text_ids: Sequence[int]) -> Tensor:
        """Read the next piece of the text; the logits after it."""
        piece = text_ids[self.read_tokens : self.read_tokens + decode.PIECE_TOKENS]
        if self._tokens and len(piece) == 1:
            return self._model.read_together([self], [text_ids])[0]
        self.cache.reserve(self.read_tokens + len(piece))
        logits = self._model.read(piece, self)
        self.read_tokens += len(piece)
        return logits

    def place(self, text_ids: Sequence[int]) -> TokenText:
        """The next token of the text, ready to be read."""
        assert self._tokens, "there are kernels that read single tokens"
        self.cache.reserve(self.read_tokens + 1)
        self._tokens.place(text_ids[self.read_tokens], self.read_tokens)
        return self._tokens

    def loss(self, row: Row) -> float:
        """Read all of a row as a text of its own: the loss of its learned tokens, in nats, summed."""
        total, following = 0.0, torch.tensor([*row.labels[1:], IGNORED])
        while self.read_tokens < len(row.input_ids):
            some = slice(self.read_tokens, self.read_tokens + decode.PIECE_TOKENS)
            piece = row.input_ids[some]
            self.cache.reserve(self.read_tokens + len(piece))
            total += self._model.loss(piece, following[some], self)
            self.read_tokens += len(piece)
        return total


@dataclass(frozen=True)
class _Passing:
    """What passes through the layers, each [tokens, width]."""

    total: Tensor
    normed: Tensor
    qkv: Tensor
    turned: Tensor
    """Queries and keys once they are normed, where heads are."""

    mixed: Tensor
    gate_up: Tensor
    gated: Tensor
    added: Tensor
    inverse: Tensor
    """fp32"""

    @classmethod
    def of(cls, shape: Shape, tokens: int, dtype: torch.dtype) -> "_Passing":
        heads = shape.heads
        fused = heads.query_width + 2 * heads.key_width
        widths = {
            "total": shape.hidden,
            "normed": shape.hidden,
            "qkv": fused,
            "turned": fused if shape.normed_heads else 0,
            "mixed": heads.query_width,
            "gate_up": 2 * shape.intermediate,
            "gated": shape.intermediate,
            "added": shape.hidden,
        }
        numbers = {name: torch.empty(tokens, width, dtype=dtype) for name, width in widths.items()}
        return cls(**numbers, inverse=torch.empty(tokens, heads.query))

    def first(self, tokens: int) -> "_Passing":
        """The memory for so many tokens."""
        return _Passing(*(getattr(self, field.name)[:tokens] for field in fields(self)))


def _add_update(part: Part, strength: float, x: Tensor, out: Tensor) -> None:
    """out += strength · s · (x Aᵀ) Bᵀ"""
    out.addmm_(x @ part.down.to(x.dtype).t(), part.up.to(x.dtype).t(), alpha=part.scale * strength)
