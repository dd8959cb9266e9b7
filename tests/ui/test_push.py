"""Pushing an export from the page: what the browser asks, and that nothing goes before it is told to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.export.pushed import made_export
from tests.receiving_hub import ReceivingHub
from workbench.export.hub.job import pushes
from workbench.export.job import ExportJob
from workbench.export.request import ExportRequest
from workbench.jobs.files import write_json
from workbench.jobs.folder import Status
from workbench.ui.export.push import push_functions

Ask = Callable[..., dict[str, Any]]
TOKEN = "hf_abcdefghijklmnopqrstuvwxyz543210"


@pytest.fixture
def ask(root: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A function of the page, by its name, about an export that lies here."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    out = made_export(root / "exported" / "mine")
    job = ExportJob(root / "exports" / "20260101-mine")
    job.path.mkdir(parents=True)
    write_json(job.path / "request.json", ExportRequest("tuned", "adapter", "", out).to_json())
    job.write_status(Status("finished", 20, 20, "It is complete."))
    known = {function.__name__: function for function in push_functions(root)}
    return lambda name, **arg: known[f"export_push_{name}"]({"export": job.id} | arg)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReceivingHub]:
    with ReceivingHub(TOKEN).running() as running:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def test_without_a_token_the_page_says_how_to_set_it(root: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("look") == {"latest": None}
    monkeypatch.delenv("HF_TOKEN")
    for name in ("look", "plan", "start"):
        assert "HF_TOKEN" in ask(name, to="user/mine")["problem"]["hint"]
    assert not pushes(root)


def test_what_would_go_is_said_and_nothing_goes(root: Path, ask: Ask) -> None:
    planned = ask("plan", to=" user/mine ", public=True)
    assert "5 files of mine" in planned["says"] and "everyone can see it" in planned["says"]
    assert planned["command"].endswith("exported/mine --to user/mine --public")
    assert "only its owners can see it" in ask("plan", to="user/mine", public="yes")["says"]
    assert not pushes(root)


@pytest.mark.parametrize("arg", [{"to": "mine"}, {"to": 5}, {"to": "user/mine", "export": "../mine"}, {}])
def test_whatever_is_sent_is_answered_with_a_problem(arg: dict[str, Any], root: Path, ask: Ask) -> None:
    assert ask("start", **arg)["problem"]["message"]
    assert ask("state", id="../exports")["problem"]["message"] and not pushes(root)


@pytest.mark.slow
def test_it_is_followed_and_cancelled_and_remembered(root: Path, ask: Ask, hub: ReceivingHub) -> None:
    hub.is_stalling = True
    begun = ask("start", to="user/mine")
    assert begun["title"] == "mine to “user/mine”, private" and begun["goes_on"]
    assert hub.stalling.wait(60)
    assert "already" in ask("start", to="user/mine")["problem"]["message"]
    assert ask("look")["latest"]["id"] == begun["id"]
    ask("cancel", id=begun["id"])
    assert pushes(root)[0].wait().phase == "stopped"
    assert ask("cancel", id=begun["id"])["problem"]["message"] == "This upload is not under way."
    hub.is_stalling = False
    hub.released.set()
    ask("start", to="user/mine")
    assert pushes(root)[0].wait().phase == "finished"
    assert ask("look")["latest"]["message"] == f"mine is on the hub now: {hub.url}/user/mine"
