"""Programs that train side by side, a step of each in turn, so that a busy moment of the machine hits all of them."""

import hashlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.own_run import BATCH, LONGEST_TOKENS, SETTINGS, OwnRun, Update
from benchmarks.venvs import BUILD, PROJECT, peer_python
from workbench.jobs.environment import worker_environment

LOGS = BUILD / "logs"
ROWS = 960


@dataclass(frozen=True)
class Subject:
    """What all sides learn: a model's folder, and a file of examples."""

    model: Path
    data: Path

    def rows_file(self, **settings: Any) -> Path:
        """The first examples as the workbench learns them, for its peers."""
        given = self.settings | settings
        key = hashlib.sha256(json.dumps([SETTINGS, given], sort_keys=True).encode()).hexdigest()
        file = BUILD / "rows" / f"{key[:16]}.jsonl"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            OwnRun(given).write_rows(file, ROWS)
        return file

    @property
    def settings(self) -> dict[str, Any]:
        return {"model.path": str(self.model), "data.path": str(self.data)}


@dataclass(frozen=True)
class Program:
    """What is started as one side: its name in the results, its command, and its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass
class Side:
    """A program that waits for its next step, and what its steps took."""

    name: str
    process: "subprocess.Popen[str]"
    updates: list[Update] = field(default_factory=list)

    def step(self) -> Update:
        assert self.process.stdin and self.process.stdout
        try:
            print("step", file=self.process.stdin, flush=True)
            told = json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError) as error:
            raise SystemExit(f"{self.name} ended: see {LOGS.relative_to(PROJECT)}") from error
        self.updates.append(Update(*told))
        return self.updates[-1]

    def rate(self) -> float:
        """Useful tokens a second: the median of all steps."""
        return statistics.median(update.rate for update in self.updates)

    def peak_mb(self) -> float:
        """The most memory that the process has held at once since it began."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def own(name: str, subject: Subject, settings: Mapping[str, Any] | None = None, **environment: str) -> Program:
    """The workbench with these settings, in the environment that it gives its workers."""
    given = subject.settings | dict(settings or {})
    command = [sys.executable, "-m", "benchmarks.sides.own", json.dumps(given)]
    return Program(name, command, worker_environment(computes=True) | environment)


def trainer(name: str, subject: Subject, precision: str = "bf16", **changed: Any) -> Program:
    """transformers and PEFT, learning the same examples in the same order as the workbench."""
    return _peer(name, "trainer", subject, {"precision": precision, "nf4": False} | changed)


def llama_factory(name: str, subject: Subject, *, packing: bool) -> Program:
    """LLaMA-Factory, learning the same examples."""
    given = {"precision": "bf16", "packing": packing, "longest_tokens": LONGEST_TOKENS}
    return _peer(name, "llamafactory", subject, given)


@contextmanager
def started(programs: Sequence[Program]) -> Iterator[list[Side]]:
    """All of them at once, each until it waits for its first step; they end with the block."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        yield [_start(program, stack) for program in programs]


def step_in_turn(sides: Sequence[Side], rounds: int, warm_up: int = 2) -> None:
    """Steps that warm up are not kept. Who begins changes from round to round."""
    for _ in range(warm_up):
        for side in sides:
            side.step()
    for side in sides:
        side.updates.clear()
    for number in range(rounds):
        for side in sides if number % 2 else reversed(sides):
            side.step()


def ratio(ours: Side, other: Side) -> float:
    """How many times as fast as the other: the median of all pairs."""
    pairs = zip(ours.updates, other.updates, strict=True)
    return statistics.median(mine.rate / theirs.rate for mine, theirs in pairs)


def print_header() -> None:
    print(f"{'':36}{'its tok/s':>10}{'ours':>8}{'faster':>9}{'its peak MB':>13}{'ours':>8}{'share':>8}")


def print_row(ours: Side, other: Side) -> None:
    """The other's speed and memory, ours beside it in the same pairs, and the two ratios."""
    peaks = [side.peak_mb() for side in (other, ours)]
    speeds = f"{other.rate():10.0f}{ours.rate():8.0f}{ratio(ours, other):8.2f}x"
    print(f"{other.name:36}{speeds}{peaks[0]:13.0f}{peaks[1]:8.0f}{peaks[1] / peaks[0]:7.2f}x", flush=True)


def _peer(name: str, venv: str, subject: Subject, settings: Mapping[str, Any]) -> Program:
    """A peer as its users start it: `settings` go to the program of sides/ that has the environment's name."""
    usual: dict[str, Any] = {
        "model": str(subject.model),
        "rank": SETTINGS["method.rank"],
        "batch": BATCH,
        "learning_rate": SETTINGS["training.learning_rate"],
        "out": str(BUILD / "out"),
    }
    given = usual | dict(settings)
    if "rows" not in given:
        given["rows"] = str(subject.rows_file())
    command = [str(peer_python(venv)), "-m", f"benchmarks.sides.{venv}", json.dumps(given)]
    return Program(name, command, {**os.environ, "HF_HUB_OFFLINE": "1"})


def _start(program: Program, stack: ExitStack) -> Side:
    log = stack.enter_context((LOGS / f"{program.name}.txt").open("w", encoding="utf-8"))
    process = subprocess.Popen(
        program.command,
        cwd=PROJECT,
        env=dict(program.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    stack.callback(_end, process)
    return Side(program.name, process)


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()
