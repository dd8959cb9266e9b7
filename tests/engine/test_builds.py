"""The tests of the kernels again, with the library built in other ways."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import MORE_FLAGS

ROOT = Path(__file__).parents[2]
NO_TILES = "-mno-amx-bf16 -mno-amx-tile -mno-amx-int8"
KERNEL_TESTS = [
    f"tests/engine/test_{name}.py" for name in ("passes", "attention", "products", "reading", "reading_together")
]


@pytest.mark.slow
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the flags are those of x86")
@pytest.mark.parametrize("flags", [f"-mno-avx512f {NO_TILES}", f"-mno-avx {NO_TILES}"])
def test_processors_with_less_compute_the_same(flags: str) -> None:
    run_kernel_tests({MORE_FLAGS: flags})


@pytest.mark.slow
def test_no_kernel_reads_or_writes_where_it_should_not() -> None:
    run_kernel_tests(
        {
            MORE_FLAGS: "-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined",
            # The sanitizer looks for the C++ library when it is loaded, which is before torch brings it.
            "LD_PRELOAD": " ".join(map(library_of_compiler, ("libasan.so", "libstdc++.so"))),
            # Python itself frees little at its end.
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
    )


def library_of_compiler(name: str) -> str:
    found = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    path = found.stdout.strip()
    if not Path(path).is_absolute():
        pytest.skip(f"this compiler has no {name}")
    return path


def run_kernel_tests(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-s", "-p", "no:cacheprovider", *KERNEL_TESTS]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
