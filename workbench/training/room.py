"""Room on the disk for a run: how much it will take, and what is held of it for the next checkpoint."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.config.run_config import TrainingSettings
from workbench.jobs.room import LAST_WORDS_BYTES, Reserve
from workbench.runs.disk import used_bytes

_ADAPTER_BYTES = 4
_STATE_BYTES = 12
"""Each parameter once more as it is trained, and two moments of it: the most that an optimizer keeps."""

_BESIDE_BYTES = 128 * 1024
"""The small files of a checkpoint, and what the file system adds to each file."""

_RECORDS_BYTES = 1024**2


def checkpoint_bytes(trainable: int) -> int:
    """One checkpoint, before any has been made."""
    return trainable * (_ADAPTER_BYTES + _STATE_BYTES) + _BESIDE_BYTES


def run_bytes(trainable: int, steps: int, settings: TrainingSettings) -> int:
    """The most that a run takes at a time: kept checkpoints and the one being made, the best state, the adapter."""
    checkpoints = min(settings.keep_checkpoints + 1, math.ceil(steps / int(settings.save_every)))
    return checkpoints * checkpoint_bytes(trainable) + 2 * trainable * _ADAPTER_BYTES + _RECORDS_BYTES


class NextCheckpoint:
    """The room for a run's next checkpoint, so that no other program can make the save fail."""

    def __init__(self, run_path: Path) -> None:
        self._reserve = Reserve(run_path)
        self._wanted_bytes = 0

    def expect(self, wanted_bytes: int) -> None:
        """How large it will be; nothing is held before this is known."""
        self._wanted_bytes = wanted_bytes

    def hold(self) -> None:
        """Raises OSError where there is not so much room."""
        if self._wanted_bytes:
            self._reserve.hold(self._wanted_bytes)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """The room is there to be used meanwhile. `hold` takes it again."""
        self._reserve.give_up()
        yield

    def learn_from(self, checkpoint: Path) -> None:
        """The next one will be as large as this."""
        self._wanted_bytes = used_bytes(checkpoint) + _BESIDE_BYTES

    def give_up(self) -> None:
        self._reserve.give_up()

    def needed_bytes(self) -> int:
        """What must be free for the run to go on: the next checkpoint, a best state, and what is written beside."""
        return self._wanted_bytes * 3 // 2 + LAST_WORDS_BYTES + _RECORDS_BYTES
