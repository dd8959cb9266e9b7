"""Uploading an export: refused where it must be, said beforehand, and on the hub all at once or not at all."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export.pushed import FILES, made_export
from tests.receiving_hub import ReceivingHub
from workbench.cli import main
from workbench.errors import RunError
from workbench.export.hub import job as pushing
from workbench.export.hub.job import PushRequest

TOKEN = "hf_abcdefghijklmnopqrstuvwxyz543210"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return made_export(tmp_path / "mine")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReceivingHub]:
    with ReceivingHub(TOKEN).running() as running:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def test_what_would_go_and_to_whom_is_said_before_anything_does(
    export: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["push", str(export), "--to", "user/mine", "--size", "--root", str(root)]
    assert main(given) == 0 == main([*given, "--public"])
    private, public = capsys.readouterr().err.splitlines()
    assert private == (
        "5 files of mine, 16 kB, go to “user/mine” on huggingface.co, a new private repository: only its owners can "
        "see it."
    )
    assert public.endswith("a new public repository: everyone can see it.")
    assert not pushing.pushes(root)


@pytest.mark.parametrize("name", ["mine", "user/", "../mine", "https://hub.test/user/mine", "user/mine/more"])
def test_only_a_name_of_the_hub_is_asked_for(name: str, export: Path) -> None:
    with pytest.raises(RunError, match="cannot be a name on the hub"):
        pushing.announce(PushRequest(export, name))


def test_without_a_token_in_the_environment_nothing_goes(
    export: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(RunError) as refused:
        pushing.start(root, PushRequest(export, "user/mine"))
    assert "HF_TOKEN" in refused.value.hint and not pushing.pushes(root)


def test_who_has_not_confirmed_the_licence_is_told_how(export: Path) -> None:
    made_export(export, licence_confirmed="not stated by the author")
    with pytest.raises(RunError, match="does not say that you have read the licence") as refused:
        pushing.announce(PushRequest(export, "user/mine"))
    assert "licence_confirmed" in refused.value.hint and "export again" in refused.value.hint


def test_only_exports_that_are_whole_are_taken(export: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is no export"):
        pushing.announce(PushRequest(tmp_path, "user/mine"))
    weights = export / "adapter_model.safetensors"
    weights.rename(tmp_path / "weights")
    weights.symlink_to(tmp_path / "weights")
    with pytest.raises(RunError, match=r"adapter_model\.safetensors is not in .+ any more"):
        pushing.announce(PushRequest(export, "user/mine"))


@pytest.mark.slow
@pytest.mark.parametrize("given", [[], ["--public"]])
def test_an_export_is_on_the_hub_with_what_its_record_names(
    given: list[str], hub: ReceivingHub, export: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["push", str(export), "--to", "user/mine", *given, "--root", str(root)]) == 0, capsys.readouterr()
    assert capsys.readouterr().out == f"mine is on the hub now: {hub.url}/user/mine\n"
    there = hub.repositories["user/mine"]
    record = {"README.md", "provenance.json", "training-content-summary.md"}
    assert there.keys() == {".gitattributes", *FILES, *record}
    assert all(there[name] == (export / name).read_bytes() for name in (*FILES, *record))
    assert ("user/mine" in hub.private) == (not given)
    status = pushing.pushes(root)[0].status()
    assert status.step == status.steps == sum((export / name).stat().st_size for name in (*FILES, *record))


@pytest.mark.slow
def test_a_large_file_goes_in_parts_and_again_after_an_error(hub: ReceivingHub, export: Path, root: Path) -> None:
    hub.failures, hub.part_bytes = 1, 7000
    job = pushing.start(root, PushRequest(export, "user/mine"))
    assert job.wait().phase == "finished", job.log_tail()
    assert hub.repositories["user/mine"]["adapter_model.safetensors"] == FILES["adapter_model.safetensors"]
    assert hub.failures == 0 and job.status().step == job.status().steps


@pytest.mark.slow
def test_the_token_is_written_nowhere_and_no_argument(
    hub: ReceivingHub, export: Path, root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.is_stalling = True
    job = pushing.start(root, PushRequest(export, "user/mine"))
    assert hub.stalling.wait(60), job.log_tail()
    for process in job.processes().values():
        assert TOKEN.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    hub.is_stalling = False
    hub.released.set()
    assert job.wait().phase == "finished", job.log_tail()
    hub.token = "another"
    refused = pushing.start(root, PushRequest(export, "user/next"))
    assert refused.wait().message == f"The hub at {hub.url} does not accept the token in HF_TOKEN."
    assert "Bearer" not in "".join(hub.requests) and TOKEN not in "".join(hub.requests)
    written = [path for place in (root, export) for path in place.rglob("*") if path.is_file()]
    assert len(written) > 10 and not [path for path in written if TOKEN.encode() in path.read_bytes()]
    assert TOKEN not in "".join(capfd.readouterr())


@pytest.mark.slow
def test_what_stands_in_the_way_is_one_sentence(hub: ReceivingHub, export: Path, root: Path) -> None:
    hub.repositories |= {"user/taken": {"README.md": b"mine"}, "user/open": {".gitattributes": b""}}

    def said(id: str) -> str:
        status = pushing.start(root, PushRequest(export, id)).wait()
        assert status.phase == "failed" and status.hint
        return status.message

    assert said("user/taken") == "“user/taken” is on the hub already, with files in it. Nothing was changed."
    assert hub.repositories["user/taken"] == {"README.md": b"mine"}
    assert said("user/open") == "“user/open” is on the hub already, empty, and it is not private."
    assert said("other/mine") == "The token in HF_TOKEN may not write to “other/mine”."
    hub.is_full = True
    assert said("user/mine").endswith("has no room for it: Private repository storage limit reached.")
    (export / "adapter_model.safetensors").write_bytes(b"what was learned" * 999)
    assert said("user/mine") == "adapter_model.safetensors is not as it was exported into mine."
    assert hub.repositories["user/mine"].keys() == {".gitattributes"}


@pytest.mark.slow
def test_without_a_network_that_is_said(export: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    status = pushing.start(root, PushRequest(export, "user/mine")).wait()
    assert status.message == "The hub at http://127.0.0.1:9 cannot be reached."


@pytest.mark.slow
def test_one_that_is_cancelled_shows_nothing_and_goes_on_in_the_next_try(
    hub: ReceivingHub, export: Path, root: Path
) -> None:
    hub.is_stalling = True
    command = [sys.executable, "-m", "workbench", "push", str(export), "--to", "user/mine", "--root", str(root)]
    running = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, env=os.environ)
    assert hub.stalling.wait(60)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    (job,) = pushing.pushes(root)
    assert (running.returncode, job.status().phase) == (130, "stopped")
    assert "No file of it can be seen" in job.status().hint
    assert hub.repositories["user/mine"].keys() == {".gitattributes"}
    hub.is_stalling = False
    hub.released.set()
    assert pushing.start(root, PushRequest(export, "user/mine")).wait().phase == "finished"
    assert json.loads(hub.repositories["user/mine"]["beneath/adapter_config.json"]) == {"r": 8}
