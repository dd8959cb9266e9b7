"""The built-in chat templates: on any tokenizer, an answer ends with a token that chat stops at."""

from typing import TYPE_CHECKING

import pytest

from tests.data.conversations import CONVERSATIONS, answers_of, chat, learned, row_of
from tests.data.tokenizers import (
    KINDS,
    LLAMA,
    MARKS,
    Maker,
    decoded,
    make_beginning_tokenizer,
    make_gpt_tokenizer,
    make_llama_tokenizer,
    make_old_llama_tokenizer,
)
from tests.tiny import make_tokenizer
from workbench.data.examples import Message
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.errors import SettingError
from workbench.models.templates import BUILT_IN, choose_template, end_of_turn, end_of_turn_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

OWN_MARKS = {
    "chatml": (*MARKS[:2], "<|im_start|>", "<|im_end|>"),
    "llama": (*MARKS[:2], "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
}


def chosen(name: str, tokenizer: "PreTrainedTokenizerFast") -> "PreTrainedTokenizerFast":
    tokenizer.chat_template = choose_template(name, tokenizer)
    return tokenizer


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("make", KINDS)
def test_a_built_in_template_is_exact_on_any_tokenizer(name: str, make: Maker) -> None:
    for marks in (MARKS, OWN_MARKS.get(name, MARKS)):
        tokenizer = chosen(name, make(marks=marks))
        end = end_of_turn(tokenizer)
        assert end == (marks[-1] if marks != MARKS else "<|end|>")
        for example in CONVERSATIONS:
            row = row_of(example, tokenizer)
            found, wanted = learned(row, tokenizer), [answer + end for answer in answers_of(example)]
            if make in (make_gpt_tokenizer, make_old_llama_tokenizer):
                found = [
                    one if one == right else one.removeprefix(" ") for one, right in zip(found, wanted, strict=True)
                ]
            assert found == wanted
            assert set(row.ids[stop - 1] for stop in row.spans[1::2]) <= end_of_turn_ids(tokenizer)
            first = next(at for at, message in enumerate(example.messages) if message.role == "assistant")
            assert row.ids[: row.spans[0]] == prompt_ids(example.messages[:first], tokenizer)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_template_has_a_place_for_the_system_prompt(name: str) -> None:
    tokenizer = chosen(name, make_llama_tokenizer(None))
    row = row_of(chat("Hello", "Ahoy", system="Be a pirate."), tokenizer)
    text = decoded(row.ids, tokenizer)
    assert 0 <= text.index("Be a pirate.") < text.index("Hello") < text.index("Ahoy")
    assert "Below is an instruction" not in text


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_template_begins_with_the_mark_that_the_model_expects(name: str) -> None:
    tokenizer = make_beginning_tokenizer(name)
    row = row_of(chat("Hello", "Ahoy", "Bye", "\nAye "), tokenizer)
    assert row.ids.count(tokenizer.bos_token_id) == 1
    assert row.ids[0] == tokenizer.bos_token_id
    assert prompt_ids((Message("user", "Hello"),), tokenizer)[0] == tokenizer.bos_token_id


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_mark_is_put_first_where_the_model_expects_none(name: str) -> None:
    tokenizer = chosen(name, make_llama_tokenizer(None))
    assert tokenizer.bos_token_id not in row_of(chat("Hello", "Ahoy"), tokenizer).ids


@pytest.mark.parametrize("name", BUILT_IN)
def test_without_any_mark_to_end_an_answer_with_a_built_in_template_is_refused(name: str) -> None:
    tokenizer = make_llama_tokenizer(None)
    tokenizer.eos_token = None
    with pytest.raises(SettingError, match=f"which the {name} template ends an answer with"):
        choose_template(name, tokenizer)


def test_auto_is_the_model_s_own() -> None:
    assert choose_template("auto", make_tokenizer()) == make_tokenizer().chat_template
    assert choose_template("auto", make_llama_tokenizer(None)) is None
    tokenizer = make_llama_tokenizer(None)
    tokenizer.chat_template = {"default": LLAMA, "tool_use": "x"}
    assert choose_template("auto", tokenizer) == LLAMA


def test_the_alpaca_template_says_what_is_wanted() -> None:
    tokenizer = chosen("alpaca", make_llama_tokenizer(None))
    text = decoded(row_of(chat("Hello", "Ahoy"), tokenizer).ids, tokenizer)
    assert text == (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request."
        "\n\n### Instruction:\nHello\n\n### Response:\nAhoy<|end|>"
    )


def test_the_end_of_a_turn_is_what_the_template_writes_after_an_answer() -> None:
    tokenizer = make_llama_tokenizer(LLAMA.replace("<|end|>", "<|stop|>"))
    assert end_of_turn(tokenizer) == "<|stop|>"
    assert end_of_turn_ids(tokenizer) == {tokenizer.convert_tokens_to_ids("<|stop|>"), tokenizer.eos_token_id}
    assert end_of_turn_ids(make_llama_tokenizer("{{ raise_exception('no') }}")) == {tokenizer.eos_token_id}
