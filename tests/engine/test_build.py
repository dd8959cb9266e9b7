"""The C kernels are built once, kept whole, and where they cannot be, a run is told why and computes in torch."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import CACHE
from workbench.engine.choice import choose_kernels
from workbench.engine.native import build as building
from workbench.engine.native.build import NotBuilt, build
from workbench.engine.native.library import is_sealed

CHOOSE = """
import sys
from pathlib import Path
from workbench.engine.choice import choose_kernels
kernels = choose_kernels(Path(sys.argv[1]))
print(kernels.name, kernels.digest or kernels.reason)
"""


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only compiler on the PATH: a script to be written, that finds no other programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder / "gcc"


def write(compiler: Path, script: str) -> None:
    compiler.write_text(f"#!/bin/sh\n{script}\n")
    compiler.chmod(0o755)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, built from instead of them."""
    folder = tmp_path / "c"
    shutil.copytree(building._SOURCES, folder)
    monkeypatch.setattr(building, "_SOURCES", folder)
    return folder


def test_without_a_compiler_a_run_computes_in_torch_and_says_why(compiler: Path, tmp_path: Path) -> None:
    kernels = choose_kernels(tmp_path / "cache")
    assert kernels.name == "torch"
    assert kernels.reason == "This machine has no C compiler (gcc, cc or clang)."


def test_a_compiler_that_fails_is_quoted(compiler: Path, tmp_path: Path) -> None:
    write(compiler, "echo 'passes.c:1: error: unknown type name' >&2; exit 1")
    kernels = choose_kernels(tmp_path / "cache")
    assert kernels.name == "torch"
    assert kernels.reason == "The C compiler failed: passes.c:1: error: unknown type name"
    assert list((tmp_path / "cache").iterdir()) == [], "nothing half-built is left"


def test_a_compiler_that_hangs_is_given_up(compiler: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(compiler, "exec /bin/sleep 60")
    monkeypatch.setattr(building, "_COMPILE_SECONDS", 0.1)
    assert choose_kernels(tmp_path / "cache").reason == "Building the kernels was given up after 0 seconds."


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    kernels = choose_kernels(tmp_path / "cache")
    assert kernels.name == "torch"
    assert str(tmp_path / "cache") in kernels.reason


def test_what_was_built_is_taken_from_the_cache(library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_build", lambda *unwanted: pytest.fail("it was built again"))
    kernels = choose_kernels(CACHE)
    assert kernels.name == "c"
    assert kernels.digest == Path(library._name).stem
    assert kernels.reason == ""


@pytest.mark.parametrize("part", [0, 40, 5000, -1])
def test_a_changed_byte_breaks_the_seal(library: ctypes.CDLL, tmp_path: Path, part: int) -> None:
    content = bytearray(Path(library._name).read_bytes())
    copy = tmp_path / "kernels.so"
    copy.write_bytes(content)
    assert is_sealed(copy)
    content[part] ^= 1
    copy.write_bytes(content)
    assert not is_sealed(copy)


@pytest.mark.parametrize("bytes_left", [0, 10, 4096])
def test_a_file_cut_short_is_not_sealed(library: ctypes.CDLL, tmp_path: Path, bytes_left: int) -> None:
    copy = tmp_path / "kernels.so"
    copy.write_bytes(Path(library._name).read_bytes()[:bytes_left])
    assert not is_sealed(copy)


def test_the_kernels_use_the_threads_of_torch(library: ctypes.CDLL) -> None:
    maps = Path("/proc/self/maps").read_text().splitlines()
    pools = {line.split()[-1] for line in maps if any(name in line for name in ("libgomp", "libomp", "libiomp"))}
    assert len(pools) == 1, "two OpenMP libraries would each keep threads, and wait for the processor of the other"


@pytest.mark.slow
def test_a_damaged_library_is_built_again(library: ctypes.CDLL, tmp_path: Path) -> None:
    name = Path(library._name).name
    (tmp_path / name).write_bytes(b"\x7fELF" + bytes(1000))
    path = build(tmp_path)
    assert path.name == name
    assert is_sealed(path)
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.slow
def test_changed_sources_are_built_beside_the_old(sources: Path, tmp_path: Path) -> None:
    first = build(tmp_path / "cache")
    (sources / "numbers.h").write_text((sources / "numbers.h").read_text() + "/* Changed. */\n")
    second = build(tmp_path / "cache")
    assert first != second
    assert is_sealed(first) and is_sealed(second)


@pytest.mark.slow
def test_a_library_that_computes_wrong_is_not_used(sources: Path, tmp_path: Path) -> None:
    lanes = sources / "lanes.h"
    lanes.write_text(lanes.read_text().replace("p = p * r + 1;", "p = p * r + 1.1f;"))
    kernels = choose_kernels(tmp_path / "cache")
    assert kernels.name == "torch"
    assert kernels.reason == (
        "The kernels do not compute right here: pass in torch.float32 gives other numbers than torch."
    )
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.slow
def test_an_instruction_that_the_processor_does_not_know_ends_the_trial_alone(sources: Path, tmp_path: Path) -> None:
    (sources / "unknown.c").write_text("__attribute__((constructor)) static void fall(void) { __builtin_trap(); }\n")
    with pytest.raises(NotBuilt, match="the trial ended by signal"):
        build(tmp_path / "cache")


@pytest.mark.slow
def test_processes_that_build_at_once_get_the_same_whole_library(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", CHOOSE, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    said = {process.communicate()[0] for process in both}
    (path,) = tmp_path.iterdir()
    assert said == {f"c {path.stem}\n"}
    assert is_sealed(path)
