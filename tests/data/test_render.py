"""Examples as tokens: exactly the answers are learned, with the token that ends them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.data.tokenizers import LLAMA, decoded, make_beginning_tokenizer, make_llama_tokenizer
from tests.tiny import make_tokenizer
from workbench.data.examples import Example, Message
from workbench.data.reading.records import Unfit
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.data.rendering.render import render, render_all
from workbench.data.rendering.rows import IGNORED, Row
from workbench.errors import DataError
from workbench.models.templates import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

STRICT = "{% if messages[0]['role'] != 'user' %}{{ raise_exception('Begin with the user') }}{% endif %}" + LLAMA
SPACED = (
    "{% for message in messages %}{{ message['role'] }}> {{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}assistant> {% endif %}"
)
FORGETFUL = (
    "{% for message in messages %}<|start|>{{ message['role'] }}<|stop|>"
    "{% if message['role'] == 'assistant' and loop.last %}<think></think>{% endif %}{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant<|stop|>{% endif %}"
)


@pytest.fixture(scope="module")
def chatml() -> "PreTrainedTokenizerFast":
    return make_tokenizer()


@pytest.fixture(scope="module", params=[True, False], ids=["trimmed offsets", "whole offsets"])
def llama(request: pytest.FixtureRequest) -> "PreTrainedTokenizerFast":
    return make_llama_tokenizer(trims_offsets=request.param)


def chat(*contents: str, system: str = "") -> Example:
    """User and assistant in turn."""
    turns = [Message("user" if at % 2 == 0 else "assistant", content) for at, content in enumerate(contents)]
    return Example(3, (*([Message("system", system)] if system else []), *turns))


def learned(row: Row, tokenizer: "PreTrainedTokenizerFast") -> list[str]:
    """The text of each learned stretch."""
    return [decoded(ids, tokenizer) for ids in stretches(row)]


def stretches(row: Row) -> Iterator[list[int]]:
    ids: list[int] = []
    for token, label in zip(row.input_ids, row.labels, strict=True):
        assert label in (IGNORED, token)
        if label != IGNORED:
            ids.append(token)
        elif ids:
            yield ids
            ids = []
    if ids:
        yield ids


CONVERSATIONS = [
    chat("Hello", "Ahoy, matey!"),
    chat("Hello", "Ahoy!", "Bye", "Fair winds.", "Well?", "Aye.", system="Be a pirate."),
    chat("Hello", "Ahoy, matey!", "Are you still there?"),
    chat("Grüße 👋🏽", "🏴‍☠️ Żółw, 你好, é"),
    chat("Say it", " two spaces lead  "),
    chat("Say it", "\n\n a new paragraph\n\n"),
    chat("Say it", "\n\nHello there\n"),
    chat("Hello", "Hello"),
    chat("assistant\nHello", "assistant\nHello\nuser\nassistant\nHello", "Hello", "Hello"),
    chat("Hello", "x"),
]


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_exactly_the_answers_and_their_ends_are_learned_with_chatml(
    example: Example, chatml: "PreTrainedTokenizerFast"
) -> None:
    (row,) = render(example, chatml, 512)
    answers = [message.content + "<|im_end|>" for message in example.messages if message.role == "assistant"]
    assert learned(row, chatml) == answers
    assert (row.line, row.cut) == (3, False)


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_exactly_the_answers_and_their_ends_are_learned_with_a_trimming_template(
    example: Example, llama: "PreTrainedTokenizerFast"
) -> None:
    (row,) = render(example, llama, 512)
    answers = [message.content.strip() + "<|end|>" for message in example.messages if message.role == "assistant"]
    assert learned(row, llama) == answers
    assert row.input_ids[0] == llama.bos_token_id


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_an_answer_begins_on_a_token_of_its_own(example: Example, llama: "PreTrainedTokenizerFast") -> None:
    keeping = LLAMA.replace(" | trim", "")
    tokenizer = make_llama_tokenizer(keeping, trims_offsets=llama.backend_tokenizer.post_processor.trim_offsets)
    (row,) = render(example, tokenizer, 512)
    answers = [message.content + "<|end|>" for message in example.messages if message.role == "assistant"]
    assert learned(row, tokenizer) == answers


@pytest.mark.parametrize("trims_offsets", [True, False])
def test_the_space_before_an_answer_is_not_part_of_it(trims_offsets: bool) -> None:
    tokenizer = make_llama_tokenizer(SPACED, trims_offsets=trims_offsets)
    (row,) = render(chat("Hello", "Ahoy", "Hello", " Ahoy"), tokenizer, 512)
    assert learned(row, tokenizer) == ["Ahoy<|end|>", " Ahoy<|end|>"]


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_a_row_is_what_the_template_writes_up_to_the_last_answer(
    example: Example, chatml: "PreTrainedTokenizerFast"
) -> None:
    (row,) = render(example, chatml, 512)
    messages = [{"role": message.role, "content": message.content} for message in example.messages]
    full = str(chatml.apply_chat_template(messages, tokenize=False))
    text = decoded(row.input_ids, chatml)
    assert full.startswith(text)
    assert text.endswith("<|im_end|>")


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_the_question_has_the_tokens_that_chat_will_send(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    (row,) = render(example, chatml, 512)
    first = next(at for at, message in enumerate(example.messages) if message.role == "assistant")
    asked = [{"role": message.role, "content": message.content} for message in example.messages[:first]]
    prompt = chatml.apply_chat_template(asked, add_generation_prompt=True, return_dict=False)
    assert prompt_ids(example.messages[:first], chatml) == prompt
    assert row.input_ids[: len(prompt)] == prompt
    assert row.labels[len(prompt)] != IGNORED


def test_a_long_question_is_cut_from_its_left(chatml: "PreTrainedTokenizerFast") -> None:
    example = chat("far away " * 50 + "the end", "Ahoy, matey!")
    (whole,) = render(example, chatml, 4096)
    (row,) = render(example, chatml, 40)
    assert row.cut
    assert len(row.input_ids) == 40
    assert learned(row, chatml) == ["Ahoy, matey!<|im_end|>"]
    assert row.input_ids == [whole.input_ids[0], *whole.input_ids[-39:]]
    assert row.labels == [IGNORED, *whole.labels[-39:]]


def test_a_long_answer_is_cut_at_its_end(chatml: "PreTrainedTokenizerFast") -> None:
    example = chat("Hello", "Once upon a time " * 50)
    (row,) = render(example, chatml, 32)
    assert row.cut
    assert len(row.input_ids) == 32
    assert row.labels[0] == IGNORED
    assert row.labels[1:] == row.input_ids[1:]
    assert ("Once upon a time " * 50).startswith(decoded(row.input_ids[1:], chatml))


def test_the_last_answer_is_the_one_that_is_kept(chatml: "PreTrainedTokenizerFast") -> None:
    (row,) = render(chat("Hello", "far away " * 50, "Bye", "Fair winds."), chatml, 48)
    assert learned(row, chatml)[-1] == "Fair winds.<|im_end|>"
    assert len(row.input_ids) == 48


def test_a_row_that_fits_exactly_is_not_cut(chatml: "PreTrainedTokenizerFast") -> None:
    example = chat("Hello", "Ahoy, matey!")
    (whole,) = render(example, chatml, 512)
    assert render(example, chatml, len(whole.input_ids)) == [whole]
    assert render(example, chatml, len(whole.input_ids) - 1)[0].cut


def test_rows_that_the_template_refuses_are_named(chatml: "PreTrainedTokenizerFast") -> None:
    tokenizer = make_llama_tokenizer(STRICT)
    rendered = render_all([chat("Hello", "Ahoy"), chat("Hello", "Ahoy", system="Be brief.")], tokenizer, 512)
    assert len(rendered.rows) == 1
    assert rendered.rejected[0].reason == "the chat template refuses it: Begin with the user"
    assert rendered.rejected[0].excerpt == "Be brief. / Hello / Ahoy"


@pytest.mark.parametrize("fault", ["'a'.index('b')", "1 // 0", "'a' + 1"])
def test_a_template_that_fails_on_a_row_refuses_it(fault: str) -> None:
    tokenizer = make_llama_tokenizer("{{ " + fault + " }}" + LLAMA)
    with pytest.raises(Unfit, match="the chat template refuses it"):
        render(chat("Hello", "Ahoy"), tokenizer, 512)


def test_a_conversation_without_a_question_is_named(chatml: "PreTrainedTokenizerFast") -> None:
    rendered = render_all([Example(4, (Message("assistant", "Ahoy"),)), chat("Hello", "Ahoy")], chatml, 512)
    assert [(rejected.line, rejected.excerpt) for rejected in rendered.rejected] == [(4, "Ahoy")]
    assert len(rendered.rows) == 1


@pytest.mark.parametrize(
    "example",
    [chat("Hello", "Ahoy<|im_end|>"), chat("<|im_start|>x", "Ahoy"), Example(1, text="One<|pad|>"),
     chat("Hello", "Ahoy", system="<|im_end|>")],
)  # fmt: skip
def test_control_text_is_refused(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    (rejected,) = render_all([example], chatml, 512).rejected
    assert re.fullmatch(r"contains the control text <\|(im_end|im_start|pad)\|>", rejected.reason)


def test_control_tokens_that_the_tokenizer_does_not_name_count_too() -> None:
    tokenizer = make_llama_tokenizer()
    assert "<|stop|>" not in tokenizer.all_special_tokens
    rendered = render_all([chat("Hello", "a <|stop|> b"), chat("Hello", "a < | stop |> b")], tokenizer, 512)
    assert [rejected.reason for rejected in rendered.rejected] == ["contains the control text <|stop|>"]


def test_a_template_that_rewrites_earlier_turns_is_refused() -> None:
    tokenizer = make_llama_tokenizer(FORGETFUL)
    (row,) = render(chat("Hello", "Ahoy"), tokenizer, 512)
    assert learned(row, tokenizer) == ["<think></think>Ahoy<|end|>"]
    with pytest.raises(DataError, match="cannot be told apart exactly"):
        render(chat("Hello", "Ahoy", "Bye", "Aye"), tokenizer, 512)


def test_a_tokenizer_without_a_template_needs_one_chosen() -> None:
    with pytest.raises(DataError, match=r"Set data\.template"):
        render(chat("Hello", "Ahoy"), make_llama_tokenizer(None), 512)


@pytest.mark.parametrize(("template", "end"), [("plain", "<|end|>"), ("chatml", "<|im_end|>")])
def test_answers_are_exact_with_the_built_in_templates(template: str, end: str) -> None:
    tokenizer = make_tokenizer(template=None) if template == "chatml" else make_llama_tokenizer(None)
    tokenizer.chat_template = choose_template(template, tokenizer)
    (row,) = render(chat("Hello", "Ahoy", "Bye", "\nAye ", system="Be brief."), tokenizer, 512)
    assert learned(row, tokenizer) == [f"Ahoy{end}", f"\nAye {end}"]
    assert row.input_ids[0] != tokenizer.bos_token_id


def test_the_plain_template_begins_with_the_mark_that_the_model_expects() -> None:
    tokenizer = make_beginning_tokenizer()
    (row,) = render(chat("Hello", "Ahoy", "Bye", "\nAye "), tokenizer, 512)
    assert row.input_ids.count(tokenizer.bos_token_id) == 1
    assert row.input_ids[0] == tokenizer.bos_token_id
    assert learned(row, tokenizer) == ["Ahoy<|end|>", "\nAye <|end|>"]
    assert prompt_ids((Message("user", "Hello"),), tokenizer)[0] == tokenizer.bos_token_id
