"""A showcase in the background, as the page starts it, with a real model that answers."""

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.conftest import share_kernels
from tests.recorded_run import RecordedRun
from tests.server.audience import Guest, RunningShowcase
from tests.server.scripted_showcase import ScriptedClient
from workbench.chat import showing
from workbench.chat.showing import Invitation, Showcase, Wish
from workbench.errors import RunError, WorkbenchError
from workbench.jobs.folder import Status
from workbench.server.showcase.answers import Answers


@pytest.fixture
def tuned_root(root: Path, tiny_model: Path) -> Path:
    """A workspace with a run whose adapter changes what a tiny model says."""
    import torch
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    share_kernels(root)
    run = RecordedRun(root, model__path="tiny", model__precision="fp32").phase("finished").dir
    torch.manual_seed(1)
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    model = get_peft_model(load_model(tiny_model, "fp32", "cpu"), settings)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.mul_(20)
    model.save_pretrained(str(run.adapter_dir), save_embedding_layers=False)
    return root


def visit(job: Showcase) -> Guest:
    invitation = open_invitation(job)
    port = int(invitation.address.rpartition(":")[2])
    key = invitation.room.partition("key=")[2]
    return Guest(RunningShowcase(job.root, "127.0.0.1", port, invitation.code, key)).come_in()


def open_invitation(job: Showcase) -> Invitation:
    while not (invitation := job.invitation()):
        assert job.goes_on, job.status()
        time.sleep(0.05)
    return invitation


@pytest.mark.slow
def test_both_models_answer_and_the_end_ends_all(tuned_root: Path) -> None:
    job = showing.start(tuned_root, Wish("pirate-1"))
    guest = visit(job)
    rows = guest.ask("Hello!").rows()
    said = {who: "".join(row["text"] for row in rows if row.get("who") == who) for who in ("original", "tuned")}
    assert said["original"] and said["tuned"] and said["original"] != said["tuned"]
    assert not [row for row in rows if row["kind"] == "problem"]
    # Whoever has begun another page finds the same.
    assert [found.id for found in showing.listed(tuned_root)] == [job.id]
    showing.end(tuned_root, job.id)
    job.wait()
    assert job.status().phase == "stopped" and showing.listed(tuned_root) == []
    with pytest.raises(ConnectionRefusedError):
        guest.send("/")


@pytest.mark.slow
def test_an_adapter_that_is_gone_is_told_without_its_folder(tuned_root: Path) -> None:
    job = showing.start(tuned_root, Wish("pirate-1"))
    guest = visit(job)
    for file in (tuned_root / "runs" / "pirate-1" / "adapter").iterdir():
        file.unlink()
    (problem,) = [row for row in guest.ask("Hello!").rows() if row["kind"] == "problem"]
    assert problem["words"] == "No answer came. Please ask again."
    showing.end(tuned_root, job.id)
    job.wait()


def test_a_model_is_told_to_stop_when_nobody_listens_any_more(root: Path) -> None:
    client = ScriptedClient(root / "log", idle_seconds=0)

    async def listen_and_leave() -> None:
        async with aclosing(Answers(RecordedRun(root).finish().dir, client).ask("wait")) as events:
            async for event in events:
                if event.kind == "text":
                    return

    asyncio.run(listen_and_leave())
    (stopped,) = client.stopped.values()
    assert stopped.is_set()


def test_what_was_asked_is_nowhere_on_the_disk(showcase: RunningShowcase, guest: Guest) -> None:
    assert "secret-words" in guest.ask("secret-words").rest()
    (job,) = showing.listed(showcase.root)
    while not job.counts().questions:
        time.sleep(0.05)
    files = [path for path in showcase.root.rglob("*") if path.is_file()]
    assert files and not [path for path in files if b"secret-words" in path.read_bytes()]


def test_one_whose_process_is_gone_is_not_listed_and_swept_away(root: Path) -> None:
    run = RecordedRun(root).finish().dir
    left = Showcase.create(root, Wish(run.id))
    left.write_status(Status("preparing"))
    assert showing.listed(root) == []
    with pytest.raises(RunError, match="has ended"):
        showing.end(root, "../runs/pirate-1")
    Showcase.create(root, Wish(run.id))
    assert not left.path.exists()


def test_a_run_whose_model_is_gone_is_refused_at_once(root: Path, tmp_path: Path) -> None:
    gone = RecordedRun(root, model__path=str(tmp_path / "gone")).finish().dir
    with pytest.raises(WorkbenchError, match="gone"):
        showing.start(root, Wish(gone.id))


def test_the_folder_is_its_owners_alone(root: Path) -> None:
    run = RecordedRun(root).finish().dir
    assert Showcase.create(root, Wish(run.id)).path.stat().st_mode & 0o077 == 0
