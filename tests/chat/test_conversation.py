"""What a pane of the chat shows, and what the model is given to read."""

from typing import Any

from workbench.chat.protocol import Event
from workbench.ui import text_chat
from workbench.ui.conversation import Pane


def message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": content}]}


def test_a_question_without_answer_is_shown_but_not_read_again() -> None:
    pane = Pane([message("user", "One?"), message("assistant", "")])
    assert [turn["content"] for turn in pane.ask("Two?", "")] == ["Two?"]
    assert [turn["content"] for turn in pane.turns] == ["One?", "Two?", ""]


def test_what_was_answered_is_read_again() -> None:
    pane = Pane([message("user", "One?"), message("assistant", "1")])
    assert [turn["content"] for turn in pane.ask("Two?", "Be brief.")] == ["Be brief.", "One?", "1", "Two?"]


def test_the_note_says_why_an_answer_ended() -> None:
    pane = Pane([])
    pane.ask("One?", "")
    pane.take(Event("done", reason="context"))
    assert pane.note == text_chat.FULL
    pane.take(Event("done", reason="end"))
    assert pane.note == text_chat.SILENT
    pane.take(Event("done", text="1", reason="length", tokens=1, seconds=1))
    assert pane.note.endswith(text_chat.CUT)


def test_indentation_survives_gradio() -> None:
    import gradio as gr

    pane = Pane([])
    pane.ask("  if a:\n    b", "")
    drawn = gr.Chatbot(render=False, reasoning_tags=None).postprocess(pane.drawn())  # type: ignore[arg-type]
    assert drawn.root[0].content[0].text == "  if a:\n    b"  # type: ignore[union-attr]
