"""The folder of one run: what was asked for, what became of it."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import yaml

from workbench.config import yaml_io
from workbench.config.build import build
from workbench.config.names import check_id, slug
from workbench.config.run_config import FORMAT, RunConfig
from workbench.errors import RunError
from workbench.jobs.files import read_json, write_atomic, write_json
from workbench.jobs.folder import Exit, JobFolder
from workbench.jobs.queue import Lock
from workbench.runs.foretold import recall

Origin = Literal["trained", "imported", "blended"]

_LONGEST_BASE = 40
_OTHER = "original"
"""What answers beside every run is called so, and no run is."""


@dataclass(frozen=True)
class Resolved:
    """What one `auto` became, and from what."""

    value: Any
    why: str


class RunDir(JobFolder):
    """A run as it stands on the disk, below ROOT/runs."""

    @classmethod
    def create(cls, root: Path, name: str, asked: RunConfig, auto: dict[str, Resolved]) -> Self:
        """Make the folder of a new run; config.yaml is written last and never changed."""
        run = cls(_new_folder(root / "runs", slug(name)))
        for part in ("data", "checkpoints"):
            (run.path / part).mkdir()
        write_json(run.about_path, {"name": name, "created": time.time(), "number": _next_number(root)})
        write_atomic(run.config_path, config_yaml(asked, auto))
        return run

    @classmethod
    def open(cls, root: Path, run_id: str) -> Self:
        """An existing run. Raises RunError, with what there is instead."""
        path = root / "runs" / check_id(run_id, "run")
        run = cls(path)
        if path.is_symlink() or not run.config_path.exists():
            known = [other.id for other in all_runs(root)]
            hint = f"There are: {', '.join(known[-5:])}." if known else "No run has been started yet."
            raise RunError(f"There is no run {run_id}.", hint)
        return run

    def move_to(self, root: Path) -> Self:
        """Let a run that was made aside, and is complete, be one of `root`: nobody sees it before."""
        self.update_about(number=_next_number(root))
        # A folder that nobody else has the name of, and that is empty, is replaced in one step.
        return type(self)(self.path.rename(_new_folder(root / "runs", self.id)))

    def tell_end(self, ended: Exit) -> str:
        """Beside what it took at most, what was foretold of it."""
        foretold = recall(self.path) if ended.out_of_memory and ended.peak_gb else None
        return foretold.tell_lack(ended.peak_gb) if foretold else super().tell_end(ended)

    @property
    def root(self) -> Path:
        return self.path.parents[1]

    @property
    def config_path(self) -> Path:
        return self.path / "config.yaml"

    @property
    def about_path(self) -> Path:
        return self.path / "about.json"

    @property
    def metrics_path(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def samples_path(self) -> Path:
        return self.path / "samples.jsonl"

    @property
    def data_dir(self) -> Path:
        return self.path / "data"

    @property
    def checkpoints_dir(self) -> Path:
        return self.path / "checkpoints"

    @property
    def adapter_dir(self) -> Path:
        """The result: an adapter, or the weights of the model that were changed."""
        weights = self.path / "weights"
        return weights if weights.exists() else self.path / "adapter"

    @property
    def start_dir(self) -> Path:
        """What the run began with, if that was the adapter of another."""
        return self.path / "start"

    @property
    def merged_dir(self) -> Path:
        """The adapter that is merged into the model beneath the run's own, if there is one."""
        return self.path / "merged"

    @property
    def imported_path(self) -> Path:
        """Where an adapter from elsewhere came from; a run that was trained here has no such file."""
        return self.path / "imported.json"

    @property
    def blend_path(self) -> Path:
        """What an adapter was blended from, and how; only a blend has such a file."""
        return self.path / "blend.json"

    @property
    def environment_path(self) -> Path:
        return self.path / "environment.json"

    def tree(self) -> dict[str, Any]:
        """config.yaml as it stands. Raises RunError for that of a newer workbench, and where its end is missing."""
        tree = yaml_io.read_tree(self.config_path)
        found = tree.get("format", FORMAT)
        if found != FORMAT:
            raise RunError(f"{self.id} was made by another version (format {found}).", "Open it with that version.")
        # What was cut off must not be filled up with defaults.
        if not (self.config_path.read_bytes().endswith(b"\n") and _is_record(tree.get("auto"))):
            raise RunError(f"config.yaml of {self.id} is damaged: its end is missing.", "Start a new run instead.")
        return tree

    def asked(self) -> RunConfig:
        """The settings as the user gave them, `auto` included. Raises RunError for those of a newer workbench."""
        return yaml_io.settings_in(self.tree())

    def auto(self) -> dict[str, Resolved]:
        """What each `auto` became, by dotted setting."""
        return _became(self.tree())

    def config(self) -> RunConfig:
        """The settings as the run uses them."""
        tree = self.tree()
        return build({path: row.value for path, row in _became(tree).items()}, yaml_io.settings_in(tree))

    def about(self) -> dict[str, Any]:
        """Display name, creation time, and what the page adds later."""
        return read_json(self.about_path)

    def update_about(self, **changes: Any) -> None:
        self.change_about(lambda about: about | changes)

    def change_about(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Make about.json anew of what stands in it: what another page writes at the same moment is not lost."""
        # Not in the run's own folder, which a lock would make again if the run has just been deleted.
        with closing(Lock(self.path.parent / ".about.lock")) as lock:
            lock.wait()
            write_json(self.about_path, change(self.about()))

    @property
    def name(self) -> str:
        return str(self.about().get("name", self.id))

    def origin(self) -> Origin:
        """How its adapter came to be; of one that was not trained here there is nothing to tell of its training."""
        if self.blend_path.exists():
            return "blended"
        return "imported" if self.imported_path.exists() else "trained"

    def has_adapter(self) -> bool:
        """Whether the result is there, complete: it gets its name only when it is."""
        return self.adapter_dir.exists()


def all_runs(root: Path) -> list[RunDir]:
    """Every run below the root, oldest first, however the clock was set in between."""
    folder = root / "runs"
    runs = [RunDir(path) for path in folder.iterdir() if path.is_dir()] if folder.exists() else []
    complete = [run for run in runs if run.config_path.exists()]
    return sorted(complete, key=_order)


def config_yaml(asked: RunConfig, auto: dict[str, Resolved]) -> str:
    """The file in which a run keeps what was asked for, and what each `auto` became."""
    record = {path: {"value": row.value, "why": row.why} for path, row in auto.items()}
    became = yaml.safe_dump({"auto": record}, sort_keys=False, allow_unicode=True, width=120)
    return f"format: {FORMAT}\n\n{yaml_io.dump(asked)}\n# What each “auto” became, and from what.\n{became}"


def _order(run: RunDir) -> tuple[int, float, str]:
    about = run.about()
    return about.get("number", 0), about.get("created", 0.0), run.id


def _next_number(root: Path) -> int:
    return max((run.about().get("number", 0) for run in all_runs(root)), default=0) + 1


def next_name(root: Path, base: str) -> str:
    """The first free "base-1", "base-2" …; a long base is cut, so that the number always counts."""
    short = base[:_LONGEST_BASE]
    number = 1
    while (root / "runs" / slug(f"{short}-{number}")).exists():
        number += 1
    return f"{short}-{number}"


def _new_folder(runs: Path, wanted: str) -> Path:
    """Claim a folder: mkdir lets exactly one of two racing starts have a name."""
    runs.mkdir(parents=True, exist_ok=True)
    number = 1 if wanted != _OTHER else 2
    while True:
        path = runs / (wanted if number == 1 else f"{wanted}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path


def _became(tree: dict[str, Any]) -> dict[str, Resolved]:
    return {path: Resolved(**row) for path, row in tree["auto"].items()}


def _is_record(auto: Any) -> bool:
    """Whether this is a whole record of what each `auto` became."""
    return isinstance(auto, dict) and all(
        isinstance(row, dict) and row.keys() == {"value", "why"} for row in auto.values()
    )
