"""Which trackers there are. A tracker: one file in this folder, one row here, its name in the settings."""

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import SettingError

SETTING = "tracking.tracker"
NONE = "none"

QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "WANDB_ERROR_REPORTING": "false", "DO_NOT_TRACK": "true"}
"""What keeps them from telling their makers how they are used. They read it when they are loaded."""

_LOCAL = ("", "offline", "disabled")
"""What one of their environment variables may say without meaning another place."""


@dataclass(frozen=True)
class Entry:
    """A tracker without its package, which only the process that feeds it loads."""

    name: str
    label: str
    module: str
    """Holds the class `Sender`, in this folder."""
    online_by: tuple[str, ...]
    """The environment variables by which the user asks this tracker to use the network, or another place."""
    look: Callable[[Path], str]
    """The command that shows what lies in a place."""

    @property
    def package(self) -> str:
        return self.name

    def is_installed(self) -> bool:
        return find_spec(self.package) is not None

    def is_online(self) -> bool:
        """Whether the user has told this tracker where to send to, instead of the workspace."""
        return any(os.environ.get(variable, "") not in _LOCAL for variable in self.online_by)

    def place(self, root: Path) -> Path:
        return root / "trackers" / self.name

    def look_command(self, root: Path) -> str:
        """How to see what was sent."""
        return self.look(self.place(root).absolute())

    @property
    def install_command(self) -> str:
        return f"{shlex.quote(sys.executable)} -m pip install {self.package}"


def _program(name: str) -> str:
    """The program of a package, where it stands beside this Python and may not be found by its name alone."""
    path = Path(sys.executable).with_name(name)
    return shlex.quote(str(path)) if path.exists() else name


def _look_tensorboard(place: Path) -> str:
    return f"{_program('tensorboard')} --logdir {shlex.quote(str(place))}"


def _look_trackio(place: Path) -> str:
    return f"TRACKIO_DIR={shlex.quote(str(place))} {_program('trackio')} show"


def _look_wandb(place: Path) -> str:
    return f"{_program('wandb')} sync {shlex.quote(str(place / 'wandb'))}/offline-run-*"


def _look_mlflow(place: Path) -> str:
    return f"{_program('mlflow')} ui --backend-store-uri {shlex.quote(f'sqlite:///{place}/mlflow.db')}"


TRACKERS = {
    entry.name: entry
    for entry in (
        Entry("tensorboard", "TensorBoard", "tensorboard", (), _look_tensorboard),
        Entry("trackio", "Trackio", "trackio", ("TRACKIO_SPACE_ID", "TRACKIO_SERVER_URL"), _look_trackio),
        Entry("wandb", "W&B", "wandb", ("WANDB_MODE",), _look_wandb),
        Entry("mlflow", "MLflow", "mlflow", ("MLFLOW_TRACKING_URI",), _look_mlflow),
    )
}


def find_tracker(name: str) -> Entry:
    """An installed tracker. Raises SettingError for one that is unknown or not installed, with how to install it."""
    entry = TRACKERS.get(name)
    if entry is None:
        raise SettingError(SETTING, f"There is no tracker {name}.", f"There are: {', '.join(TRACKERS)}.")
    if not entry.is_installed():
        raise SettingError(SETTING, f"{entry.label} is not installed.", f"Install it: {entry.install_command}")
    return entry
