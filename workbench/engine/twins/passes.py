"""Passes over a matrix in plain torch: computed in fp32, rounded where they are written."""

import math

import torch
from torch import Tensor

from workbench.engine.kernels import Norm
from workbench.engine.shape import Activation

_GELU_SCALE = 2 * math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715

_LOW_32 = 0xFFFFFFFF
_FIRST_FACTOR, _SECOND_FACTOR, _SECOND_KEY = 0x7FEB352D, 0x846CA68B, 0x9E3779B9
_SHARE_BITS = 24
"""Of the bits that are drawn for a number, those that are compared with the share."""


class TorchPasses:
    """See `kernels.Passes`."""

    def rms_norm(self, x: Tensor, norm: Norm, out: Tensor, inverse: Tensor) -> None:
        """Rounded once; transformers rounds before the weight as well."""
        numbers = x.float()
        root = (numbers.square().mean(-1) + norm.epsilon).rsqrt()
        inverse.copy_(root)
        out.copy_(numbers * root.unsqueeze(-1) * norm.weight)

    def add_rms_norm(self, x: Tensor, total: Tensor, norm: Norm, out: Tensor, inverse: Tensor) -> None:
        """The sum is rounded before it is normed: it is what later layers read."""
        total += x
        self.rms_norm(total.unsqueeze(1), norm, out.unsqueeze(1), inverse)

    def rms_norm_backward(self, grad_out: Tensor, x: Tensor, norm: Norm, inverse: Tensor, grad: Tensor) -> None:
        """Of each group by itself."""
        root, numbers = inverse.unsqueeze(-1), x.float()
        weighted = grad_out.float() * norm.weight
        along = (weighted * numbers).mean(-1, keepdim=True)
        grad.copy_(grad.float() + root * (weighted - numbers * root.square() * along))

    def rotate(self, x: Tensor, cosine: Tensor, sine: Tensor) -> None:
        """All heads of a token by the same angles."""
        pairs = cosine.shape[1]
        first, second = x[..., :pairs].float(), x[..., pairs : 2 * pairs].float()
        cosine, sine = cosine.unsqueeze(1), sine.unsqueeze(1)
        turned = first * cosine - second * sine, second * cosine + first * sine
        x[..., : 2 * pairs] = torch.cat(turned, dim=-1)

    def glu(self, gate_up: Tensor, activation: Activation, out: Tensor) -> None:
        """Both activations are gate · σ(u)."""
        gate, up = gate_up.float().chunk(2, dim=1)
        inner, _ = _inner(gate, activation)
        out.copy_(gate * torch.sigmoid(inner) * up)

    def glu_backward(self, gate_up: Tensor, activation: Activation, grad_out: Tensor) -> None:
        """f = gate · σ(u) has f' = σ + gate · σ (1 − σ) · u'."""
        grad, (gate, up) = grad_out.float(), gate_up.float().chunk(2, dim=1)
        inner, slope = _inner(gate, activation)
        sigma = torch.sigmoid(inner)
        grad_gate = grad * up * (sigma + gate * sigma * (1 - sigma) * slope)
        gate_up.copy_(torch.cat([grad_gate, grad * gate * sigma], dim=1))

    def cross_entropy(self, logits: Tensor, labels: Tensor, factor: float, losses: Tensor) -> None:
        """The gradient is softmax(logits), less 1 at the label."""
        numbers, places = logits.float(), labels.unsqueeze(1)
        log_sums = numbers.logsumexp(1, keepdim=True)
        losses.copy_((log_sums - numbers.gather(1, places)).squeeze(1))
        grad = torch.exp(numbers - log_sums)
        grad.scatter_add_(1, places, grad.new_full(places.shape, -1.0))
        logits.copy_(grad * factor)

    def losses(self, logits: Tensor, labels: Tensor, losses: Tensor) -> None:
        """As `cross_entropy`."""
        numbers = logits.float()
        picked = numbers.gather(1, labels.unsqueeze(1)).squeeze(1)
        losses.copy_(numbers.logsumexp(1) - picked)

    def drop(self, x: Tensor, share: float, seed: int, out: Tensor) -> None:
        """The same numbers are kept as in C."""
        out.copy_(torch.where(_kept(x, share, seed), x.float() * (1 / (1 - share)), 0.0))

    def drop_backward(self, grad_out: Tensor, share: float, seed: int, grad: Tensor) -> None:
        """What was dropped adds nothing."""
        kept = _kept(grad_out, share, seed)
        grad.copy_(torch.where(kept, grad.float() + grad_out.float() * (1 / (1 - share)), grad.float()))


def _inner(gate: Tensor, activation: Activation) -> tuple[Tensor, Tensor | float]:
    """u and u'. SiLU has u = gate; ½ (1 + tanh a) is σ(2a), so GELU by tanh is gate · σ too."""
    if activation == "silu":
        return gate, 1.0
    square = gate.square()
    return _GELU_SCALE * gate * (1 + _GELU_CUBIC * square), _GELU_SCALE * (1 + 3 * _GELU_CUBIC * square)


def _kept(x: Tensor, share: float, seed: int) -> Tensor:
    """Which numbers of a matrix are kept: those whose hash, as a share of all, is less than 1 − `share`.

    The hash is lowbias32 (Wellons 2018) of the column, with a key of the row before its first and its second round.
    """
    rows = _mixed(_mixed(_mixed(torch.tensor(seed >> 32)) + seed) + torch.arange(len(x))).unsqueeze(1)
    bits = _mixed(rows + torch.arange(x.shape[1]), rows * _SECOND_KEY & _LOW_32)
    return bits >> (32 - _SHARE_BITS) < round((1 - share) * 2**_SHARE_BITS)


def _mixed(numbers: Tensor, key: Tensor | int = 0) -> Tensor:
    """The hash of the lower 32 bits of int64."""
    bits = numbers & _LOW_32
    bits = bits ^ bits >> 16
    bits = (bits * _FIRST_FACTOR & _LOW_32) ^ key
    bits = bits ^ bits >> 15
    bits = bits * _SECOND_FACTOR & _LOW_32
    return bits ^ bits >> 16
