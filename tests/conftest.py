"""What every test stands on: no network, a tiny model, a fresh workspace root, a browser."""

import os
import shutil
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.tiny import make_model
from workbench.server.options import is_loopback

KERNELS = Path(__file__).parents[1] / "build" / "kernels"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class NetworkBlocked(RuntimeError):
    """Not an OSError: code that shrugs off a failed connection must not hide that it tried one."""


def pytest_configure() -> None:
    # Before the test modules are imported: huggingface_hub reads its variable only once.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.pop("WORKBENCH_ROOT", None)
    # On models this small, threads cost more than they save, and on a busy machine very much more.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and find_chromium() is None:
        go_without("BROWSER", "Chromium is not installed (neither /usr/bin/chromium nor `chromium` on PATH)")
    if item.get_closest_marker("needs_llama") and find_spec("llama_cpp") is None:
        go_without("GGUF", "llama-cpp-python is not installed (requirements-gguf.txt)")
    if item.get_closest_marker("gpu") and not has_cuda():
        pytest.skip("this machine has no CUDA device")


def go_without(what: str, reason: str) -> None:
    """Skip the test, or fail it where the environment says that nothing may be missing."""
    if os.environ.get(f"WORKBENCH_REQUIRE_{what}") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_chromium() -> str | None:
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.exists() else shutil.which("chromium")


def has_cuda() -> bool:
    import torch

    return torch.cuda.is_available()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def guarded(connect: Any) -> Any:
    def only_local(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not is_loopback(address[0]):
            raise NetworkBlocked(f"a test tried to reach {address[0]}:{address[1]}")
        return connect(self, address)

    return only_local


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny Llama, tied, with its tokenizer. Shared: copy it before changing anything."""
    return make_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A fresh, empty workspace root."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Data is read in the test's own process: the same work, without the seconds that two processes take to start.

    Kernels are not compiled for the workspace either, where a test has one.
    """
    from workbench.data.preparing import steps, worker

    if "root" in request.fixturenames:
        share_kernels(request.getfixturevalue("root"))
    monkeypatch.setattr(worker, "limit", lambda *limits: None)
    keeper = SimpleNamespace(start=lambda job, slot_path, module: worker.main(str(job.path)))
    monkeypatch.setattr(steps, "supervisor", keeper)


def share_kernels(root: Path) -> None:
    """Let a workspace have the kernels that are compiled once for all tests."""
    KERNELS.mkdir(parents=True, exist_ok=True)
    (root / "cache").mkdir(exist_ok=True)
    link = root / "cache" / "kernels"
    if not link.exists():
        link.symlink_to(KERNELS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for the whole session: playwright does not start twice in a thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()
