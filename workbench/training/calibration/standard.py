"""How fast the standard path computes here: whole updates of Llamas of a few layers, by transformers and PEFT."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.memory.rates import Point
from workbench.methods.regimen import Regimen
from workbench.models.load import DTYPES
from workbench.models.network_reader import decode
from workbench.training.apart import keep_apart
from workbench.training.batches import Packed
from workbench.training.calibration.bench import PRECISIONS, Bench, deep, point
from workbench.training.calibration.clock import best_seconds, seconds_of
from workbench.training.calibration.made_up import HEAD_WIDTH, LARGE, RANK, SMALL, USUAL, Model, make_batch
from workbench.training.computing import computing_in
from workbench.training.noise import Noise
from workbench.training.stepper import StandardStepper

_TOKENS = (64, 512)
_ANSWER_TOKENS = 4
_ROWS_AT_ONCE = 1024


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

    def first_seconds(self, rows: Sequence[Row]) -> float:
        return seconds_of(lambda: self._stepper.accumulate(rows))

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
    bench = Bench(Run, 1, _TOKENS)
    runs = bench.runs()
    rows, large = bench.rows(_TOKENS[-1]), runs[deep(LARGE, "fp32")]
    return bench.measure(runs) | {
        "alone": {},
        "full": {precision: list(_full_points(precision)) for precision in PRECISIONS},
        "settle_seconds": Run(Model(USUAL, full=True)).settle_seconds(),
        "codes": {},
        "forward_share": large.loss_seconds(rows) / large.update_seconds(rows),
    }


def _full_points(precision: str) -> Iterator[Point]:
    for size in (SMALL, LARGE):
        model = Model(size, precision, full=True)
        run = Run(model)
        yield from (point(model, tokens, run.batch_seconds(make_batch(tokens))) for tokens in _TOKENS)


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
