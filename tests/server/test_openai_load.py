"""Many requests, several at once, while a training run takes what it can of the machine."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.server.asked_server import HELLO, MODEL, AskedServer, fill, serve
from tests.server.conftest import PROJECT
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir
from workbench.training import launch

pytestmark = pytest.mark.slow

REQUESTS, AT_ONCE = 200, 4
SOON_SECONDS, POLL_SECONDS = 60, 0.1
ENDLESS = {
    "model.path": "starter",
    "data.path": "pirate",
    "training.max_steps": "100000",
    "hardware.priority": "normal",
}


@contextmanager
def training(root: Path) -> Iterator[RunDir]:
    """A run that trains until it is not wanted any more."""
    flags = [part for name, value in ENDLESS.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "workbench", "train", "--root", str(root), "--name", "busy", *flags]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    run = RunDir.open(root, "busy")
    supervisor = psutil.Process(run.processes()["supervisor"].pid)
    try:
        wait_for_update(run, 1)
        yield run
    finally:
        launch.cancel(run)
        psutil.wait_procs([supervisor], timeout=SOON_SECONDS)


def wait_for_update(run: RunDir, step: int) -> None:
    while last_row(run.metrics_path).get("step", 0) < step:
        assert run.is_alive(), run.log_path.read_text()
        time.sleep(POLL_SECONDS)


def ask(server: AskedServer, number: int) -> str:
    """A text or a chat, whole or as a stream, of one model after another."""
    asked: dict[str, Any] = {"model": [MODEL, "pirate", "parrot"][number % 3], "max_tokens": 8, "temperature": 0}
    if number % 5 == 0:
        return str(server.client.completions.create(prompt="The cow", **asked).choices[0].text)
    if number % 2:
        return str(server.client.chat.completions.create(messages=HELLO, **asked).choices[0].message.content)
    stream = server.client.chat.completions.create(messages=HELLO, stream=True, **asked)
    return "".join(piece.choices[0].delta.content or "" for piece in stream)


def test_two_hundred_requests_while_a_run_trains_are_all_answered(root: Path, tiny_model: Path) -> None:
    fill(root, tiny_model)
    with serve(root) as server, training(root) as run:
        begun = last_row(run.metrics_path)["step"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda number: ask(server, number), range(REQUESTS)))
        assert all(answers)
        assert len(set(answers)) == 2 * 3
        assert run.is_alive() and last_row(run.metrics_path)["step"] > begun
