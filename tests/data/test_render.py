"""Examples as tokens: exactly the answers are learned, with the token that ends them."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.data.conversations import CONVERSATIONS, answers_of, chat, learned, row_of, rows_of
from tests.data.tokenizers import LLAMA, decoded, make_llama_tokenizer, make_old_llama_tokenizer
from tests.tiny import make_tokenizer
from workbench.data.examples import Example, Message
from workbench.data.reading.records import Unfit
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.data.rendering.render import Renderer, RenderSettings
from workbench.errors import DataError, SettingError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

STRICT = "{% if messages[0]['role'] != 'user' %}{{ raise_exception('Begin with the user') }}{% endif %}" + LLAMA
DEAF = LLAMA.replace("for message in messages", "for message in messages if message['role'] != 'system'")
SPACED = (
    "{% for message in messages %}{{ message['role'] }}> {{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}assistant> {% endif %}"
)
FORGETFUL = (
    "{% for message in messages %}<|start|>{{ message['role'] }}<|stop|>"
    "{% if message['role'] == 'assistant' and loop.last %}<think></think>{% endif %}{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant<|stop|>{% endif %}"
)
ENDLESS = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
UNLIKE = LLAMA.replace("<|start|>assistant<|stop|>", "<|start|>bot<|stop|>")
PREFILLED = LLAMA.replace("assistant<|stop|>\n\n", "assistant<|stop|>\n\n<think>")
SYSTEM = Message("system", "Be a pirate.")


@pytest.fixture(scope="module")
def chatml() -> "PreTrainedTokenizerFast":
    return make_tokenizer()


@pytest.fixture(scope="module", params=[True, False], ids=["trimmed offsets", "whole offsets"])
def llama(request: pytest.FixtureRequest) -> "PreTrainedTokenizerFast":
    return make_llama_tokenizer(trims_offsets=request.param)


def reasons(example: Example, tokenizer: "PreTrainedTokenizerFast") -> list[str]:
    rows, rejected = Renderer(tokenizer, RenderSettings()).render([example])
    assert not rows
    return [one.reason for one in rejected]


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_exactly_the_answers_and_their_ends_are_learned(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(example, chatml)
    assert learned(row, chatml) == [answer + "<|im_end|>" for answer in answers_of(example)]
    assert row.breaks == ()


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_an_answer_that_the_template_trims_is_learned_as_it_is_written(
    example: Example, llama: "PreTrainedTokenizerFast"
) -> None:
    row = row_of(example, llama)
    assert learned(row, llama) == [answer.strip() + "<|end|>" for answer in answers_of(example)]
    assert row.ids[0] == llama.bos_token_id


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_an_answer_begins_on_a_token_of_its_own(example: Example, llama: "PreTrainedTokenizerFast") -> None:
    keeping = LLAMA.replace(" | trim", "")
    tokenizer = make_llama_tokenizer(keeping, trims_offsets=llama.backend_tokenizer.post_processor.trim_offsets)
    assert learned(row_of(example, tokenizer), tokenizer) == [answer + "<|end|>" for answer in answers_of(example)]


@pytest.mark.parametrize("trims_offsets", [True, False])
def test_the_space_before_an_answer_is_not_part_of_it(trims_offsets: bool) -> None:
    tokenizer = make_llama_tokenizer(SPACED, trims_offsets=trims_offsets)
    row = row_of(chat("Hello", "Ahoy", "Hello", " Ahoy"), tokenizer)
    assert learned(row, tokenizer) == ["Ahoy<|end|>", " Ahoy<|end|>"]
    assert row.ids[: row.spans[0]] == prompt_ids((Message("user", "Hello"),), tokenizer)


def test_no_space_is_added_to_an_answer_that_is_cut_from_its_question() -> None:
    tokenizer = make_old_llama_tokenizer(SPACED)
    row = row_of(chat("Hello", "Ahoy", "Hello", " Ahoy"), tokenizer)
    assert learned(row, tokenizer) == ["Ahoy<|end|>", " Ahoy<|end|>"]


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_the_row_is_what_the_template_writes(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    messages = [{"role": message.role, "content": message.content} for message in example.messages]
    full = str(chatml.apply_chat_template(messages, tokenize=False))
    text = decoded(row_of(example, chatml).ids, chatml)
    assert full.startswith(text)
    assert text.endswith("<|im_end|>")


@pytest.mark.parametrize("example", CONVERSATIONS)
def test_the_question_has_the_tokens_that_chat_will_send(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(example, chatml)
    first = next(at for at, message in enumerate(example.messages) if message.role == "assistant")
    asked = [{"role": message.role, "content": message.content} for message in example.messages[:first]]
    prompt = chatml.apply_chat_template(asked, add_generation_prompt=True, return_dict=False)
    assert prompt_ids(example.messages[:first], chatml) == prompt
    assert row.ids[: row.spans[0]] == prompt


def test_the_last_answer_alone_can_be_learned(chatml: "PreTrainedTokenizerFast") -> None:
    example = chat("Hello", "Ahoy!", "Bye", "Fair winds.", "Still there?")
    row, whole = row_of(example, chatml, labels="last_answer"), row_of(example, chatml)
    assert row.ids == whole.ids
    assert learned(row, chatml) == ["Fair winds.<|im_end|>"]


def test_everything_can_be_learned(chatml: "PreTrainedTokenizerFast") -> None:
    example = chat("Hello", "Ahoy!", "Bye", "Fair winds.", "Still there?", system="Be a pirate.")
    row = row_of(example, chatml, labels="everything")
    assert row.ids == row_of(example, chatml).ids
    assert "".join(learned(row, chatml)) == decoded(row.ids, chatml)
    assert learned(row, chatml)[-1] == "Fair winds.<|im_end|>"


def test_the_system_prompt_goes_to_rows_without_one(chatml: "PreTrainedTokenizerFast") -> None:
    told = row_of(chat("Hello", "Ahoy"), chatml, system_prompt="Be a pirate.")
    assert told == row_of(chat("Hello", "Ahoy", system="Be a pirate."), chatml)
    own = chat("Hello", "Ahoy", system="Be a cook.")
    assert row_of(own, chatml, system_prompt="Be a pirate.") == row_of(own, chatml)


def test_chat_is_asked_with_the_system_prompt(chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(chat("Hello", "Ahoy"), chatml, system_prompt="Be a pirate.")
    asked = prompt_ids((Message("user", "Hello"),), chatml, "Be a pirate.")
    assert row.ids[: row.spans[0]] == asked
    assert asked == prompt_ids((SYSTEM, Message("user", "Hello")), chatml)
    cook = (Message("system", "Be a cook."), Message("user", "Hello"))
    assert prompt_ids(cook, chatml, "Be a pirate.") == prompt_ids(cook, chatml)


@pytest.mark.parametrize("template", [STRICT, DEAF], ids=["refused", "forgotten"])
def test_a_system_prompt_without_a_place_begins_the_first_question(template: str) -> None:
    tokenizer = make_llama_tokenizer(template)
    merged = row_of(chat("Be a pirate.\n\nHello", "Ahoy"), tokenizer)
    assert row_of(chat("Hello", "Ahoy", system="Be a pirate."), tokenizer) == merged
    assert row_of(chat("Hello", "Ahoy"), tokenizer, system_prompt="Be a pirate.") == merged
    assert prompt_ids((SYSTEM, Message("user", "Hello")), tokenizer) == merged.ids[: merged.spans[0]]


def test_the_system_turn_is_the_head_of_a_row(chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(chat("Hello", "Ahoy", system="Be a pirate."), chatml)
    assert decoded(row.ids[: row.head], chatml) == "<|im_start|>system\nBe a pirate.<|im_end|>"
    assert row_of(chat("Hello", "Ahoy"), chatml).head == 1


def test_rows_that_the_template_refuses_are_named() -> None:
    renderer = Renderer(make_llama_tokenizer(STRICT), RenderSettings())
    bad = Example(8, (Message("assistant", "Well"), Message("user", "Hello"), Message("assistant", "Ahoy")), part=2)
    rows, (rejected,) = renderer.render([chat("Hello", "Ahoy"), bad, chat("Bye", "Aye")], first=40)
    assert [row.example for row in rows] == [40, 42]
    assert rejected.reason == "the chat template refuses it: Begin with the user"
    assert rejected.excerpt == "Well / Hello / Ahoy"
    assert (rejected.example, rejected.part, rejected.line) == (41, 2, 8)


@pytest.mark.parametrize("fault", ["'a'.index('b')", "1 // 0", "'a' + 1"])
def test_a_template_that_fails_on_a_row_refuses_it(fault: str) -> None:
    tokenizer = make_llama_tokenizer("{{ " + fault + " }}" + LLAMA)
    (reason,) = reasons(chat("Hello", "Ahoy"), tokenizer)
    assert reason.startswith("the chat template refuses it")
    with pytest.raises(Unfit, match="the chat template refuses it"):
        prompt_ids((Message("user", "Hello"),), tokenizer)


def test_a_conversation_without_an_answer_is_named(chatml: "PreTrainedTokenizerFast") -> None:
    assert reasons(chat("Hello"), chatml) == ["no answer"]


@pytest.mark.parametrize(
    "example",
    [chat("Hello", "Ahoy<|im_end|>"), chat("<|im_start|>x", "Ahoy"), Example(1, text="One<|pad|>"),
     chat("Hello", "Ahoy", system="<|im_end|>")],
)  # fmt: skip
def test_control_text_is_refused(example: Example, chatml: "PreTrainedTokenizerFast") -> None:
    (reason,) = reasons(example, chatml)
    assert re.fullmatch(r"contains the control text <\|(im_end|im_start|pad)\|>", reason)


def test_control_tokens_that_the_tokenizer_does_not_name_count_too() -> None:
    tokenizer = make_llama_tokenizer()
    assert "<|stop|>" not in tokenizer.all_special_tokens
    assert reasons(chat("Hello", "a <|stop|> b"), tokenizer) == ["contains the control text <|stop|>"]
    assert row_of(chat("Hello", "a < | stop |> b <|sto"), tokenizer)


def test_a_template_that_rewrites_earlier_turns_gives_a_row_for_each_answer() -> None:
    tokenizer = make_llama_tokenizer(FORGETFUL)
    example = chat("Hello", "Ahoy", "Bye", "Aye")
    rows = rows_of(example, tokenizer)
    assert [learned(row, tokenizer) for row in rows] == [
        ["<think></think>Ahoy<|end|>"],
        ["<think></think>Aye<|end|>"],
    ]
    assert "<think>" not in decoded(rows[1].ids[: rows[1].spans[0]], tokenizer)
    assert [row.ids[: row.spans[0]] for row in rows] == [
        prompt_ids(example.messages[:count], tokenizer) for count in (1, 3)
    ]
    assert learned(row_of(example, tokenizer, labels="last_answer"), tokenizer) == ["<think></think>Aye<|end|>"]


def test_a_template_without_an_end_of_turn_gets_the_end_of_text_learned() -> None:
    tokenizer = make_llama_tokenizer(ENDLESS)
    row = row_of(chat("Hello", "Ahoy", "Bye", "Aye"), tokenizer)
    assert learned(row, tokenizer) == ["Ahoy", "Aye<|end|>"]
    tokenizer.eos_token = None
    with pytest.raises(DataError, match="no mark"):
        row_of(chat("Hello", "Ahoy"), tokenizer)


def test_padding_that_is_the_end_token_is_learned_where_it_ends_an_answer() -> None:
    tokenizer = make_llama_tokenizer()
    tokenizer.pad_token = tokenizer.eos_token
    row = row_of(chat("Hello", "Ahoy"), tokenizer)
    assert row.ids[row.spans[-1] - 1] == tokenizer.pad_token_id


def test_an_answer_that_cannot_be_told_from_its_question_is_named() -> None:
    (reason,) = reasons(chat("Hello", "Ahoy"), make_llama_tokenizer(UNLIKE))
    assert "cannot be told apart" in reason


def test_the_beginning_of_an_answer_that_the_template_writes_is_left_to_the_model() -> None:
    tokenizer = make_llama_tokenizer(PREFILLED)
    row = row_of(chat("Hello", "Ahoy", "Bye", "Aye"), tokenizer)
    assert learned(row, tokenizer) == ["Ahoy<|end|>", "Aye<|end|>"]
    asked = prompt_ids((Message("user", "Hello"),), tokenizer)
    assert row.ids[: row.spans[0]] == asked
    assert decoded(asked, tokenizer).endswith("assistant<|stop|>\n\n")


def test_a_tokenizer_without_a_template_needs_one_chosen() -> None:
    tokenizer = make_llama_tokenizer(None)
    with pytest.raises(SettingError, match=r"Set data\.template to one of chatml, llama, alpaca, zephyr, plain"):
        row_of(chat("Hello", "Ahoy"), tokenizer)
    assert row_of(Example(1, text="Ahoy"), tokenizer).ids


def test_texts_and_conversations_keep_their_order(chatml: "PreTrainedTokenizerFast") -> None:
    renderer = Renderer(chatml, RenderSettings())
    rows, _ = renderer.render([Example(1, text="Ahoy"), chat("Hello", "Aye"), Example(2, text="Bye")], first=7)
    assert [row.example for row in rows] == [7, 8, 9]
