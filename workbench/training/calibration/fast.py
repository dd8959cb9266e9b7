"""How fast the fast path computes here: whole updates of decoders of one layer."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from workbench.memory.rates import MEASURED_ROW_TOKENS, Point
from workbench.models.decode import Decoding
from workbench.models.precision import SMALL_PARAMETERS, choose_precision
from workbench.models.quantization import Quantization
from workbench.training.adamw import AdamW
from workbench.training.calibration.clock import best_seconds
from workbench.training.calibration.made_up import (
    HEAD_WIDTH,
    LARGE,
    LARGE_VOCABULARY,
    LEAST_SECONDS,
    LONG,
    RANK,
    SMALL,
    USUAL,
    VOCABULARY,
    Size,
    make_batch,
    make_rows,
)
from workbench.training.fast_stepper import FastStepper

_TOKENS = (48, 192, 512)
"""In each batch."""

_SOME = _TOKENS[1]
_KINDS = ("nf4", "int8")
_ANSWER_TOKENS = 8
_ROWS_AT_ONCE = 1024
"""More than there are: a lane has one batch."""

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class Model:
    """A decoder to be made."""

    size: Size
    precision: str = "fp32"
    kind: str = "none"
    layers: int = 1
    vocabulary: int = VOCABULARY


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
        def update() -> None:
            self._stepper.accumulate(rows)
            torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
            self._optimizer.step()
            self._optimizer.zero_grad()

        return best_seconds(update)

    def loss_seconds(self, rows: Sequence[Row]) -> float:
        return best_seconds(lambda: self._stepper.evaluate(rows))

    def answer_seconds(self) -> float:
        """Of each token."""
        reading = ReadingModel(self._weights, self._kernels)
        sampling = Sampling(temperature=0.0, max_new_tokens=_ANSWER_TOKENS)

        def answer() -> None:
            list(Decoding(reading.open(self._adapters), [1], sampling, frozenset()))

        return best_seconds(answer) / _ANSWER_TOKENS


def measure(kernels_folder: Path) -> dict[str, Any]:
    """What `Rates` holds, but for what starting takes."""
    return _Bench(choose_kernels(kernels_folder), torch.get_num_threads()).measure()


class _Bench:
    def __init__(self, kernels: Kernels, lanes: int) -> None:
        self._kernels = kernels
        self._lanes = lanes

    def measure(self) -> dict[str, Any]:
        once = self._seconds_of_no_layer()
        runs = {model: self._run(model) for model in (Model(size, name) for name in _DTYPES for size in (SMALL, LARGE))}
        layers: dict[str, list[Point]] = {name: [] for name in _DTYPES}
        answers: dict[str, list[Point]] = {name: [] for name in _DTYPES}
        for model, run in runs.items():
            for tokens in _TOKENS:
                seconds = max(LEAST_SECONDS, run.update_seconds(self._rows(tokens)) - once)
                layers[model.precision].append((model.size.weights, tokens, seconds))
            answers[model.precision].append((model.size.weights, 1, run.answer_seconds()))
        usual = Model(LARGE, _usual_precision())
        return {
            "update_seconds": once,
            "layers": layers,
            "full": {},
            "settle_seconds": 0.0,
            "answers": answers,
            "codes_seconds": {kind: self._codes_seconds(kind, runs[usual]) for kind in _KINDS},
            "attention_seconds": {name: self._attention_seconds(runs[Model(SMALL, name)]) for name in _DTYPES},
            "head_seconds": {name: self._head_seconds(name) for name in _DTYPES},
            "forward_share": runs[usual].loss_seconds(self._rows(_SOME))
            / runs[usual].update_seconds(self._rows(_SOME)),
            "alone_times": self._alone_times(usual, runs[usual]),
        }

    def _run(self, model: Model) -> Run:
        return Run(model, self._kernels, self._lanes)

    def _rows(self, tokens: int) -> list[Row]:
        return make_batch(tokens, self._lanes)

    def _seconds_of_no_layer(self) -> float:
        """What three layers take is on a straight line with what one takes."""
        rows = self._rows(_TOKENS[0])
        one, three = (self._run(Model(SMALL, layers=layers)).update_seconds(rows) for layers in (1, 3))
        return max(0.0, (3 * one - three) / 2)

    def _codes_seconds(self, kind: str, plain: Run) -> float:
        coded, rows = self._run(Model(LARGE, _usual_precision(), kind)), self._rows(_TOKENS[0])
        return max(0.0, coded.update_seconds(rows) - plain.update_seconds(rows)) / LARGE.weights

    def _attention_seconds(self, run: Run) -> float:
        """By what a long row takes longer than short ones of as many tokens."""
        long, short = (run.update_seconds(rows) for rows in (make_rows(self._lanes, LONG), self._rows(LONG)))
        return max(0.0, long - short) / (LONG * (LONG - MEASURED_ROW_TOKENS) / 2) / SMALL.hidden

    def _head_seconds(self, precision: str) -> float:
        """By what it takes longer where every token is learned."""
        run = self._run(Model(USUAL, precision, vocabulary=LARGE_VOCABULARY))
        few, many = 1, MEASURED_ROW_TOKENS - 1
        little, whole = (
            run.update_seconds(make_rows(self._lanes, MEASURED_ROW_TOKENS, learned)) for learned in (few, many)
        )
        return max(0.0, whole - little) / (many - few) / (LARGE_VOCABULARY * USUAL.hidden)

    def _alone_times(self, model: Model, side_by_side: Run) -> float:
        alone = Run(model, self._kernels, 1)
        return alone.update_seconds(make_batch(_SOME)) / side_by_side.update_seconds(self._rows(_SOME))


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
