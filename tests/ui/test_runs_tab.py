"""The Runs tab without a browser: what its list answers, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun, curve
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.ui.runs.cards import cards
from workbench.ui.runs.compare import compare
from workbench.ui.runs.curve import Curve
from workbench.ui.runs.shelf import Shelf
from workbench.ui.runs.view import functions


def ended(root: Path, name: str, loss: float, **asked: Any) -> RunDir:
    run = RecordedRun(root, name, steps=40, **asked).train(1, 40)
    run.check(0, 4.0)
    run.check(20, loss)
    run.check(40, loss + 0.2)
    return run.finish().dir


def names(answer: dict[str, Any]) -> list[str]:
    return [run["name"] for run in answer["runs"]]


def test_a_card_tells_a_run_at_a_glance(root: Path) -> None:
    run = ended(root, "pirate-1", 1.5)
    (card,) = cards(Shelf(root), {})["runs"]
    assert (card["name"], card["state"], card["model"], card["data"]) == ("pirate-1", "finished", "starter", "pirate")
    assert (card["best"], card["best_step"], card["seconds"]) == (1.5, 20, 4.0)
    assert card["bytes"] == sum(file.stat().st_size for file in run.path.rglob("*") if file.is_file())
    assert card["spark"][0] == pytest.approx(curve(1), abs=0.01)
    assert card["loss"] == card["spark"][-1]


def test_only_what_is_found_is_listed_in_the_order_asked_for(root: Path) -> None:
    ended(root, "b", 1.0, data__path="haiku")
    ended(root, "a", 3.0)
    ended(root, "c", 2.0).update_about(note="Good HAIKU tone")
    shelf = Shelf(root)
    assert names(cards(shelf, {})) == ["c", "a", "b"]
    assert names(cards(shelf, {"sort": "name"})) == ["a", "b", "c"]
    assert names(cards(shelf, {"sort": "best"})) == ["b", "c", "a"]
    found = cards(shelf, {"words": "haiku"})
    assert (names(found), found["found"], found["total"]) == (["c", "b"], 2, 3)
    assert names(cards(shelf, {"count": 1})) == ["c"]


def test_a_list_that_is_known_is_not_sent_again(root: Path) -> None:
    run = RecordedRun(root).train(1, 5)
    shelf = Shelf(root)
    state = cards(shelf, {})["state"]
    assert cards(shelf, {"seen": state}) == {"state": state, "same": True}
    run.train(6, 7)
    assert cards(shelf, {"seen": state})["runs"][0]["step"] == 7


def test_a_list_follows_renaming_and_deletion(root: Path) -> None:
    run = ended(root, "first", 1.0)
    shelf = Shelf(root)
    assert names(cards(shelf, {})) == ["first"]
    run.update_about(name="second")
    assert names(cards(shelf, {})) == ["second"]
    run.path.rename(root / "elsewhere")
    assert cards(shelf, {})["total"] == 0


def test_a_run_of_another_version_is_listed_with_the_reason(root: Path) -> None:
    RunDir.create(root, "odd", RunConfig(), {}).config_path.write_text("format: 99\n")
    (card,) = cards(Shelf(root), {})["runs"]
    assert "format 99" in card["problem"]


@pytest.mark.parametrize("arg", [None, [], {"sort": "x"}, {"count": 0}, {"count": "9"}, {"words": 3}, {"odd": 1}])
def test_what_no_page_asks_is_refused(root: Path, arg: Any) -> None:
    with pytest.raises(RunError):
        cards(Shelf(root), arg)
    (list_runs, *_) = functions(Shelf(root))
    assert "Reload the page." in list_runs(arg)["problem"]


def test_a_long_curve_keeps_few_points_and_the_newest(root: Path) -> None:
    run = RecordedRun(root, steps=2000).train(1, 1000)
    curve_of_run = Curve(run.dir.metrics_path).poll()
    run.train(1001, 2000)
    steps = [step for step, _ in curve_of_run.poll().points]
    assert len(steps) <= 301
    assert (steps[0], steps[-1]) == (1, 2000)
    assert steps == sorted(set(steps))


def test_a_curve_forgets_what_a_resumed_run_does_over_again(root: Path) -> None:
    run = RecordedRun(root, steps=100).train(1, 60)
    run.check(50, 1.0)
    read = Curve(run.dir.metrics_path).poll()
    run.attempt = 2
    run.train(41, 45)
    read.poll()
    assert [step for step, _ in read.points] == list(range(1, 46))
    assert read.best is None


def test_a_comparison_tells_just_what_differs(root: Path) -> None:
    small, large = ended(root, "small", 2.0, method__rank=4), ended(root, "large", 1.0, method__rank=16)
    answer = compare(Shelf(root), [large.id, small.id])
    assert [run["name"] for run in answer["runs"]] == ["large", "small"]
    (row,) = answer["settings"]
    assert row["setting"] == "method.rank"
    assert [value["words"] for value in row["values"]] == ["16", "4"]
    assert answer["runs"][0]["checks"] == {"step": [0, 20, 40], "loss": [4.0, 1.0, 1.2]}
    assert answer["runs"][0]["curve"]["step"] == list(range(1, 41))


def test_a_setting_that_the_workbench_chose_says_so(root: Path) -> None:
    ended(root, "a", 2.0)
    run = RunDir.create(root, "b", RunConfig().changed("training.epochs", 2.0), {})
    epochs = next(row for row in compare(Shelf(root), ["a", run.id])["settings"] if row["setting"] == "training.epochs")
    assert epochs["values"] == [{"words": "6", "auto": True}, {"words": "2", "auto": False}]


def test_a_comparison_leaves_out_what_was_deleted(root: Path) -> None:
    ended(root, "a", 2.0)
    assert [run["id"] for run in compare(Shelf(root), ["a", "gone", "../a"])["runs"]] == ["a"]


@pytest.mark.parametrize("arg", [None, [], "a", [3], ["a"] * 7])
def test_a_comparison_of_anything_else_is_refused(root: Path, arg: Any) -> None:
    with pytest.raises(RunError):
        compare(Shelf(root), arg)
