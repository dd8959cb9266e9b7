"""Exactness with the templates of well-known models, each with tokenizers of several kinds."""

import pytest

from tests.data.chat_templates import QWEN_3, STYLES, Style
from tests.data.conversations import CONVERSATIONS, answers_of, chat, learned, rows_of
from tests.data.tokenizers import (
    KINDS,
    Maker,
    decoded,
    make_gpt_tokenizer,
    make_llama_tokenizer,
    make_old_llama_tokenizer,
)
from workbench.data.examples import Example, Message
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.data.rendering.render import Renderer, RenderSettings
from workbench.models.templates import end_of_turn_ids

PUT_A_SPACE_AFTER_MARKS = (make_gpt_tokenizer, make_old_llama_tokenizer)


def expected(example: Example, style: Style) -> list[str]:
    answers = [answer.strip() if style.trims else answer for answer in answers_of(example)]
    if style is QWEN_3:
        answers = [answer.lstrip("\n") for answer in answers]
    return [style.prefix + answer + style.end for answer in answers]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("make", KINDS)
def test_answers_are_exact_and_questions_are_those_of_chat(style: Style, make: Maker) -> None:
    tokenizer = make(style.template, marks=style.marks)
    ends = end_of_turn_ids(tokenizer)
    for example in CONVERSATIONS:
        rows = rows_of(example, tokenizer)
        found = [text for row in rows for text in learned(row, tokenizer)]
        wanted = expected(example, style)
        if make in PUT_A_SPACE_AFTER_MARKS:
            found = [
                text if text == right else text.removeprefix(" ") for text, right in zip(found, wanted, strict=True)
            ]
        assert found == wanted
        answers = [place for place, message in enumerate(example.messages) if message.role == "assistant"]
        assert len(rows) == (len(answers) if style.rewrites else 1)
        for row, place in zip(rows, answers, strict=False):
            assert row.ids[: row.spans[0]] == prompt_ids(example.messages[:place], tokenizer)
            assert set(row.ids[start - 1] for start in row.spans[1::2]) <= ends


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_system_prompt_reaches_the_model(style: Style) -> None:
    tokenizer = make_llama_tokenizer(style.template, marks=style.marks)
    (row,) = rows_of(chat("Hello", "Ahoy"), tokenizer, system_prompt="Be a pirate.")
    assert "Be a pirate." in decoded(row.ids[: row.spans[0]], tokenizer)
    assert "Be a pirate." in decoded(row.ids[: row.head], tokenizer) or not style.takes_system


def test_reasoning_is_learned_in_the_last_answer_and_gone_from_earlier_ones() -> None:
    tokenizer = make_llama_tokenizer(QWEN_3.template, marks=QWEN_3.marks)
    example = chat("Hello", "<think>\nA sailor.\n</think>\n\nAhoy", "Bye", "<think>\nHe goes.\n</think>\n\nAye")
    rows = rows_of(example, tokenizer)
    assert [learned(row, tokenizer) for row in rows] == [
        ["<think>\nA sailor.\n</think>\n\nAhoy<|im_end|>"],
        ["<think>\nHe goes.\n</think>\n\nAye<|im_end|>"],
    ]
    assert "A sailor" not in decoded(rows[1].ids, tokenizer)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_system_prompt_without_a_place_of_its_own_is_told(style: Style) -> None:
    renderer = Renderer(make_llama_tokenizer(style.template, marks=style.marks), RenderSettings())
    renderer.render([chat("Hello", "Ahoy")])
    assert renderer.notes() == []
    introduced = (Message("system", "Be a pirate."), *chat("Hello", "Ahoy").messages)
    renderer.render([Example(2, introduced)])
    assert bool(renderer.notes()) is not style.takes_system
