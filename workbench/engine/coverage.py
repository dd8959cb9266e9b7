"""Whether the fast path can compute a run, told from its settings and the model's config.json. No torch."""

from collections.abc import Iterator

from workbench.config.methods import LoraSettings
from workbench.config.run_config import RunConfig
from workbench.engine.shape_reading import read_shape
from workbench.errors import ModelError
from workbench.hardware.devices import Machine
from workbench.models.facts import ModelFacts

FORMATS = ("fp32", "bf16", "fp16")
"""What weights may be stored in."""


def why_not(config: RunConfig, facts: ModelFacts, machine: Machine) -> str | None:
    """One sentence on why the standard path has to be taken; None where the fast path covers all that is asked.

    The precision of `config` is resolved.
    """
    reasons = (*_of_place(config, machine), *_of_method(config), *_of_training(config), *_of_model(config, facts))
    return next(iter(reasons), None)


def _of_place(config: RunConfig, machine: Machine) -> Iterator[str]:
    if machine.gpu is not None:
        yield f"This computer has a {machine.gpu}, and the fast path is for processors."
    if config.model.precision == "fp16":
        yield "The fast path computes in fp32 and bf16, not in fp16."


def _of_method(config: RunConfig) -> Iterator[str]:
    settings = config.method
    if not isinstance(settings, LoraSettings):
        yield f"The fast path trains LoRA, not {settings.name}."
        return
    if settings.init != "default":
        yield f"The fast path does not begin with {settings.init}."
    if settings.use_dora:
        yield "The fast path does not train lengths apart (DoRA)."
    if settings.modules_to_save:
        yield f"The fast path trains no whole modules ({settings.modules_to_save})."


def _of_training(config: RunConfig) -> Iterator[str]:
    if config.training.neftune_noise_alpha:
        yield "The fast path adds no noise to what is read (NEFTune)."
    if config.training.batching == "padded":
        yield "The fast path packs examples, and pads none (batching)."
    if config.training.gradient_checkpointing:
        yield "The fast path computes nothing twice (gradient checkpointing); without that it takes less memory still."


def _of_model(config: RunConfig, facts: ModelFacts) -> Iterator[str]:
    if config.model.merged:
        yield "The fast path does not build on a merged adapter."
    if facts.dtype not in FORMATS:
        yield f"The model is stored in {facts.dtype}, which the fast path does not read."
    try:
        read_shape(facts.path)
    except ModelError as error:
        yield error.message
