"""Models of the hub, downloaded by real jobs from a small hub on loopback into a cache of their own."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import scan_cache_dir, try_to_load_from_cache

from tests.fake_hub import COMMIT, FakeHub, Repository
from tests.models.hub.repositories import PLAIN, config
from workbench.errors import ModelError
from workbench.jobs.folder import Status
from workbench.models import catalog
from workbench.models.hub import download, offer
from workbench.models.hub.cache import CachedRepository
from workbench.models.hub.download import ModelDownload
from workbench.models.hub.request import ModelRequest

LARGE = bytes(24 * 1024**2)
"""More than arrives at once."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    with FakeHub({"org/plain": PLAIN, "org/secret": PLAIN}, gated=("org/secret",)).running() as running:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
        yield running


def folder_as_repository(folder: Path) -> Repository:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_downloaded_model_is_in_the_list_and_can_be_tuned(hub: FakeHub, root: Path, tiny_model: Path) -> None:
    hub.repositories["org/tiny"] = folder_as_repository(tiny_model)
    job = download.start(root, ModelRequest("org/tiny"))
    status = job.wait()
    assert (status.phase, status.message) == ("finished", "org/tiny is on this computer now."), job.log_tail()
    told = download.look(root)
    assert told and (told.name, told.goes_on, told.done_bytes) == ("org/tiny", False, told.total_bytes)
    model = next(model for model in catalog.list_models(root) if model.name == "org/tiny")
    assert model.tunable, model.reason
    assert model.path == CachedRepository.of("org/tiny").snapshot(COMMIT)
    cache = Path(os.environ["HF_HUB_CACHE"])
    assert try_to_load_from_cache("org/tiny", "model.safetensors", cache) == str(model.path / "model.safetensors")
    scanned = scan_cache_dir(cache)
    assert scanned.warnings == [] and [set(repo.refs) for repo in scanned.repos] == [{"main"}]


def test_the_size_is_told_before_anything_large_comes(hub: FakeHub, root: Path) -> None:
    said = offer.ask(ModelRequest("org/plain"))
    size = sum(map(len, PLAIN.values()))
    assert (said.size_bytes, said.missing_bytes, said.is_here) == (size, size, False)
    known = said.facts()
    assert (known.name, known.architecture, known.context) == ("org/plain", "LlamaForCausalLM", 256)
    assert (known.licence, known.parameters) == ("apache-2.0", len(PLAIN["model.safetensors"]) // 2)
    assert known.tunable and known.path == said.folder
    assert said.sentence().startswith("org/plain is 17 kB, and ")
    assert hub.sent.keys() == {"config.json"}
    assert not said.folder.exists()


@pytest.mark.slow
def test_what_is_in_the_way_of_an_offer_is_said(hub: FakeHub) -> None:
    with pytest.raises(ModelError, match="is given only to those who asked for it"):
        offer.ask(ModelRequest("org/secret"))


@pytest.mark.slow
def test_a_download_that_was_killed_goes_on_where_it_was(hub: FakeHub, root: Path) -> None:
    hub.repositories["org/large"] = PLAIN | {"model.safetensors": LARGE}
    hub.stalled.add("model.safetensors")
    job = download.start(root, ModelRequest("org/large"))
    partial = half_arrived(hub)
    assert download.start(root, ModelRequest("org/large")).id == job.id, "it is under way already"
    os.kill(job.processes()["worker"].pid, signal.SIGKILL)
    status = job.wait()
    kept = partial.stat().st_size
    assert status.phase == "interrupted" and "goes on from where it was" in status.hint
    assert "org/large" not in catalog.names(root), "what is half there is no model"
    said = offer.ask(ModelRequest("org/large"))
    assert said.size_bytes - said.missing_bytes >= kept
    assert "are here already" in said.sentence()

    hub.stalled.clear()
    before = hub.sent["model.safetensors"]
    again = download.start(root, ModelRequest("org/large"))
    assert again.wait().phase == "finished", again.log_tail()
    assert hub.sent["model.safetensors"] - before == len(LARGE) - kept, "what was here came again"
    assert (CachedRepository.of("org/large").snapshot(COMMIT) / "model.safetensors").read_bytes() == LARGE
    assert offer.ask(ModelRequest("org/large")).is_here


@pytest.mark.slow
def test_a_download_can_be_cancelled_while_nothing_comes(hub: FakeHub, root: Path) -> None:
    hub.repositories["org/large"] = PLAIN | {"model.safetensors": LARGE}
    hub.stalled.add("model.safetensors")
    job = download.start(root, ModelRequest("org/large"))
    partial = half_arrived(hub)
    told = download.look(root)
    assert told and told.goes_on and 0 < told.done_bytes < told.total_bytes
    assert told.bytes_per_second > 0
    download.cancel(root)
    status = job.wait()
    assert (status.phase, status.message) == ("stopped", "The download was cancelled.")
    assert "kept" in status.hint and partial.exists()
    with pytest.raises(ModelError, match="No model is being downloaded"):
        download.cancel(root)


@pytest.mark.slow
def test_a_connection_that_breaks_is_taken_up_again(hub: FakeHub, root: Path) -> None:
    hub.repositories["org/large"] = PLAIN | {"model.safetensors": LARGE}
    hub.breaking["model.safetensors"] = 2
    status = download.start(root, ModelRequest("org/large")).wait()
    assert status.phase == "finished"
    assert hub.breaking["model.safetensors"] == 0
    assert hub.sent["model.safetensors"] < 1.2 * len(LARGE), "each time from where it was, or nearly"


@pytest.mark.slow
def test_what_was_damaged_here_is_fetched_again_and_nothing_else(hub: FakeHub, root: Path) -> None:
    download.start(root, ModelRequest("org/plain")).wait()
    weights = CachedRepository.of("org/plain").snapshot(COMMIT) / "model.safetensors"
    weights.write_bytes(b"\xff" + PLAIN["model.safetensors"][1:])
    hub.sent.clear()
    job = download.start(root, ModelRequest("org/plain"))
    assert job.wait().phase == "finished"
    assert weights.read_bytes() == PLAIN["model.safetensors"]
    # The config is read to find out what else there is to fetch.
    assert hub.sent == {name: len(PLAIN[name]) for name in ("config.json", "model.safetensors")}
    assert job.status().step == job.status().steps == sum(map(len, PLAIN.values()))


@pytest.mark.slow
def test_another_revision_stands_beside_the_usual_one(hub: FakeHub, root: Path, tiny_model: Path) -> None:
    hub.repositories["org/tiny"] = folder_as_repository(tiny_model)
    assert download.start(root, ModelRequest("org/tiny", "v1")).wait().phase == "finished"
    told = download.look(root)
    assert told and told.name == "org/tiny@v1"
    assert catalog.find("org/tiny@v1", root) == CachedRepository.of("org/tiny").snapshot(COMMIT)


@pytest.mark.slow
def test_what_cannot_be_tuned_is_not_begun(hub: FakeHub, root: Path) -> None:
    hub.repositories["org/pickle"] = {"config.json": config(), "tokenizer.json": b"{}", "model.bin": b""}
    job = download.start(root, ModelRequest("org/pickle"))
    status = job.wait()
    assert status.phase == "failed" and "a kind of file that can run programs" in status.message
    assert not CachedRepository.of("org/pickle").folder.exists()


def test_who_never_downloaded_anything_is_told_nothing(root: Path) -> None:
    assert download.look(root) is None
    with pytest.raises(ModelError):
        download.cancel(root)


def test_nothing_but_a_name_is_begun(root: Path) -> None:
    with pytest.raises(ModelError):
        download.start(root, ModelRequest("../name"))
    assert list(root.iterdir()) == []


def test_a_download_that_the_computer_ended_says_what_to_do(root: Path) -> None:
    job = ModelDownload.create(root, ModelRequest("org/plain", "v1"))
    job.write_status(Status("preparing", 1, 2))
    told = download.look(root)
    assert told and (told.phase, told.id, told.revision) == ("interrupted", "org/plain", "v1")
    assert told.hint == "Download it again: it goes on from where it was."


def test_a_download_that_was_never_begun_does_not_stand_in_the_way(root: Path) -> None:
    job = ModelDownload.create(root, ModelRequest("org/plain"))
    os.utime(job.path, (0, 0))  # a supervisor that has not signed in by now will not
    (job.path.parent / "99991231-empty").mkdir()
    told = download.look(root)
    assert told and (told.id, told.phase, told.goes_on) == ("org/plain", "interrupted", False)
    assert not job.goes_on
    with pytest.raises(ModelError, match="No model is being downloaded"):
        download.cancel(root)


def half_arrived(hub: FakeHub) -> Path:
    """The file of which half came, and the rest does not."""
    assert hub.stalling.wait(30)
    cache = Path(os.environ["HF_HUB_CACHE"])
    while not (partial := next(cache.rglob("*.incomplete"), None)) or partial.stat().st_size == 0:
        os.sched_yield()
    return partial
