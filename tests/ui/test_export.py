"""The Export view, as the browser asks it: what can be chosen, what is refused, and what lies in the workspace."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.chat.gguf_files import write_gguf
from tests.recorded_run import RecordedRun
from tests.training.blended import made_run
from workbench.export.job import ExportJob
from workbench.export.placing import pack
from workbench.export.record.statement import kept_statement
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.jobs.files import write_json
from workbench.jobs.folder import Status
from workbench.runs import trash
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export
from workbench.ui.export import downloads
from workbench.ui.export.cards import read_card
from workbench.ui.export.view import functions
from workbench.ui.export.wish import read_request

CARD = """# mine <script>

## How to use it

Run this
there:

```python
print("Hello!")

print("Bye!")
```

```sh
ollama run mine
```

## Licence

```sh
nothing
```
"""

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(root: Path) -> Ask:
    """A function of the view, by its name."""
    known = {function.__name__: function for function in functions(root)}
    return lambda name, arg=None: known[name](arg)


@pytest.fixture
def run(root: Path) -> RunDir:
    """On the practice model; its adapter is none."""
    return RecordedRun(root, "tuned").finish().dir


def made_export(root: Path, name: str, phase: str = "finished") -> ExportJob:
    """As a worker leaves it."""
    out = root / "exported" / name
    out.mkdir(parents=True)
    (out / "adapter_model.safetensors").write_bytes(b"weights of " + name.encode())
    (out / "README.md").write_text(CARD, encoding="utf-8")
    job = ExportJob(root / "exports" / f"20260101-{name}")
    job.path.mkdir(parents=True)
    write_json(job.path / "request.json", ExportRequest("tuned", "adapter", "", out).to_json())
    job.write_status(Status(phase, 20, 20, "It is complete."))
    return job


def wish(**changes: Any) -> dict[str, Any]:
    return {"run": "tuned", "target": "adapter", "numbers": "", "name": ""} | changes


def test_every_target_and_each_of_its_number_formats_has_its_words() -> None:
    assert set(TARGETS) <= set(text_export.TARGETS)
    assert {numbers for target in TARGETS.values() for numbers in target.numbers} <= set(text_export.NUMBERS)
    assert {words.purpose for words in text_export.TARGETS.values()} == set(text_export.PURPOSES)


def test_an_empty_workspace_has_nothing_to_take_home(ask: Ask) -> None:
    assert ask("export_look") == {"run": "", "runs": [], "latest": None, "made": []}


def test_the_newest_run_is_offered_in_every_form_with_its_size(root: Path, tiny_model: Path, ask: Ask) -> None:
    made_run(root, tiny_model, "tuned")
    RecordedRun(root, "unfinished").train(1, 3)
    told = ask("export_look", {"run": "gone"})
    assert (told["run"], told["runs"]) == ("tuned", [{"id": "tuned", "name": "tuned"}])
    assert told["about"] == "LoRA on tiny, just now"
    targets = {target["name"]: target for group in told["groups"] for target in group["targets"]}
    assert set(targets) == set(TARGETS)
    assert all(target["size"].startswith("about ") for target in targets.values())
    assert [numbers["name"] for numbers in targets["merged"]["numbers"]] == list(TARGETS["merged"].numbers)


def test_a_form_that_cannot_be_says_why(root: Path, ask: Ask) -> None:
    RecordedRun(root, "before", method__name="prompt_tuning").finish()
    groups = ask("export_look", {})["groups"]
    reasons = {target["name"]: target["reason"] for group in groups for target in group["targets"]}
    assert reasons["merged"].startswith("What Prompt tuning adds cannot become part of the weights of a model.")
    assert reasons["adapter"] == ""


def test_a_run_whose_model_is_gone_says_so_with_each_form(root: Path, ask: Ask) -> None:
    RecordedRun(root, "tuned", model__path="gone").finish()
    told = ask("export_look", {})
    reasons = {target["name"]: target["reason"] for group in told["groups"] for target in group["targets"]}
    assert "gone" in reasons["adapter"] and "gone" in reasons["merged"]
    assert "gone" in told["author"]["licence"]
    assert ask("export_plan", wish(target=""))["problem"]["message"].startswith("This result cannot be taken home")


def test_what_the_author_says_is_kept_with_the_run_and_goes_with_the_export(root: Path, run: RunDir, ask: Ask) -> None:
    told = ask("export_look", {})["author"]
    assert told["answers"] == {} and told["licence"] == "The original, starter, is given under: apache-2.0."
    assert {question["name"] for question in told["questions"] if question["tick"]} == set(text_export.TICKS)
    said = {"intended_use": " Tests. ", "contact": "", "licence_confirmed": "yes"}
    assert ask("export_say", {"run": "tuned", "answers": said}) == {}
    kept = {"intended_use": "Tests.", "licence_confirmed": "yes"}
    assert ask("export_look", {})["author"]["answers"] == read_request(root, wish()).statement == kept
    for wrong in ({"language": "English"}, {"colour": "red"}, "yes", None):
        assert ask("export_say", {"run": "tuned", "answers": wrong})["problem"]["message"]
    assert kept_statement(run) == kept


def test_a_wish_is_judged_before_it_is_begun(root: Path, run: RunDir, ask: Ask) -> None:
    fine = ask("export_plan", wish(target="merged", numbers="fp32"))
    assert (fine["name"], fine["place"]) == ("tuned-merged-fp32", str(root / "exported" / "tuned-merged-fp32"))
    assert fine["command"].startswith("python -m workbench export tuned --to merged --numbers fp32 --out ")
    assert ask("export_plan", wish(name=" mine "))["name"] == "mine"
    made_export(root, "tuned-adapter")
    assert ask("export_plan", wish())["name"] == "tuned-adapter-2"
    taken = ask("export_plan", wish(name="tuned-adapter"))["problem"]
    assert taken["message"] == "There is an export tuned-adapter already."


NO_WISHES = (
    {"run": ""},
    {"run": 7},
    {"run": "../tuned"},
    {"target": "everything"},
    {"target": ["adapter"]},
    {"numbers": "fp32"},
    {"target": "merged", "numbers": []},
    {"name": "../../elsewhere"},
    {"name": "/tmp/elsewhere"},
    {"name": ".hidden"},
)


def test_whatever_is_sent_is_answered_with_a_problem(root: Path, run: RunDir, ask: Ask) -> None:
    for changes in NO_WISHES:
        for name in ("export_plan", "export_start"):
            assert ask(name, wish(**changes))["problem"]["message"], changes
    assert not (root / "exports").exists()


def test_what_was_exported_is_listed_and_looked_into(root: Path, run: RunDir, ask: Ask) -> None:
    job = made_export(root, "mine")
    made_export(root, "half", "failed")
    made_export(root.parent / "elsewhere", "theirs")
    [told] = ask("export_look", {})["made"]
    assert (told["name"], told["title"], told["size"]) == ("mine", "Adapter of tuned", "0 kB")
    (root / "exported" / "mine" / "no-model.gguf").write_bytes(b"GGUF")
    looked = ask("export_open", {"id": job.id})
    assert looked["talk"] == ""
    assert looked["place"] == str(root / "exported" / "mine")
    assert "it answers as the run does" in looked["checked"]
    assert looked["files"] == "README.md · adapter_model.safetensors · no-model.gguf"
    assert looked["card"] == CARD
    steps = [step["text"] for step in looked["steps"]]
    use = ["Run this there:", 'print("Hello!")\n\nprint("Bye!")', "ollama run mine"]
    assert steps == ["Go to its folder first:", f"cd {root}/exported/mine", *use]
    assert [step["kind"] for step in looked["steps"]] == ["words", "code", "words", "code", "code"]
    for asked in ("export_open", "export_delete", "export_undelete", "export_state", "export_cancel"):
        assert ask(asked, {"id": "../exports/20260101-mine"})["problem"]["message"].startswith("There is no export")


@pytest.mark.needs_llama
def test_a_model_that_chat_can_read_leads_there(root: Path, run: RunDir, ask: Ask) -> None:
    job = made_export(root, "mine")
    write_gguf(root / "exported" / "mine" / "tuned.gguf")
    write_gguf(root / "exported" / "mine-2" / "tuned.gguf")
    assert ask("export_open", {"id": job.id})["talk"] == "exported/mine/tuned.gguf"


def test_a_deleted_export_comes_back(root: Path, run: RunDir, ask: Ask) -> None:
    job = made_export(root, "mine")
    assert ask("export_delete", {"id": job.id}) == {"made": []}
    assert not (root / "exported" / "mine").exists() and len(trash.places(root)) == 1
    assert ask("export_undelete", {"id": job.id})["made"][0]["name"] == "mine"
    assert (root / "exported" / "mine" / "adapter_model.safetensors").read_bytes() == b"weights of mine"
    assert "cannot be brought back" in ask("export_undelete", {"id": job.id})["problem"]["message"]


def test_how_far_an_export_is_is_told_in_bytes(root: Path, run: RunDir, ask: Ask) -> None:
    job = made_export(root, "mine")
    job.write_status(Status("failed", 5 * 10**6, 20 * 10**6, "The disk is full.", "Make room."))
    told = ask("export_look", {})["latest"]
    assert (told["percent"], told["figures"], told["goes_on"]) == (25, "5.0 MB of 20.0 MB", False)
    assert told["message"] == "The disk is full."
    assert ask("export_cancel", {"id": job.id})["problem"]["message"] == "This export is not under way."


def test_an_export_is_downloaded_as_one_file(root: Path, run: RunDir) -> None:
    job = made_export(root, "mine")
    app = FastAPI()
    downloads.add_routes(app, root)
    client = TestClient(app)
    answer = client.get(f"/exports/{job.id}/files.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="mine.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("mine/adapter_model.safetensors") == b"weights of mine"
    outside = made_export(root.parent / "elsewhere", "theirs")
    outside.path.rename(root / "exports" / outside.id)
    assert client.get(f"/exports/{outside.id}/files.zip").status_code == 404
    assert client.get("/exports/..%2f..%2fruns/files.zip").status_code == 404


def test_an_export_that_is_a_zip_file_is_sent_as_it_is(root: Path, run: RunDir, ask: Ask) -> None:
    job = made_export(root, "mine")
    folder, out = root / "exported" / "mine", root / "exported" / "mine.zip"
    pack(folder, out, "mine")
    write_json(job.path / "request.json", ExportRequest("tuned", "adapter", "", out).to_json())
    looked = ask("export_open", {"id": job.id})
    assert (looked["card"], looked["files"]) == (CARD, "") and looked["steps"][0]["text"] == "Run this there:"
    app = FastAPI()
    downloads.add_routes(app, root)
    answer = TestClient(app).get(f"/exports/{job.id}/files.zip")
    assert answer.content == out.read_bytes() and 'filename="mine.zip"' in answer.headers["content-disposition"]
    assert read_card(folder) == CARD


@pytest.mark.slow
def test_an_export_stays_in_the_list_while_it_is_there(root: Path, tiny_model: Path, ask: Ask) -> None:
    made_run(root, tiny_model, "tuned")
    for number in range(12):
        made_export(root, f"mine-{number:02}")
    started = ask("export_start", wish())
    assert started["goes_on"] and "adapter-2" in ask("export_plan", wish())["name"]
    assert ExportJob(root / "exports" / started["id"]).wait().phase == "finished"
    listed = [one["name"] for one in ask("export_look", {})["made"]]
    assert listed == ["tuned-adapter", *(f"mine-{number:02}" for number in reversed(range(12)))]
    assert ask("export_open", {"id": started["id"]})["steps"][2]["kind"] == "words"
