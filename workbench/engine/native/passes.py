"""Passes over a matrix in C: see `c/passes.h`."""

import ctypes
from collections.abc import Callable
from ctypes import c_float, c_int, c_int64, c_uint32, c_uint64, c_void_p

import torch
from torch import Tensor, get_num_threads

from workbench.engine.kernels import Norm
from workbench.engine.native.library import bind
from workbench.engine.shape import Activation

_SUFFIXES = {torch.bfloat16: "bf16", torch.float32: "fp32"}
_ACTIVATIONS: dict[Activation, int] = {"silu": 0, "gelu_tanh": 1}
_SHARE_BITS = 24


class _Grouped(ctypes.Structure):
    _fields_ = (("start", c_void_p), ("token", c_int64), ("group", c_int64))


class _Floats(ctypes.Structure):
    _fields_ = (("start", c_void_p), ("token", c_int64))


class _Norm(ctypes.Structure):
    _fields_ = (("weight", c_void_p), ("epsilon", c_float))


class _Extent(ctypes.Structure):
    _fields_ = (("tokens", c_int64), ("groups", c_int64), ("width", c_int64), ("threads", c_int64))


class _Draw(ctypes.Structure):
    _fields_ = (("seed", c_uint64), ("kept", c_uint32), ("factor", c_float))


_ARGUMENTS: dict[str, tuple[type, ...]] = {
    "rms_norm": (_Grouped, _Norm, _Grouped, _Floats, _Extent),
    "add_rms_norm": (_Grouped, _Grouped, _Norm, _Grouped, _Floats, _Extent),
    "rms_norm_backward": (_Grouped, _Grouped, _Norm, _Floats, _Grouped, _Extent),
    "rotate": (_Grouped, _Floats, _Floats, c_int64, _Extent),
    "glu": (_Grouped, c_int, _Grouped, _Extent),
    "glu_backward": (_Grouped, c_int, _Grouped, _Extent),
    "cross_entropy": (_Grouped, c_void_p, c_float, c_void_p, _Extent),
    "losses": (_Grouped, c_void_p, c_void_p, _Extent),
    "drop": (_Grouped, _Draw, _Grouped, _Extent),
    "drop_backward": (_Grouped, _Draw, _Grouped, _Extent),
}


class NativePasses:
    """See `kernels.Passes`. Any number of threads may call it at a time."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._functions: dict[torch.dtype, dict[str, Callable[..., None]]] = {
            dtype: {name: bind(library, f"{name}_{suffix}", *types) for name, types in _ARGUMENTS.items()}
            for dtype, suffix in _SUFFIXES.items()
        }

    def rms_norm(self, x: Tensor, norm: Norm, out: Tensor, inverse: Tensor) -> None:
        """As the twin's."""
        assert x.shape == out.shape and inverse.shape == x.shape[:2] and x.dtype == out.dtype
        extent = _Extent(*x.shape, get_num_threads())
        self._functions[x.dtype]["rms_norm"](_grouped(x), _norm(norm, x), _grouped(out), _floats(inverse), extent)

    def add_rms_norm(self, x: Tensor, total: Tensor, norm: Norm, out: Tensor, inverse: Tensor) -> None:
        """As the twin's."""
        assert (
            x.shape == total.shape == out.shape and inverse.shape == (len(x), 1) and x.dtype == total.dtype == out.dtype
        )
        add_rms_norm = self._functions[x.dtype]["add_rms_norm"]
        add_rms_norm(_plain(x), _plain(total), _norm(norm, x), _plain(out), _floats(inverse), _extent(x))

    def rms_norm_backward(self, grad_out: Tensor, x: Tensor, norm: Norm, inverse: Tensor, grad: Tensor) -> None:
        """As the twin's."""
        assert grad_out.shape == x.shape == grad.shape and inverse.shape == x.shape[:2]
        assert grad_out.dtype == x.dtype == grad.dtype
        extent = _Extent(*x.shape, get_num_threads())
        rms_norm_backward = self._functions[x.dtype]["rms_norm_backward"]
        rms_norm_backward(_grouped(grad_out), _grouped(x), _norm(norm, x), _floats(inverse), _grouped(grad), extent)

    def rotate(self, x: Tensor, cosine: Tensor, sine: Tensor) -> None:
        """As the twin's."""
        tokens, heads, width = x.shape
        pairs = cosine.shape[1]
        assert cosine.shape == sine.shape == (tokens, pairs) and 2 * pairs <= width
        extent = _Extent(tokens, heads, width, get_num_threads())
        self._functions[x.dtype]["rotate"](_grouped(x), _floats(cosine), _floats(sine), pairs, extent)

    def glu(self, gate_up: Tensor, activation: Activation, out: Tensor) -> None:
        """As the twin's."""
        assert gate_up.shape == (len(out), 2 * out.shape[1]) and gate_up.dtype == out.dtype
        self._functions[out.dtype]["glu"](_plain(gate_up), _ACTIVATIONS[activation], _plain(out), _extent(out))

    def glu_backward(self, gate_up: Tensor, activation: Activation, grad_out: Tensor) -> None:
        """As the twin's."""
        assert gate_up.shape == (len(grad_out), 2 * grad_out.shape[1]) and gate_up.dtype == grad_out.dtype
        glu_backward = self._functions[grad_out.dtype]["glu_backward"]
        glu_backward(_plain(gate_up), _ACTIVATIONS[activation], _plain(grad_out), _extent(grad_out))

    def cross_entropy(self, logits: Tensor, labels: Tensor, factor: float, losses: Tensor) -> None:
        """As the twin's."""
        places, written = _per_token(labels, torch.int64, logits), _per_token(losses, torch.float32, logits)
        self._functions[logits.dtype]["cross_entropy"](_plain(logits), places, factor, written, _extent(logits))

    def losses(self, logits: Tensor, labels: Tensor, losses: Tensor) -> None:
        """As the twin's."""
        places, written = _per_token(labels, torch.int64, logits), _per_token(losses, torch.float32, logits)
        self._functions[logits.dtype]["losses"](_plain(logits), places, written, _extent(logits))

    def drop(self, x: Tensor, share: float, seed: int, out: Tensor) -> None:
        """As the twin's."""
        assert x.shape == out.shape and x.dtype == out.dtype
        self._functions[x.dtype]["drop"](_plain(x), _draw(share, seed), _plain(out), _extent(x))

    def drop_backward(self, grad_out: Tensor, share: float, seed: int, grad: Tensor) -> None:
        """As the twin's."""
        assert grad_out.shape == grad.shape and grad_out.dtype == grad.dtype
        self._functions[grad.dtype]["drop_backward"](_plain(grad_out), _draw(share, seed), _plain(grad), _extent(grad))


def _grouped(x: Tensor) -> _Grouped:
    token, group, number = x.stride()
    assert number == 1
    return _Grouped(x.data_ptr(), token, group)


def _plain(x: Tensor) -> _Grouped:
    token, number = x.stride()
    assert number == 1
    return _Grouped(x.data_ptr(), token, 0)


def _floats(x: Tensor) -> _Floats:
    token, number = x.stride()
    assert (number == 1 or x.shape[1] == 1) and x.dtype == torch.float32
    return _Floats(x.data_ptr(), token)


def _norm(norm: Norm, x: Tensor) -> _Norm:
    assert norm.weight.shape == x.shape[-1:] and norm.weight.dtype == torch.float32 and norm.weight.is_contiguous()
    return _Norm(norm.weight.data_ptr(), norm.epsilon)


def _per_token(numbers: Tensor, dtype: torch.dtype, x: Tensor) -> int:
    assert numbers.shape == x.shape[:1] and numbers.dtype == dtype and numbers.is_contiguous()
    return numbers.data_ptr()


def _extent(x: Tensor) -> _Extent:
    tokens, width = x.shape
    return _Extent(tokens, 1, width, get_num_threads())


def _draw(share: float, seed: int) -> _Draw:
    return _Draw(seed, round((1 - share) * 2**_SHARE_BITS), 1 / (1 - share))
