"""What the page keeps in memory of the runs it lists; everything in it can be read again from the folders."""

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.config.fields import settings_of
from workbench.config.run_config import OF_ADAPTER
from workbench.jobs.folder import ENDED, Status
from workbench.runs.emptied import kept_bytes
from workbench.runs.listing import Facts, facts
from workbench.runs.run_dir import RunDir, all_runs
from workbench.ui.quantities import setting_value
from workbench.ui.runs.curve import Curve

Stamp = tuple[int, ...]


class Listed:
    """One run of the list. Each property is read when it is first asked for, and again when its files have changed."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self._curve = Curve(run.metrics_path)
        self._size: tuple[Stamp, int] = ((), 0)

    @cached_property
    def facts(self) -> Facts:
        return facts(self.run)

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Each setting in use, as one would say it, and whether the workbench chose it. Raises RunError.

        Of an adapter that was not trained here only those that say what it is.
        """
        of_adapter = OF_ADAPTER if self.run.origin() != "trained" else ""
        auto = self.run.auto()
        return {
            path: {"words": setting_value(value), "auto": path in auto}
            for path, value in settings_of(self.run.config()).items()
            if path.startswith(of_adapter)
        }

    @property
    def about(self) -> dict[str, Any]:
        return self.run.about()

    @property
    def status(self) -> Status:
        return self.run.status()

    @property
    def curve(self) -> Curve:
        return self._curve.poll()

    @property
    def bytes(self) -> int:
        """Every file outside the trash. Of a run that has ended, only its folders tell whether to count again."""
        stamp = tuple(_changed(path) for path in (self.run.path, self.run.checkpoints_dir, self.run.adapter_dir))
        if self._size[0] != stamp or self.run.stored_status().phase not in ENDED:
            self._size = (stamp, kept_bytes(self.run))
        return self._size[1]

    @property
    def best_loss(self) -> float:
        """The lowest loss on held-out examples; without any, larger than every loss."""
        best = self.curve.best
        return best[1] if best else float("inf")

    def holds(self, words: str) -> bool:
        """Whether each of the words stands in its names or its note."""
        about, made_of = self.about, self.facts
        parts = (self.run.id, about.get("name", ""), about.get("note", ""), made_of.model, made_of.data, made_of.method)
        text = " ".join(parts).casefold()
        return all(word in text for word in words.casefold().split())


class Shelf:
    """The runs of one workspace, read by one request at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._listed: dict[str, Listed] = {}

    def look(self, show: Callable[[list[Listed]], dict[str, Any]]) -> dict[str, Any]:
        """What `show` makes of all runs, newest first. A deleted run whose name was given again is another run."""
        with self._lock:
            runs = {f"{run.id}-{_changed(run.config_path)}": run for run in reversed(all_runs(self.root))}
            self._listed = {key: self._listed.get(key) or Listed(run) for key, run in runs.items()}
            return show(list(self._listed.values()))


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
