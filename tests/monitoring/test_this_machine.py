"""What is told of a machine, on this one."""

import getpass
import os
import socket
from pathlib import Path

import pytest

from tests.conftest import share_kernels
from workbench.hardware.devices import machine
from workbench.monitoring.this_machine import Finding, as_text, examine


def found(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.topic: finding for finding in findings}


@pytest.mark.slow
def test_everything_is_told_and_nothing_of_the_person(tmp_path: Path) -> None:
    share_kernels(tmp_path)
    findings = examine(tmp_path)
    told = found(findings)
    assert machine().cpu in told["processor"].value
    assert "GB free" in told["memory"].value and "GB free" in told["disk"].value
    assert told["fast path"].value.startswith("kernels in C")
    assert told["torch"].value.startswith("2.")
    text = as_text(findings)
    for private in (str(tmp_path), str(Path.home()), socket.gethostname()):
        assert private not in text
    assert getpass.getuser() not in text.split()


@pytest.mark.slow
def test_without_a_compiler_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    told = found(examine(tmp_path))
    assert told["compiler"].value == "none" and "gcc" in told["compiler"].advice
    assert "several times slower" in told["fast path"].value and "compiler" in told["fast path"].advice


def test_advice_stands_below_what_it_is_about() -> None:
    lines = as_text([Finding("disk", "1.0 GB free", "Make room."), Finding("gpu", "none")]).split("\n")
    assert [line.split() for line in lines] == [["disk", "1.0", "GB", "free"], ["→", "Make", "room."], ["gpu", "none"]]
