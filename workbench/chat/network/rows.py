"""Texts that grow side by side on a network, and which of them are read in one pass."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import torch
from peft import PeftModel

from workbench.chat.network.batch import Batch, kind
from workbench.chat.network.mix import BASE
from workbench.chat.network.swapping import Swap
from workbench.models.decode import Decoding
from workbench.models.network_reader import NetworkReader

Choose = Callable[[Sequence[str]], Any]
"""The network for a batch of rows with adapters of these names."""


@dataclass(eq=False)
class Result:
    """What answers beside a base. With none of these set it is the base."""

    entry: str = BASE
    """Its name among those that can be mixed."""
    words: PeftModel | None = None
    """Trained words before the text."""
    network: PeftModel | None = None
    """Of its own, where its adapter cannot be mixed."""
    swap: Swap | None = None
    """Weights in place of the base's."""
    alone: str = ""
    """Why its answers are not in one batch with others."""
    size_bytes: int = 0
    """Of its files."""


class Row(NetworkReader):
    """One text, and with which adapter of its group it is read. What it is read with is kept as long as it is."""

    def __init__(self, model: Any, group: "Group", result: Result, entry: str) -> None:
        super().__init__(model)
        self.group = group
        self.result = result
        self.entry = entry

    def read(self, text_ids: Sequence[int]) -> torch.Tensor:
        return self.group.read([(self, text_ids)])[0]

    def read_alone(self, text_ids: Sequence[int]) -> torch.Tensor:
        return super().read(text_ids)


class Group:
    """Rows that the same network reads, with the same weights in place of the base's."""

    def __init__(self, choose: Choose, base: Any, swaps: Sequence[Swap], joins: bool) -> None:
        self.choose = choose
        self._swaps = swaps
        self._joins = joins
        self._batch = Batch(base)

    @contextmanager
    def weights_in_place(self) -> Iterator[None]:
        with ExitStack() as weights:
            for swap in self._swaps:
                weights.enter_context(swap.in_place())
            yield

    # Some percent faster than no_grad, and nothing of what is kept here is ever trained with.
    @torch.inference_mode()
    def read(self, texts: Sequence[tuple[Row, Sequence[int]]]) -> list[torch.Tensor]:
        """A piece or a token more of each; the logits after each."""
        joined = self._joined(texts)
        with self.weights_in_place():
            found = self._read_joined(joined)
            for row, ids in texts:
                if row not in found:
                    row.model = self.choose([row.entry])
                    found[row] = row.read_alone(ids)
        return [found[row] for row, _ in texts]

    def _joined(self, texts: Sequence[tuple[Row, Sequence[int]]]) -> dict[Row, int]:
        """Those that need one token and remember in the same way; one alone is read faster without others' mask."""
        if not self._joins:
            return {}
        ready = {row: ids[-1] for row, ids in texts if row.read_tokens == len(ids) - 1 and row.read_tokens}
        kinds = {row: self._batch.kind if row.cache is None else kind(row.cache) for row in ready}
        first = next(iter(kinds.values()), ())
        same = {row: token for row, token in ready.items() if first and kinds[row] == first}
        return same if len(same) > 1 else {}

    def _read_joined(self, joined: dict[Row, int]) -> dict[Row, torch.Tensor]:
        if not joined:
            self._batch.leave()
            return {}
        network = self.choose([row.entry for row in joined])
        return dict(zip(joined, self._batch.read(network, list(joined), list(joined.values())), strict=True))


def read(answers: Sequence[Decoding]) -> list[torch.Tensor]:
    """The next piece of each text, group by group."""
    groups: dict[Group, list[tuple[Row, Sequence[int]]]] = {}
    for answer in answers:
        row = cast(Row, answer.reader)
        groups.setdefault(row.group, []).append((row, answer.ids))
    found: dict[Row, torch.Tensor] = {}
    for group, texts in groups.items():
        found |= zip((row for row, _ in texts), group.read(texts), strict=True)
    return [found[cast(Row, answer.reader)] for answer in answers]
