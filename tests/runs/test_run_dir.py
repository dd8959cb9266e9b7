"""A run is a folder."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.chat.questions import ORIGINAL
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.jobs.files import append_json
from workbench.runs.listing import list_runs
from workbench.runs.metrics import Metrics, last_attempt, last_row
from workbench.runs.root import prepare
from workbench.runs.run_dir import Resolved, RunDir, next_name


def test_what_was_asked_and_what_auto_became_stand_side_by_side(root: Path) -> None:
    run = RunDir.create(root, "My pirate", RunConfig(), {"training.epochs": Resolved(6, "few examples")})
    again = RunDir.open(root, run.id)
    assert again.name == "My pirate"
    assert again.asked().training.epochs == "auto"
    assert again.config().training.epochs == 6
    assert again.auto()["training.epochs"].why == "few examples"


def test_a_workspace_is_fit_for_several_starts_at_once(root: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(prepare, [root] * 200)) == [root] * 200


def test_no_run_has_the_id_of_what_answers_beside_it(root: Path) -> None:
    ids = [RunDir.create(root, ORIGINAL, RunConfig(), {}).id for _ in range(2)]
    assert ids == [f"{ORIGINAL}-2", f"{ORIGINAL}-3"]


def test_racing_starts_of_one_name_get_folders_of_their_own(root: Path) -> None:
    made: list[RunDir] = []
    start = threading.Barrier(8)

    def create() -> None:
        start.wait()
        made.append(RunDir.create(root, "same", RunConfig(), {}))

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({run.id for run in made}) == 8
    assert len(list_runs(root)) == 8


@pytest.mark.parametrize("run_id", ["nothing", "../x", "", "a/b", "/etc"])
def test_a_run_that_is_not_there_is_said_plainly(root: Path, run_id: str) -> None:
    with pytest.raises(WorkbenchError):
        RunDir.open(root, run_id)


def test_a_link_out_of_the_root_is_no_run(root: Path, tmp_path: Path) -> None:
    outside = RunDir.create(tmp_path / "elsewhere", "x", RunConfig(), {})
    (root / "runs").mkdir(parents=True)
    (root / "runs" / "link").symlink_to(outside.path)
    with pytest.raises(WorkbenchError):
        RunDir.open(root, "link")


def test_next_name_is_free(root: Path) -> None:
    assert next_name(root, "pirate") == "pirate-1"
    RunDir.create(root, "pirate-1", RunConfig(), {})
    assert next_name(root, "pirate") == "pirate-2"


def test_the_folders_alone_rebuild_the_list(root: Path) -> None:
    run = RunDir.create(root, "a", RunConfig(), {})
    append_json(run.metrics_path, {"attempt": 1, "step": 1, "loss": 2.5})
    (summary,) = list_runs(root)
    assert (summary.phase, summary.loss, summary.model) == ("created", 2.5, "starter")
    json.dumps(summary.to_json())


def test_the_later_attempt_wins(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    metrics = Metrics(path)
    append_json(path, {"attempt": 1, "step": 0, "eval_loss": 3.0})
    for step in (1, 2, 3, 4):
        append_json(path, {"attempt": 1, "step": step, "loss": float(step)})
    assert len(metrics.poll().steps) == 4
    for step in (3, 4, 5):
        append_json(path, {"attempt": 2, "step": step, "loss": 10.0 + step})
    metrics.poll()
    assert [row["loss"] for row in metrics.steps] == [1.0, 2.0, 13.0, 14.0, 15.0]
    assert metrics.generation == 1
    assert metrics.evaluations[0]["eval_loss"] == 3.0
    assert last_row(path)["loss"] == 15.0
    assert last_attempt(path) == 2


def test_a_long_base_still_gets_the_next_name(root: Path) -> None:
    base = "customer-questions-and-answers-2026-export-final-version"
    first = next_name(root, base)
    RunDir.create(root, first, RunConfig(), {})
    assert RunDir.create(root, next_name(root, base), RunConfig(), {}).id != first


def test_one_unreadable_run_does_not_hide_the_others(root: Path) -> None:
    RunDir.create(root, "good", RunConfig(), {})
    bad = RunDir.create(root, "bad", RunConfig(), {})
    bad.config_path.write_text("format: 99\n")
    by_id = {run.id: run for run in list_runs(root)}
    assert by_id["good"].model == "starter"
    assert "format 99" in by_id["bad"].message


def test_a_line_after_a_torn_one_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    append_json(path, {"attempt": 1, "step": 1, "loss": 1.0})
    with path.open("ab") as file:
        file.write(b'{"attempt": 1, "st')
    append_json(path, {"attempt": 2, "step": 2, "loss": 2.0})
    assert [row["step"] for row in Metrics(path).poll().steps] == [1, 2]


def test_a_folder_that_cannot_be_written_is_no_workspace(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(WorkbenchError, match="cannot be used as the workspace"):
        prepare(blocked / "root")
