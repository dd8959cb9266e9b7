"""Weights & Biases: files in the workspace, which `wandb sync` sends later; WANDB_MODE=online sends at once."""

import os

import wandb

from workbench.monitoring.trackers.base import PROJECT, Row, Subject, numbers


class Sender:
    """One run there for each lap. A step is a value like the others, so that no order of rows is lost."""

    def begin(self, subject: Subject) -> None:
        subject.place.mkdir(parents=True, exist_ok=True)
        settings = wandb.Settings(
            mode=os.environ.get("WANDB_MODE") or "offline",  # type: ignore[arg-type]
            silent=True,
            console="off",
            disable_git=True,
            disable_code=True,
            x_disable_stats=True,
        )
        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT") or PROJECT,
            dir=str(subject.place),
            id=subject.key,
            name=subject.name,
            config=subject.settings,
            resume="allow",
            settings=settings,
        )
        self._run.define_metric("*", step_metric="step")

    def step(self, row: Row) -> None:
        self._run.log({"step": row["step"], **numbers(row)})

    def evaluation(self, row: Row) -> None:
        self.step(row)

    def answer(self, row: Row) -> None:
        columns = ["prompt", "expected", "answer"]
        table = wandb.Table(columns=columns, data=[[row[column] for column in columns]])
        self._run.log({"step": row["step"], "answers": table})

    def end(self) -> None:
        self._run.finish()
