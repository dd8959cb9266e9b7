"""Tokenizers of the kinds that models bring, small: bytes joined within words of several sorts, and pieces."""

from collections.abc import Sequence
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from tests.tiny import CHATML, SENTENCES
from workbench.export.gguf.vocabulary.words import LLAMA_3, TEKKEN

_MARKS = ("<pad>", "<unk>", "<s>", "</s>", "<|endoftext|>", "<|im_start|>", "<|im_end|>")
_KEEPING = ("<unk>", "<s>", "<|endoftext|>")
_BYTES = tuple(f"<0x{number:02X}>" for number in range(256))

_BARE = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
WORDS = {
    "smollm": (
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)],
        False,
    ),
    "llama-bpe": ([pre_tokenizers.Split(Regex(LLAMA_3), "isolated"), _BARE], True),
    "dbrx": ([pre_tokenizers.Split(Regex(LLAMA_3), "isolated"), _BARE], False),
    "tekken": ([pre_tokenizers.Split(Regex(TEKKEN), "isolated"), _BARE], True),
}
"""By what GGUF calls them: the steps, and whether a word that is a token is taken as it is."""


def make_bytes(way: str) -> PreTrainedTokenizerFast:
    """Bytes joined within words; a text begins with a mark."""
    steps, whole_words = WORDS[way]
    inner = Tokenizer(models.BPE(ignore_merges=whole_words))
    inner.pre_tokenizer = pre_tokenizers.Sequence(steps)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    _train(inner, trainers.BpeTrainer(vocab_size=420, initial_alphabet=alphabet, special_tokens=list(_MARKS)))
    return _wrapped(inner)


def make_pieces(*, space_first: bool, swallowing: bool = False) -> PreTrainedTokenizerFast:
    """Pieces as SentencePiece makes them: every way to join two is known, the likelier piece first.

    Phi-3's swallow the spaces behind marks.
    """
    taught = Tokenizer(models.BPE())
    taught.pre_tokenizer = pre_tokenizers.Metaspace(split=True)
    _train(taught, trainers.BpeTrainer(vocab_size=150))
    pieces = sorted(taught.get_vocab(), key=taught.get_vocab().__getitem__)
    vocabulary = {text: number for number, text in enumerate(dict.fromkeys((*_MARKS, *_BYTES, *pieces)))}
    ways = [(text[:cut], text[cut:]) for text in pieces for cut in range(1, len(text))]
    merges = [pair for pair in ways if pair[0] in vocabulary and pair[1] in vocabulary]
    inner = Tokenizer(models.BPE(vocabulary, merges, byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    if space_first:
        inner.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        inner.normalizer = normalizers.Replace(" ", "▁")
    inner.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    marks = [AddedToken(mark, normalized=False, rstrip=swallowing and mark not in _KEEPING) for mark in _MARKS]
    inner.add_special_tokens(marks)
    return _wrapped(inner, marks[-2:])


def _train(inner: Tokenizer, trainer: Any) -> None:
    trainer.show_progress = False
    inner.train_from_iterator(SENTENCES, trainer)


def _wrapped(inner: Tokenizer, turns: Sequence[str | AddedToken] = _MARKS[-2:]) -> PreTrainedTokenizerFast:
    inner.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", inner.token_to_id("<s>"))])
    marks = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=256, **marks)
    tokenizer.add_special_tokens({"additional_special_tokens": list(turns)})
    tokenizer.chat_template = CHATML
    return tokenizer
