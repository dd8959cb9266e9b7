"""How long the page takes to start and what it weighs, against a bare gradio page:  python -m benchmarks.page_start

Both are started in turn, so that a busy moment of the machine hits both. A start lasts from the launch of the process
to the first page received in full.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"http://127\.0\.0\.1:\d+/(?:\?token=(\S+))?")
BARE_PAGE = """
import socket, gradio, uvicorn
from fastapi import FastAPI

with gradio.Blocks() as page:
    gradio.Markdown("Hello")
app = gradio.mount_gradio_app(FastAPI(), page, path="/")
listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
"""


@dataclass(frozen=True)
class Start:
    seconds: float
    memory_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="starts of each page (default: 5)")
    rounds = parser.parse_args().rounds
    ours, bare = [], []
    for _ in range(rounds):
        # The page reads its sample data ahead, and a process of its own may still be at it.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
            ours.append(measure_start(["app.py", "--root", root, "--port", "0", "--no-browser", "--no-measuring"]))
        bare.append(measure_start(["-c", BARE_PAGE]))
    print_result(ours, bare)


def measure_start(arguments: Sequence[str]) -> Start:
    begun = time.perf_counter()
    with open_page(arguments) as (process, address, token):
        fetch_page(address, token)
        seconds = time.perf_counter() - begun
        return Start(seconds, psutil.Process(process.pid).memory_info().rss / 1e6)


@contextmanager
def open_page(arguments: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A served page: its process, its address, and its token if it has one."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, *read_link(process)
    finally:
        process.kill()
        process.communicate()


def read_link(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The page's address, and its token if it has one."""
    assert process.stdout
    for line in process.stdout:
        if match := LINK.search(line):
            return match[0].partition("?")[0], match[1] or ""
    raise SystemExit("The page ended before it was ready.")


def fetch_page(address: str, token: str) -> None:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def print_result(ours: list[Start], bare: list[Start]) -> None:
    for name, starts in (("workbench", ours), ("bare gradio", bare)):
        print(f"{name:12} {median_seconds(starts):5.1f} s  {median_mb(starts):5.0f} MB  ({len(starts)} starts, median)")
    print(
        f"ratio        {median_seconds(ours) / median_seconds(bare):5.2f}    {median_mb(ours) / median_mb(bare):5.2f}"
    )


def median_seconds(starts: list[Start]) -> float:
    return statistics.median(start.seconds for start in starts)


def median_mb(starts: list[Start]) -> float:
    return statistics.median(start.memory_mb for start in starts)


if __name__ == "__main__":
    main()
