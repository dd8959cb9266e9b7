"""Trackers: what reaches them of a run, each step once, and what is said where one is not installed."""

import json
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun, curve
from workbench.cli import main
from workbench.errors import SettingError
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder
from workbench.monitoring.trackers import launch
from workbench.monitoring.trackers.feed import Feed, Overtaken, Sent
from workbench.monitoring.trackers.table import TRACKERS, find_tracker
from workbench.monitoring.trackers.worker import Following, feed
from workbench.runs.run_dir import RunDir

Steps = dict[int, float]


def resumed(root: Path) -> RecordedRun:
    """A run that was killed at step 40, and went on from step 30 to its end."""
    run = RecordedRun(root, steps=60)
    run.check(0, 4.0)
    run.train(1, 40)
    run.answer(0, "Hello?", "Hi <b>there</b>")
    run.attempt = 2
    for step in range(31, 61):
        run.step(step, loss=curve(step) + 1)
    run.check(60, 2.0)
    return run


def expected() -> Steps:
    return {step: curve(step) + (step > 30) for step in range(1, 61)}


def send(run: RunDir, name: str) -> JobFolder:
    """What the process of a tracker does, done here."""
    job = launch.tracking_job(run, name)
    job.path.mkdir(parents=True, exist_ok=True)
    Following(job, TRACKERS[name]).go()
    return job


def skip_without(name: str) -> None:
    """Without importing it: Trackio reads its folder then."""
    if not TRACKERS[name].is_installed():
        pytest.skip(f"{TRACKERS[name].package} is not installed")


def tensorboard_events(root: Path, run_id: str = "pirate-1") -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = TRACKERS["tensorboard"].place(root) / run_id
    return EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0}).Reload()


def read_tensorboard(root: Path) -> Steps:
    events = tensorboard_events(root).Scalars("loss")
    assert len(events) == len({event.step for event in events})
    return {event.step: event.value for event in events}


def read_trackio(root: Path) -> Steps:
    with sqlite3.connect(TRACKERS["trackio"].place(root) / "lora-workbench.db") as database:
        rows = database.execute("select run_name, step, metrics from metrics").fetchall()
    assert {name for name, _, _ in rows} == {"pirate-1"}
    measured = [(step, json.loads(metrics)) for _, step, metrics in rows]
    losses = [(step, numbers["loss"]) for step, numbers in measured if "loss" in numbers]
    assert len(losses) == len(dict(losses))
    return dict(losses)


def read_mlflow(root: Path) -> Steps:
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{TRACKERS['mlflow'].place(root)}/mlflow.db")
    (run,) = client.search_runs([found.experiment_id for found in client.search_experiments()])
    assert (run.info.run_name, run.info.status, run.data.params["method.rank"]) == ("pirate-1", "FINISHED", "8")
    history = client.get_metric_history(run.info.run_id, "loss")
    assert len(history) == len({metric.step for metric in history})
    return {metric.step: metric.value for metric in history}


READERS: dict[str, Callable[[Path], Steps]] = {
    "tensorboard": read_tensorboard,
    "trackio": read_trackio,
    "mlflow": read_mlflow,
}


@pytest.mark.parametrize("name", READERS)
def test_each_step_arrives_once_as_the_last_attempt_made_it(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_without(name)
    monkeypatch.delenv("TRACKIO_DIR", raising=False)
    run = resumed(root).finish()
    job = send(run.dir, name)
    assert READERS[name](root) == pytest.approx(expected(), rel=1e-4)
    assert job.stored_status().message == f"60 steps are in {TRACKERS[name].label}."


def test_weights_and_biases_get_a_run_in_the_workspace(root: Path) -> None:
    skip_without("wandb")
    send(resumed(root).finish().dir, "wandb")
    (file,) = (TRACKERS["wandb"].place(root) / "wandb").glob("offline-run-*/*.wandb")
    assert file.read_bytes().count(b"grad_norm") >= 60


def test_settings_and_answers_arrive_as_text(root: Path) -> None:
    send(resumed(root).finish().dir, "tensorboard")
    events = tensorboard_events(root)
    (answer,) = events.Tensors("answers/Hello?")
    assert (answer.step, answer.tensor_proto.string_val[0]) == (0, b"<pre>Hi &lt;b&gt;there&lt;/b&gt;</pre>")
    assert b"method.rank" in events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    assert [(event.step, event.value) for event in events.Scalars("eval_loss")] == [(0, 4.0), (60, 2.0)]


def test_a_run_that_goes_on_sends_only_what_is_new(root: Path) -> None:
    run = RecordedRun(root, steps=60).train(1, 20).phase("paused", 20)
    run.dir.write_process(0.0)
    job = send(run.dir, "tensorboard")
    run.attempt = 2
    run.train(21, 30).phase("stopped", 30)
    send(run.dir, "tensorboard")
    assert list(read_tensorboard(root)) == list(range(1, 31))
    assert read_json(job.path / "sent.json")["lap"] == 1
    assert len(list((TRACKERS["tensorboard"].place(root) / "pirate-1").iterdir())) == 2


def test_a_run_that_goes_back_is_sent_anew(root: Path) -> None:
    run = RecordedRun(root, steps=60).train(1, 40).phase("interrupted", 40)
    send(run.dir, "tensorboard")
    run.attempt = 2
    for step in range(31, 61):
        run.step(step, loss=curve(step) + 1)
    run.finish()
    send(run.dir, "tensorboard")
    assert read_tensorboard(root) == pytest.approx(expected(), rel=1e-4)


def test_after_a_kill_nothing_is_there_twice(root: Path) -> None:
    run = resumed(root).finish()
    job = send(run.dir, "tensorboard")
    # What stands there while it is sent.
    write_json(job.path / "sent.json", read_json(job.path / "sent.json") | {"closed": False, "metrics_bytes": 500})
    send(run.dir, "tensorboard")
    assert read_tensorboard(root) == pytest.approx(expected(), rel=1e-4)
    assert read_json(job.path / "sent.json")["lap"] == 2


def test_what_a_tracker_raises_is_told_where_the_tracker_is(root: Path) -> None:
    run = resumed(root).finish().dir
    (root / "trackers").write_text("a file where a folder is to be")
    job = launch.tracking_job(run, "tensorboard")
    job.path.mkdir(parents=True)
    assert feed(job) == 1
    (sending,) = launch.sendings(run)
    assert sending.status.message.startswith("TensorBoard refused: ")
    assert run.status().phase == "finished"


def test_a_feed_tells_when_what_it_gave_is_overtaken(root: Path) -> None:
    run = RecordedRun(root)
    run.check(0, 4.0)
    run.train(1, 40)
    rows = Feed(run.dir, Sent())
    assert len(rows.next()) == 41
    assert rows.next() == []
    run.attempt = 2
    run.step(31)
    with pytest.raises(Overtaken):
        rows.next()


@pytest.mark.parametrize("name", [name for name in TRACKERS if find_spec(name) is None])
def test_a_tracker_that_is_not_installed_says_how_to_get_it(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = RecordedRun(root).train(1, 3).finish().dir
    assert main(["track", run.id, "--to", name, "--root", str(root)]) == 2
    assert f"is not installed. Install it: {TRACKERS[name].install_command}" in capsys.readouterr().err
    assert launch.sendings(run) == []
    with pytest.raises(SettingError):
        find_tracker(name)


@pytest.mark.slow
def test_a_living_run_is_followed_to_its_end_by_a_process_of_its_own(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = RecordedRun(root, steps=60, tracking__tracker="tensorboard")
    run.check(0, 4.0)
    run.train(1, 10)
    launch.start_chosen(run.dir)
    job = launch.tracking_job(run.dir, "tensorboard")
    assert job.is_alive()
    launch.start_chosen(run.dir)  # a second start is none
    run.train(11, 60).finish()
    assert job.wait().phase == "finished"
    assert read_json(job.path / "sent.json")["lap"] == 1
    assert list(read_tensorboard(root)) == list(range(1, 61))
    assert main(["track", "pirate-1", "--to", "tensorboard", "--wait", "--root", str(root)]) == 0
    assert str(TRACKERS["tensorboard"].place(root)) in capsys.readouterr().out
