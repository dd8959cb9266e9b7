"""What the report and its filters look at: prepared examples as arrays, one entry an example."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from workbench.data.counting.rejected_rows import RejectedRows
from workbench.data.counting.words import Words
from workbench.data.preparing.prepare import Prepared
from workbench.data.preparing.results import EXAMPLES, REJECTED
from workbench.data.rendering.fit import FitSettings, FittedRows, fit
from workbench.data.split import Split

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Subject:
    """Examples, their tokens, which are kept for checking, and how they are made to fit."""

    prepared: Prepared
    split: Split
    fitting: FitSettings
    model: str = ""
    """What the model is called, where that is known."""
    masks: dict[str, Array] = field(default_factory=dict, compare=False)
    """What each filter found, once it was asked for."""

    def __len__(self) -> int:
        return len(self.prepared.examples.examples)

    @cached_property
    def words(self) -> Words:
        return Words(self.prepared.examples.path / EXAMPLES)

    @cached_property
    def rejected(self) -> RejectedRows:
        """Rows that give no example, then examples that give no tokens."""
        return RejectedRows([result.path / REJECTED for result in (self.prepared.examples, self.prepared.tokens)])

    @cached_property
    def rows(self) -> FittedRows:
        """What would be learned of all examples, each once, in the order of the files."""
        return fit(self.prepared.tokens.tokens, np.arange(len(self)), self.fitting)

    @cached_property
    def content(self) -> Array:
        return self.prepared.examples.examples.column("content")

    @cached_property
    def question(self) -> Array:
        return self.prepared.examples.examples.column("question")

    @cached_property
    def flags(self) -> Array:
        return self.prepared.examples.examples.column("flags")

    @property
    def is_accepted(self) -> Array:
        """Whether an example gave tokens at all."""
        return self.tokens > 0

    @cached_property
    def tokens(self) -> Array:
        """The length of each example before anything is cut, of the longest where it gives several rows."""
        rows = self.prepared.tokens.tokens
        longest = np.zeros(len(self), np.int64)
        np.maximum.at(longest, rows.examples, rows.lengths)
        return longest

    @cached_property
    def learned(self) -> Array:
        """Learned tokens of each example, after cutting."""
        return np.bincount(self.rows.examples, weights=self.rows.learned, minlength=len(self)).astype(np.int64)

    @cached_property
    def is_cut(self) -> Array:
        """Whether some of its tokens are left out."""
        return np.bincount(self.rows.examples, weights=self.rows.are_cut, minlength=len(self)) > 0
