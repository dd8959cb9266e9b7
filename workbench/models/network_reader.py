"""Texts read by a network of transformers, with or without an adapter of PEFT.

for token in decode(model, prompt_ids, Sampling(temperature=0.7), end_ids(model, tokenizer)): ...
"""

import inspect
import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import torch
from peft import PeftModel, PeftType

from workbench.config.sampling import Sampling
from workbench.models import decode as decoding
from workbench.models.ends import as_ids
from workbench.models.templates import end_of_turn_ids

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def decode(
    model: "PreTrainedModel | PeftModel", prompt_ids: list[int], sampling: Sampling, eos_ids: Collection[int]
) -> decoding.Decoding:
    """The tokens that follow the prompt, without the end token; nothing is computed before the first is asked for.

    `model` is in evaluation mode.
    """
    return decoding.Decoding(NetworkReader(model), prompt_ids, sampling, frozenset(eos_ids))


def end_ids(model: "PreTrainedModel | PeftModel", tokenizer: "PreTrainedTokenizerBase") -> frozenset[int]:
    """The tokens that end an answer: what model and tokenizer say, and the end of a turn in the chat template."""
    config: Any = model.generation_config
    return end_of_turn_ids(tokenizer) | as_ids(config.eos_token_id)


class NetworkReader:
    """See `decode.Reader`. A prompt-learning adapter that is switched off is not noticed: pass its base model."""

    def __init__(self, model: "PreTrainedModel | PeftModel") -> None:
        self.read_tokens = 0
        base: Any = model.get_base_model() if isinstance(model, PeftModel) else model
        self.model = base
        """What reads the next piece; any other of the same shape may do so."""
        self.cache: Any = None
        """The keys and values of what was read."""
        self._adapter = model if isinstance(model, PeftModel) and model.active_peft_config.is_prompt_learning else None
        taken: Any = inspect.signature(base.forward).parameters
        self._options = {"logits_to_keep": 1} if "logits_to_keep" in taken else {}
        self._remembers = "past_key_values" in taken
        self._device: torch.device = base.device
        limit = getattr(base.config.get_text_config(), "max_position_embeddings", None)
        virtual = self._adapter.active_peft_config.num_virtual_tokens if self._adapter else 0
        self.context_tokens: float = limit - virtual if limit else math.inf
        """How long a text may become."""

    # Not inference_mode: what a model keeps from here, such as its position tables, could then never be trained with.
    @torch.no_grad()
    def read(self, text_ids: Sequence[int]) -> torch.Tensor:
        """Read the next piece of the text; returns the logits after it."""
        if not self._remembers:
            self.read_tokens = len(text_ids)
            return self._forward(input_ids=self._tensor(text_ids))
        if self._adapter and self.cache is None:
            self._open(self._adapter)
        piece = text_ids[self.read_tokens : self.read_tokens + decoding.PIECE_TOKENS]
        logits = self._forward(input_ids=self._tensor(piece))
        self.read_tokens += len(piece)
        return logits

    def _open(self, adapter: PeftModel) -> None:
        """Put the adapter's virtual tokens first, as a cache or as embeddings."""
        prompt: Any = adapter.get_prompt(batch_size=1)
        if adapter.active_peft_config.peft_type == PeftType.PREFIX_TUNING:
            self.cache = prompt
        else:
            self._forward(inputs_embeds=prompt.to(self.model.dtype))

    def _forward(self, **inputs: torch.Tensor) -> torch.Tensor:
        memory = {"past_key_values": self.cache, "use_cache": True} if self._remembers else {}
        answer = self.model(**inputs, **memory, **self._options)
        self.cache = answer.past_key_values if self._remembers else None
        return answer.logits[0, -1]

    def _tensor(self, ids: Sequence[int]) -> torch.Tensor:
        return torch.tensor([list(ids)], device=self._device)
