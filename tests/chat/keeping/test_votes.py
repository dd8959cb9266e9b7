"""Votes stand in the folder of the run, and none is lost."""

import threading
from pathlib import Path

import pytest

from tests.chat.keeping.kept import tuned
from workbench.chat.keeping.votes import Vote, add_vote, count_votes, describe_votes
from workbench.chat.questions import Answerer
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import RunDir

BOTH = {"original": Answerer(), "tuned": Answerer("pirate-1"), "half": Answerer("pirate-1", 0.5)}


def test_votes_are_counted_by_who_answered_and_how_strongly(root: Path) -> None:
    run = tuned(root)
    for number, winner in enumerate(["tuned", "original", "tuned", "half"]):
        add_vote(run, Vote(f"talk/{number}", "Hello!", winner, BOTH, blind=number == 0))
    assert count_votes(run) == {Answerer("pirate-1"): 2, Answerer(): 1, Answerer("pirate-1", 0.5): 1}
    assert describe_votes(run) == "pirate-1 2 · original 1 · pirate-1 at 50 % 1"
    kept = RunDir.open(root, run.id).about()["votes"][0]
    assert (kept["prompt"], kept["winner"], kept["blind"], kept["time"] > 0) == ("Hello!", "tuned", True, True)
    assert Answerer(**kept["answerers"]["half"]) == Answerer("pirate-1", 0.5)


def test_a_vote_can_be_changed_and_taken_back(root: Path) -> None:
    run = tuned(root)
    for winner in ("tuned", "original"):
        add_vote(run, Vote("talk/0", "Hello!", winner, BOTH))
    assert count_votes(run) == {Answerer(): 1}
    add_vote(run, Vote("talk/0", "Hello!", "", BOTH))
    assert count_votes(run) == {}
    assert describe_votes(run) == ""


def test_a_vote_for_nobody_is_refused_and_a_long_question_cut(root: Path) -> None:
    run = tuned(root)
    with pytest.raises(WorkbenchError, match="gave no answer here"):
        add_vote(run, Vote("talk/0", "Hello!", "somebody", BOTH))
    add_vote(run, Vote("talk/0", "\ud800" * 1_000_000, "tuned", BOTH))
    assert run.about_path.stat().st_size < 2000


def test_of_many_writers_at_once_none_undoes_another(root: Path) -> None:
    run = tuned(root)
    votes = [
        threading.Thread(target=add_vote, args=(run, Vote(f"talk/{number}", "?", "tuned", BOTH)))
        for number in range(12)
    ]
    rename = threading.Thread(target=run.update_about, kwargs={"note": "kept"})
    for writer in (*votes, rename):
        writer.start()
    for writer in (*votes, rename):
        writer.join()
    assert count_votes(run) == {Answerer("pirate-1"): 12}
    assert run.about()["note"] == "kept"
