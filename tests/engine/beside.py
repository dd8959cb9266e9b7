"""The same small model twice: on the fast path, and as transformers and PEFT compute it, with equal adapters."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.nn import functional
from transformers import AutoConfig, AutoModelForCausalLM

from tests.tiny import KINDS
from workbench.data.rendering.rows import IGNORED, Row
from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.decoder import Decoder
from workbench.engine.kernels import Kernels
from workbench.engine.shape_reading import read_shape
from workbench.engine.twins.attention import TorchAttention
from workbench.engine.twins.passes import TorchPasses
from workbench.engine.twins.products import TorchProducts
from workbench.engine.weight_reading import read_weights

TWINS = Kernels("torch", TorchPasses(), TorchAttention(), TorchProducts())
ALL = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
VOCABULARY = 200


@dataclass(frozen=True)
class Wanted:
    """What PEFT is told."""

    targets: tuple[str, ...] = ALL
    layers: tuple[int, ...] | None = None
    ranks: dict[str, int] = field(default_factory=dict)
    """Of targets that differ from 4."""

    use_rslora: bool = False
    dropout: float = 0.0

    def for_peft(self) -> LoraConfig:
        return LoraConfig(
            r=4,
            lora_alpha=8,
            lora_dropout=self.dropout,
            rank_pattern=self.ranks,
            alpha_pattern={target: 2 * rank for target, rank in self.ranks.items()},
            use_rslora=self.use_rslora,
            target_modules=list(self.targets),
            layers_to_transform=list(self.layers) if self.layers else None,
            task_type="CAUSAL_LM",
        )


def save_model(folder: Path, kind: str, **changes: Any) -> Path:
    """A small model of random weights, its biases and norms among them."""
    ids = dict.fromkeys(("bos_token_id", "eos_token_id", "pad_token_id"))
    config = AutoConfig.for_model(kind, **KINDS[kind] | ids | {"vocab_size": VOCABULARY} | changes)
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1:
                parameter.normal_(float("norm" in name), 0.2)
    model.save_pretrained(folder)
    return folder


class Pair:
    """A saved model on both paths; the adapters' B are drawn too, since nothing would reach A through zeros."""

    def __init__(
        self, folder: Path, wanted: Wanted, dtype: torch.dtype = torch.float32, kernels: Kernels = TWINS
    ) -> None:
        base = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation="eager")
        torch.manual_seed(1)
        self.peft = get_peft_model(base, wanted.for_peft())
        self.theirs = {name: p for name, p in self.peft.named_parameters() if p.requires_grad}
        shape = read_shape(folder)
        self.adapters = Adapters(_plan(self.peft, wanted), shape)
        torch.manual_seed(1)
        self.adapters.begin(dtype)
        self.begins_alike = all(torch.equal(p, self.adapters.parameters[name]) for name, p in self.theirs.items())
        self._draw()
        self.decoder = Decoder(read_weights(folder, shape, dtype, extra=self.adapters.columns), self.adapters, kernels)

    @torch.no_grad()
    def _draw(self) -> None:
        for name, parameter in self.theirs.items():
            if ".lora_B." in name:
                parameter.normal_(std=0.1)
            self.adapters.parameters[name].copy_(parameter)

    def loss_of_peft(self, rows: list[Row], factor: float) -> float:
        """The loss of each row by itself, summed; its gradients times `factor` are in `theirs`."""
        total = 0.0
        for row in rows:
            logits = self.peft(input_ids=torch.tensor([row.input_ids])).logits[0, :-1].float()
            loss = functional.cross_entropy(logits, torch.tensor(row.labels[1:]), reduction="sum", ignore_index=IGNORED)
            (loss * factor).backward()
            total += float(loss.detach())
        return total


def _plan(peft: Any, wanted: Wanted) -> LoraPlan:
    """Read off the adapted model."""
    prefix = "base_model.model."
    found = {name.removeprefix(prefix): module for name, module in peft.named_modules() if hasattr(module, "lora_A")}
    ranks = {name: module.r["default"] for name, module in found.items()}
    return LoraPlan(ranks, {name: module.scaling["default"] for name, module in found.items()}, wanted.dropout)


def make_rows(*lengths: int, asked: int = 3) -> list[Row]:
    """Rows of random words; the first few of each are not learned."""
    generator = torch.Generator().manual_seed(2)
    rows = []
    for place, length in enumerate(lengths):
        ids = torch.randint(0, VOCABULARY, (length,), generator=generator).tolist()
        rows.append(Row(ids, ([IGNORED] * asked + ids[asked:])[:length], place))
    return rows
