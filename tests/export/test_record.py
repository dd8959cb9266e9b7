"""The record of a change: what the run's folder says, in every export, and nothing of the computer it was made on."""

import json
from pathlib import Path

import pytest
import yaml

from tests.recorded_run import RecordedRun
from workbench.export.record.facts import Facts, gather
from workbench.export.record.writing import write_record
from workbench.export.request import ExportRequest
from workbench.jobs.files import write_json


@pytest.fixture
def recorded(root: Path) -> RecordedRun:
    """Interrupted at 300, gone on from 240; one file of examples, of which two rows could not be used."""
    grown = RecordedRun(root, data__path="/home/zoe-strange/secret/shop.jsonl", evaluation__prompts=["my own question"])
    grown.check(0, 3.9)
    grown.train(1, 300)
    grown.attempt = 2
    grown.train(241, 480)
    grown.check(480, 1.5)
    grown.finish()
    files = [{"name": "shop.jsonl", "reference": "/home/zoe-strange/secret/shop.jsonl", "accepted": 40, "rejected": 2}]
    summary = {"files": files, "rows": 36, "held_out": 4, "rejected": 2, "cut": 1, "dropped": 0, "learned_tokens": 900}
    write_json(grown.dir.data_dir / "summary.json", summary)
    rejected = [{"part": 0, "line": n, "reason": f"“my secret {n}” is no number", "excerpt": "secret"} for n in (3, 9)]
    (grown.dir.data_dir / "rejected.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rejected))
    return grown


def _record(recorded: RecordedRun, folder: Path, target: str = "merged", **said: str) -> str:
    folder.mkdir()
    write_record(folder, recorded.dir, ExportRequest(recorded.dir.id, target, "bf16", folder, said))
    return (folder / "README.md").read_text(encoding="utf-8")


def _facts(recorded: RecordedRun) -> Facts:
    return gather(recorded.dir, ExportRequest(recorded.dir.id, "merged", "bf16", Path("out")))


def test_it_says_what_the_folder_says(recorded: RecordedRun) -> None:
    facts = _facts(recorded)
    assert facts.course is not None and facts.data is not None
    assert (facts.course.steps, facts.course.resumes, facts.course.tokens) == (480, 1, 800 * 480)
    assert (facts.course.held_out_before, facts.course.held_out_after) == (3.9, 1.5)
    assert (facts.data.given, facts.data.used, facts.data.cut, facts.data.reasons) == (42, 36, 1, {"… is no number": 2})
    assert facts.settings["data.path"] == "shop.jsonl"
    assert facts.compute.flop == 6 * facts.base.parameters * facts.course.tokens


def test_the_card_has_a_head_that_the_hub_reads_and_no_place_of_this_computer(
    recorded: RecordedRun, tmp_path: Path
) -> None:
    card = _record(recorded, tmp_path / "out", language="en")
    head = yaml.safe_load(card.split("---\n")[1])
    assert (head["license"], head["language"], head["library_name"]) == ("apache-2.0", ["en"], "transformers")
    assert head["model-index"][0]["results"][0]["metrics"] == [{"type": "loss", "name": "loss", "value": 1.5}]
    assert "base_model" not in head, "the practice model is not on the hub"
    for path in (tmp_path / "out").iterdir():
        written = path.read_text(encoding="utf-8")
        assert not any(word in written for word in ("zoe-strange", "secret", "my own question", str(tmp_path)))
        assert "compliant" not in written.lower()


def test_what_is_not_known_is_not_made_up(root: Path, tmp_path: Path) -> None:
    bare = RecordedRun(root).finish()
    card = _record(bare, tmp_path / "out", "adapter")
    assert "model-index" not in card and "How much computing its training took is not known here." in card
    assert card.count("not stated by the author") >= 10
    summary = (tmp_path / "out" / "training-content-summary.md").read_text(encoding="utf-8")
    headings = [line for line in summary.splitlines() if line.startswith("## ")]
    assert headings == ["## 1. General information", "## 2. List of data sources", "## 3. Data processing aspects"]


def test_card_and_provenance_say_the_same(recorded: RecordedRun, tmp_path: Path) -> None:
    recorded.dir.update_about(scores={"forgetting": {"word": "kept", "sentence": "It kept its general knowledge."}})
    card = _record(recorded, tmp_path / "out", intended_use="To talk | like a <b>pirate</b>.", licence_confirmed="yes")
    told = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert "It kept its general knowledge." in card and told["scores"]["forgetting"]["word"] == "kept"
    assert told["statement"]["intended_use"] == "To talk | like a <b>pirate</b>."
    assert "| Intended use | To talk \\| like a &lt;b>pirate&lt;/b>. |" in card
    assert f"{told['compute']['flop']:.2e} FLOP" in card
    assert "The author has confirmed" in card
