"""The memory that a planned run needs, on the path that it takes. No torch."""

from collections.abc import Mapping
from functools import lru_cache

from workbench.config.methods import LoraSettings, MethodSettings
from workbench.config.run_config import RunConfig
from workbench.engine.coverage import why_not
from workbench.errors import SettingError
from workbench.hardware.devices import machine
from workbench.memory.device import device_estimate, host_estimate
from workbench.memory.fast import FastLoad, fast_estimate
from workbench.memory.standard import Load, standard_estimate
from workbench.memory.terms import Estimate
from workbench.methods.beside import chosen_layers
from workbench.methods.inside import InsideModel
from workbench.methods.ranks import rank_of_each
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization
from workbench.training.learning import learning_of
from workbench.training.sharing import PACK_TOKENS


def count_trained(config: RunConfig, facts: ModelFacts) -> int:
    """How many parameters are trained; 0 where the settings do not suit the model, which `problems` tells."""
    return _count_trained(config.method, facts)


@lru_cache(maxsize=64)
def _count_trained(settings: MethodSettings, facts: ModelFacts) -> int:
    """Layer by layer, of every plan several times over: kept, since it follows from these alone."""
    try:
        return METHODS[settings.name].trainable(settings, facts)
    except SettingError:
        return 0


def estimate(config: RunConfig, facts: ModelFacts, micro_batch_size: int, longest_tokens: int) -> Estimate:
    """Of the computer's memory, by a config whose engine, precision, length and threads are resolved.

    `longest_tokens` are of an example.
    """
    length = min(int(config.data.max_length), longest_tokens)
    if machine().gpu:
        return host_estimate(facts, _load(config, facts, micro_batch_size, length))
    if _is_fast(config, facts):
        return fast_estimate(facts, _fast_load(config, facts, micro_batch_size, length))
    return standard_estimate(facts, _load(config, facts, micro_batch_size, length))


def estimate_vram(config: RunConfig, facts: ModelFacts, micro_batch_size: int, longest_tokens: int) -> Estimate | None:
    """Of the GPU's memory, in the same way; None where there is no GPU."""
    if not machine().gpu:
        return None
    length = min(int(config.data.max_length), longest_tokens)
    return device_estimate(facts, _load(config, facts, micro_batch_size, length))


def _is_fast(config: RunConfig, facts: ModelFacts) -> bool:
    """What is asked for and not covered is a problem of the plan, which is made all the same."""
    return config.hardware.engine == "fast" and why_not(config, facts, machine()) is None


def _load(config: RunConfig, facts: ModelFacts, micro_batch_size: int, length: int) -> Load:
    trainable = count_trained(config, facts)
    in_a_pack = max(1, PACK_TOKENS // max(1, length)) if config.training.batching == "packed" else micro_batch_size
    return Load(
        precision=config.model.precision,
        quantization=Quantization.of(config.model),
        trainable=trainable,
        optimizer=config.training.optimizer,
        micro_batch_size=min(micro_batch_size, in_a_pack),
        length=length,
        gradient_checkpointing=config.training.gradient_checkpointing,
        inside=trainable if isinstance(METHODS[config.method.name], InsideModel) else 0,
        learning=learning_of(config.method, facts),
    )


def _fast_load(config: RunConfig, facts: ModelFacts, micro_batch_size: int, length: int) -> FastLoad:
    settings = config.method
    assert isinstance(settings, LoraSettings), "no other is covered"
    return FastLoad(
        precision=config.model.precision,
        quantization=Quantization.of(config.model),
        ranks=_ranks(settings, facts),
        trainable=count_trained(config, facts),
        optimizer=config.training.optimizer,
        threads=int(config.hardware.threads),
        micro_batch_size=micro_batch_size,
        length=length,
        drops=settings.dropout > 0,
    )


@lru_cache(maxsize=64)
def _ranks(settings: LoraSettings, facts: ModelFacts) -> Mapping[str, int]:
    """None where the settings do not suit the model, which `problems` tells."""
    try:
        return rank_of_each(settings, [layer.name for layer in chosen_layers(settings, facts)])
    except SettingError:
        return {}
