"""`check` on the command line: what it prints, and how it ends."""

import json

import pytest

from workbench.chat.scores.folder import evaluations
from workbench.cli import main
from workbench.runs.run_dir import RunDir


def run_command(run: RunDir, *words: str) -> int:
    return main(["check", "--root", str(run.root), run.id, *words])


def test_what_cannot_be_is_told_in_a_sentence(run: RunDir, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(run, "--count", "0") == 2
    assert run_command(run, "--data", "nothing-like-it") == 2
    assert run_command(run, "--text", "no-file.txt") == 2
    assert main(["check", "--root", str(run.root), "nobody"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4
    assert "no-file.txt" in told[2]
    assert evaluations(run) == []


@pytest.mark.slow
def test_scores_are_printed_and_kept(run: RunDir, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(run, "--held-out", "--count", "2", "--answer-tokens", "4", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scores"]["held_out"]["examples"] == 2
    assert [row["expected"] for row in told["answers"]] == [row["expected"] for row in evaluations(run)[0].answers()]
    assert told["forgetting"] == {}


@pytest.mark.slow
def test_a_check_that_fails_ends_so(run: RunDir, capsys: pytest.CaptureFixture[str]) -> None:
    (run.adapter_dir / "adapter_model.safetensors").write_bytes(b"damaged")
    assert run_command(run, "--held-out", "--no-answers") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
