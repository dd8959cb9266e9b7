"""Cleaning up: what can go, how much that gives back, and that nothing else goes."""

import json
import os
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.runs.test_trash import ended
from workbench.cli import main
from workbench.jobs.folder import Status
from workbench.jobs.trash import destroy
from workbench.runs import cleaning, trash
from workbench.runs.disk import freed_bytes, has_checkpoints, total_bytes
from workbench.runs.emptied import delete_checkpoints
from workbench.runs.run_dir import RunDir


def finished(root: Path, name: str) -> RunDir:
    run = ended(root, name)
    run.write_status(Status("finished", 3, 3))
    return run


@pytest.fixture
def full(root: Path) -> Path:
    """A workspace with one of everything that can go, and of what looks like it and stays."""
    finished(root, "done")
    ended(root, "stopped")
    RecordedRun(root, "working").train(1, 3).dir.checkpoints_dir.joinpath("step-3").mkdir()
    trash.delete(ended(root, "gone"))
    delete_checkpoints(ended(root, "emptied"))
    result = root / "cache" / "tokens" / "abc"
    result.mkdir(parents=True)
    (result / "tokens.arrow").write_bytes(b"x" * 5000)
    os.link(result / "tokens.arrow", root / "runs" / "done" / "data" / "tokens.arrow")
    (result / "summary.json").write_bytes(b"x" * 200)
    (root / "trackers" / "tensorboard").mkdir(parents=True)
    return root


def test_what_can_go_is_listed_with_what_it_gives_back(full: Path) -> None:
    checkpoints, thrown, cache = cleaning.find_removable(full)
    assert (checkpoints.key, checkpoints.bytes, checkpoints.undoable) == ("checkpoints:done", 1000, True)
    assert (thrown.kind, thrown.count) == ("trash", 2)
    assert thrown.bytes > 2000
    # The tokens also stand in a run, so that deleting them here gives nothing back.
    assert (cache.kind, cache.bytes, cache.undoable) == ("cache", 200, False)


def test_only_what_is_named_goes(full: Path) -> None:
    cleaned = cleaning.clean(full, ["checkpoints:done", "checkpoints:stopped", "nonsense"])
    assert (cleaned.moved_bytes, cleaned.freed_bytes, cleaned.runs) == (1000, 0, ["done"])
    assert has_checkpoints(RunDir.open(full, "stopped"))
    assert (full / "cache" / "tokens" / "abc").exists()
    assert cleaning.restore(full, "done") == "The checkpoints of done are back."
    assert has_checkpoints(RunDir.open(full, "done"))


def test_the_trash_is_emptied_before_more_is_put_into_it(full: Path) -> None:
    before = total_bytes(full)
    cleaned = cleaning.clean(full, [found.key for found in cleaning.find_removable(full)])
    assert before - total_bytes(full) == pytest.approx(cleaned.freed_bytes, abs=100)
    (left,) = cleaning.find_removable(full)
    assert (left.kind, left.count) == ("trash", 1)
    cleaning.restore(full, "done")
    assert (full / "runs" / "done" / "data" / "tokens.arrow").stat().st_size == 5000
    assert (full / "trackers" / "tensorboard").exists()


def test_what_a_crash_left_half_deleted_goes_with_the_trash(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = root / "cache" / "tokens" / "abc"
    folder.mkdir(parents=True)
    (folder / "tokens.arrow").write_bytes(b"x" * 100)

    def crash(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("workbench.jobs.trash.shutil.rmtree", crash)
        with pytest.raises(KeyboardInterrupt):
            destroy(folder, root / "cache")
    assert not folder.exists()
    assert [found.kind for found in cleaning.find_removable(root)] == ["trash"]
    cleaning.clean(root, ["trash:"])
    assert freed_bytes(root) == 0


def test_the_command_lists_first_and_cleans_when_told_to(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["--root", str(full)]
    assert main(["clean", *here]) == 0
    assert "checkpoints of done" in capsys.readouterr().out
    assert has_checkpoints(RunDir.open(full, "done"))
    assert main(["clean", "--json", "--yes", *here]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cleaned"]["runs"] == ["done"]
    assert [found["kind"] for found in told["removable"]] == ["checkpoints", "trash", "cache"]
    assert main(["restore", "done", *here]) == 0
    assert main(["restore", "done", *here]) == 2
    assert "Nothing of done was deleted." in capsys.readouterr().err


def test_a_resume_tells_how_to_bring_the_checkpoints_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["pirate-1", "--root", str(root)]
    run = ended(root)
    delete_checkpoints(run)
    trash.delete(run)
    assert main(["restore", *here]) == 0
    assert main(["resume", *here]) == 2
    said = capsys.readouterr()
    assert said.out == "The run pirate-1 is back.\n"
    assert "are in the trash. Bring them back: `python -m workbench restore pirate-1`" in said.err
    assert main(["restore", *here]) == 0
    assert has_checkpoints(run)
