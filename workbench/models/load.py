"""Loading a model into a worker: local files only, no code of theirs, no pickle."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import safe_open
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoConfig, AutoModelForCausalLM

from workbench.errors import ModelError
from workbench.models.facts import facts
from workbench.models.quantization import WHOLE, Quantization
from workbench.models.tokenizer import OTHER, SAFE, UNREADABLE, one_line
from workbench.models.weights import find_shards

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def load_model(folder: Path, precision: str, device: str, quantization: Quantization = WHOLE) -> "PreTrainedModel":
    """The model in `folder` in evaluation mode, every weight of it read from its files.

    Raises ModelError if it is one that cannot be tuned, or its weights do not fit its config.
    """
    known = facts(folder)
    if known.reason:
        raise ModelError(f"“{known.name}” cannot be loaded.", known.reason)
    _check_finite(folder)
    try:
        config = _without_dropout(AutoConfig.from_pretrained(folder, **SAFE))
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            config=config,
            dtype=DTYPES[precision],
            device_map={"": device},
            quantization_config=quantization.for_transformers(precision) if quantization.is_on else None,
            attn_implementation=_attention(config),
            use_safetensors=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            **SAFE,
        )
    except UNREADABLE as error:
        raise ModelError(f"The model in “{folder.name}” cannot be loaded: {one_line(error)}.", OTHER) from error
    model: PreTrainedModel
    model, report = loaded
    _check_complete(folder.name, report)
    return model


def bring_in(model: "PreTrainedModel") -> None:
    """Copy into memory those weights that still lie in their file, one after the other.

    What was stored as it is computed with is read from there page by page, and given back where memory is short: each
    update would read it again, and no plan could tell what a run holds.
    """
    for parameter in model.parameters():
        if not parameter.untyped_storage().resizable():
            parameter.data = parameter.data.clone()


def load_outline(folder: Path) -> "PreTrainedModel":
    """The model of the config in `folder`, with nothing in its tensors. Raises ModelError where there can be none."""
    try:
        config = AutoConfig.from_pretrained(folder, **SAFE)
        with torch.device("meta"):
            outline: PreTrainedModel = AutoModelForCausalLM.from_config(
                config, attn_implementation=_attention(config), trust_remote_code=False
            )
    except UNREADABLE as error:
        raise ModelError(f"No model can be built after config.json: {one_line(error)}.", OTHER) from error
    return outline


def _check_finite(folder: Path) -> None:
    """Numbers that are not finite are what a damaged file shows itself by; a model with one answers nothing else."""
    for shard in find_shards(folder):
        with safe_open(shard, "pt") as file:
            for name in file.keys():  # noqa: SIM118 - not a dictionary
                if not _is_finite(file.get_tensor(name)):
                    raise ModelError(f"{shard.name} is damaged: not all numbers of {name} are finite.", OTHER)


def _is_finite(tensor: torch.Tensor) -> bool:
    if tensor.dtype not in DTYPES.values() or tensor.numel() == 0:
        return True
    # The least and the greatest show it as well, in one pass that takes no memory.
    return all(bool(extreme.isfinite()) for extreme in tensor.aminmax())


def _without_dropout(config: "PretrainedConfig") -> "PretrainedConfig":
    """What a model was first trained with is no choice of who tunes it: methods have a dropout of their own."""
    for name, value in config.to_dict().items():
        if "drop" in name and isinstance(value, float):
            setattr(config, name, 0.0)
    return config


def _attention(config: "PretrainedConfig") -> str:
    # Named outright, so that nothing in a config can choose; a few old architectures know no other than eager.
    architecture: Any = MODEL_FOR_CAUSAL_LM_MAPPING[type(config)]
    return "sdpa" if architecture._supports_sdpa else "eager"


def _check_complete(name: str, report: dict[str, Any]) -> None:
    """Weights that are missing, or of another size than the config says, would be left as random numbers."""
    if report["mismatched_keys"]:
        weight, found, expected = min(report["mismatched_keys"])
        raise ModelError(
            f"The weights in “{name}” do not fit its config: {weight} is {_size(found)}, not {_size(expected)}.", OTHER
        )
    missing = sorted(report["missing_keys"])
    if missing:
        raise ModelError(f"“{name}” lacks {len(missing)} weights of its model, such as {missing[0]}.", OTHER)


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
