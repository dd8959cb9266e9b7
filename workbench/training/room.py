"""Room on the disk for a run: what is held of it for the next checkpoint."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.config.run_config import RunConfig
from workbench.jobs.room import LAST_WORDS_BYTES, Reserve
from workbench.memory.disk import Saved
from workbench.runs.disk import used_bytes

if TYPE_CHECKING:
    from workbench.training.state import Learner

_BESIDE_BYTES = 128 * 1024
"""What the file system adds to each file, and a margin."""

_RECORDS_BYTES = 1024**2


def first_checkpoint_bytes(config: RunConfig, learner: "Learner") -> int:
    """What to hold for it, before any has been made."""
    shapes = [tuple(parameter.shape) for parameter in learner.parameters.values()]
    saved = Saved.of_tensors(config, shapes, kept=sum(map(math.prod, shapes)))
    return saved.checkpoint_bytes + _BESIDE_BYTES


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
