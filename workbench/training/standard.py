"""The standard engine: transformers and PEFT with autograd. It takes every model and method, and a GPU."""

from typing import TYPE_CHECKING

import torch

from workbench.config.sampling import Sampling
from workbench.methods.merging import merge
from workbench.methods.table import METHODS
from workbench.models.load import bring_in, load_model
from workbench.models.network_reader import decode, end_ids
from workbench.models.quantization import Quantization, keep_unpacked
from workbench.training.apart import keep_apart
from workbench.training.batches import Batching, Packed, Padded
from workbench.training.computing import computing_in
from workbench.training.engines import Decode, Engine, Ground
from workbench.training.noise import Noise
from workbench.training.state import Learner
from workbench.training.stepper import StandardStepper

if TYPE_CHECKING:
    from workbench.methods.base import Network


def build(ground: Ground) -> Engine:
    """Raises ModelError or SettingError for what cannot be."""
    config = ground.config
    model, method = _adapted_model(ground), METHODS[config.method.name]
    regimen = method.regimen(model, config.method, ground.steps)
    noise = Noise(model, config.training.neftune_noise_alpha)
    stepper = StandardStepper(model, _batching(ground, model), config.model.precision, regimen, noise)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    return Engine(
        learner=Learner(model, trained, method.saved_as, regimen, stepper.scale),
        stepper=stepper,
        decode=_decode_with(ground, model),
        adamw=torch.optim.AdamW,
        record={"engine": "standard", "device": model.device.type},
    )


def _adapted_model(ground: Ground) -> "Network":
    config = ground.config
    device = "cuda" if torch.cuda.is_available() else "cpu"
    quantization = Quantization.of(config.model)
    base = load_model(ground.folder, config.model.precision, device, quantization)
    bring_in(base)
    if config.model.merged:
        merge(base, ground.run.merged_dir)
    if quantization.is_4_bit:
        keep_unpacked(base)
    if config.training.gradient_checkpointing:
        base.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        base.enable_input_require_grads()
    torch.manual_seed(config.training.seed)
    return METHODS[config.method.name].apply(base, config.method, ground.facts).train()


def _batching(ground: Ground, model: "Network") -> Batching:
    settings, device = ground.config.training, model.device.type
    if settings.batching == "packed":
        with computing_in(ground.config.model.precision, device):
            keep_apart(model)
        return Packed(int(settings.micro_batch_size), device)
    return Padded(int(settings.micro_batch_size), ground.tokenizer().pad_token_id or 0, device)


def _decode_with(ground: Ground, model: "Network") -> Decode:
    def answer(prompt_ids: list[int], sampling: Sampling) -> list[int]:
        model.eval()
        with computing_in(ground.config.model.precision, model.device.type):
            ids = list(decode(model, prompt_ids, sampling, end_ids(model, ground.tokenizer())))
        model.train()
        return ids

    return answer
