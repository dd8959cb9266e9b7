"""Which processes may go online, and what memory those get that compute."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.jobs import allocator
from workbench.jobs.allocator import find_allocator
from workbench.jobs.environment import stay_offline, worker_environment


@pytest.mark.parametrize(("set_by_user", "told_to_a_fetcher"), [(None, ""), ("1", "1"), ("0", "0")])
def test_the_page_stays_offline_and_what_it_starts_to_fetch_does_not(
    monkeypatch: pytest.MonkeyPatch, set_by_user: str | None, told_to_a_fetcher: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("HF_HUB_OFFLINE")}
    monkeypatch.setattr(os, "environ", kept | ({"HF_HUB_OFFLINE": set_by_user} if set_by_user else {}))
    for _ in range(2):
        stay_offline()
        assert os.environ["HF_HUB_OFFLINE"] == "1"
        assert worker_environment()["HF_HUB_OFFLINE"] == "1"
        assert worker_environment(online=True)["HF_HUB_OFFLINE"] == told_to_a_fetcher


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stands for the folder of the system's libraries."""
    monkeypatch.setattr(allocator, "_FOLDERS", (tmp_path / "gone", tmp_path))
    for name in ("LD_PRELOAD", "GLIBC_TUNABLES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def install(folder: Path) -> Path:
    """A library that can be preloaded, under the name of an allocator."""
    ctypes.CDLL("libm.so.6")
    loaded = next(line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "libm.so" in line)
    return Path(shutil.copy(loaded, folder / "libtcmalloc_minimal.so.4"))


def test_an_allocator_of_the_system_goes_to_those_who_compute(folder: Path) -> None:
    assert "LD_PRELOAD" not in worker_environment(computes=True)
    installed = install(folder)
    environment = worker_environment(computes=True)
    assert (environment["LD_PRELOAD"], "LD_PRELOAD" in worker_environment()) == (str(installed), False)
    worker = subprocess.run([sys.executable, "-c", "print(1)"], env=environment, capture_output=True, text=True)
    assert (worker.stdout, worker.stderr) == ("1\n", "")


@pytest.mark.parametrize("content", [b"", b"\x7fELF no library"])
def test_one_that_cannot_be_loaded_is_left_alone(folder: Path, content: bytes) -> None:
    (folder / "libtcmalloc_minimal.so.4").write_bytes(content)
    assert find_allocator() == ""
    (folder / "libtcmalloc_minimal.so.4").rename(folder / "broken")
    (folder / "libtcmalloc.so.4").symlink_to(folder / "nowhere")
    assert find_allocator() == ""


def test_what_the_user_set_for_memory_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder)
    assert worker_environment(computes=True)["GLIBC_TUNABLES"].startswith("glibc.malloc.hugetlb=1:")
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    monkeypatch.setenv("LD_PRELOAD", "")
    environment = worker_environment(computes=True)
    assert (environment["GLIBC_TUNABLES"], environment["LD_PRELOAD"]) == ("glibc.malloc.arena_max=2", "")
