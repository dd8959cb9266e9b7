"""Attention in C: see `c/attention.h`."""

import ctypes
import threading
from collections.abc import Callable

import torch
from torch import Tensor

from workbench.engine.kernels import Attended, Sight, Spans
from workbench.engine.native.library import bind

_CALLS = ("attention_forward", "attention_backward")


class _Matrix(ctypes.Structure):
    _fields_ = (("start", ctypes.c_void_p), ("stride", ctypes.c_int64))


class _Job(ctypes.Structure):
    """`Attention` in `c/attention.h`."""

    _fields_ = (
        *((name, _Matrix) for name in ("q", "k", "v", "out", "grad_out", "grad_q", "grad_k", "grad_v")),
        ("log_sums", ctypes.c_void_p),
        ("log_stride", ctypes.c_int64),
        ("starts", ctypes.c_void_p),
        *((name, ctypes.c_int64) for name in ("examples", "query", "key_value", "width", "window", "before")),
        ("room", ctypes.c_void_p),
        ("scale", ctypes.c_float),
        *((name, ctypes.c_int32) for name in ("narrow", "way", "threads")),
    )


class _Room(threading.local):
    """Scratch memory, kept from call to call: each thread that calls has its own."""

    def __init__(self) -> None:
        self.memory = torch.empty(0, dtype=torch.uint8)


class NativeAttention:
    """See `kernels.Attention`. Any number of threads may call it at a time."""

    def __init__(self, library: ctypes.CDLL, way: int | None = None) -> None:
        """`way` is one of those in `c/attention.h`, not above `best_way`, which None is."""
        best = best_way(library)
        self._way = best if way is None else way
        self._rooms = {name: _bind_room(library, f"{name}_room") for name in _CALLS}
        self._calls = {name: bind(library, name, ctypes.c_void_p) for name in _CALLS}
        self._room = _Room()

    def forward(self, qkv: Tensor, spans: Spans, attended: Attended) -> None:
        """As the twin's."""
        job = self._job_of(qkv, spans, attended)
        self._run(job, "attention_forward")

    def backward(self, qkv: Tensor, spans: Spans, attended: Attended, grad_out: Tensor, grad_qkv: Tensor) -> None:
        """As the twin's."""
        assert grad_qkv.shape == qkv.shape and grad_out.shape == attended.out.shape
        job = self._job_of(qkv, spans, attended)
        job.grad_out, *_ = _matrices(grad_out, qkv)
        job.grad_q, job.grad_k, job.grad_v = _matrices(*_parts(grad_qkv, spans.sight), qkv)[:3]
        self._run(job, "attention_backward")

    def read(self, q: Tensor, keys: Tensor, values: Tensor, sight: Sight, out: Tensor) -> None:
        """As the twin's."""
        assert q.shape == out.shape and keys.shape == values.shape and len(q) <= len(keys)
        assert q.shape[1] == sight.heads.query_width and keys.shape[1] == sight.heads.key_width
        starts = torch.tensor([0, len(q)])
        job = self._job(starts, sight)
        job.q, job.k, job.v, job.out = _matrices(q, keys, values, out)
        job.before = len(keys) - len(q)
        job.narrow = out.dtype == torch.bfloat16
        self._run(job, "attention_forward")

    def _job(self, starts: Tensor, sight: Sight) -> _Job:
        heads = sight.heads
        assert starts.dtype == torch.int64 and starts.is_contiguous() and heads.width % 16 == 0
        return _Job(
            starts=starts.data_ptr(),
            examples=len(starts) - 1,
            query=heads.query,
            key_value=heads.key_value,
            width=heads.width,
            window=sight.window,
            scale=heads.scale,
            way=self._way,
            threads=torch.get_num_threads(),
        )

    def _job_of(self, qkv: Tensor, spans: Spans, attended: Attended) -> _Job:
        tokens, heads = len(qkv), spans.sight.heads
        assert qkv.shape[1] == heads.query_width + 2 * heads.key_width and int(spans.starts[-1]) <= tokens
        assert attended.out.shape == (tokens, heads.query_width)
        assert attended.log_sums.shape == (tokens, heads.query) and attended.log_sums.dtype == torch.float32
        job = self._job(spans.starts, spans.sight)
        job.q, job.k, job.v, job.out = _matrices(*_parts(qkv, spans.sight), attended.out)
        job.narrow = qkv.dtype == torch.bfloat16
        job.log_sums, job.log_stride = attended.log_sums.data_ptr(), attended.log_sums.stride(0)
        return job

    def _run(self, job: _Job, name: str) -> None:
        room = self._rooms[name](ctypes.addressof(job))
        if room > self._room.memory.numel():
            self._room.memory = torch.empty(room, dtype=torch.uint8)
        job.room = self._room.memory.data_ptr()
        self._calls[name](ctypes.addressof(job))


def best_way(library: ctypes.CDLL) -> int:
    """How this machine best computes products of bf16. A process may use matrix tiles only after it was asked."""
    way: int = library.attention_way()
    return way


def _bind_room(library: ctypes.CDLL, name: str) -> Callable[[int], int]:
    function = library[name]
    function.argtypes, function.restype = (ctypes.c_void_p,), ctypes.c_int64
    return function


def _parts(qkv: Tensor, sight: Sight) -> tuple[Tensor, ...]:
    heads = sight.heads
    return qkv.split([heads.query_width, heads.key_width, heads.key_width], dim=1)


def _matrices(*matrices: Tensor) -> list[_Matrix]:
    assert matrices[0].dtype in (torch.bfloat16, torch.float32)
    assert all(x.dtype == matrices[0].dtype and x.stride(1) == 1 for x in matrices)
    return [_Matrix(x.data_ptr(), x.stride(0)) for x in matrices]
