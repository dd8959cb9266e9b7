"""The way to the model hub. The hub itself is asked only when somebody wants that."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from workbench.jobs.environment import worker_environment
from workbench.monitoring.doctor.finding import Finding, Section

_COMMAND = (sys.executable, "-m", "workbench.hub.reach")
_MOST_SECONDS = 30.0
"""However slow each part of the way is."""

_LOOK_SECONDS = 0.2
_NETWORK = "Network"


def examine_network() -> Section:
    """How it is set; nothing is asked."""
    told = subprocess.run(
        _COMMAND, env=worker_environment(online=True), capture_output=True, timeout=_MOST_SECONDS, check=True
    )
    return _tell(json.loads(told.stdout))


def ask_network() -> Section:
    """Ask the hub, and wait for its answer."""
    for section in asking_network():
        if section:
            return section
    raise AssertionError("asking ends with an answer")


def asking_network() -> Generator[Section | None, None, None]:
    """None again and again, and the answer last. Closing it ends the asking."""
    with _process() as process:
        waited_seconds = 0.0
        while waited_seconds < _MOST_SECONDS:
            try:
                told, _ = process.communicate(timeout=_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                waited_seconds += _LOOK_SECONDS
                yield None
            else:
                yield _tell(json.loads(told))
                return
    silence = f"nothing came within {_MOST_SECONDS:.0f} s"
    yield Section(_NETWORK, (Finding("answer", silence, "Check the connection to the internet."),))


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen((*_COMMAND, "--ask"), env=worker_environment(online=True), stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _tell(way: dict[str, Any]) -> Section:
    findings = [Finding("hub", way["hub"] + (", and offline by HF_HUB_OFFLINE" if way["offline"] else ""))]
    proxy = f"{way['proxy']}, by {way['proxy_variable']}" if way["proxy"] else "none"
    findings.append(Finding("proxy", proxy))
    asked = way["answer"]
    if asked:
        findings.append(Finding("answer", asked["sentence"], asked["hint"]))
    else:
        findings.append(Finding("answer", "not asked; only downloads use the network"))
    return Section(_NETWORK, tuple(findings))
