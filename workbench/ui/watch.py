"""What the page keeps in memory of the runs that are looked at; everything in it can be read again from the folders."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from workbench.config.fields import leaves, value_at
from workbench.config.run_config import RunConfig
from workbench.monitoring.course import Course
from workbench.runs.run_dir import RunDir
from workbench.ui.quantities import setting_value

_RUNS_KEPT = 4
_POLLS_PER_SECOND = 8
_PACE_SECONDS = 5.0
_MOST_SECONDS = 0.3


class Watched:
    """One run that is looked at: its course, and what never changes about it."""

    def __init__(self, run: RunDir, key: str) -> None:
        self.course = Course(run)
        self.key = key
        self._run = run

    @cached_property
    def asked(self) -> RunConfig:
        return self._run.asked()

    @cached_property
    def used(self) -> RunConfig:
        return self._run.config()

    @cached_property
    def settings(self) -> list[dict[str, Any]]:
        """Every setting with the value in use, and why where the workbench chose it."""
        auto = self._run.auto()
        return [
            {
                "label": leaf.spec.label,
                "setting": leaf.path,
                "value": _plain(value_at(self.used, leaf.path)),
                "why": auto[leaf.path].why if leaf.path in auto else "",
                "changed": value_at(self.asked, leaf.path) != leaf.default,
            }
            for leaf in leaves(RunConfig)
        ]


class Watch:
    """The runs looked at last, read one request at a time."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Watched] = OrderedDict()
        self._lock = threading.Lock()
        self._polls: deque[float] = deque()

    @contextmanager
    def look(self, run: RunDir) -> Iterator[Watched]:
        """The run, brought up to date. A deleted run whose name was given again is another run."""
        key = f"{run.id}-{run.config_path.stat().st_mtime_ns}"
        with self._lock:
            watched = self._runs.pop(key, None) or Watched(run, key)
            self._runs[key] = watched
            while len(self._runs) > _RUNS_KEPT:
                self._runs.popitem(last=False)
            watched.course.poll(_MOST_SECONDS)
            yield watched

    def stretch(self) -> float:
        """Count this poll; the answer is how much longer than usual to wait, so that many open pages cost no more."""
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
