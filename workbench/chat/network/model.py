"""A base model as transformers holds it, adapters of any kind beside it, and weights that were changed in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, WeakValueDictionary

import torch

from workbench.chat.network import rows
from workbench.chat.network.batch import can_join
from workbench.chat.network.results import Result, Results
from workbench.chat.network.rows import Group
from workbench.chat.protocol import Question, Target
from workbench.chat.text_loss import text_loss
from workbench.chat.tokenizers import Tokenizers
from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.models.decode import Decoding
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model
from workbench.models.network_reader import end_ids
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_CANNOT_JOIN = "This model reads one text at a time: it does not tell texts of different lengths apart in one batch."

_MERGED = "The adapter beneath it is merged into the weights while it answers, so it takes turns with others."


class NetworkModel:
    """See `models.LoadedModel`. Weights that nobody changed are there once, however many results answer."""

    def __init__(self, question: Question) -> None:
        self._asked = question.base
        folder = Path(question.model)
        self._tokenizers = Tokenizers(folder)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        quantization = Quantization(*question.held)
        self._base: PreTrainedModel = load_model(folder, question.precision, device, quantization).eval()
        self._joins = can_join(self._base)
        self._results = Results(self._base, fingerprint(folder))
        self._groups: WeakValueDictionary[tuple[Any, ...], Group] = WeakValueDictionary()
        self._rows: WeakSet[rows.Row] = WeakSet()

    def serves(self, question: Question) -> bool:
        return self._asked == question.base

    def prepare(self, targets: tuple[Target, ...]) -> None:
        self._results.prepare(targets, tuple(self._rows))

    def tokenizer_for(self, target: Target) -> "PreTrainedTokenizerBase":
        return self._tokenizers.of(target)

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        ends = end_ids(self._base, self.tokenizer_for(target))
        row = self._row(target)
        self._rows.add(row)
        return Decoding(row, prompt_ids, sampling, ends)

    def alone(self, target: Target) -> str:
        if not self._joins:
            return _CANNOT_JOIN
        return self._results.get(target).alone or (_MERGED if target.merged else "")

    def read(self, answers: Sequence[Decoding]) -> list[torch.Tensor]:
        return rows.read(answers)

    def loss(self, target: Target, row: Row) -> float:
        with self.network_as(target) as network:
            return text_loss(network, row)

    @contextmanager
    def network_as(self, target: Target) -> Iterator[Any]:
        """What reads whole texts as a prepared target does, for as long as nobody else reads."""
        row = self._row(target)
        with row.group.weights_in_place():
            network = row.group.choose([row.entry])
            yield self._results.get(target).words or network

    def _row(self, target: Target) -> rows.Row:
        result = self._results.get(target)
        entry = self._results.mix.at(result.entry, target.strength)
        return rows.Row(result.words or self._base, self._group(target, result), result, entry)

    def _group(self, target: Target, result: Result) -> Group:
        """One for all that can be mixed, and one for each that cannot, at each strength."""
        own = (id(result), target.strength) if result.alone else ()
        key = (target.merged, *own)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = self._results.group(target, result, self._joins)
        return group
