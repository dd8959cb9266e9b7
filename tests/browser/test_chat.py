"""Talking in the real page: several answer side by side, are turned down, stopped, asked anew and voted on."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model

from tests.browser.conftest import Workbench, expect
from tests.conftest import share_kernels
from tests.recorded_run import RecordedRun
from workbench.chat.conversation import Answer, Conversation
from workbench.chat.keeping.conversations import keep, list_kept
from workbench.chat.keeping.votes import describe_votes
from workbench.chat.questions import Answerer
from workbench.models.load import load_model
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.browser

WHILE_LOADING = 120_000

DEEP = "> " * 10_000 + "- " * 10_000 + "[" * 10_000 + "*" * 10_000 + "`" * 10_000 + "|" * 10_000
HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(1)>\n\n![x](https://evil.example/y.png)\n\n"
    "<form action=https://evil.example><button>Sign in</button></form>\n\n[a](javascript:alert(1)) **strong**\n"
)


# Not to be normalised, as playwright's own comparison does with what such a model writes.
ANSWERS_WITH = """([name, words]) => document.querySelector("#stop").disabled
  && document.querySelector(`#pane-${name} .talk-answer`).innerText === words"""


def tune(root: Path, name: str, seed: int) -> RunDir:
    """A run on the tiny model, with an adapter that changes every answer."""
    torch.manual_seed(seed)
    run = RecordedRun(root, name, model__path="tiny", model__precision="fp32").train(1, 2).finish().dir
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    model = get_peft_model(load_model(root / "models" / "tiny", "fp32", "cpu"), settings)
    for parameter in model.parameters():
        parameter.data *= 20 if parameter.requires_grad else 1
    model.save_pretrained(str(run.adapter_dir), save_embedding_layers=False)
    return run


def lengthen(link: Path) -> None:
    """A model of its own in place of what is shared: one that writes long enough to be stopped."""
    folder = link.resolve()
    link.unlink()
    shutil.copytree(folder, link)
    config = json.loads((link / "config.json").read_text())
    (link / "config.json").write_text(json.dumps(config | {"max_position_embeddings": 8192}))


@pytest.fixture(scope="module")
def runs(workbench: Workbench) -> list[RunDir]:
    share_kernels(workbench.root)
    lengthen(workbench.root / "models" / "tiny")
    RecordedRun(workbench.root, "elsewhere", model__precision="fp32").train(1, 2).finish()
    return [tune(workbench.root, f"tuned-{seed}", seed) for seed in (1, 2)]


@pytest.fixture
def chat(tab: Any, runs: list[RunDir]) -> Any:
    """The chat about the newest run, `tuned-2`."""
    tab.get_by_role("tab", name="Chat", exact=True).click()
    expect(tab.locator("#pane-tuned-2")).to_be_visible()
    return tab


def ask(tab: Any, question: str) -> None:
    tab.locator("#prompt textarea").fill(question)
    tab.locator("#prompt textarea").press("Enter")
    wait_for_answers(tab)


def wait_for_answers(tab: Any) -> None:
    expect(tab.locator(".talk-pane li:last-child .talk-facts").last).to_contain_text("tokens/s", timeout=WHILE_LOADING)
    expect(tab.locator("#stop")).to_be_disabled()


def answer(tab: Any, name: str) -> str:
    return str(tab.locator(f"#pane-{name} .talk-answer").last.inner_text())


def boxes(tab: Any) -> list[dict[str, float]]:
    return [pane.bounding_box() for pane in tab.locator("#panes article").all()]


def questions(tab: Any, name: str = "tuned-2") -> list[str]:
    return list(tab.locator(f"#pane-{name} .talk-question").all_inner_texts())


def test_three_answer_side_by_side_and_one_is_turned_down(chat: Any) -> None:
    offers = chat.locator("#chat-add option").all()
    assert {offer.inner_text(): offer.is_disabled() for offer in offers} == {
        "+ Add another": False,
        "tuned-1": False,
        "elsewhere: tuned on starter": True,
        "GGUF files …": False,
    }
    chat.locator("#chat-add").select_option("tuned-1")
    ask(chat, "Hello!")
    loud, other = answer(chat, "tuned-2"), answer(chat, "tuned-1")
    assert len({loud, other, answer(chat, "original")}) == 3
    assert len({box["y"] for box in boxes(chat)}) == 1

    chat.locator("#strength-tuned-2").fill("0")
    expect(chat.locator("#pane-tuned-2 .talk-strength")).to_contain_text("0 % · the original")
    chat.wait_for_function(ANSWERS_WITH, arg=["tuned-2", answer(chat, "original")])
    assert answer(chat, "tuned-1") == other
    chat.locator("#strength-tuned-2").fill("100")
    chat.wait_for_function(ANSWERS_WITH, arg=["tuned-2", loud])

    chat.get_by_role("button", name="Remove Original").click()
    expect(chat.locator("#panes article")).to_have_count(2)
    chat.locator("#chat-add").select_option("original")
    expect(chat.locator("#pane-original .talk-facts")).to_contain_text("tokens/s")
    chat.get_by_text("Prompt as sent").first.click()
    expect(chat.locator("#pane-original .talk-sent pre")).to_contain_text("Hello!")

    chat.set_viewport_size({"width": 390, "height": 844})
    assert len({box["x"] for box in boxes(chat)}) == 1
    assert chat.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_stopping_one_tab_leaves_the_other_alone(chat: Any, workbench: Workbench) -> None:
    chat.get_by_text("System prompt and sampling").click()
    chat.locator("#set-max-new-tokens").fill("4000")
    other = chat.context.new_page()
    other.goto(workbench.link)
    other.get_by_role("tab", name="Chat", exact=True).click()
    # A new tab begins with what was last said in another: it is to have looked before this one asks.
    expect(other.locator("#pane-tuned-2")).to_be_visible(timeout=WHILE_LOADING)
    for tab in (chat, other):
        tab.locator("#prompt textarea").fill("Tell me everything.")
        tab.locator("#send").click()
    for tab in (chat, other):
        expect(tab.locator("#pane-tuned-2 .talk-answer")).not_to_be_empty(timeout=WHILE_LOADING)
    chat.locator("#stop").click()
    expect(chat.locator("#pane-tuned-2 .talk-facts")).to_contain_text("Stopped.")
    assert other.locator("#stop").is_enabled()
    expect(other.locator("#pane-tuned-2 .talk-facts")).to_contain_text("tokens/s")
    assert "Stopped." not in other.locator("#pane-tuned-2 .talk-facts").inner_text()
    other.close()


def test_whatever_is_done_to_a_conversation_can_be_undone(chat: Any, workbench: Workbench) -> None:
    chat.get_by_text("System prompt and sampling").click()
    chat.locator("#set-max-new-tokens").fill("8")
    for question in ("Zero?", "One?"):
        ask(chat, question)
    chat.locator("#edit").click()
    expect(chat.locator("#prompt textarea")).to_have_value("One?")
    ask(chat, "Two?")
    assert questions(chat) == ["Zero?", "Two?"]
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.locator("#pane-tuned-2").get_by_role("button", name="Copy").last.click()
    expect(chat.get_by_role("button", name="Copied")).to_be_visible()
    assert chat.evaluate("navigator.clipboard.readText()").strip() == answer(chat, "tuned-2").strip()
    chat.locator("#retry").click()
    wait_for_answers(chat)
    chat.locator("#undo").click()
    assert questions(chat) == ["Zero?"]
    chat.get_by_role("button", name="Undo this").click()
    assert questions(chat) == ["Zero?", "Two?"]
    chat.reload()
    chat.get_by_role("tab", name="Chat", exact=True).click()
    expect(chat.locator("#pane-original .talk-question")).to_have_count(2)
    chat.locator("#clear").click()
    expect(chat.locator("#pane-original .talk-question")).to_have_count(0)
    assert [kept.questions for kept in list_kept(workbench.root)][:1] == [2]
    chat.locator("#chat-more summary").click()
    chat.locator("#set-temperature").fill("9")
    chat.locator("#prompt textarea").fill("And?")
    chat.locator("#send").click()
    expect(chat.locator("#chat-problem")).to_contain_text("9.0 is outside 0.0 to 2.0")


def test_a_blind_vote_tells_the_names_and_is_counted(chat: Any, runs: list[RunDir]) -> None:
    chat.locator("#chat-blind").check()
    ask_blind(chat)
    panes = chat.locator("#panes")
    seen = panes.inner_text()
    assert "Answer B" in seen
    assert not [name for name in ("Original", "tuned-2", "tokens/s", "Prompt as sent", "%") if name in seen]
    chat.locator("#panes article").last.get_by_role("button", name="Better", exact=True).press("Enter")
    expect(chat.locator("#chat-votes")).to_contain_text("Better so far")
    expect(panes).to_contain_text("Original")
    expect(chat.locator(".talk-chosen")).to_have_count(1)
    assert describe_votes(runs[-1]) in ("original 1", "tuned-2 1")


def ask_blind(tab: Any) -> None:
    tab.locator("#prompt textarea").fill("Hello!")
    tab.locator("#prompt textarea").press("Enter")
    expect(tab.get_by_role("button", name="Better", exact=True)).to_have_count(2, timeout=WHILE_LOADING)


def test_whatever_a_model_writes_is_text(chat: Any, workbench: Workbench, runs: list[RunDir]) -> None:
    talk = Conversation(runs[-1].id, {"original": Answerer(), runs[-1].id: Answerer(runs[-1].id)}, exchanges=())
    talk = talk.with_question(HOSTILE).with_answer("original", Answer(HOSTILE)).with_answer(runs[-1].id, Answer(DEEP))
    keep(workbench.root, talk)
    chat.get_by_text("Saved conversations", exact=True).click()
    chat.locator("#kept-list .kept-title").first.click()
    panes = chat.locator("#panes")
    expect(panes).to_contain_text("<script>alert(1)</script>")
    chat.locator("#chat-formatted").check()
    expect(panes.locator("strong")).to_have_text("strong")
    expect(panes).to_contain_text("![x](https://evil.example/y.png)")
    assert panes.locator("script, img, form, iframe, a, svg").count() == 0
    assert panes.locator("*").count() < 200
