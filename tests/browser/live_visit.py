"""The page of the live view, served by a process of its own, and a tab of a browser on it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.conftest import PROJECT
from tests.recorded_run import RecordedRun


class Server:
    """The page in a process of its own, which can be stopped and started again at the same address."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.browser.live_page", str(self.root), str(self.port)]
        self.process = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"})
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, "the page did not start"
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "config", timeout=5):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Visit:
    """A tab on the page. What it asked of other hosts, and its complaints, are kept."""

    def __init__(self, browser: Any, server: Server, **settings: Any) -> None:
        self.server = server
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.tab = browser.new_context(**settings).new_page()
        self.tab.on("request", self._on_request)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, run: RecordedRun) -> Any:
        """The view of a run, once it is on show."""
        from playwright.sync_api import expect

        self.tab.goto(self.server.url)
        self.tab.get_by_label("Run", exact=True).fill(run.dir.id)
        self.tab.get_by_label("Run", exact=True).press("Enter")
        expect(self.tab.locator(".live h2")).to_have_text(run.dir.name)
        return self.tab.locator(".live")

    def is_clean(self) -> bool:
        return (self.foreign, self.complaints) == ([], [])
