"""Where a run ends, which somebody may bring nearer while it trains. No torch.

The rest of the course of its learning rate is then gone through in the updates that are left, so that it ends as it
would have ended. What was taken in stands in the run's folder, and follows from the step alone: a resume goes the same
way again.
"""

from dataclasses import dataclass

from workbench.jobs.files import read_json, write_json
from workbench.runs.run_dir import RunDir
from workbench.training.stopping import FINISHED, Ending


@dataclass(frozen=True)
class Bend:
    """From update `start` on, the run goes to its end at update `end` instead of `was`."""

    start: int
    end: int
    was: int

    def place(self, step: float) -> float:
        """The update, of the course before, that stands where this one does now."""
        if step < self.start:
            return step
        return self.start + (step - self.start) * (self.was - self.start) / (self.end - self.start)


def ask_to_finish(run: RunDir, at_step: int) -> None:
    """Heard by the run before its next update."""
    write_json(run.path / "finish.json", {"at_step": at_step})


class Finish:
    """The end of one run. Its worker alone writes bends.json."""

    def __init__(self, run: RunDir, steps: int) -> None:
        self._run = run
        self._planned = steps
        self._bends = [Bend(**bend) for bend in read_json(run.path / "bends.json").get("bends", [])]

    @property
    def steps(self) -> int:
        return self._bends[-1].end if self._bends else self._planned

    def look(self, step: int) -> bool:
        """Take in what was asked for, with `step` updates done; whether the end is another one now."""
        asked = read_json(self._run.path / "finish.json").get("at_step")
        if asked is None:
            return False
        (self._run.path / "finish.json").unlink()
        end = max(step + 1, int(asked))
        if end >= self.steps:
            return False
        self._bends.append(Bend(step, end, self.steps))
        write_json(self._run.path / "bends.json", {"bends": [vars(bend) for bend in self._bends]})
        return True

    def place(self, step: int) -> float:
        """Where the course of the learning rate stands before an update, counted as it was planned."""
        place = float(step)
        for bend in reversed(self._bends):
            place = bend.place(place)
        return place

    def ending(self) -> Ending:
        """What is said of a run that has come to its end."""
        if not self._bends:
            return FINISHED
        return Ending(
            "finished",
            f"Finished at update {self.steps} instead of {self._planned}, as asked at update {self._bends[-1].start}: "
            "the learning rate went through the rest of its course by then.",
        )
