"""`plan`: what a run would take, without starting it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sparse_model import make_sparse_model
from workbench.cli import main
from workbench.memory.terms import TERMS
from workbench.models.catalog import STARTER_FOLDER


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """The data is read in the test's own process."""


def asked(capsys: pytest.CaptureFixture[str], root: Path, *flags: str) -> dict[str, Any]:
    assert main(["plan", "--json", "--root", str(root), *flags]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_plan_as_json_tells_what_is_promised(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    told = asked(capsys, root)
    assert {"fits", "ram_gb", "vram_gb", "disk_gb", "seconds", "terms", "trainable", "problems"} <= told.keys()
    assert told["terms"].keys() <= TERMS.keys()
    assert sum(told["terms"].values()) == pytest.approx(told["ram_gb"], abs=0.01)
    low, high = told["seconds_range"]
    assert 0 < low <= told["seconds"] <= high
    assert told["fits"] is (told["verdict"] != "will not fit")
    assert told["disk_gb"] > 0 < told["trainable"]
    assert not (root / "runs").exists()


def test_what_will_not_fit_is_an_answer_and_no_failure(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    large = make_sparse_model(tmp_path / "large", STARTER_FOLDER, times=8)
    told = asked(capsys, root, "--model.path", str(large))
    assert (told["fits"], told["verdict"]) == (False, "will not fit")
    assert told["savings"][0]["ram_gb"] < told["ram_gb"]


def test_in_words_it_tells_the_terms_and_the_verdict(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    assert main(["plan", "--root", str(root), "--method.rank", "16"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:5]] == ["trains", "updates", "time", "disk", "memory"]
    assert any(line.strip().startswith("weights") and "█" in line for line in lines)


def test_what_cannot_be_started_is_planned_and_refused(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    assert main(["plan", "--json", "--root", str(root), "--data.max_length", "5000"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["problems"][0]["level"] == "error"
    assert "5000 tokens are more than this model can read" in captured.err.splitlines()[-1]


@pytest.mark.slow
def test_a_process_of_its_own_tells_the_same(root: Path) -> None:
    command = [sys.executable, "-m", "workbench", "plan", "--json", "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["fits"] is True
    assert not (root / "runs").exists()
