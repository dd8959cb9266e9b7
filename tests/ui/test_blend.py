"""The Blend view, as the browser asks it: what can be chosen, what is refused, and what came of a blend."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.blended import made_run
from tests.training.foreign_adapter import DOWN, QUERY, tensors, write
from workbench.runs import trash
from workbench.runs.run_dir import RunDir
from workbench.training.blending.job import BlendJob, blendings
from workbench.training.importing.keeping import import_adapter
from workbench.ui.chat.blend import functions

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(root: Path) -> Ask:
    """A function of the view, by its name."""
    known = {function.__name__: function for function in functions(root)}
    return lambda name, arg=None: known[name](arg)


def wish(**changes: Any) -> dict[str, Any]:
    shares = [{"run": "pirate", "weight": 0.5}, {"run": "chef", "weight": 1}]
    return {"shares": shares, "way": "cat", "density": 0.5, "rank": None, "seed": 0, "name": ""} | changes


def test_an_empty_workspace_has_nothing_to_blend(ask: Ask) -> None:
    looked = ask("blend_look", {})
    assert (looked["runs"], looked["latest"], looked["next_name"]) == ([], {}, "blend-1")
    assert {way["name"] for way in looked["ways"]} == {"cat", "svd", "linear", "ties", "dare_linear", "dare_ties"}


def test_what_can_be_blended_is_listed_and_what_cannot_says_why(root: Path, tiny_model: Path, ask: Ask) -> None:
    made_run(root, tiny_model, "pirate")
    lengths = {
        f"{place.format(at)}.lora_magnitude_vector": np.ones(64, "f4") for place in (QUERY, DOWN) for at in (0, 1)
    }
    import_adapter([write(root.parent / "dora", tensors() | lengths, use_dora=True)], str(tiny_model), root)
    dora, pirate = ask("blend_look", {})["runs"]
    assert pirate == {"id": "pirate", "name": "pirate", "model": "tiny", "words": "rank 4", "reason": ""}
    assert dora["reason"].startswith("dora is DoRA")


def test_a_wish_is_judged_before_it_is_begun(root: Path, tiny_model: Path, ask: Ask) -> None:
    made_run(root, tiny_model, "pirate", {QUERY: 4})
    made_run(root, tiny_model, "chef", {QUERY: 6})
    fine = ask("blend_check", wish())
    assert (fine["made"], fine["notes"]) == ("The blend will have rank 10 on tiny.", [])
    assert fine["command"] == "python -m workbench blend pirate=0.5 chef=1 --way cat"
    assert ask("blend_check", wish(way="svd"))["made"] == "The blend will have rank 6 on tiny."
    refused = ask("blend_start", wish(way="linear"))["problem"]
    assert refused["message"] == "pirate has rank 4 and chef rank 6, and linear needs equal ranks."
    assert not (root / "blends").exists()


@pytest.mark.parametrize("arg", [None, 3, {}, wish(shares=5), wish(shares=["pirate"]), wish(way=None), wish(seed=0.5)])
def test_what_no_page_asks_is_refused(arg: Any, ask: Ask) -> None:
    assert "that cannot be" in ask("blend_check", arg)["problem"]["message"]
    assert "that cannot be" in ask("blend_start", arg)["problem"]["message"]


def test_no_run_outside_the_workspace_can_be_named(ask: Ask) -> None:
    shares = [{"run": "../../etc", "weight": 1}, {"run": "pirate", "weight": 1}]
    assert "cannot be used as a run" in ask("blend_check", wish(shares=shares))["problem"]["message"]


def test_there_is_nothing_to_cancel_where_nothing_is_blended(ask: Ask) -> None:
    assert ask("blend_cancel", {})["problem"]["message"] == "Nothing is being blended."


@pytest.mark.slow
def test_a_blend_is_followed_to_its_origin(root: Path, tiny_model: Path, ask: Ask) -> None:
    made_run(root, tiny_model, "pirate", {QUERY: 4})
    made_run(root, tiny_model, "chef", {QUERY: 6})
    assert ask("blend_start", wish(name="Sea <b>food</b>"))["goes_on"]
    job: BlendJob = blendings(root)[0]
    job.wait()
    latest = ask("blend_state", {})
    assert (latest["phase"], latest["message"]) == ("finished", "Sea <b>food</b> is ready.")
    assert [(part["name"], part["weight"]) for part in latest["made"]["parts"]] == [("pirate", 0.5), ("chef", 1.0)]
    assert latest["made"]["exactness"].startswith("It does exactly")
    trash.delete(RunDir.open(root, latest["made"]["run"]))
    assert ask("blend_look", {})["latest"]["made"] is None
