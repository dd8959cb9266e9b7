"""Files that were damaged behind the workbench's back: found, told, and never used."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.evidence import digest
from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.training import launch, worker
from workbench.training.checkpoints import damage, publish
from workbench.training.continuing import checkpoints_of

pytestmark = pytest.mark.slow

Harm = Callable[[Path], object]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


HARMS: tuple[Harm, ...] = (cut, empty, zero, flip_a_bit, Path.unlink)


@pytest.fixture
def halfway(config: RunConfig, root: Path) -> RunDir:
    """A run that was interrupted at step 9, with checkpoints of steps 6 and 9."""
    from workbench.training.loop import Loop

    run = create(config.changed("training.save_every", 3), root, "halfway")
    original = Loop._after_update

    def stop_after_nine(self: Loop) -> None:
        original(self)
        if self.progress.step == 9:
            run.ask_to("cancel")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loop, "_after_update", stop_after_nine)
        train(run)
    return run


@pytest.fixture
def whole(config: RunConfig, root: Path) -> RunDir:
    return train(create(config.changed("training.save_every", 3), root, "whole"))


def copy(run: RunDir, name: str) -> RunDir:
    return RunDir(Path(shutil.copytree(run.path, run.path.with_name(name))))


def files_of(run: RunDir, step: int) -> list[str]:
    return sorted(path.name for path in (run.checkpoints_dir / f"step-{step}").iterdir())


def test_each_damage_to_each_file_of_a_checkpoint_is_found(halfway: RunDir) -> None:
    checkpoint, cells = halfway.checkpoints_dir / "step-9", 0
    for file in files_of(halfway, 9):
        for harm in HARMS:
            hurt = Path(shutil.copytree(checkpoint, halfway.path / "hurt"))
            harm(hurt / file)
            found = damage(hurt)
            assert found == file or (found and file == "MANIFEST.json"), (file, harm.__name__)
            shutil.rmtree(hurt)
            cells += 1
    assert cells == 5 * len(files_of(halfway, 9)) >= 35


def test_the_one_before_is_used_and_that_is_said(halfway: RunDir, whole: RunDir) -> None:
    for file in files_of(halfway, 9):
        run = copy(halfway, f"hurt-{file}")
        flip_a_bit(run.checkpoints_dir / "step-9" / file)
        checkpoints_of(run).newest_valid()  # as the page does before it starts the worker
        run.prepare_attempt()
        status = train(run).status()
        named = damage(run.checkpoints_dir / "step-9.damaged")
        assert named == file or file == "MANIFEST.json"
        assert status.message == f"Checkpoint 9 is damaged ({named}), so it goes on from 6.", status
        assert (status.phase, digest(run), losses(run)) == ("finished", digest(whole), losses(whole))
        assert damage(run.checkpoints_dir / "step-9") is None


def test_a_run_that_lost_all_its_checkpoints_does_not_begin_again(halfway: RunDir) -> None:
    gone, hurt = copy(halfway, "gone"), copy(halfway, "hurt")
    for step in (6, 9):
        shutil.rmtree(gone.checkpoints_dir / f"step-{step}")
        zero(hurt.checkpoints_dir / f"step-{step}" / "optimizer.safetensors")
    for run in (gone, hurt):
        with pytest.raises(RunError, match="No checkpoint of halfway is left whole, so it cannot be resumed"):
            launch.resume(run)
        run.prepare_attempt()
        assert worker.main(str(run.path)) == 1
        status = run.status()
        assert (status.phase, status.hint) == ("failed", "Start a new run with its settings instead.")
        assert len(losses(run)) == 9


def test_what_was_put_beside_a_checkpoint_is_neither_damage_nor_used(halfway: RunDir) -> None:
    (halfway.checkpoints_dir / "step-9" / "notes.txt").write_text("mine")
    assert damage(halfway.checkpoints_dir / "step-9") is None


@pytest.mark.parametrize("listed", [{"../x": "0"}, {"/etc/hostname": "0"}, [], {}, "no", None, {"x": 1}])
def test_a_manifest_that_lists_what_it_may_not_is_damage(tmp_path: Path, listed: object) -> None:
    publish(tmp_path / "one", lambda folder: (folder / "x").write_text("x"))
    (tmp_path / "x").write_text("x")
    (tmp_path / "one" / "MANIFEST.json").write_text(json.dumps({"files": listed}))
    assert damage(tmp_path / "one")


def test_a_file_outside_is_not_taken_for_one_inside(tmp_path: Path) -> None:
    publish(tmp_path / "one", lambda folder: (folder / "x").write_text("x"))
    (tmp_path / "x").write_text("x")
    manifest = tmp_path / "one" / "MANIFEST.json"
    manifest.write_text(manifest.read_text().replace('"x"', '"../x"'))
    assert damage(tmp_path / "one") == "../x"


def test_a_best_state_that_is_damaged_is_not_taken_and_that_is_said(config: RunConfig, root: Path) -> None:
    config = config.changed("training.learning_rate", 0.03).changed("training.scheduler", "constant")
    config = config.changed("training.warmup_ratio", 0.2).changed("training.max_steps", 6)
    config = config.changed("training.eval_every", 2).changed("training.use_best", True)
    run = create(config, root, "best")
    publishing = worker._publish

    def hurt_first(*parts: object) -> str:
        for best in run.checkpoints_dir.glob("best-*"):
            flip_a_bit(best / "adapter_model.safetensors")
        return publishing(*parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "_publish", hurt_first)
        train(run)
    assert list(run.checkpoints_dir.glob("best-*")), "this run is to get worse at the end"
    assert run.status().message == "The best state is damaged, so the result is that of the last step."
