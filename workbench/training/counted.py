"""The examples of a plan: which are learned from, which are kept for checking, and what is left of them at a length.

All but the split is counted when it is asked for, so that a plan at another length costs one more cut and no report.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Self

import numpy as np

from workbench.data.counting.report import Report, make_report
from workbench.data.counting.subject import Subject
from workbench.data.preparing.prepare import Prepared
from workbench.data.rendering.fit import FitSettings, FittedRows, fit
from workbench.data.split import Split, hold_out


@dataclass(frozen=True)
class Counted:
    """What was prepared, split, and made to fit."""

    prepared: Prepared
    split: Split
    fitting: FitSettings
    model: str
    """What the model is called."""

    @cached_property
    def rows(self) -> FittedRows:
        """What is learned from."""
        return fit(self.prepared.tokens.tokens, self.split.training, self.fitting)

    @cached_property
    def checked(self) -> FittedRows:
        """What is kept for checking."""
        return fit(self.prepared.tokens.tokens, self.split.held_out, self.fitting)

    @cached_property
    def training(self) -> int:
        """Examples to learn from, each as often as it is weighed."""
        return int(self._subject.is_accepted[self.split.training].sum())

    @cached_property
    def report(self) -> Report:
        return make_report(self._subject)

    @cached_property
    def longest_tokens(self) -> int:
        """Of a row to learn from."""
        return int(self.rows.lengths.max(initial=0))

    @cached_property
    def usual_tokens(self) -> float:
        """Of an average row to learn from."""
        return float(np.mean(self.rows.lengths)) if len(self.rows) else 0.0

    def fitted(self, fitting: FitSettings) -> Self:
        """The same examples at another length."""
        return self if fitting == self.fitting else replace(self, fitting=fitting)

    @cached_property
    def _subject(self) -> Subject:
        return Subject(self.prepared, self.split, self.fitting, self.model)


@lru_cache(maxsize=2)
def count(prepared: Prepared, fitting: FitSettings, share: float, seed: int, model: str) -> Counted:
    """The form asks anew at every keystroke, most of which change nothing here; what was prepared never changes."""
    split = hold_out(prepared.examples.examples, prepared.sources, share, seed)
    return Counted(prepared, split, fitting, model)
