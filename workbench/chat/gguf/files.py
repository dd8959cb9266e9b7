"""The GGUF files of a workspace: those that were put into its models, and those that it exported. No llama.cpp."""

import importlib.util
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench.chat.gguf.header import Header, read_header
from workbench.chat.questions import Answerer
from workbench.errors import ModelError

_PLACES = ("models", "exported")
_PATTERNS = ("*.gguf", "*/*.gguf")

_REQUIREMENTS = Path(__file__).parents[3] / "requirements-gguf.txt"


@dataclass(frozen=True)
class FileChoice:
    """A model that can answer, alone or with a LoRA file; or a file that cannot, and why."""

    file: str
    """By the path below the workspace, as is `lora`."""
    lora: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """By which it is asked for."""
        return f"{self.file}+{self.lora}" if self.lora else self.file


def is_installed() -> bool:
    """Whether llama.cpp is there; it is not loaded for that."""
    return importlib.util.find_spec("llama_cpp") is not None


def are_there(root: Path, answerer: Answerer) -> bool:
    """Whether the files are that it answers with, if any."""
    asked = {file for file in (answerer.file, answerer.lora) if file}
    return not asked or asked <= dict(_files(root)).keys()


def not_installed() -> ModelError:
    """What to say where it is not there."""
    command = shlex.join([sys.executable, "-m", "pip", "install", "-r", str(_REQUIREMENTS)])
    return ModelError("GGUF files are read by llama.cpp, which is not installed here.", f"Run: {command}")


def find_file(root: Path, name: str) -> Path:
    """The file that `name` stands for. Raises ModelError if there is none."""
    files = dict(_files(root))
    if name not in files:
        raise ModelError(f"{Path(name).name[:200]} is not in the workspace any more.", "Choose another file.")
    return files[name]


def list_choices(root: Path) -> list[FileChoice]:
    """Every model, and every LoRA file with each model that it fits and that was put here."""
    read = {name: _look_at(path) for name, path in _files(root)}
    headers = {name: header for name, header in read.items() if isinstance(header, Header)}
    models = {name: header for name, header in headers.items() if header.kind == "model" and not header.is_later_part}
    choices = [FileChoice(name) for name in models]
    # What was exported from a run has what it learned in it already.
    bases = {name: header for name, header in models.items() if name.startswith(_PLACES[0])}
    for lora in (name for name, header in headers.items() if header.kind == "adapter"):
        fitting = [FileChoice(name, lora) for name, model in bases.items() if _fits(headers[lora], model)]
        choices += fitting or [FileChoice(lora, problem="the GGUF file of its original model is not in models")]
    damaged = [FileChoice(name, problem=problem) for name, problem in read.items() if isinstance(problem, str)]
    return choices + damaged


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for place in _PLACES:
        for path in sorted({path for pattern in _PATTERNS for path in (root / place).glob(pattern)}):
            name = path.relative_to(root)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix(), path


def _look_at(path: Path) -> Header | str:
    """Its header, or in a few words why it has none."""
    try:
        stat = path.stat()
        return _read(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


@lru_cache(maxsize=256)
def _read(path: Path, size_bytes: int, written: int) -> Header | str:
    """The list is asked for again and again; a file that nobody touched is the same."""
    try:
        return read_header(path)
    except ModelError as error:
        return error.message.removeprefix(f"{path.name} ").rstrip(".")


def _fits(lora: Header, model: Header) -> bool:
    """Whether every part of a LoRA file stands beside a tensor of the model, and is as long as one of its sides."""
    if lora.architecture != model.architecture:
        return False
    return all(_is_beside(name, shape, model) for name, shape in lora.tensors.items())


def _is_beside(name: str, shape: tuple[int, ...], model: Header) -> bool:
    tensor, dot, part = name.rpartition(".lora_")
    sides = model.tensors.get(tensor, ())
    return bool(dot) and len(shape) > 1 and shape[0 if part == "a" else 1] in sides
