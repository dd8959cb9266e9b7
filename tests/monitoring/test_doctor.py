"""What is told of a machine, on this one."""

import getpass
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import share_kernels
from workbench.hardware.devices import machine
from workbench.monitoring.doctor import engines, network, processor, room
from workbench.monitoring.doctor.examine import examine
from workbench.monitoring.doctor.finding import Finding, Section, as_text
from workbench.monitoring.doctor.libraries import look_at
from workbench.monitoring.doctor.privacy import without_person


def found(sections: list[Section]) -> dict[str, Finding]:
    return {finding.topic: finding for section in sections for finding in section.findings}


@pytest.mark.slow
def test_everything_is_told_and_nothing_of_the_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share_kernels(tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@127.0.0.1:9")
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    sections = examine(tmp_path)
    told = found(sections)
    assert machine().cpu in told["processor"].value
    assert "GB free" in told["memory"].value and "GB free" in told["disk"].value
    assert told["kernels"].value.startswith("in C")
    assert told["torch"].value.startswith("2.") and told["torch"].value.endswith("as tested")
    assert told["answer"].value == "not asked; only downloads use the network"
    text = as_text(sections)
    for private in (str(tmp_path), str(Path.home()), socket.gethostname(), "secret", "hf_mine"):
        assert private not in text
    assert getpass.getuser() not in text.split()


@pytest.mark.slow
def test_without_a_compiler_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    told = {finding.topic: finding for finding in engines.examine_engines(tmp_path)}
    assert told["compiler"].value == "none" and "gcc" in told["compiler"].advice
    assert "several times slower" in told["kernels"].value and "compiler" in told["kernels"].advice


@pytest.mark.slow
def test_asking_the_hub_can_be_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        patch.setenv("HF_HUB_OFFLINE", "0")
        asking = network.asking_network()
        assert next(asking) is None
        silent.settimeout(30)
        asked, _ = silent.accept()
        asking.close()
        asked.settimeout(30)
        while asked.recv(1000):
            """Until whoever asked is gone."""


def test_words_of_other_programs_are_freed_of_paths_and_of_the_name_of_the_machine() -> None:
    root = Path("/data/Ann Bee/space")
    said = f"could not write {root}/cache/k.so on {socket.gethostname()}: see ~/log, /home/ann/x.c:3 and http://hub/a/b"
    shown = without_person(Section("Engine", (Finding("kernels", "none", said),)), root).findings[0].advice
    assert shown == "could not write …/cache/k.so on this computer: see …, …:3 and http://hub/a/b"


def test_features_of_the_processor_are_told_by_what_they_bring() -> None:
    here = replace(machine(), cpu_flags=frozenset({"sse2", "avx2"}))
    told = {finding.topic: finding.value for finding in processor.features(here)}
    assert told["AVX2"].startswith("yes: 8 numbers")
    assert told["AMX bf16"].startswith("no: ") and told["AVX-512 bf16"].startswith("no: models in fp32")
    [other] = processor.features(replace(machine(), cpu_flags=frozenset()))
    assert other.topic == "instructions"


def test_what_keeps_a_run_off_the_fast_path_is_told_by_what_decides_it() -> None:
    told = list(engines._obstacles())
    assert len(told) == len(engines._UNUSUAL)
    assert "trains LoRA, not loha" in told


def test_a_library_that_was_not_tested_is_told() -> None:
    assert look_at(Requirement("pytest>=1")).value.endswith(", as tested")
    other = look_at(Requirement("pytest>=1000"))
    assert other.value.endswith(", not tested: >=1000 is") and other.advice
    assert look_at(Requirement("no-such-library>=1")).value == "missing"


def test_a_limit_of_a_control_group_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {finding.topic: finding.value for finding in room.examine_memory()}
    assert told["limit"]
    monkeypatch.setattr(room, "memory_limit_bytes", lambda: 2_000_000_000)
    told = {finding.topic: finding.value for finding in room.examine_memory()}
    assert told["limit"].startswith("a control group keeps 2.0 GB of this machine's ")


def test_advice_stands_below_what_it_is_about() -> None:
    both = (Finding("disk", "1.0 GB free", "Make room."), Finding("gpu", "none"))
    assert as_text([Section("Room", both), Section("Rest", (Finding("a", "b"),))]).splitlines() == [
        "Room",
        "  disk  1.0 GB free",
        "        → Make room.",
        "  gpu   none",
        "",
        "Rest",
        "  a     b",
    ]
