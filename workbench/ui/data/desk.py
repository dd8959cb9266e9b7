"""What the Data tab looks at: prepared data by settings. The last few are kept, so that a new page counts nothing."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.data.counting.filters import BY_ID, select
from workbench.data.counting.report import Report, make_report
from workbench.data.counting.subject import Array, Subject
from workbench.data.preparing.prepare import Preparation, Prepared
from workbench.data.preparing.steps import Waiting
from workbench.data.rendering.fit import FitSettings
from workbench.data.sets import sources, weights
from workbench.data.split import hold_out
from workbench.errors import DataError, SettingError
from workbench.models import catalog, layouts
from workbench.models.facts import facts
from workbench.training.plan import fit_settings
from workbench.ui import text_data as text

EXCLUDED = "excluded"
"""The filter of rows that their owner left out, which are no examples any more."""

_KEPT = 4
_PATIENCE_SECONDS = 0.3


@dataclass(frozen=True)
class Choice:
    """What the tab was asked to show: settings that name nothing but listed sets, and a model that is there."""

    config: RunConfig
    found: sources.Found
    model: str
    model_path: Path


@dataclass(frozen=True)
class Looked:
    """Prepared data, ready to be shown."""

    choice: Choice
    subject: Subject
    _orders: dict[tuple[str, str], Array] = field(default_factory=dict)

    @cached_property
    def report(self) -> Report:
        return make_report(self.subject)

    @cached_property
    def held_out(self) -> frozenset[int]:
        """The examples that are kept for checking."""
        return frozenset(self.subject.split.held_out.tolist())

    @property
    def excluded(self) -> list[dict[str, Any]]:
        """The first rows that their owner left out: part, line and excerpt."""
        return self.subject.prepared.examples.summary["excluded_rows"]  # type: ignore[no-any-return]

    @property
    def files(self) -> list[dict[str, Any]]:
        return self.subject.prepared.examples.summary["files"]  # type: ignore[no-any-return]

    def order(self, filter_id: str, words: str) -> Array:
        """The rows to list: places of examples, and -1, -2, … for the first, second, … row that was left out.

        After those come, in the same way, the rows that were excluded.
        """
        key = (filter_id, words)
        if key not in self._orders:
            self._orders.clear()
            self._orders[key] = self._ordered(filter_id, words)
        return self._orders[key]

    def _ordered(self, filter_id: str, words: str) -> Array:
        rejected = -1 - np.arange(len(self.subject.rejected))
        if filter_id == "rejected":
            return rejected
        if filter_id == EXCLUDED:
            return -1 - len(rejected) - np.arange(len(self.excluded))
        if filter_id not in ("", *BY_ID):
            raise DataError(text.NO_FILTER.format(filter_id), text.CHOOSE_FILTER)
        places = select(self.subject, filter_id)
        if words:
            return places[np.isin(places, self.subject.words.find(words))]
        return places if filter_id else self._in_order_of_files(np.concatenate([places, rejected]))

    def _in_order_of_files(self, rows: Array) -> Array:
        examples, rejected = self.subject.prepared.examples.examples, self.subject.rejected
        taken = rows >= 0
        part, line = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
        for key, column, other in ((part, "part", rejected.parts), (line, "line", rejected.lines)):
            key[taken] = examples.column(column)[rows[taken]]
            key[~taken] = other[-1 - rows[~taken]]
        return rows[np.lexsort((line, part))]


class Desk:
    """Finds what is asked for. One for all visitors: nothing in it belongs to one of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._looked: OrderedDict[Hashable, Looked] = OrderedDict()
        self._lock = threading.Lock()

    def choose(self, settings: Any) -> Choice | None:
        """What dotted settings from the browser mean; None if no set is chosen. Raises WorkbenchError."""
        if not isinstance(settings, dict) or not settings.get("data.path"):
            return None
        config = build(settings)
        model = self._model(config)
        found = self._listed("data.path", config.data.path)
        if config.data.eval_path:
            self._listed("data.eval_path", config.data.eval_path)
        return Choice(config, found, model, catalog.find(model, self.root))

    def preparation(self, choice: Choice) -> Preparation:
        return Preparation(choice.config.data, self.root)

    def look(self, choice: Choice) -> Looked | Waiting:
        """The data, or how far its preparing is. Raises DataError."""
        prepared = self.preparation(choice).look(choice.model_path, _PATIENCE_SECONDS)
        if isinstance(prepared, Waiting):
            return prepared
        fitting = fit_settings(choice.config, layouts.recall(facts(choice.model_path), self.root))
        share, seed = choice.config.data.eval_share, choice.config.training.seed
        key = (prepared.examples.path, prepared.tokens.path, prepared.sources, fitting, share, seed, choice.found)
        with self._lock:
            looked = self._looked.pop(key, None) or Looked(choice, _subject(choice, prepared, fitting))
            self._looked[key] = looked
            while len(self._looked) > _KEPT:
                self._looked.popitem(last=False)
        return looked

    def ready(self, settings: Any) -> Looked:
        """The data of settings that were looked at before. Raises WorkbenchError."""
        choice = self.choose(settings)
        if choice is None:
            raise DataError(text.NOTHING_CHOSEN, text.CHOOSE_SET)
        looked = self.look(choice)
        if isinstance(looked, Waiting):
            raise DataError(text.STILL_READING, text.WAIT)
        return looked

    def parts(self, choice: Choice) -> list[weights.Part]:
        """The files that are read, each with its weight."""
        return weights.parts(choice.found, weights.parse(choice.config.data.weights), self.root)

    def _model(self, config: RunConfig) -> str:
        """The model of the form; the starter, as long as there is none that can be tuned."""
        name = config.model.path
        known = name in catalog.names(self.root) and facts(catalog.find(name, self.root)).tunable
        return name if known else catalog.STARTER

    def _listed(self, setting: str, name: str) -> sources.Found:
        found = sources.find_set(name, self.root)
        if found is None:
            raise SettingError(setting, text.NOT_LISTED.format(name), text.CHOOSE_SET)
        return found


def _subject(choice: Choice, prepared: Prepared, fitting: FitSettings) -> Subject:
    share, seed = choice.config.data.eval_share, choice.config.training.seed
    split = hold_out(prepared.examples.examples, prepared.sources, share, seed)
    return Subject(prepared, split, fitting, choice.model)
