"""Checkpoints are complete or absent, and damaged ones are not trusted."""

import os
from pathlib import Path

import pytest

from workbench.training.checkpoints import Checkpoints, damage, publish, sweep


def write(folder: Path) -> None:
    (folder / "weights.bin").write_bytes(b"weights" * 100)
    (folder / "progress.json").write_text('{"step": 1}')


@pytest.fixture
def checkpoints(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path, keep=2, beside={})


def test_the_oldest_by_step_goes_first_whatever_the_clock_says(checkpoints: Checkpoints, tmp_path: Path) -> None:
    for step in (5, 10, 100):
        os.utime(checkpoints.save(step, write), (1e9 - step, 1e9 - step))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-10", "step-100"]
    assert checkpoints.newest_valid() == tmp_path / "step-100"


@pytest.mark.parametrize("file", ["weights.bin", "progress.json", "MANIFEST.json"])
@pytest.mark.parametrize("harm", ["cut", "zero", "flip", "delete"])
def test_any_damage_is_found_and_the_one_before_is_used(
    checkpoints: Checkpoints, tmp_path: Path, file: str, harm: str
) -> None:
    checkpoints.save(1, write)
    target = checkpoints.save(2, write) / file
    content = target.read_bytes()
    if harm == "delete":
        target.unlink()
    else:
        flipped = bytes([content[9] ^ 1])
        harmed = {"cut": content[:-5], "zero": bytes(len(content)), "flip": content[:9] + flipped + content[10:]}
        target.write_bytes(harmed[harm])
    assert checkpoints.newest_valid() == tmp_path / "step-1"
    assert (tmp_path / "step-2.damaged").exists()


def test_a_save_that_fails_leaves_no_checkpoint(checkpoints: Checkpoints, tmp_path: Path) -> None:
    checkpoints.save(1, write)

    def fail(folder: Path) -> None:
        write(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        checkpoints.save(2, fail)
    assert checkpoints.newest_valid() == tmp_path / "step-1"
    assert [path.name for path in tmp_path.iterdir()] == ["step-1"]


def test_what_a_killed_save_left_is_swept(tmp_path: Path) -> None:
    write_half = tmp_path / ".staging-step-2-999"
    write_half.mkdir()
    (write_half / "weights.bin").touch()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_publishing_again_replaces_as_a_whole(tmp_path: Path) -> None:
    publish(tmp_path / "adapter", write)
    (tmp_path / "adapter" / "extra").touch()
    publish(tmp_path / "adapter", write)
    assert damage(tmp_path / "adapter") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter"]
    assert not (tmp_path / "adapter" / "extra").exists()


def test_a_power_cut_finds_the_old_or_the_new_on_the_disk(
    checkpoints: Checkpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has its name is flushed: files and folder before the rename, the rename before an older one goes."""
    done: list[tuple[str, Path]] = []
    flush, rename = os.fsync, os.rename

    def note_flush(descriptor: int) -> None:
        flush(descriptor)
        done.append(("flush", Path(f"/proc/self/fd/{descriptor}").readlink()))

    def note_rename(old: Path, new: Path) -> None:
        rename(old, new)
        done.append(("rename", Path(old)))

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(os, "rename", note_rename)
    for step in (1, 2, 3):
        done.clear()
        final = checkpoints.save(step, write)
        staging = tmp_path / f".staging-{final.name}-{os.getpid()}"
        published = done.index(("rename", staging))
        names = [path.name for path in final.iterdir()]
        assert {("flush", staging / name) for name in names} | {("flush", staging)} <= set(done[:published])
        assert len(names) == 3 and done[published + 1] == ("flush", tmp_path)
    assert done[published + 2 :] == [("rename", tmp_path / "step-1")]
