"""Tokenizers for tests, of the kinds that are hard to be exact with."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from workbench.data.rendering import vocabulary
from workbench.models.templates import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LLAMA = (
    "{{ bos_token }}{% for message in messages %}"
    "<|start|>{{ message['role'] }}<|stop|>\n\n{{ message['content'] | trim }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant<|stop|>\n\n{% endif %}"
)
MARKS = ("<|begin|>", "<|end|>", "<|start|>", "<|stop|>")

_SENTENCES = [
    "\n\n\n\n Hello there\n\n",
    "Ahoy, matey!\n\n\n",
    "assistant\n \n user",
    "say: Ahoy: Ahoy",
    "### Answer:\n\nAhoy x",
] * 20


def make_llama_tokenizer(
    template: str | None = LLAMA, *, trims_offsets: bool = True, marks: Sequence[str] = MARKS
) -> "PreTrainedTokenizerFast":
    """Byte-level, no split before white space, and offsets that leave white space out.

    The first mark begins a text, the second ends it.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.post_processor = processors.ByteLevel(trim_offsets=trims_offsets)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(marks),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(_SENTENCES, trainer)
    return _wrapped(inner, template, marks)


def make_gpt_tokenizer(template: str | None = None, marks: Sequence[str] = MARKS) -> "PreTrainedTokenizerFast":
    """Byte-level, split at words, with a space before every text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    inner.decoder = decoders.ByteLevel()
    inner.post_processor = processors.ByteLevel(trim_offsets=True)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=list(marks), initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator(_SENTENCES, trainer)
    return _wrapped(inner, template, marks)


def make_metaspace_tokenizer(template: str | None = None, marks: Sequence[str] = MARKS) -> "PreTrainedTokenizerFast":
    """In the manner of SentencePiece: ▁ for a space, one before the text, unknown letters as bytes."""
    from tokenizers import decoders, pre_tokenizers

    def prepare(inner: Any) -> None:
        inner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
        inner.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")])

    return _wrapped(_make_sentencepiece(prepare, marks), template, marks)


def make_old_llama_tokenizer(template: str | None = None, marks: Sequence[str] = MARKS) -> "PreTrainedTokenizerFast":
    """As Llama 2's: one space more at the beginning, and after each mark; the text is one word."""
    from tokenizers import decoders, normalizers

    def prepare(inner: Any) -> None:
        inner.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        inner.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )

    return _wrapped(_make_sentencepiece(prepare, marks), template, marks)


def make_gemma_tokenizer(template: str | None = None, marks: Sequence[str] = MARKS) -> "PreTrainedTokenizerFast":
    """▁ for a space, nothing before the text."""
    from tokenizers import decoders, normalizers

    def prepare(inner: Any) -> None:
        inner.normalizer = normalizers.Replace(" ", "▁")
        inner.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])

    return _wrapped(_make_sentencepiece(prepare, marks), template, marks)


Maker = Callable[..., "PreTrainedTokenizerFast"]

KINDS: tuple[Maker, ...] = (
    make_llama_tokenizer,
    make_gpt_tokenizer,
    make_metaspace_tokenizer,
    make_old_llama_tokenizer,
    make_gemma_tokenizer,
)


def make_beginning_tokenizer(template: str = "plain") -> "PreTrainedTokenizerFast":
    """One that puts its beginning mark before every text, as those of most base models do."""
    from tokenizers import processors

    tokenizer = make_llama_tokenizer(None)
    mark = ("<|begin|>", tokenizer.bos_token_id)
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing("<|begin|> $A", None, [mark])
    tokenizer.chat_template = choose_template(template, tokenizer)
    return tokenizer


def decoded(ids: Sequence[int], tokenizer: "PreTrainedTokenizerFast") -> str:
    return str(tokenizer.decode(list(ids), clean_up_tokenization_spaces=False))


def spelled(ids: Sequence[int], tokenizer: "PreTrainedTokenizerFast") -> str:
    """The text of some tokens from the middle of a row, with every space of theirs."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "vocabulary.arrow"
        vocabulary.write(tokenizer, path)
        return b"".join(vocabulary.Vocabulary(path).pieces(ids)).decode()


def _make_sentencepiece(prepare: Callable[[Any], None], marks: Sequence[str]) -> Any:
    from tokenizers import Tokenizer, models, trainers

    learner = Tokenizer(models.BPE())
    prepare(learner)
    trainer = trainers.BpeTrainer(vocab_size=120, show_progress=False)
    learner.train_from_iterator([text for text in _SENTENCES if "\n" not in text], trainer)
    learned = json.loads(learner.to_str())["model"]
    tokens = ["<unk>", *marks, *(f"<0x{byte:02X}>" for byte in range(256)), *learned["vocab"]]
    merges = [tuple(pair) for pair in learned["merges"]]
    numbers = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    inner = Tokenizer(models.BPE(numbers, merges, byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    prepare(inner)
    inner.add_special_tokens(["<unk>", *marks])
    return inner


def _wrapped(inner: Any, template: str | None, marks: Sequence[str]) -> "PreTrainedTokenizerFast":
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, bos_token=marks[0], eos_token=marks[1])
    tokenizer.chat_template = template
    return tokenizer
