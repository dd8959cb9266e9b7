"""The tensors that a run trains, by their shapes, and what an optimizer remembers of each."""

import math
from collections.abc import Callable, Iterator, Mapping

from workbench.config.methods import LoraSettings, MethodSettings
from workbench.errors import SettingError
from workbench.methods import whole_layers
from workbench.methods.beside import BesideLayers, chosen_layers, chosen_with_experts
from workbench.methods.inside import InsideModel
from workbench.methods.ranks import rank_of_each
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts

Shape = tuple[int, ...]
Slots = Mapping[str, float]
"""Bytes by the name of what is remembered of a tensor."""

_FP32 = 4
_IN_32_BITS = 4096
"""A tensor of fewer numbers is remembered in full by the 8-bit optimizers of bitsandbytes."""

_BLOCK = 256
"""Numbers of theirs that share a constant."""

_MAP_BYTES = 256 * _FP32
"""What each of 256 codes means; in memory all tensors share it, on the disk each has its own."""

_MAPS = ("qmap1", "qmap2")


def trained_shapes(settings: MethodSettings, facts: ModelFacts) -> list[Shape]:
    """For LoRA and the model's own weights as they are, for other methods as many numbers in equal tensors.

    Empty where the settings do not suit the model, which `problems` of a plan tells.
    """
    try:
        return list(_shapes(settings, facts))
    except SettingError:
        return []


def remembered(optimizer: str, shape: Shape) -> Slots:
    """What an optimizer keeps of a tensor in memory."""
    return {name: size for name, size in remembered_on_disk(optimizer, shape).items() if name not in _MAPS}


def remembered_on_disk(optimizer: str, shape: Shape) -> Slots:
    return _SLOTS[optimizer](shape)


def _shapes(settings: MethodSettings, facts: ModelFacts) -> Iterator[Shape]:
    method = METHODS[settings.name]
    if isinstance(method, InsideModel):
        yield from (facts.shapes[name] for name in method.chosen(settings, facts.shapes, facts))
    elif isinstance(settings, LoraSettings):
        yield from _of_lora(settings, facts)
    else:
        tensors = 2 * len(chosen_layers(settings, facts)) if isinstance(method, BesideLayers) else 2
        yield from [(math.ceil(method.trainable(settings, facts) / tensors),)] * tensors


def _of_lora(settings: LoraSettings, facts: ModelFacts) -> Iterator[Shape]:
    layers = chosen_with_experts(settings, facts)
    ranks = rank_of_each(settings, [layer.name for layer in layers])
    for layer in layers:
        rank = ranks[layer.name] * max(1, layer.experts)
        yield rank, layer.inputs
        yield layer.outputs, rank
        if settings.use_dora:
            yield (layer.outputs,)
    yield from ((numbers,) for numbers in whole_layers.choose(settings.modules_to_save, facts).values())


def _two_moments(shape: Shape) -> Slots:
    return dict.fromkeys(("exp_avg", "exp_avg_sq"), _FP32 * math.prod(shape)) | {"step": _FP32}


def _two_states(shape: Shape) -> Slots:
    return dict.fromkeys(("state1", "state2"), _FP32 * math.prod(shape))


def _two_8_bit_states(shape: Shape) -> Slots:
    numbers = math.prod(shape)
    if numbers < _IN_32_BITS:
        return _two_states(shape)
    codes = dict.fromkeys(("state1", "state2"), float(numbers))
    constants = dict.fromkeys(("absmax1", "absmax2"), _FP32 * math.ceil(numbers / _BLOCK))
    return codes | constants | dict.fromkeys(_MAPS, _MAP_BYTES)


def _rows_and_columns(shape: Shape) -> Slots:
    """Of a matrix, a number for each row and column (Shazeer and Stern 2018, arXiv:1804.04235, section 3)."""
    if len(shape) < 2:
        return {"step": _FP32, "variance": _FP32 * math.prod(shape)}
    lines = math.prod(shape[:-1])
    return {"step": _FP32, "row_var": _FP32 * lines, "col_var": _FP32 * math.prod(shape) // shape[-2]}


_SLOTS: dict[str, Callable[[Shape], Slots]] = {
    "adamw": _two_moments,
    "adamw_8bit": _two_8_bit_states,
    "paged_adamw": _two_states,
    "paged_adamw_8bit": _two_8_bit_states,
    "lion": lambda shape: {"state1": _FP32 * math.prod(shape)},
    "adafactor": _rows_and_columns,
    "sgd": lambda shape: {"momentum_buffer": _FP32 * math.prod(shape)},
}
