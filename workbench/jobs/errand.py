"""Jobs that are begun as soon as somebody has asked for them: downloads, blends, checks, showcases."""

import time

from workbench.jobs.folder import ENDED, JobFolder, Status

_SIGN_IN_SECONDS = 60.0
"""A supervisor takes part of a second to start, and many on a machine that has too much to do."""


class Errand(JobFolder):
    """The folder of one."""

    def status(self) -> Status:
        """What was asked for in the moment in which whoever asked ended was never begun, and does not go on."""
        status = super().status()
        never_begun = status.phase == "created" and not self._is_new() and not self.is_alive()
        return self._interrupted(status) if never_begun else status

    @property
    def goes_on(self) -> bool:
        return self.status().phase not in ENDED

    def end(self, phase: str, message: str, hint: str) -> int:
        """Its worker's last words where it did not finish; how far it came stays told. Returns the exit code."""
        stored = self.stored_status()
        self.write_status(Status(phase, stored.step, stored.steps, message, hint))
        return 0 if phase == "stopped" else 1

    def _is_new(self) -> bool:
        """Whether its supervisor may still sign in."""
        return time.time() - self.path.stat().st_mtime < _SIGN_IN_SECONDS


def new_id() -> str:
    """A name for a folder; that of a later one comes later in the alphabet."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}"
