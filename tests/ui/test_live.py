"""What the live view is told about a run, on run folders as workers write them."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.recorded_run import RecordedRun
from workbench.runs.thinned import Thinner
from workbench.ui.polls import add_routes, tell_run, tell_stretch
from workbench.ui.watch import Pace, Watch


class Page:
    """Asks as the page does, with what it has got so far."""

    def __init__(self, root: Path, run: str = "", watch: Watch | None = None) -> None:
        self.watch = watch or Watch(root, fresh_seconds=0.0)
        self.have = {"run": run}
        self.kept: dict[str, Any] = {}

    def ask(self, **changed: Any) -> dict[str, Any]:
        answer, _ = tell_run(self.watch, self.have | {name: str(value) for name, value in changed.items()})
        names = ("generation", "cursor", "checks", "samples", "log_bytes", "seen")
        theirs = {"samples": "sample_count"}
        self.have |= {name: str(answer[key]) for name in names if (key := theirs.get(name, name)) in answer}
        self.kept = answer.get("kept", self.kept)
        return self.kept | answer


@pytest.fixture
def run(root: Path) -> RecordedRun:
    run = RecordedRun(root, method__rank=16)
    run.check(0, 3.7)
    run.answer(0, "Hello!", "Hello.")
    run.machine()
    run.log("loading the model\n")
    return run.train(1, 120)


def test_a_run_with_a_setting_from_elsewhere_is_told_in_a_sentence(root: Path, run: RecordedRun) -> None:
    with run.dir.config_path.open("a", encoding="utf-8") as file:
        file.write("no_such_setting: 1\n")
    assert "no_such_setting" in Page(root).ask()["problem"]


def test_without_a_run_there_is_none(root: Path) -> None:
    assert Page(root).ask()["run"] is None


def test_the_first_answer_holds_everything(root: Path, run: RecordedRun) -> None:
    answer = Page(root).ask()
    facts = {"id": "pirate-1", "name": "pirate-1", "model": "starter", "method": "LoRA", "data": "pirate"}
    assert answer["run"] == facts | {"parent": "", "merged": "", "origin": "trained"}
    assert (answer["phase"], answer["step"], answer["steps"], answer["percent"]) == ("training", 120, 480, 25.0)
    assert answer["eta_seconds"] == pytest.approx(36.0)
    assert answer["elapsed_seconds"] == pytest.approx(12.0)
    assert (answer["epoch"], answer["epochs"]) == (1.5, 6)
    assert answer["series"]["step"] == list(range(1, 121))
    assert answer["evaluations"] == [{"step": 0, "loss": 3.7}]
    assert (answer["numbers"]["eval_loss"], answer["numbers"]["best_eval_step"]) == (3.7, 0)
    assert (answer["machine"]["limit_gb"], answer["machine"]["cores"], answer["machine"]["vram_gb"]) == (21.0, 2, None)
    assert answer["samples"][0]["answers"] == [{"step": 0, "answer": "Hello."}]
    assert answer["log"] == "loading the model\n"
    assert answer["findings"] and answer["result"] is None


def test_passes_are_counted_to_the_last_step_there_will_be(root: Path) -> None:
    RecordedRun(root, steps=40).train(1, 10)
    answer = Page(root).ask()
    assert (answer["epoch"], answer["epochs"]) == (1.5, 6.0)


def test_after_that_only_what_is_new_comes(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    page.ask()
    run.train(121, 123)
    answer = page.ask()
    assert not answer["full"]
    assert answer["series"]["step"] == [121, 122, 123]
    assert not {"kept", "samples", "log", "settings", "command"} & set(answer)
    assert answer["evaluations"] == []
    run.answer(123, "Hello!", "Ahoy.")
    run.log("saved\n")
    answer = page.ask()
    assert answer["series"]["step"] == []
    assert [row["answer"] for row in answer["samples"][0]["answers"]] == ["Hello.", "Ahoy."]
    assert answer["log"] == "saved\n"


def test_settings_tell_what_auto_became_and_the_command_what_was_changed(root: Path, run: RecordedRun) -> None:
    answer = Page(root).ask()
    settings = {row["setting"]: row for row in answer["settings"]}
    assert (settings["training.epochs"]["value"], settings["training.epochs"]["why"]) == ("6", "about 100 updates")
    assert (settings["method.rank"]["value"], settings["method.rank"]["changed"]) == ("16", True)
    assert "--method.rank 16" in answer["command"] and "--training.epochs" not in answer["command"]


def test_a_path_cannot_break_out_of_the_command(root: Path) -> None:
    RecordedRun(root, data__path="my file; rm -rf ~.jsonl").phase("training")
    assert "--data.path 'my file; rm -rf ~.jsonl'" in Page(root).ask()["command"]


def test_a_torn_last_line_is_left_for_later(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    with run.dir.metrics_path.open("ab") as file:
        file.write(b'{"attempt": 1, "st')
    assert page.ask()["cursor"] == 120
    with run.dir.metrics_path.open("ab") as file:
        file.write(b'ep": 121, "eval_loss": 2.5, "seconds": 12.1}\n')
    assert page.ask()["numbers"]["eval_loss"] == 2.5


def test_a_second_attempt_begins_the_curves_again(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    page.ask()
    run.attempt = 2
    run.train(101, 105)
    answer = page.ask()
    assert answer["full"]
    assert answer["series"]["step"] == list(range(1, 106))


def test_a_run_that_took_the_name_of_a_deleted_one_begins_again(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    page.ask()
    run.dir.path.rename(root / "deleted")
    RecordedRun(root).train(1, 200)
    answer = page.ask()
    assert answer["full"] and len(answer["series"]["step"]) == 200


def test_a_loss_that_is_no_number_is_valid_json(root: Path, run: RecordedRun) -> None:
    run.step(121, loss=None, grad_norm=None)
    run.check(121, None)
    answer = Page(root).ask()
    assert answer["series"]["loss"][-1] is None
    assert answer["numbers"]["loss"] is None
    assert answer["evaluations"][-1]["loss"] is None
    json.dumps(answer, allow_nan=False)


def test_a_long_run_is_sent_small_and_keeps_its_spikes(root: Path) -> None:
    run = RecordedRun(root, steps=10_000)
    run.step(1)
    line = run.dir.metrics_path.read_text(encoding="utf-8")
    rows = [json.loads(line) | {"step": step, "loss": 9.5 if step == 4321 else 1.23456789} for step in range(1, 10_001)]
    run.dir.metrics_path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    answer = Page(root).ask()
    assert answer["cursor"] == 10_000
    assert len(answer["series"]["step"]) <= 800
    assert max(answer["series"]["loss"]) == 9.5
    assert len(json.dumps(answer)) < 60_000


def test_a_run_of_which_nothing_is_written_yet_can_be_shown(root: Path) -> None:
    RecordedRun(root).phase("queued", message="Waiting for another run to end.")
    answer = Page(root).ask()
    assert (answer["phase"], answer["percent"], answer["machine"]) == ("queued", 0.0, None)
    assert (answer["numbers"]["loss"], answer["samples"], answer["log"]) == (None, [], "")


def test_a_finished_run_comes_with_its_result_and_is_asked_for_less_often(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    while_live = page.ask()["poll_seconds"]
    run.check(480, 1.5)
    run.answer(480, "Hello!", "Ahoy!")
    run.finish()
    answer = page.ask()
    assert answer["result"]["word"] == "clearly learned"
    assert answer["result"]["answers"][0]["after"] == "Ahoy!"
    assert answer["poll_seconds"] > while_live


def test_the_run_that_trains_is_shown_unless_another_is_asked_for(root: Path, run: RecordedRun) -> None:
    RecordedRun(root, "later").train(1, 5).finish()
    assert Page(root).ask()["run"]["id"] == "pirate-1"
    assert Page(root, "later").ask()["run"]["id"] == "later"


def test_a_log_that_grew_a_lot_is_sent_from_a_whole_line_on(root: Path, run: RecordedRun) -> None:
    page = Page(root)
    page.ask()
    run.log("".join(f"line {number}\n" for number in range(20_000)))
    lines = page.ask()["log"].splitlines()
    assert lines[-1] == "line 19999" and lines[0].startswith("line ") and len(lines) < 5000


def test_very_many_checks_and_answers_are_thinned(root: Path, run: RecordedRun) -> None:
    rows = [{"attempt": 1, "step": step, "eval_loss": 1.0 + step % 2, "seconds": 1.0} for step in range(121, 5121)]
    with run.dir.metrics_path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    for step in range(100):
        run.answer(step, "Hello!", f"answer {step}")
    answer = Page(root).ask()
    assert len(answer["evaluations"]) <= 1000
    answers = answer["samples"][0]["answers"]
    assert len(answers) <= 21
    assert (answers[0]["answer"], answers[-1]["answer"]) == ("Hello.", "answer 99")


def test_pages_ask_by_an_address_of_their_own(root: Path, run: RecordedRun) -> None:
    app = FastAPI()
    add_routes(app, root)
    client = TestClient(app)
    first, again = (client.get("/poll/run", params={"run": "pirate-1"}) for _ in range(2))
    assert first.json()["kept"]["run"]["id"] == "pirate-1" and first.headers["cache-control"] == "no-store"
    assert again.content == first.content
    assert "Reload the page." in client.get("/poll/run", params={"odd": "1"}).json()["problem"]
    assert client.get("/poll/stretch", params={"run": "pirate-1", "first": 3, "last": 5}).status_code == 200
    assert "pirate-1: 25 %" in client.get("/poll/machine").json()["line"]


def test_what_lies_between_the_points_of_a_long_run_can_be_asked_for(root: Path) -> None:
    run = RecordedRun(root, steps=5000)
    for step in range(1, 5001):
        run.step(step)
    Thinner(run.dir.metrics_path)
    told = tell_stretch(Watch(root), {"run": "pirate-1", "first": "3000", "last": "3300"})
    assert told["series"]["step"] == list(range(3000, 3301))


@pytest.mark.parametrize("words", [{}, {"run": "pirate-1", "first": "9", "last": "1"}, {"run": "../x", "first": "1"}])
def test_a_stretch_of_nothing_is_refused_in_a_sentence(root: Path, run: RecordedRun, words: dict[str, str]) -> None:
    assert set(tell_stretch(Watch(root), words)) == {"problem"}


def test_many_pages_wait_longer() -> None:
    pace = Pace()
    crowd = [pace.stretch() for _ in range(100)]
    assert crowd[0] == 1.0 and crowd[-1] >= 2.0


def test_a_run_is_looked_at_once_in_a_moment_however_many_ask(root: Path, run: RecordedRun) -> None:
    watch = Watch(root, fresh_seconds=60.0)
    first = Page(root, watch=watch).ask()
    run.train(121, 130)
    assert Page(root, watch=watch).ask() == first


def test_pages_that_ask_at_once_all_get_the_whole_run(root: Path, run: RecordedRun) -> None:
    watch, counts = Watch(root), []
    pages = [Page(root, watch=watch) for _ in range(8)]
    threads = [threading.Thread(target=lambda p=page: counts.append(len(p.ask()["series"]["step"]))) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [120] * 8


@pytest.mark.parametrize(
    "arg",
    [
        {"run": "../../etc"},
        {"run": "pirate-1/../pirate-1"},
        {"run": "no-such-run"},
        {"run": "pirate-1\x00"},
        {"run": "pirate-1", "cursor": ""},
        {"run": "pirate-1", "cursor": "1.5"},
        {"run": "pirate-1", "cursor": "nan"},
        {"run": "pirate-1", "cursor": "\u0663"},
        {"run": "pirate-1", "cursor": "9" * 5000},
        {"run": "pirate-1", "path": "/etc/passwd"},
    ],
)
def test_a_hostile_question_gets_a_sentence(root: Path, run: RecordedRun, arg: dict[str, str]) -> None:
    answer, _ = tell_run(Watch(root), arg)
    assert set(answer) == {"problem", "poll_seconds"}
    assert str(root) not in answer["problem"]


@pytest.mark.parametrize("cursor", [-1, -(10**12), 10**12])
def test_a_cursor_beyond_the_run_gets_everything(root: Path, run: RecordedRun, cursor: int) -> None:
    page = Page(root)
    page.ask()
    answer = page.ask(cursor=cursor)
    assert answer["full"] and len(answer["series"]["step"]) == 120
