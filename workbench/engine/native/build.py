"""The C kernels as one shared library: compiled for this machine at first use, kept in a cache, tried once."""

import hashlib
import importlib.util
import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbench.engine.native.library import is_sealed, seal
from workbench.hardware.devices import machine
from workbench.jobs.environment import worker_environment

_SOURCES = Path(__file__).parents[1] / "c"

_COMPILERS = ("gcc", "cc", "clang")
"""GNU's first: its OpenMP is the one that torch brings along."""

_FLAGS = (
    *("-std=gnu11", "-O3", "-fPIC", "-fopenmp"),
    *("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
)
_X86_FLAGS = ("-march=native", "-mprefer-vector-width=512")
_OTHER_FLAGS = ("-mcpu=native",)

_COMPILE_SECONDS = 120
_TRY_SECONDS = 180


class NotBuilt(Exception):
    """Why there is no library, in one sentence."""


def build(cache_folder: Path, more_flags: tuple[str, ...] = ()) -> Path:
    """The library, from the cache where it is whole. Any number of processes may build it at once."""
    command = (_find_compiler(), *_FLAGS, *_native_flags(), *more_flags)
    try:
        path = cache_folder / f"{_key(command)}.so"
        if not is_sealed(path):
            _build(command, path)
    except OSError as error:
        raise NotBuilt(f"The kernels could not be kept in {cache_folder}: {error}.") from error
    return path


def _find_compiler() -> str:
    for name in _COMPILERS:
        if found := shutil.which(name):
            return found
    raise NotBuilt("This machine has no C compiler (gcc, cc or clang).")


def _native_flags() -> tuple[str, ...]:
    return _X86_FLAGS if platform.machine() == "x86_64" else _OTHER_FLAGS


def _key(command: tuple[str, ...]) -> str:
    """Follows from all that decides what is built, and from where it may run."""
    known = hashlib.sha256()
    for part in (*command, _describe(command), machine().cpu, *sorted(machine().cpu_flags)):
        known.update(f"{part}\0".encode())
    for source in sorted(_SOURCES.iterdir()):
        known.update(f"{source.name}\0".encode() + source.read_bytes())
    return known.hexdigest()[:32]


def _describe(command: tuple[str, ...]) -> str:
    """What the compiler says of its version, and of what it takes this processor for; nothing is compiled."""
    return _run((*command, "-###", "-S", "-o", "-", "-x", "c", "/dev/null"), _COMPILE_SECONDS).stderr


def _build(command: tuple[str, ...], path: Path) -> None:
    """Aside, and moved to its place last: a library that has its name is whole and was tried."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as aside:
        made = Path(aside) / path.name
        _compile(command, made)
        seal(made)
        tried = _run((sys.executable, "-m", "workbench.engine.native.trial", str(made)), _TRY_SECONDS)
        if tried.returncode:
            raise NotBuilt(f"The kernels do not compute right here: {_last_line(tried)}")
        made.replace(path)


def _compile(command: tuple[str, ...], path: Path) -> None:
    """Each source by itself, as many at a time as there are processors, and then all into one."""
    with ThreadPoolExecutor() as pool:
        objects = list(pool.map(lambda source: _compile_one(command, source, path.parent), _SOURCES.glob("*.c")))
    _call((*command, "-shared", *map(str, sorted(objects)), *_openmp_of_torch(), "-lm", "-o", str(path)))


def _compile_one(command: tuple[str, ...], source: Path, folder: Path) -> Path:
    path = folder / f"{source.stem}.o"
    _call((*command, "-c", str(source), "-o", str(path)))
    return path


def _call(command: tuple[str, ...]) -> None:
    called = _run(command, _COMPILE_SECONDS)
    if called.returncode:
        raise NotBuilt(f"The C compiler failed: {_first_error(called.stderr)}")


def _openmp_of_torch() -> list[str]:
    """Named before the compiler's own, so that a process has one pool of threads, whatever torch calls its copy."""
    spec = importlib.util.find_spec("torch")
    folder = Path(spec.origin).parent / "lib" if spec and spec.origin else Path()
    return [*map(str, sorted(folder.glob("libgomp*.so*"))), "-Wl,--as-needed"]


def _run(command: tuple[str, ...], seconds: float) -> subprocess.CompletedProcess[str]:
    # The trial ends in a process of its own: what a processor does not know would end the one that tries it.
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            env=worker_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(f"Building the kernels was given up after {seconds:.0f} seconds.") from error


def _first_error(said: str) -> str:
    lines = said.strip().splitlines() or ["it said nothing"]
    return next((line for line in lines if "error" in line), lines[-1])


def _last_line(tried: subprocess.CompletedProcess[str]) -> str:
    if tried.returncode < 0:
        return f"the trial ended by signal {-tried.returncode}."
    return (tried.stderr.strip().splitlines() or ["it said nothing."])[-1]
