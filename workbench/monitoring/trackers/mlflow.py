"""MLflow: a database in the workspace, or the server that MLFLOW_TRACKING_URI names."""

import hashlib
import os

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from workbench.monitoring.trackers.base import PROJECT, Row, Subject, numbers

_TAG = "workbench.run"
_MOST_METRICS = 900
_LONGEST_PARAM = 6000


class Sender:
    """One run there for each lap. Rows are sent some hundred at a time, as each sending takes a while."""

    def begin(self, subject: Subject) -> None:
        self._subject = subject
        self._held: list[Metric] = []
        self._client = _connect(subject)
        experiment = self._experiment()
        found = self._client.search_runs([experiment], f"tags.`{_TAG}` = '{subject.key}'")
        self._run_id = found[0].info.run_id if found else self._create(experiment)
        self._client.set_terminated(self._run_id, "RUNNING")

    def step(self, row: Row) -> None:
        time = int(1000 * self._subject.time(row))
        self._held += [Metric(name, value, time, row["step"]) for name, value in numbers(row).items()]
        if len(self._held) >= _MOST_METRICS:
            self._send()

    def evaluation(self, row: Row) -> None:
        self.step(row)

    def answer(self, row: Row) -> None:
        words = f"{row['prompt']}\n\n{row['answer']}\n"
        self._client.log_text(self._run_id, words, f"answers/{_short(row['prompt'])}/step-{row['step']}.txt")

    def end(self) -> None:
        self._send()
        self._client.set_terminated(self._run_id)

    def _send(self) -> None:
        self._client.log_batch(self._run_id, metrics=self._held)
        self._held = []

    def _experiment(self) -> str:
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or PROJECT
        known = self._client.get_experiment_by_name(name)
        if known:
            return str(known.experiment_id)
        place = None if os.environ.get("MLFLOW_TRACKING_URI") else (self._subject.place / "artifacts").as_uri()
        return str(self._client.create_experiment(name, artifact_location=place))

    def _create(self, experiment: str) -> str:
        subject = self._subject
        run = self._client.create_run(
            experiment, int(1000 * subject.created), tags={_TAG: subject.key}, run_name=subject.name
        )
        settings = [Param(name, str(value)[:_LONGEST_PARAM]) for name, value in subject.settings.items()]
        self._client.log_batch(run.info.run_id, params=settings, tags=[RunTag(_TAG, subject.key)])
        return str(run.info.run_id)


def _short(prompt: str) -> str:
    """A name for its folder: a prompt may hold anything."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:12]


def _connect(subject: Subject) -> MlflowClient:
    subject.place.mkdir(parents=True, exist_ok=True)
    return MlflowClient(os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{subject.place}/mlflow.db")
