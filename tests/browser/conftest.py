"""The real page in a process of its own, and a visitor without a past."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOON = 30_000


class Workbench:
    """A served workspace; it can be killed and started again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.link = ""

    def start(self) -> None:
        flags = ["--root", str(self.root), "--port", "0", "--no-browser", "--no-measuring"]
        command = [sys.executable, "app.py", *flags]
        quiet = os.environ | {"HF_HOME": str(self.root / "no-cache")}
        self._process = subprocess.Popen(command, cwd=PROJECT, env=quiet, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.link = next(line for line in self._process.stdout if line.startswith("Ready")).split()[1]

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


class Visitor:
    """A tab of a browser without a past. What it asked of other hosts, and scripts that failed, are kept."""

    def __init__(self, browser: Any, link: str) -> None:
        self.tab = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        self.tab.set_default_timeout(SOON)
        self.foreign: list[str] = []
        self.failures: list[str] = []
        self.tab.on("request", self._on_request)
        self.tab.on("pageerror", lambda error: self.failures.append(str(error)))
        self.visit(link)

    def visit(self, link: str) -> None:
        self._home = link.split("?", maxsplit=1)[0]
        self.tab.goto(link)
        # Beside its words gradio keeps a clock of its own there while it waits.
        expect(self.tab.locator("#plan .prose")).not_to_be_empty(timeout=SOON)

    def leave(self) -> None:
        self.tab.context.close()
        assert self.foreign == []
        assert self.failures == []

    def _on_request(self, request: Any) -> None:
        if request.url.startswith((self._home, "data:", "blob:")):
            return
        # What a page asked of its own server may be told here only after the page was left for another.
        if not request.url.startswith(urljoin(request.frame.url, "/")):
            self.foreign.append(request.url)


def expect(locator: Any) -> Any:
    from playwright.sync_api import expect

    # Five seconds, as it comes, are short on a busy machine.
    expect.set_options(timeout=SOON)
    return expect(locator)


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Workbench]:
    """A workspace that has one tiny model beside the practice model."""
    root = tmp_path_factory.mktemp("served")
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    served = Workbench(root)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def tab(browser: Any, workbench: Workbench) -> Iterator[Any]:
    """The page, freshly opened; nothing but our own server may be asked, and no script may fail."""
    visitor = Visitor(browser, workbench.link)
    yield visitor.tab
    visitor.leave()
