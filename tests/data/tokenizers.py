"""Tokenizers for tests, of the kinds that are hard to be exact with."""

from typing import TYPE_CHECKING

from workbench.models.templates import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LLAMA = (
    "{{ bos_token }}{% for message in messages %}"
    "<|start|>{{ message['role'] }}<|stop|>\n\n{{ message['content'] | trim }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant<|stop|>\n\n{% endif %}"
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


def make_beginning_tokenizer() -> "PreTrainedTokenizerFast":
    """One that puts its beginning mark before every text, as those of most base models do."""
    from tokenizers import processors

    tokenizer = make_llama_tokenizer(None)
    mark = ("<|begin|>", tokenizer.bos_token_id)
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing("<|begin|> $A", None, [mark])
    tokenizer.chat_template = choose_template("plain", tokenizer)
    return tokenizer


def decoded(ids: list[int], tokenizer: "PreTrainedTokenizerFast") -> str:
    return str(tokenizer.decode(ids, clean_up_tokenization_spaces=False))
