"""The example in docs/memory.md: a small model that anyone can fetch, tuned in the usual way."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from workbench.config.build import build
from workbench.config.methods import LoraSettings
from workbench.memory.device import device_estimate
from workbench.memory.disk import Saved
from workbench.memory.exports import export_bytes
from workbench.memory.fast import FastLoad, fast_estimate
from workbench.memory.kept import Learning
from workbench.memory.standard import Load, standard_estimate
from workbench.memory.terms import Estimate
from workbench.methods.beside import chosen_layers
from workbench.methods.ranks import rank_of_each
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.quantization import WHOLE
from workbench.models.suggested import find_suggested

_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
_HEADS = {"num_attention_heads": 9, "num_key_value_heads": 3}
_EXAMPLES, _TOKENS, _THREADS = 4, 512, 2


@dataclass(frozen=True)
class Example:
    facts: ModelFacts
    load: Load
    fast_load: FastLoad

    @classmethod
    def make(cls, folder: Path) -> Self:
        """The shape of its model is written into `folder`, where the fast path reads it."""
        facts = _facts(folder)
        settings = LoraSettings()
        trainable = METHODS["lora"].trainable(settings, facts)
        ranks = rank_of_each(settings, [layer.name for layer in chosen_layers(settings, facts)])
        load = Load("bf16", WHOLE, trainable, "adamw", _EXAMPLES, _TOKENS, gradient_checkpointing=False)
        fast = FastLoad("bf16", WHOLE, ranks, trainable, "adamw", _THREADS, _EXAMPLES, _TOKENS, drops=False)
        return cls(facts, load, fast)

    @property
    def estimates(self) -> tuple[Estimate, Estimate, Estimate]:
        """On the fast path, on the standard one, and on a GPU."""
        facts, load = self.facts, self.load
        return fast_estimate(facts, self.fast_load), standard_estimate(facts, load), device_estimate(facts, load)

    @property
    def full(self) -> Estimate:
        """With every weight trained, by the standard path."""
        every = self.facts.parameters
        return standard_estimate(
            self.facts, replace(self.load, trainable=every, inside=every, learning=Learning("inside"))
        )

    @property
    def ask_bytes(self) -> float:
        """What the model takes that is only asked: its weights, and what is there before."""
        held = self.estimates[0].terms
        return held["libraries"] + held["weights"]

    @property
    def saved(self) -> Saved:
        return Saved.of(build({"method.name": "lora"}), self.facts)

    @property
    def exports(self) -> dict[str, float]:
        return export_bytes(self.facts, self.saved.kept)


def _facts(folder: Path) -> ModelFacts:
    entry = find_suggested(_MODEL)
    assert entry, "it is among the models that ship as suggestions"
    sizes = {"vocab_size": entry.vocabulary, "hidden_size": entry.hidden_size, "num_hidden_layers": entry.layers}
    inner = {"intermediate_size": entry.intermediate_size, "max_position_embeddings": entry.context}
    config = {"model_type": "llama", "tie_word_embeddings": True, **sizes, **inner, **_HEADS}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return replace(entry.facts(), path=folder, tied=True)
