"""What the page keeps in memory of the runs that are looked at; everything in it can be read again from the folders."""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.config.fields import leaves, settings_of
from workbench.config.run_config import OF_ADAPTER, RunConfig
from workbench.monitoring.course import Course
from workbench.runs.listing import live_run
from workbench.runs.run_dir import RunDir, all_runs
from workbench.ui.quantities import setting_value

FRESH_SECONDS = 0.8
"""For so long, whoever asks about a run is told the same; a little less than the time between two questions."""

_RUNS_KEPT = 4
_POLLS_PER_SECOND = 8
_PACE_SECONDS = 5.0
_MOST_READING_SECONDS = 0.3


class Watched:
    """One run that is looked at: its course, and what never changes about it. Held by one request at a time."""

    def __init__(self, run: RunDir, key: str) -> None:
        self.run = run
        self.key = key
        self.course = Course(run)
        self.lock = threading.Lock()
        self.stale_at = -math.inf
        self._now: dict[str, Any] = {}

    def now(self, describe: Callable[["Watched"], dict[str, Any]], fresh_seconds: float) -> dict[str, Any]:
        """How the run looks: read and described at most once in a moment, however many ask."""
        if time.monotonic() >= self.stale_at:
            self.course.poll(_MOST_READING_SECONDS)
            self._now = describe(self)
            is_behind = self.course.metrics.reader.is_behind
            self.stale_at = time.monotonic() + (0.0 if is_behind else fresh_seconds)
        return self._now

    @cached_property
    def asked(self) -> RunConfig:
        return self.run.asked()

    @cached_property
    def used(self) -> RunConfig:
        return self.run.config()

    @cached_property
    def settings(self) -> list[dict[str, Any]]:
        """Every setting with the value in use, and why where the workbench chose it.

        Of an adapter that was not trained here only those that say what it is.
        """
        of_adapter = OF_ADAPTER if self.run.origin() != "trained" else ""
        auto, used, asked = self.run.auto(), settings_of(self.used), settings_of(self.asked)
        return [
            {
                "label": leaf.spec.label,
                "setting": leaf.path,
                "value": _plain(used[leaf.path]),
                "why": auto[leaf.path].why if leaf.path in auto else "",
                "changed": asked[leaf.path] != leaf.default,
            }
            for leaf in leaves(RunConfig)
            if leaf.path in used and leaf.path.startswith(of_adapter)
        ]


class Watch:
    """The runs looked at last."""

    def __init__(self, root: Path, fresh_seconds: float = FRESH_SECONDS) -> None:
        self.root = root
        self.fresh_seconds = fresh_seconds
        self._runs: OrderedDict[str, Watched] = OrderedDict()
        self._lock = threading.Lock()
        self._chosen: tuple[float, RunDir | None] = (-math.inf, None)

    def find(self, run_id: str) -> Watched | None:
        """The run with this id, or the one to show without an id, if any. Raises RunError.

        A deleted run whose name was given again is another run.
        """
        with self._lock:
            run = RunDir.open(self.root, run_id) if run_id else self._choose()
            if run is None:
                return None
            key = f"{run.id}-{run.config_path.stat().st_mtime_ns}"
            watched = self._runs.pop(key, None) or Watched(run, key)
            self._runs[key] = watched
            while len(self._runs) > _RUNS_KEPT:
                self._runs.popitem(last=False)
            return watched

    def _choose(self) -> RunDir | None:
        """The run that trains, else the newest. Looking for it opens every run, so it is not done for each who asks."""
        until, run = self._chosen
        if time.monotonic() >= until or (run and not run.config_path.exists()):
            run = live_run(self.root) or next(reversed(all_runs(self.root)), None)
            self._chosen = (time.monotonic() + self.fresh_seconds, run)
        return run


class Pace:
    """How often the open pages ask."""

    def __init__(self) -> None:
        self._polls: deque[float] = deque()
        self._lock = threading.Lock()

    def stretch(self) -> float:
        """Count this poll; the answer is how much longer than usual to wait, so that many open pages cost little."""
        now = time.monotonic()
        with self._lock:
            self._polls.append(now)
            while self._polls[0] < now - _PACE_SECONDS:
                self._polls.popleft()
            return max(1.0, len(self._polls) / _PACE_SECONDS / _POLLS_PER_SECOND)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return setting_value(value)
