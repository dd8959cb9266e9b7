"""A running server for the tests of this package."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import share_kernels
from tests.server.audience import HOSTILE, Guest, RunningShowcase, scripted_showcase

PROJECT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://[^ ]+:(\d+)/\?token=([A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class RunningPage:
    process: subprocess.Popen[str]
    root: Path
    port: int
    token: str


@contextmanager
def start_page(root: Path, *flags: str, **environment: str) -> Iterator[RunningPage]:
    with launch(root, "--port", "0", *flags, **environment) as process:
        try:
            port, token = read_link(process)
            yield RunningPage(process, root, port, token)
        finally:
            process.kill()


def launch(root: Path, *flags: str, **environment: str) -> subprocess.Popen[str]:
    quiet = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.server.stub_page", str(root), "--no-measuring", *flags],
        cwd=PROJECT,
        env={**quiet, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_link(process: subprocess.Popen[str]) -> tuple[int, str]:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("Ready") and (match := LINK.search(line)):
            return int(match[1]), match[2]
    assert process.stderr
    raise AssertionError(f"the server ended before it was ready: {process.stderr.read()}")


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPage]:
    root = tmp_path_factory.mktemp("served")
    share_kernels(root)
    with start_page(root, "--allow-host", "Lab-PC") as running:
        yield running


@pytest.fixture(scope="session")
def showcase(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShowcase]:
    """With hostile words to show; it answers what tests know. Each guest comes from an address of its own."""
    root = tmp_path_factory.mktemp("shown")
    with scripted_showcase(root, "--title", HOSTILE, "--prompt", "Ahoy & <b>hello</b>") as running:
        yield running


@pytest.fixture
def guest(showcase: RunningShowcase) -> Guest:
    return Guest(showcase).come_in()
