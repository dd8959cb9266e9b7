"""How fast the fast path computes here: whole updates of decoders of a few layers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.choice import choose_kernels
from workbench.engine.coded import Coded
from workbench.engine.crew import Crew
from workbench.engine.decoder import Decoder
from workbench.engine.kernels import Kernels
from workbench.engine.quantizing import Quantizer
from workbench.engine.reading import ReadingModel
from workbench.engine.shape import FUSED, Heads, LayerShape, Rope, Shape
from workbench.engine.weights import LayerWeights, Weights
from workbench.hardware.devices import machine
from workbench.memory.rates import Point
from workbench.models.decode import Decoding
from workbench.models.precision import SMALL_PARAMETERS, choose_precision
from workbench.models.quantization import Quantization
from workbench.training.adamw import AdamW
from workbench.training.calibration.bench import Bench, Training, deep, point
from workbench.training.calibration.clock import best_seconds, seconds_of
from workbench.training.calibration.made_up import HEAD_WIDTH, LARGE, RANK, SMALL, USUAL, Model
from workbench.training.fast_stepper import FastStepper

_TOKENS = (48, 192, 512)
"""In each batch."""

_SOME = _TOKENS[1]
_KINDS = ("nf4", "int8")
_ANSWER_TOKENS = 8
_ROWS_AT_ONCE = 1024
"""More than there are: a lane has one batch."""

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Run:
    """Updates of a decoder of random weights, as a run with LoRA on all of its linear layers makes them."""

    def __init__(self, model: Model, kernels: Kernels, lanes: int) -> None:
        shape, dtype = _shape(model), _DTYPES[model.precision]
        self._adapters = _adapters(shape, dtype)
        self._weights = _weights(model, shape, self._adapters, kernels)
        self._kernels = kernels
        decoder = Decoder(self._weights, self._adapters, kernels)
        crew = Crew(decoder, self._adapters, torch.get_num_threads(), lanes)
        self._parameters = list(self._adapters.parameters.values())
        self._optimizer = AdamW([{"params": self._parameters, "lr": 0.0, "weight_decay": 0.0}])
        self._stepper = FastStepper(decoder, crew, _ROWS_AT_ONCE)

    def update_seconds(self, rows: Sequence[Row]) -> float:
        return best_seconds(lambda: self._update(rows))

    def first_seconds(self, rows: Sequence[Row]) -> float:
        return seconds_of(lambda: self._update(rows))

    def loss_seconds(self, rows: Sequence[Row]) -> float:
        return best_seconds(lambda: self._stepper.evaluate(rows))

    def answer_seconds(self) -> float:
        """Of each token."""
        reading = ReadingModel(self._weights, self._kernels)
        sampling = Sampling(temperature=0.0, max_new_tokens=_ANSWER_TOKENS)

        def answer() -> None:
            list(Decoding(reading.open(self._adapters), [1], sampling, frozenset()))

        return best_seconds(answer) / _ANSWER_TOKENS

    def _update(self, rows: Sequence[Row]) -> None:
        self._stepper.accumulate(rows)
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()


def measure(kernels_folder: Path) -> dict[str, Any]:
    """What `Rates` holds, but for what starting takes."""
    kernels, lanes = choose_kernels(kernels_folder), torch.get_num_threads()
    bench = Bench(lambda model: Run(model, kernels, lanes), lanes, _TOKENS)
    alone = Bench(lambda model: Run(model, kernels, 1), 1, (_TOKENS[0], _TOKENS[-1]))
    runs, precision = bench.runs(), _usual_precision()
    some, plain, rates = bench.rows(_SOME), runs[deep(LARGE, precision)], bench.measure(runs)
    return rates | {
        "alone": alone.layers(alone.runs(), rates["update_seconds"]) if lanes > 1 else {},
        "full": {},
        "settle_seconds": 0.0,
        "codes": {kind: _codes(bench, runs, precision, kind) for kind in _KINDS},
        "forward_share": plain.loss_seconds(some) / plain.update_seconds(some),
    }


def _codes(bench: Bench, runs: Mapping[Model, Training], precision: str, kind: str) -> list[Point]:
    """By what a layer of each size takes longer."""
    rows, points = bench.rows(_SOME), []
    for size in (SMALL, USUAL, LARGE):
        coded, plain = bench.make(deep(size, precision, kind)), runs[deep(size, precision)]
        points.append(point(deep(size, precision), 1, coded.update_seconds(rows) - plain.update_seconds(rows)))
    return points


def _usual_precision() -> str:
    """As `auto` has it for models that are not small."""
    here = machine()
    return choose_precision("auto", here.gpu, here.cpu_flags, 10 * SMALL_PARAMETERS)[0]


def _shape(model: Model) -> Shape:
    size, heads = model.size, model.size.hidden // HEAD_WIDTH
    rope = Rope(tuple(10_000.0 ** (-place / HEAD_WIDTH) for place in range(0, HEAD_WIDTH, 2)))
    return Shape(
        vocabulary=model.vocabulary,
        hidden=size.hidden,
        intermediate=size.intermediate,
        heads=Heads(heads, heads, HEAD_WIDTH, HEAD_WIDTH**-0.5),
        layers=(LayerShape(),) * model.layers,
        ropes=(rope,),
        activation="silu",
        epsilon=1e-5,
        tied=True,
    )


def _adapters(shape: Shape, dtype: torch.dtype) -> Adapters:
    roles = (
        f"model.layers.{layer}.{role}" for layer in range(len(shape.layers)) for fused in FUSED for role in FUSED[fused]
    )
    ranks = dict.fromkeys(roles, RANK)
    adapters = Adapters(LoraPlan(ranks, dict.fromkeys(ranks, 2.0)), shape)
    adapters.begin(dtype)
    return adapters


def _weights(model: Model, shape: Shape, adapters: Adapters, kernels: Kernels) -> Weights:
    dtype, hidden = _DTYPES[model.precision], shape.hidden
    quantizer = None if model.kind == "none" else Quantizer(Quantization(model.kind), kernels.products)

    def product(layer: int, fused: str) -> Tensor | tuple[Coded, ...]:
        matrices = [_random(*shape.product(role.rpartition(".")[2]), dtype) for role in FUSED[fused]]
        if quantizer:
            return tuple(quantizer.code(matrix) for matrix in matrices)
        return functional.pad(torch.cat(matrices), (0, adapters.columns(layer, fused)))

    layers = tuple(
        LayerWeights(torch.ones(hidden), torch.ones(hidden), {fused: product(layer, fused) for fused in FUSED}, {})
        for layer in range(model.layers)
    )
    embedding = _random(shape.vocabulary, hidden, dtype)
    return Weights(shape, embedding, layers, torch.ones(hidden), embedding)


def _random(rows: int, columns: int, dtype: torch.dtype) -> Tensor:
    """Small, so that no sum overflows."""
    return torch.empty(rows, columns, dtype=dtype).uniform_(-0.02, 0.02)
