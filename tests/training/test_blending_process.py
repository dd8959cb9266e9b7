"""Blending from the command line, in a process of its own, and what becomes of the run that it leaves."""

import hashlib
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.blended import made_run
from tests.training.foreign_adapter import DOWN, QUERY
from workbench.chat.client import ChatClient
from workbench.chat.questions import TUNED, answering_runs, question_for
from workbench.cli import main
from workbench.config.build import build
from workbench.runs import trash
from workbench.runs.listing import list_runs
from workbench.runs.run_dir import RunDir
from workbench.training import lineage, plan
from workbench.training.blending import job as blending
from workbench.training.blending.provenance import Provenance
from workbench.training.blending.request import BlendRequest, Share
from workbench.training.checks import find_problems

Said = pytest.CaptureFixture[str]

_SOON_SECONDS = 60.0


@pytest.fixture
def parts(root: Path, tiny_model: Path) -> dict[str, RunDir]:
    """Two that can be blended."""
    ranks = {"pirate": {QUERY: 4, DOWN: 4}, "chef": {QUERY: 6}}
    return {name: made_run(root, tiny_model, name, wanted) for name, wanted in ranks.items()}


def blend(root: Path, *arguments: str) -> int:
    return main(["blend", "pirate=0.7", "chef=-0.3", *arguments, "--root", str(root)])


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + _SOON_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_the_command_line_says_in_a_sentence_what_cannot_be(root: Path, capsys: Said) -> None:
    assert main(["blend", "pirate", "chef=1", "--root", str(root)]) == 2
    assert "“pirate” is not a run and its weight. Write each as RUN=WEIGHT" in capsys.readouterr().err
    assert blend(root) == 2
    assert capsys.readouterr().err == "There is no run pirate. No run has been started yet.\n"
    assert [path.name for path in root.iterdir()] == ["cache"]


@pytest.mark.slow
def test_a_blend_is_a_run_with_its_origin(
    root: Path, parts: dict[str, RunDir], tiny_model: Path, examples: Path, capsys: Said
) -> None:
    assert blend(root, "--name", "Sea food") == 0
    said = capsys.readouterr()
    assert said.out == f"{root / 'runs' / 'sea-food'}\n"
    assert "stand beside different layers" in said.err
    run = RunDir.open(root, "sea-food")
    assert run.status().message.startswith("Blended from 0.7 × pirate and -0.3 × chef. Side by side (concatenated).")
    assert next((one.name, one.blended, one.phase) for one in list_runs(root)) == ("Sea food", True, "finished")
    origin = Provenance.of(run)
    assert origin is not None and origin.versions["peft"]
    for part in origin.parts:
        weights = (parts[part.id].adapter_dir / "adapter_model.safetensors").read_bytes()
        assert part.sha256["adapter_model.safetensors"] == hashlib.sha256(weights).hexdigest()
    assert sum(part.share for part in origin.parts) == pytest.approx(1, abs=1e-3)
    further = plan.make(build({"data.path": str(examples)}, lineage.extend(run)), root)
    assert [problem for problem in find_problems(further) if problem.level == "error"] == []


@pytest.mark.slow
def test_a_blend_outlives_its_parts_and_answers(
    root: Path, parts: dict[str, RunDir], tiny_model: Path, tmp_path: Path
) -> None:
    assert blend(root, "--way", "svd", "--rank", "5") == 0
    run = RunDir.open(root, "blend-1")
    for part in parts.values():
        trash.delete(part)
    trash.empty(root)
    assert [one.id for one in answering_runs(root)] == [run.id]
    assert main(["show", run.id, "--root", str(root)]) == 0
    client = ChatClient(tmp_path / "chat.log")
    try:
        events = list(client.ask(question_for(run, {TUNED: [{"role": "user", "content": "Hello!"}]})))
    finally:
        client.close()
    assert [event.kind for event in events if event.kind in ("done", "error")] == ["done"]


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["preparing", "saving"])
def test_a_blending_that_is_killed_leaves_nothing(phase: str, root: Path, parts: dict[str, RunDir]) -> None:
    before = [run.id for run in list_runs(root)]
    job = blending.start(root, BlendRequest((Share("pirate", 0.5), Share("chef", 0.5))))
    wait_until(lambda: job.stored_status().phase == phase and "worker" in job.processes())
    job.processes()["worker"].signal(signal.SIGKILL)
    status = job.wait()
    assert (status.phase, status.hint) == ("interrupted", "Blend them again: nothing was kept.")
    assert [run.id for run in list_runs(root)] == before
    assert blend(root, "--name", "again") == 0
    assert [path.name for path in (root / "runs").iterdir() if path.name.startswith(".")] == []
    assert [run.id for run in list_runs(root)] == ["again", *before]


@pytest.mark.slow
def test_a_blending_that_is_cancelled_leaves_nothing(root: Path, parts: dict[str, RunDir]) -> None:
    before = sorted(path.name for path in (root / "runs").iterdir())
    blending.start(root, BlendRequest((Share("pirate", 0.5), Share("chef", 0.5))))
    blending.cancel(root)
    job = blending.blendings(root)[0]
    assert job.wait().phase == "stopped"
    assert sorted(path.name for path in (root / "runs").iterdir()) == before


@pytest.mark.slow
def test_what_is_asked_twice_at_once_is_blended_once(root: Path, parts: dict[str, RunDir]) -> None:
    request = BlendRequest((Share("pirate", 0.5), Share("chef", 0.5)))
    jobs = [blending.start(root, request) for _ in range(3)]
    assert len({job.id for job in jobs}) == 1
    assert jobs[0].wait().phase == "finished"
    assert len(list((root / "runs").iterdir())) == 3


@pytest.mark.slow
def test_a_damaged_part_is_found_before_it_is_used(root: Path, parts: dict[str, RunDir], capsys: Said) -> None:
    weights = parts["chef"].adapter_dir / "adapter_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert blend(root) == 2
    assert "The adapter of chef is damaged (adapter_model.safetensors)." in capsys.readouterr().err
