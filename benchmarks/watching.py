"""What it costs the server to be watched, in shares of one core:  python -m benchmarks.watching

A run grows as a worker lets it grow; so many clients ask what an open page asks, when it would ask.
"""

import argparse
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.grown_run import GrownRun
from benchmarks.page_start import open_page

SETTLE_SECONDS = 8
STARTED_SECONDS = 40
ASKED = ("generation", "cursor", "checks", "samples", "log_bytes", "seen")
TOLD = {"samples": "sample_count"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="*", default=[8, 50], help="how many watch (default: 8 50)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each is measured (default: 30)")
    parser.add_argument("--steps", type=int, default=10_000, help="updates that the run has behind it (default: 10000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run = GrownRun(Path(folder), options.steps)
        with open_page(["app.py", "--root", folder, "--port", "0", "--no-browser"]) as (process, address, token):
            # What the page reads ahead after its start is no part of watching.
            time.sleep(STARTED_SECONDS)
            server = psutil.Process(process.pid)
            with run.growing():
                idle = share_of_core(server, options.seconds)
                print(f"nobody       {idle:.3f} of a core")
                for count in options.clients:
                    measure(server, Crowd(address, token, count), options.seconds, idle)


class Crowd:
    """Clients that watch the run that trains, each with its own connection, as the tabs of browsers do."""

    def __init__(self, address: str, token: str, count: int) -> None:
        self.count = count
        self.polls = 0
        self.received_bytes = 0
        self._host = urlsplit(address).netloc
        self._headers = {"Authorization": f"Bearer {token}"}
        self._gone = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._watch, args=(0.12 * number,)) for number in range(self.count)]
        threads += [threading.Thread(target=self._read_line, args=(0.2 * number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        yield
        self._gone.set()
        for thread in threads:
            thread.join()

    def _watch(self, delay: float) -> None:
        connection, have = http.client.HTTPConnection(self._host), {"run": ""}
        while not self._gone.wait(delay):
            answer = self._ask(connection, f"/poll/run?{urlencode(have)}")
            have |= {name: answer[TOLD.get(name, name)] for name in ASKED if TOLD.get(name, name) in answer}
            delay = answer["poll_seconds"]

    def _read_line(self, delay: float) -> None:
        connection = http.client.HTTPConnection(self._host)
        while not self._gone.wait(delay):
            delay = self._ask(connection, "/poll/machine")["poll_seconds"]

    def _ask(self, connection: http.client.HTTPConnection, path: str) -> dict[str, float]:
        connection.request("GET", path, headers=self._headers)
        response = connection.getresponse()
        content = response.read()
        # The server closes a connection that nobody uses, and browsers open another.
        connection.close()
        if response.status != 200:
            raise SystemExit(f"The server answered {response.status}.")
        self.polls += 1
        self.received_bytes += len(content)
        answer: dict[str, float] = json.loads(content)
        return answer


def measure(server: psutil.Process, crowd: Crowd, seconds: float, idle: float) -> None:
    with crowd.watching():
        time.sleep(SETTLE_SECONDS)
        polls, received = crowd.polls, crowd.received_bytes
        share = share_of_core(server, seconds)
        polls, received = crowd.polls - polls, crowd.received_bytes - received
    print(
        f"{crowd.count:3} clients  {share:.3f} of a core, {share - idle:.3f} more than with nobody; "
        f"{polls / seconds:.1f} polls/s, {1000 * (share - idle) * seconds / polls:.2f} ms and {received / polls:.0f} "
        "bytes each"
    )


def share_of_core(server: psutil.Process, seconds: float) -> float:
    before, began = server.cpu_times(), time.perf_counter()
    time.sleep(seconds)
    after, took = server.cpu_times(), time.perf_counter() - began
    return (after.user + after.system - before.user - before.system) / took


if __name__ == "__main__":
    main()
