"""The model of a question in memory: on the fast path where that covers base and adapters, else as a network."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import torch

from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.errors import ModelError
from workbench.models.decode import Decoding

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class LoadedModel(Protocol):
    """A base in memory, and the results that answer beside it."""

    tokenizer: "PreTrainedTokenizerBase"

    def serves(self, question: Question) -> bool:
        """Whether another question can be put to it as it is."""

    def prepare(self, targets: tuple[Target, ...]) -> None:
        """Load the targets' results, unless these very versions are there; others are given up for them."""

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        """A target's answer, whose tokens are asked for within `as_target`."""

    def as_target(self, target: Target) -> AbstractContextManager[None]:
        """Within this, the model answers as `target`."""


def load_model(question: Question, kernels_folder: Path) -> tuple[LoadedModel, str]:
    """The model, and one sentence on why it is not on the fast path, "" where it is."""
    reason = _why_not(question)
    if not reason:
        from workbench.chat.fast_model import FastModel

        try:
            return FastModel(question, kernels_folder), ""
        except ModelError as error:
            reason = error.message
    # What it needs takes seconds to come up, and the fast path does without.
    from workbench.chat.network_model import NetworkModel

    return NetworkModel(question), reason


def _why_not(question: Question) -> str:
    if question.engine == "standard":
        return "The run's settings ask for the standard path (hardware.engine)."
    if torch.cuda.is_available():
        return "This computer has a GPU, and the fast path is for processors."
    if question.precision not in ("fp32", "bf16"):
        return f"The fast path computes in fp32 and bf16, not in {question.precision}."
    if any(target.merged for target in question.targets):
        return "The fast path does not build on a merged adapter."
    return ""
