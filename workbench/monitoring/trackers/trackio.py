"""Trackio: a database in the workspace, or the place that TRACKIO_SPACE_ID or TRACKIO_SERVER_URL names."""

import os
from typing import Any

from workbench.monitoring.trackers.base import PROJECT, Row, Subject, numbers


class Sender:
    """One run there for each lap."""

    def begin(self, subject: Subject) -> None:
        # Trackio reads the variable once, when it is imported.
        os.environ.setdefault("TRACKIO_DIR", str(subject.place))
        import trackio

        self._trackio: Any = trackio
        self._run = trackio.init(
            project=os.environ.get("TRACKIO_PROJECT") or PROJECT,
            name=subject.name,
            config=subject.settings,
            resume="never" if subject.is_new else "allow",
            embed=False,
            auto_log_gpu=False,
            auto_log_cpu=False,
        )

    def step(self, row: Row) -> None:
        self._run.log(numbers(row), step=row["step"])

    def evaluation(self, row: Row) -> None:
        self.step({"step": row["step"], "eval_loss": row["eval_loss"]})

    def answer(self, row: Row) -> None:
        self._run.log({f"answers/{row['prompt'][:60]}": self._trackio.Markdown(row["answer"])}, step=row["step"])

    def end(self) -> None:
        self._trackio.finish()
