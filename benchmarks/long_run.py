"""How soon the curve of a very long run is there, with its thinned series and without:  python -m benchmarks.long_run

Asked as a page asks: an answer that says how much is read is followed by the next question.
"""

import argparse
import http.client
import json
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.grown_run import GrownRun
from benchmarks.page_start import open_page
from workbench.runs.thinned import thinned_path

STARTED_SECONDS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000, help="updates of the run (default: 1000000)")
    steps = parser.parse_args().steps
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run = GrownRun(Path(folder), steps)
        measure("thinned", folder)
        thinned_path(run.run.metrics_path).unlink()
        measure("not thinned", folder)


def measure(name: str, folder: str) -> None:
    with open_page(["app.py", "--root", folder, "--port", "0", "--no-browser", "--no-measuring"]) as (
        process,
        address,
        token,
    ):
        time.sleep(STARTED_SECONDS)
        server = psutil.Process(process.pid)
        before = server.memory_info().rss
        began, told = time.perf_counter(), []
        answer = ask(address, token)
        while answer["reading"] is not None:
            told.append(answer["reading"])
            time.sleep(answer["poll_seconds"])
            answer = ask(address, token)
        seconds = time.perf_counter() - began
        grown = (server.memory_info().rss - before) / 1e6
    points = len(answer["series"]["step"])
    print(f"{name:12} {seconds:.2f} s until {points} points; {len(told)} answers with progress; {grown:.0f} MB more")


def ask(address: str, token: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", f"/poll/run?{urlencode({'run': ''})}", headers={"Authorization": f"Bearer {token}"})
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


if __name__ == "__main__":
    main()
