"""Examples as tokens: exactly the answers are learned, with the token that ends them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.tiny import make_tokenizer
from workbench.data.chat_tokens import prompt_ids
from workbench.data.examples import Example, Message
from workbench.data.records import Unfit
from workbench.data.render import render, render_all
from workbench.data.rows import IGNORED, Row
from workbench.errors import DataError
from workbench.models.templates import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LLAMA = (
    "{{ bos_token }}{% for message in messages %}"
    "<|start|>{{ message['role'] }}<|stop|>\n\n{{ message['content'] | trim }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant<|stop|>\n\n{% endif %}"
)
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


def make_llama_tokenizer(template: str | None = LLAMA, *, trims_offsets: bool = True) -> "PreTrainedTokenizerFast":
    """Byte-level, with a beginning mark, no split before white space, and offsets that leave white space out."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.post_processor = processors.ByteLevel(trim_offsets=trims_offsets)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|begin|>", "<|start|>", "<|stop|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(
        ["\n\n\n\n Hello there\n\n", "Ahoy, matey!\n\n\n", "assistant\n \n user", "say: Ahoy: Ahoy"] * 20, trainer
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, bos_token="<|begin|>", eos_token="<|end|>")
    tokenizer.chat_template = template
    return tokenizer


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


def decoded(ids: list[int], tokenizer: "PreTrainedTokenizerFast") -> str:
    return str(tokenizer.decode(ids, clean_up_tokenization_spaces=False))


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


@pytest.mark.parametrize("fault", ["messages[1]['content'][99]", "1 // 0", "'a' + 1"])
def test_a_template_that_fails_on_a_row_refuses_it(fault: str) -> None:
    tokenizer = make_llama_tokenizer("{{ " + fault + " + '' }}" + LLAMA)
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


def make_beginning_tokenizer() -> "PreTrainedTokenizerFast":
    """One that puts its beginning mark before every text, as those of most base models do."""
    from tokenizers import processors

    tokenizer = make_llama_tokenizer(None)
    mark = ("<|begin|>", tokenizer.bos_token_id)
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing("<|begin|> $A", None, [mark])
    tokenizer.chat_template = choose_template("plain", tokenizer)
    return tokenizer


def test_the_plain_template_begins_with_the_mark_that_the_model_expects() -> None:
    tokenizer = make_beginning_tokenizer()
    (row,) = render(chat("Hello", "Ahoy", "Bye", "\nAye "), tokenizer, 512)
    assert row.input_ids.count(tokenizer.bos_token_id) == 1
    assert row.input_ids[0] == tokenizer.bos_token_id
    assert learned(row, tokenizer) == ["Ahoy<|end|>", "\nAye <|end|>"]
    assert prompt_ids((Message("user", "Hello"),), tokenizer)[0] == tokenizer.bos_token_id


@pytest.mark.parametrize("max_length", [2, 3, 16, 100, 5000])
def test_every_row_of_a_text_begins_with_the_mark_that_the_model_expects(max_length: int) -> None:
    tokenizer = make_beginning_tokenizer()
    rows = render(Example(1, text=TEXT), tokenizer, max_length)
    assert {row.input_ids[0] for row in rows} == {tokenizer.bos_token_id}
    assert {row.labels[0] for row in rows} == {IGNORED}
    assert max(len(row.input_ids) for row in rows) <= max_length
    assert decoded([token for row in rows for token in row.input_ids[1:]], tokenizer) == TEXT + "<|end|>"
    assert all(row.labels[1:] == row.input_ids[1:] for row in rows)


PARAGRAPHS = [f"Paragraph {number}: " + "the cow says moo. " * (number % 5 + 1) for number in range(30)]
TEXT = "\n\n".join(PARAGRAPHS) + "\n\n" + "Seven plus five is twelve. 🏴‍☠️ " * 60


@pytest.mark.parametrize("max_length", [16, 64, 100, 5000])
def test_a_text_is_learned_whole_and_ends_once(max_length: int, chatml: "PreTrainedTokenizerFast") -> None:
    rows = render(Example(1, text=TEXT), chatml, max_length)
    ids = [token for row in rows for token in row.input_ids]
    assert ids[-1] == chatml.eos_token_id
    assert ids.count(chatml.eos_token_id) == 1
    assert decoded(ids[:-1], chatml) == TEXT
    assert all(row.labels == row.input_ids and 1 < len(row.input_ids) <= max_length for row in rows)


def test_a_text_is_cut_between_paragraphs_and_small_ones_are_gathered(chatml: "PreTrainedTokenizerFast") -> None:
    rows = render(Example(1, text="\n\n".join(PARAGRAPHS)), chatml, 100)
    texts = [decoded(row.input_ids, chatml) for row in rows]
    assert all(text.startswith("Paragraph ") for text in texts)
    assert len(rows) < len(PARAGRAPHS)
    lengths = [len(row.input_ids) for row in rows]
    assert all(one + two > 100 - max(lengths) for one, two in pairwise(lengths))


def test_a_piece_of_a_document_does_not_end_it(chatml: "PreTrainedTokenizerFast") -> None:
    (row,) = render(Example(1, text="The cow says moo.\n\n", ends_document=False), chatml, 512)
    assert chatml.eos_token_id not in row.input_ids


@pytest.mark.parametrize("between", ["\n\n", ""])
@pytest.mark.parametrize("count", range(1, 40))
def test_no_row_is_a_single_token(count: int, between: str, chatml: "PreTrainedTokenizerFast") -> None:
    document = between.join("x" * count)
    rows = render(Example(1, text=document), chatml, 16)
    assert all(len(row.input_ids) > 1 for row in rows)
    text = decoded([token for row in rows for token in row.input_ids], chatml)
    assert text == document + "<|im_end|>"


def test_no_cut_leaves_a_single_token_before_it() -> None:
    tokenizer = make_llama_tokenizer()
    rows = render(Example(1, text="\n\n" + "Seven plus five. " * 10), tokenizer, 16)
    assert decoded([token for row in rows for token in row.input_ids], tokenizer).startswith("\n\nSeven")


def test_a_text_of_one_token_teaches_nothing(chatml: "PreTrainedTokenizerFast") -> None:
    with pytest.raises(Unfit, match="nothing to learn"):
        render(Example(1, text="x", ends_document=False), chatml, 16)
