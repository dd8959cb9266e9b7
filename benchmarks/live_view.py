"""What a browser spends on the live view of a run that goes on:  python -m benchmarks.live_view

Bytes as they come over the wire, headers included; processor time of the page's main thread, painting included.
"""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession, sync_playwright

from benchmarks.grown_run import GrownRun
from benchmarks.page_start import open_page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
SETTLE_SECONDS = 10
WINDOW = {"width": 1440, "height": 900}
PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, nargs="*", default=[350, 10_000], help="points behind it")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each is measured (default: 30)")
    options = parser.parse_args()
    for steps in options.steps:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            run = GrownRun(Path(folder), steps)
            with open_page(["app.py", "--root", folder, "--port", "0", "--no-browser", "--no-measuring"]) as (
                _,
                address,
                token,
            ):
                print(f"{steps:6} points  {measure(run, f'{address}?token={token}', options.seconds)}")


def measure(run: GrownRun, link: str, seconds: float) -> str:
    with sync_playwright() as playwright, run.growing():
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=WINDOW)
        page.goto(link)
        page.locator(".live canvas").first.wait_for(state="visible", timeout=60_000)
        session = page.context.new_cdp_session(page)
        received = count_bytes(session)
        page.wait_for_timeout(1000 * SETTLE_SECONDS)
        # The document is small, so a moment of script between two readings is all that this adds.
        received.clear()
        before, began = read_durations(session), time.perf_counter()
        page.wait_for_timeout(1000 * seconds)
        spent = spent_since(before, read_durations(session), time.perf_counter() - began)
        kilobytes = sum(received) / (time.perf_counter() - began) / 1000
        page.get_by_role("tab", name="Help").click()
        page.wait_for_timeout(1000 * SETTLE_SECONDS)
        before, began = read_durations(session), time.perf_counter()
        page.wait_for_timeout(1000 * seconds)
        idle = spent_since(before, read_durations(session), time.perf_counter() - began)
        browser.close()
    own = spent["Task"] - idle["Task"]
    parts = ", ".join(f"{name} {value:.1f}" for name, value in spent.items())
    return f"{kilobytes:.2f} KB/s; {own:.1f} ms/s more than with the Help tab open ({idle['Task']:.1f}); in all {parts}"


def spent_since(before: dict[str, float], after: dict[str, float], took: float) -> dict[str, float]:
    """Milliseconds a second."""
    return {name.removesuffix("Duration"): 1000 * (after[name] - before[name]) / took for name in PARTS}


def count_bytes(session: CDPSession) -> list[float]:
    """A list that grows with each answer."""
    received: list[float] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    return received


def read_durations(session: CDPSession) -> dict[str, float]:
    # Of the processor, so that other programs do not count.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}


if __name__ == "__main__":
    main()
