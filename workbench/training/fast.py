"""The fast engine: LoRA on Llama-shaped decoders on a processor, without transformers and PEFT."""

import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

import torch

from workbench.config.methods import LoraSettings
from workbench.config.sampling import Sampling
from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.choice import choose_kernels
from workbench.engine.crew import Crew
from workbench.engine.decoder import Decoder
from workbench.engine.kernels import Kernels
from workbench.engine.quantizing import Quantizer
from workbench.engine.shape_reading import read_shape
from workbench.engine.weight_reading import read_weights
from workbench.engine.weights import Weights
from workbench.methods.beside import chosen_layers
from workbench.methods.ranks import rank_of_each
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization
from workbench.training.adamw import AdamW
from workbench.training.engines import Decode, Engine, Ground
from workbench.training.fast_stepper import FastStepper
from workbench.training.lora_folder import LoraFolder
from workbench.training.loss_scale import LossScale
from workbench.training.state import Learner

if TYPE_CHECKING:
    from workbench.engine.reading import ReadingModel

_log = logging.getLogger(__name__)

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def build(ground: Ground) -> Engine:
    """Raises ModelError for weights that cannot be read."""
    config, settings = ground.config, ground.config.method
    assert isinstance(settings, LoraSettings), "nothing else is covered"
    # Compiled in the first run on a machine, meanwhile.
    with ThreadPoolExecutor(1) as aside:
        choosing = aside.submit(choose_kernels, ground.run.root / "cache" / "kernels")
        adapters, weights = _read(ground, plan_of(settings, ground.facts), choosing.result)
        kernels = choosing.result()
    decoder = Decoder(weights, adapters, kernels)
    micro = int(config.training.micro_batch_size)
    crew = Crew(decoder, adapters, torch.get_num_threads(), micro)
    saved_as = LoraFolder(settings, ground.facts)
    return Engine(
        learner=Learner(adapters, adapters.parameters, saved_as, Regimen(), LossScale(config.model.precision)),
        stepper=FastStepper(decoder, crew, micro),
        decode=_decode_with(ground, weights, adapters, kernels),
        adamw=AdamW,
        record=_record(kernels),
    )


def plan_of(settings: LoraSettings, facts: ModelFacts) -> LoraPlan:
    """Alpha is meant for the usual rank and grows with it; then it is divided by the rank, with rsLoRA by its root."""
    ranks = rank_of_each(settings, [layer.name for layer in chosen_layers(settings, facts)])
    per_rank = float(settings.alpha) / settings.rank
    scales = {name: per_rank * (math.sqrt(rank) if settings.use_rslora else 1.0) for name, rank in ranks.items()}
    return LoraPlan(ranks, scales, settings.dropout)


def _read(ground: Ground, plan: LoraPlan, kernels: Callable[[], Kernels]) -> tuple[Adapters, Weights]:
    config = ground.config
    shape, dtype = read_shape(ground.folder), _DTYPES[config.model.precision]
    adapters = Adapters(plan, shape)
    torch.manual_seed(config.training.seed)
    quantization = Quantization.of(config.model)
    # As PEFT, which rounds the beginning to what the layer computes in.
    adapters.begin(torch.float32 if quantization.kind == "int8" else dtype)
    quantizer = Quantizer(quantization, kernels().products) if quantization.is_on else None
    return adapters, read_weights(ground.folder, shape, dtype, quantizer, adapters.columns)


def _record(kernels: Kernels) -> dict[str, str]:
    record = {"engine": "fast", "device": "cpu", "kernels": f"{kernels.name} {kernels.digest}".strip()}
    if kernels.reason:
        record["remark"] = f"It computes more slowly than it could: {kernels.reason}"
        _log.info(record["remark"])
    return record


def _decode_with(ground: Ground, weights: Weights, adapters: Adapters, kernels: Kernels) -> Decode:
    @cache
    def reader() -> tuple["ReadingModel", frozenset[int]]:
        from workbench.engine.reading import ReadingModel
        from workbench.models.ends import end_ids

        return ReadingModel(weights, kernels), end_ids(ground.folder, ground.tokenizer())

    def answer(prompt_ids: list[int], sampling: Sampling) -> list[int]:
        # What writes conversations takes a while to come up, and is needed only for answers.
        from workbench.models.decode import Decoding

        model, ends = reader()
        return list(Decoding(model.open(adapters), prompt_ids, sampling, ends))

    return answer
