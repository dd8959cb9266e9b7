"""Attention in plain torch, one example and one head of keys at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from workbench.engine.kernels import Attended, Sight, Spans
from workbench.engine.shape import Heads


@dataclass(frozen=True)
class _Part:
    """What one head of keys sees in one example: views of the matrices."""

    queries: Tensor
    """[group, new, width], of the query heads that share these keys."""

    keys: Tensor
    """[tokens, width], as the values."""

    values: Tensor


class TorchAttention:
    """See `kernels.Attention`."""

    def forward(self, qkv: Tensor, spans: Spans, attended: Attended) -> None:
        """P = exp(S − L), out = P v, with S = scale · q kᵀ and L = log Σ exp S."""
        sight = spans.sight
        for rows, head in _pieces(spans):
            part = _part_of(qkv[rows], sight.heads, head)
            scores = _scores(part, sight)
            log_sums = scores.logsumexp(-1)
            weights = torch.exp(scores - log_sums.unsqueeze(-1))
            _queries(attended.out[rows], sight.heads, head).copy_(weights @ part.values.float())
            _group(attended.log_sums[rows], sight.heads, head).copy_(log_sums.T)

    def backward(self, qkv: Tensor, spans: Spans, attended: Attended, grad_out: Tensor, grad_qkv: Tensor) -> None:
        """dv = Pᵀ g, dS = P ∘ (g vᵀ − Σ g ∘ out), dq = scale · dS k, dk = scale · dSᵀ q, with g = grad_out."""
        sight = spans.sight
        for rows, head in _pieces(spans):
            part = _part_of(qkv[rows], sight.heads, head)
            grads = _part_of(grad_qkv[rows], sight.heads, head)
            grad = _queries(grad_out[rows], sight.heads, head).float()
            out = _queries(attended.out[rows], sight.heads, head).float()
            log_sums = _group(attended.log_sums[rows], sight.heads, head).T
            weights = torch.exp(_scores(part, sight) - log_sums.unsqueeze(-1))
            grad_weights = grad @ part.values.float().T
            grad_scores = sight.heads.scale * weights * (grad_weights - (grad * out).sum(-1, keepdim=True))
            grads.queries.copy_(grad_scores @ part.keys.float())
            grads.keys.copy_((grad_scores.mT @ part.queries.float()).sum(0))
            grads.values.copy_((weights.mT @ grad).sum(0))

    def read(self, q: Tensor, keys: Tensor, values: Tensor, sight: Sight, out: Tensor) -> None:
        """As forward, for the last queries alone."""
        for head in range(sight.heads.key_value):
            columns = _columns(sight.heads, head)
            part = _Part(_queries(q, sight.heads, head), keys[:, columns], values[:, columns])
            weights = _scores(part, sight).softmax(-1)
            _queries(out, sight.heads, head).copy_(weights @ part.values.float())


def _pieces(spans: Spans) -> Iterator[tuple[slice, int]]:
    starts = spans.starts.tolist()
    for start, end in pairwise(starts):
        if end > start:
            yield from ((slice(start, end), head) for head in range(spans.sight.heads.key_value))


def _scores(part: _Part, sight: Sight) -> Tensor:
    """S [group, new, tokens], −∞ where a query does not see a key."""
    new, tokens = part.queries.shape[1], part.keys.shape[0]
    behind = torch.arange(tokens - new, tokens).unsqueeze(1) - torch.arange(tokens)
    hidden = behind < 0
    if sight.window:
        hidden = hidden | (behind >= sight.window)
    scores = sight.heads.scale * (part.queries.float() @ part.keys.float().T)
    return scores.masked_fill(hidden, -torch.inf)


def _part_of(qkv: Tensor, heads: Heads, head: int) -> _Part:
    queries, keys, values = qkv.split([heads.query_width, heads.key_width, heads.key_width], dim=1)
    columns = _columns(heads, head)
    return _Part(_queries(queries, heads, head), keys[:, columns], values[:, columns])


def _columns(heads: Heads, head: int) -> slice:
    return slice(head * heads.width, (head + 1) * heads.width)


def _queries(x: Tensor, heads: Heads, head: int) -> Tensor:
    """[group, tokens, width] of [tokens, query · width]: the query heads that share one head of keys."""
    return _group(x.unflatten(1, (heads.query, heads.width)), heads, head).transpose(0, 1)


def _group(x: Tensor, heads: Heads, head: int) -> Tensor:
    """[tokens, group, …] of [tokens, query, …]."""
    group = heads.query // heads.key_value
    return x[:, head * group : (head + 1) * group]
