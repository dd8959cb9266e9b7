"""The command that lists models: those here, those suggested, those brought from elsewhere."""

import json
import shutil
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.models.suggested import suggested


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))


def said(root: Path, capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["models", *given, "--root", str(root)]) == 0
    return capsys.readouterr().out


def test_each_model_is_a_row_with_its_facts_or_its_reason(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "models" / "empty").mkdir(parents=True)
    head, starter, empty = said(root, capsys).splitlines()
    assert head.split() == ["model", "parameters", "context", "format", "chat", "size", "licence", "here"]
    assert starter.split()[:2] == ["starter", "5.0"] and starter.endswith("apache-2.0  fits")
    assert "cannot be tuned: There is no config.json" in empty


def test_json_holds_the_same_and_the_figures(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "models" / "empty").mkdir(parents=True)
    starter, empty = json.loads(said(root, capsys, "--json"))
    assert (starter["name"], starter["fit"], empty["fit"]) == ("starter", "fits", None)
    assert 0 < starter["needed_gb"] < starter["free_gb"]


def test_the_best_suggestion_for_this_machine_is_marked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.cli.choosing.free_gb", lambda: 64.0)
    marked = [line for line in said(root, capsys, "--suggested").splitlines() if "suggested here; fits" in line]
    found = json.loads(said(root, capsys, "--suggested", "--json"))
    assert [entry["id"] for entry in found] == [entry.id for entry in suggested()]
    assert [entry["id"] for entry in found if entry["suggested"]] == [marked[0].split()[0]] and len(marked) == 1


def test_what_to_copy_where_is_said_and_looked_at_again(
    root: Path, capsys: pytest.CaptureFixture[str], tiny_model: Path
) -> None:
    first = said(root, capsys, "--copy", "org/mine")
    folder = root / "models" / "mine"
    assert str(folder) in first and first.endswith("Still missing: config.json, tokenizer.json, model.safetensors.\n")
    shutil.copytree(tiny_model, folder)
    assert said(root, capsys, "--copy", "org/mine").endswith("Everything is there: mine can be chosen now.\n")
    assert json.loads(said(root, capsys, "--copy", "mine", "--json"))["complete"]


def test_a_folder_elsewhere_can_be_added_by_its_path(
    root: Path, capsys: pytest.CaptureFixture[str], tiny_model: Path
) -> None:
    assert said(root, capsys, "--add", str(tiny_model)) == f"{tiny_model.name}\n"
    assert tiny_model.name in said(root, capsys)
    assert main(["models", "--add", str(root / "none"), "--root", str(root)]) == 2
