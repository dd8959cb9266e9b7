"""The command that fetches data and models, on a small hub on loopback."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_hub import FakeHub
from tests.models.hub.repositories import PLAIN
from workbench.cli import main
from workbench.data.sets.hub import downloads
from workbench.data.sets.sources import find

PROJECT = Path(__file__).parents[1]
ROWS = b'{"question": "Hello", "answer": "Ahoy"}\n'


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    repositories = {"org/lines": {"train.jsonl": ROWS, "test.jsonl": ROWS * 2}, "org/plain": PLAIN}
    with FakeHub(repositories).running() as running:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
        yield running


def test_a_fetched_set_is_named_last_and_found_by_that_name(
    hub: FakeHub, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["org/lines", "--split", "test", "--revision", "v1", "--name", "greetings"]
    assert main(["fetch", "data", *given, "--root", str(root)]) == 0
    captured = capsys.readouterr()
    assert captured.out == "greetings@1\n"
    assert captured.err == "org/lines, split test, is now version 1 of greetings.\n"
    assert find("greetings@1", root).files[0].read_bytes() == ROWS * 2


@pytest.mark.slow
def test_what_the_hub_does_not_have_ends_with_one_sentence_and_its_hint(
    hub: FakeHub, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "data", "org/lines", "--split", "dev", "--root", str(root)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "“org/lines” has no split “dev”. It has train, test.\n")


@pytest.mark.slow
def test_ctrl_c_ends_the_fetch_too(hub: FakeHub, root: Path) -> None:
    hub.stalled.add("train.jsonl")
    command = [sys.executable, "-m", "workbench", "fetch", "data", "org/lines", "--root", str(root)]
    running = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE)
    assert hub.stalling.wait(30)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (130, b"")
    (job,) = downloads(root)
    assert job.status().phase == "stopped"
    assert not job.is_alive()


@pytest.mark.parametrize("id", ["https://example.org/x", "lines", "../lines", "/etc/passwd"])
def test_nothing_but_a_name_is_fetched(root: Path, capsys: pytest.CaptureFixture[str], id: str) -> None:
    assert main(["fetch", "data", id, "--root", str(root)]) == 2
    assert f"“{id}” is not the name of a dataset of the hub." in capsys.readouterr().err
    assert list(root.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", [[], ["model"]])
def test_a_model_is_fetched_after_its_size_was_told(
    hub: FakeHub, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: list[str]
) -> None:
    assert main(["fetch", *kind, "org/plain", "--root", str(root)]) == 0
    captured = capsys.readouterr()
    size, done = captured.err.splitlines()
    assert size.startswith("org/plain is 17 kB, and ") and done == "org/plain is on this computer now."
    assert captured.out == "org/plain\n"
    assert len(list((tmp_path / "cache").glob("models--org--plain/snapshots/*/*"))) == len(PLAIN)


@pytest.mark.slow
def test_a_size_alone_costs_nothing(
    hub: FakeHub, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "org/plain", "--size", "--root", str(root)]) == 0
    assert capsys.readouterr().err.startswith("org/plain is 17 kB, and ")
    assert not (tmp_path / "cache").exists() and list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["org/none"], "The hub has no public model “org/none”."),
        (["../name"], "“../name” is not the name of a model of the hub."),
        (["org/plain", "--split", "test"], "A model has no --split. For a dataset: fetch data org/plain --split …"),
    ],
)
def test_what_cannot_be_fetched_ends_with_a_sentence(
    hub: FakeHub, root: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    assert main(["fetch", *given, "--root", str(root)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(said) and captured.out == ""
    assert list(root.iterdir()) == []
