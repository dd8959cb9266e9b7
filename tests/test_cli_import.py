"""`import` on the command line: the folder of the run it becomes, or one sentence and exit code 2."""

import json
from pathlib import Path

import pytest

from tests.training.foreign_adapter import tensors, write
from workbench.cli import main


def test_an_adapter_is_taken_in_and_listed(
    root: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "seafarer")
    assert main(["import", str(folder), "--model", str(tiny_model), "--root", str(root)]) == 0
    assert capsys.readouterr().out == f"{root / 'runs' / 'seafarer'}\n"
    assert main(["runs", "--root", str(root)]) == 0
    assert "imported" in capsys.readouterr().out
    assert main(["show", "seafarer", "--json", "--root", str(root)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["imported"], shown["best"], shown["method"]) == (True, None, "lora")
    assert shown["findings"] == ["It was trained elsewhere, so nothing is known of how it learned."]


def test_what_is_refused_says_why(
    root: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "seafarer", tensors(rank=8))
    assert main(["import", str(folder), "--model", str(tiny_model), "--root", str(root), "--json"]) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert "has the rank 8, and adapter_config.json says 4." in refused.err
    assert main(["import", str(folder), "--model", "no-such", "--root", str(root)]) == 2
    assert "There is no model “no-such”." in capsys.readouterr().err
