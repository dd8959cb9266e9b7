"""How fast the standard path computes here: whole updates of Llamas of one layer, by transformers and PEFT."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.memory.rates import MEASURED_ROW_TOKENS, Point
from workbench.methods.regimen import Regimen
from workbench.models.load import DTYPES
from workbench.models.network_reader import decode
from workbench.training.apart import keep_apart
from workbench.training.batches import Packed
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
from workbench.training.computing import computing_in
from workbench.training.noise import Noise
from workbench.training.stepper import StandardStepper

_TOKENS = (64, 512)
_ANSWER_TOKENS = 4
_PRECISIONS = ("fp32", "bf16")
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Model:
    """A Llama to be made."""

    size: Size
    precision: str = "fp32"
    full: bool = False
    layers: int = 1
    vocabulary: int = VOCABULARY


class Run:
    """Updates of a Llama of random weights."""

    def __init__(self, model: Model) -> None:
        self._network = _network(model)
        self._parameters = [parameter for parameter in self._network.parameters() if parameter.requires_grad]
        self._precision = model.precision
        with computing_in(model.precision, "cpu"):
            keep_apart(self._network)
        batching = Packed(_ROWS_AT_ONCE, "cpu")
        self._stepper = StandardStepper(self._network, batching, model.precision, Regimen(), Noise(self._network, 0.0))

    def update_seconds(self, rows: Sequence[Row]) -> float:
        optimizer = torch.optim.AdamW(self._parameters, lr=0.0)

        def update() -> None:
            self._stepper.accumulate(rows)
            self._settle(optimizer)

        return best_seconds(update)

    def batch_seconds(self, rows: Sequence[Row]) -> float:
        """Of an update, what each further batch would take: forward and back."""
        return best_seconds(lambda: self._stepper.accumulate(rows))

    def settle_seconds(self) -> float:
        """Of an update, what follows the last batch, for each number that is trained."""
        optimizer = torch.optim.AdamW(self._parameters, lr=0.0)

        def settle() -> None:
            for parameter in self._parameters:
                parameter.grad = torch.zeros_like(parameter)
            self._settle(optimizer)

        return best_seconds(settle) / sum(parameter.numel() for parameter in self._parameters)

    def _settle(self, optimizer: torch.optim.Optimizer) -> None:
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()

    def loss_seconds(self, rows: Sequence[Row]) -> float:
        return best_seconds(lambda: self._stepper.evaluate(rows))

    def answer_seconds(self) -> float:
        """Of each token."""
        sampling = Sampling(temperature=0.0, max_new_tokens=_ANSWER_TOKENS)

        def answer() -> None:
            self._network.eval()
            with computing_in(self._precision, "cpu"):
                list(decode(self._network, [1], sampling, ()))
            self._network.train()

        return best_seconds(answer) / _ANSWER_TOKENS


def measure() -> dict[str, Any]:
    """What `Rates` holds, but for what starting takes."""
    once = _seconds_of_no_layer()
    runs = {model: Run(model) for model in (Model(size, name) for name in _PRECISIONS for size in (SMALL, LARGE))}
    layers: dict[str, list[Point]] = {name: [] for name in _PRECISIONS}
    answers: dict[str, list[Point]] = {name: [] for name in _PRECISIONS}
    for model, run in runs.items():
        for tokens in _TOKENS:
            seconds = max(LEAST_SECONDS, run.update_seconds(make_batch(tokens)) - once)
            layers[model.precision].append((model.size.weights, tokens, seconds))
        answers[model.precision].append((model.size.weights, 1, run.answer_seconds()))
    rows, large = make_batch(_TOKENS[-1]), runs[Model(LARGE)]
    return {
        "update_seconds": once,
        "layers": layers,
        "full": {precision: _full_points(precision, once) for precision in _PRECISIONS},
        "settle_seconds": Run(Model(USUAL, full=True)).settle_seconds(),
        "answers": answers,
        "codes_seconds": {},
        "attention_seconds": {name: _attention_seconds(runs[Model(SMALL, name)]) for name in _PRECISIONS},
        "head_seconds": {name: _head_seconds(name) for name in _PRECISIONS},
        "forward_share": large.loss_seconds(rows) / large.batch_seconds(rows),
        "alone_times": 1.0,
    }


def _seconds_of_no_layer() -> float:
    """What three layers take is on a straight line with what one takes."""
    one, three = (Run(Model(SMALL, layers=layers)).update_seconds(make_batch(_TOKENS[0])) for layers in (1, 3))
    return max(0.0, (3 * one - three) / 2)


def _full_points(precision: str, once: float) -> list[Point]:
    points: list[Point] = []
    for size in (SMALL, LARGE):
        run = Run(Model(size, precision, full=True))
        for tokens in _TOKENS:
            points.append((size.weights, tokens, max(LEAST_SECONDS, run.batch_seconds(make_batch(tokens)) - once)))
    return points


def _attention_seconds(run: Run) -> float:
    """By what one long row takes longer than short ones of as many tokens."""
    long, short = (run.batch_seconds(rows) for rows in (make_rows(1, LONG), make_batch(LONG)))
    return max(0.0, long - short) / (LONG * (LONG - MEASURED_ROW_TOKENS) / 2) / SMALL.hidden


def _head_seconds(precision: str) -> float:
    """By what it takes longer where every token is learned."""
    run = Run(Model(USUAL, precision, vocabulary=LARGE_VOCABULARY))
    few, many = 1, MEASURED_ROW_TOKENS - 1
    little, whole = (run.batch_seconds(make_rows(1, MEASURED_ROW_TOKENS, learned)) for learned in (few, many))
    return max(0.0, whole - little) / (many - few) / (LARGE_VOCABULARY * USUAL.hidden)


def _network(model: Model) -> Any:
    heads = model.size.hidden // HEAD_WIDTH
    config: Any = LlamaConfig(
        vocab_size=model.vocabulary,
        hidden_size=model.size.hidden,
        intermediate_size=model.size.intermediate,
        num_hidden_layers=model.layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        tie_word_embeddings=True,
    )
    config._attn_implementation = "sdpa"
    network: Any = LlamaForCausalLM(config)
    network.to(torch.float32 if model.full else DTYPES[model.precision])
    if model.full:
        return network.train()
    return get_peft_model(network, LoraConfig(r=RANK, target_modules="all-linear", task_type="CAUSAL_LM")).train()
