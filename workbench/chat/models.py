"""The model of a question in memory: on the fast path where that covers base and adapters, else as a network."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import torch

from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.errors import ModelError
from workbench.models.decode import Decoding

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class LoadedModel(Protocol):
    """A base in memory, and the results that answer beside it."""

    def serves(self, question: Question) -> bool:
        """Whether another question can be put to it as it is, beside those under way."""

    def prepare(self, targets: tuple[Target, ...]) -> None:
        """Load the targets' results, unless these very versions are there. Answers under way keep theirs.

        Raises ModelError for one that is gone, damaged or does not fit.
        """

    def tokenizer_for(self, target: Target) -> "PreTrainedTokenizerBase":
        """The base's tokenizer, with the target's template."""

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        """A prepared target's answer, to be read by `read`."""

    def alone(self, target: Target) -> str:
        """One sentence on why a prepared target's answers are not written in one batch with others; "" if they are."""

    def read(self, answers: Sequence[Decoding]) -> list[torch.Tensor]:
        """Read the next piece of each text, as many of them together as can be; the logits after each.

        Each goes on, and its logits are those that it would have alone.
        """


class MeasuredModel(LoadedModel, Protocol):
    """One that can also be measured."""

    def loss(self, target: Target, row: Row) -> float:
        """What a text costs a prepared target: the loss of the row's learned tokens, in nats, summed."""


def load_model(question: Question, kernels_folder: Path) -> tuple[MeasuredModel, str]:
    """The model, and one sentence on why it is not on the fast path, "" where it is."""
    reason = _why_not(question)
    if not reason:
        from workbench.chat.fast_model import FastModel

        try:
            return FastModel(question, kernels_folder), ""
        except ModelError as error:
            reason = error.message
    # What it needs takes seconds to come up, and the fast path does without.
    from workbench.chat.network.model import NetworkModel

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
