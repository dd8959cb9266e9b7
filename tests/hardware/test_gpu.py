"""What is known of a GPU without torch, by a driver's tool that is made here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.hardware import devices, gpu
from workbench.hardware.gpu import Gpu, look_at_gpu

Tool = Callable[[str], Path]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Stands in for nvidia-smi, notes what it was asked, and says a line."""

    def make(line: str) -> Path:
        asked, program = tmp_path / "asked", tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\necho \"$@\" > '{asked}'\n{line}\n")
        program.chmod(0o755)
        return asked

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpu._look.cache_clear()
    return make


def test_what_is_told_is_of_the_card_that_cuda_sees_first(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tool("echo 'NVIDIA RTX A4000, 16376, 15000'")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,0")
    assert look_at_gpu() == Gpu("NVIDIA RTX A4000", 16376 * 1024**2, 15000 * 1024**2)
    assert "--id=2" in asked.read_text()


@pytest.mark.parametrize("line", ["echo 'Orin, [N/A], [N/A]'", "echo 'No devices were found'; exit 6", "exit 0"])
def test_what_tells_no_memory_is_none(tool: Tool, line: str) -> None:
    tool(line)
    assert look_at_gpu() is None


def test_a_hidden_card_is_not_there(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tool("echo 'NVIDIA RTX A4000, 16376, 15000'")
    for hidden in ("", "-1"):
        gpu._look.cache_clear()
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
        assert look_at_gpu() is None
        assert devices._gpu_name() is None
    assert not asked.exists()


def test_a_card_without_a_folder_of_its_driver_is_known_by_the_tool(tool: Tool) -> None:
    """As in WSL 2."""
    tool("echo 'NVIDIA GeForce RTX 4070, 12282, 11000'")
    assert devices._gpu_name() == "NVIDIA GeForce RTX 4070"


def test_without_the_tool_there_is_nothing_to_ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gpu._look.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert look_at_gpu() is None
