"""Choosing a model on the page: what is said of each, and the ways to another."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from workbench.chat.client import ChatClient
from workbench.errors import SettingError
from workbench.jobs.folder import Status
from workbench.memory.fit import Fit
from workbench.models.facts import ModelFacts, facts
from workbench.models.hub.cache import CachedRepository
from workbench.models.hub.download import ModelDownload
from workbench.models.hub.request import ModelRequest
from workbench.models.suggested import suggested
from workbench.ui.choices import find_model, model_options
from workbench.ui.models.facts_line import describe_model, tell_fit
from workbench.ui.models.found import find_models
from workbench.ui.models.view import functions
from workbench.ui.setup import Setup

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def stocked(root: Path, tiny_model: Path) -> Path:
    """A workspace with a model that can be tuned, and one that cannot."""
    (root / "models" / "an-empty-one").mkdir(parents=True)
    (root / "models" / "tiny").symlink_to(tiny_model)
    return root


@pytest.fixture
def huge(tiny_model: Path) -> ModelFacts:
    """More than any machine of today can hold."""
    known = facts(tiny_model)
    return replace(known, parameters=10**14, linear_shapes={"q_proj": (10**7, 10**7)})


def test_the_line_tells_all_there_is_to_know(stocked: Path) -> None:
    line = describe_model(find_model(stocked, "tiny"))
    assert "parameters · reads 256 tokens · chat · fp32 · " in line
    assert "kB on disk" in line or "MB on disk" in line
    assert "<b>fits</b>: tuning takes about 0." in line


def test_a_model_that_is_too_large_says_so(huge: ModelFacts) -> None:
    assert '<span class="fit will-not-fit"><b>will not fit</b>: tuning takes about ' in describe_model(huge)


def test_what_does_not_fit_names_the_way_out_if_there_is_one() -> None:
    assert tell_fit(Fit("tight", 8.0, 10.0, 3.0))["figure"] == "about 8.0 GB, with QLoRA about 3.0 GB"
    assert tell_fit(Fit("fits", 1.0, 10.0, 0.5))["figure"] == "about 1.0 GB"
    assert tell_fit(Fit("will not fit", 90.0, 10.0, 30.0))["figure"] == "about 90.0 GB"


def test_a_name_is_text(tiny_model: Path) -> None:
    hostile = replace(facts(tiny_model), dtype=HOSTILE)
    assert "<script" not in describe_model(hostile)
    assert "<script" not in describe_model(replace(hostile, tunable=False, reason=HOSTILE))


def test_the_menu_lists_every_folder_and_marks_what_cannot_be_tuned(stocked: Path) -> None:
    options = model_options(stocked)
    assert ("tiny", "tiny") in options
    assert ("an-empty-one (cannot be tuned)", "an-empty-one") in options


def test_what_cannot_be_tuned_comes_last_with_its_reason(stocked: Path) -> None:
    rows = find_models(stocked)
    assert [row["name"] for row in rows][-1] == "an-empty-one"
    assert "There is no config.json" in rows[-1]["reason"]
    tiny = next(row for row in rows if row["name"] == "tiny")
    assert (tiny["reason"], tiny["context"], tiny["fit"]["word"]) == ("", "256 tokens", "fits")


def ask(root: Path, name: str, arg: Any = None) -> Any:
    """What the browser gets when it calls a function of the component."""
    return next(function for function in functions(root) if function.__name__ == name)(arg)


def test_one_suggestion_at_most_is_marked_and_what_is_here_can_be_used(
    root: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    assert [offer["here"] for offer in ask(root, "model_offers")["offers"]] == [""] * 5
    first = suggested()[0]
    snapshot = CachedRepository.of(first.id).snapshot("c0ffee")
    snapshot.parent.mkdir(parents=True)
    snapshot.symlink_to(tiny_model)
    offers = ask(root, "model_offers")["offers"]
    assert offers[0]["here"] == first.id
    assert (offers[0]["licence"], offers[0]["size"]) == (first.licence, "273.0 MB")
    assert sum(offer["suggested"] for offer in offers) <= 1


def test_a_download_broken_off_before_the_page_was_opened_is_told(root: Path) -> None:
    assert ask(root, "fetch_state") == {}
    ModelDownload.create(root, ModelRequest("org/plain", "v1")).write_status(Status("preparing", 10**6, 4 * 10**6))
    told = ask(root, "fetch_state")
    assert (told["id"], told["revision"], told["goes_on"], told["percent"]) == ("org/plain", "v1", False, 25)
    assert told["figures"] == "1.0 MB of 4.0 MB"
    assert "goes on from where it was" in told["message"]


@pytest.mark.parametrize("arg", [None, 7, [], {"id": 7}, {"id": "../name"}, {"id": "a/b", "revision": "../main"}])
@pytest.mark.parametrize("name", ["weigh_model", "fetch_model", "cancel_fetch"])
def test_whatever_the_browser_sends_gets_an_answer_in_words(root: Path, name: str, arg: Any) -> None:
    assert ask(root, name, arg)["problem"]
    assert not (root / "model-downloads").exists()


def test_only_what_is_in_the_list_can_be_chosen(stocked: Path) -> None:
    with gr.Blocks():
        setup = Setup(stocked, ChatClient(stocked / "chat.log"))
    assert setup.choose_model("tiny")["value"] == "tiny"
    with pytest.raises(SettingError, match="not in the list"):
        setup.choose_model("/etc")


def test_looking_again_leaves_the_choice_alone_unless_it_is_gone(stocked: Path) -> None:
    with gr.Blocks():
        setup = Setup(stocked, ChatClient(stocked / "chat.log"))
    (stocked / "models" / "another").mkdir()
    looked = setup.list_models_anew("tiny")
    assert "value" not in looked and ("another (cannot be tuned)", "another") in looked["choices"]
    (stocked / "models" / "tiny").unlink()
    assert setup.list_models_anew("tiny")["value"] is None


def test_copying_tells_the_folder_and_what_is_missing_until_it_is_there(root: Path, tiny_model: Path) -> None:
    told = ask(root, "copy_guide", {"typed": "org/tiny"})
    assert (told["folder"], told["complete"]) == (str(root / "models" / "tiny"), False)
    assert told["words"] == "Still missing: config.json, tokenizer.json, model.safetensors."
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    assert ask(root, "copy_guide", {"typed": "tiny"})["complete"]
    assert "neither a model of the hub nor" in ask(root, "copy_guide", {"typed": "../tiny"})["problem"]
