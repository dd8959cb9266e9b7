"""What the page serves beside gradio's own addresses."""

import io
import zipfile
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.recorded_run import RecordedRun
from workbench.monitoring.result import summarise
from workbench.ui.downloads import add_routes


@pytest.fixture
def client(root: Path) -> TestClient:
    app = FastAPI()
    add_routes(app, root)
    return TestClient(app)


def test_the_adapter_comes_as_a_zip_that_unpacks_to_the_same_bytes(root: Path, client: TestClient) -> None:
    run = RecordedRun(root).finish()
    answer = client.get("/runs/pirate-1/adapter.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="pirate-1-adapter.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = ["pirate-1-adapter/adapter_config.json", "pirate-1-adapter/adapter_model.safetensors"]
        assert archive.namelist() == names
        assert archive.read(names[1]) == (run.dir.adapter_dir / "adapter_model.safetensors").read_bytes()


def test_weights_that_were_changed_are_called_so(root: Path, client: TestClient) -> None:
    run = RecordedRun(root).finish()
    run.dir.adapter_dir.rename(run.dir.path / "weights")
    answer = client.get("/runs/pirate-1/adapter.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="pirate-1-weights.zip"'
    result = summarise(run.dir)
    assert result and result.kept == "weights"


def test_what_it_was_built_on_comes_with_it(root: Path, client: TestClient) -> None:
    run = RecordedRun(root).finish()
    run.dir.merged_dir.mkdir()
    (run.dir.merged_dir / "adapter_model.safetensors").write_bytes(b"below")
    with zipfile.ZipFile(io.BytesIO(client.get("/runs/pirate-1/adapter.zip").content)) as archive:
        assert archive.read("pirate-1-adapter/merged/adapter_model.safetensors") == b"below"
        assert len(archive.namelist()) == 3


def test_links_in_the_folder_are_not_followed(root: Path, client: TestClient) -> None:
    run = RecordedRun(root).finish()
    (root / "secret").write_text("not yours", encoding="utf-8")
    (run.dir.adapter_dir / "link").symlink_to(root / "secret")
    with zipfile.ZipFile(io.BytesIO(client.get("/runs/pirate-1/adapter.zip").content)) as archive:
        assert len(archive.namelist()) == 2


@pytest.mark.parametrize("run_id", ["no-such-run", "..", "%2e%2e", "..%2fruns%2fpirate-1", "a%00b"])
def test_what_is_no_run_is_not_found(root: Path, client: TestClient, run_id: str) -> None:
    RecordedRun(root).finish()
    assert client.get(f"/runs/{run_id}/adapter.zip").status_code == 404


def test_a_run_without_an_adapter_says_when_there_will_be_one(root: Path, client: TestClient) -> None:
    RecordedRun(root).train(1, 5)
    answer = client.get("/runs/pirate-1/adapter.zip")
    assert (answer.status_code, answer.text) == (
        404,
        "pirate-1 has no adapter yet. It is there when the run has ended.\n",
    )


def test_scripts_are_asked_for_again_so_that_versions_do_not_mix(client: TestClient) -> None:
    first = client.get("/workbench-assets/live.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/workbench-assets/live.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
