"""Models and tokenizers small enough to build inside a test, saved as the folders a user would have."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedTokenizerFast

ARCHITECTURES = ("llama", "qwen2", "gpt2")

END_OF_TURN = "<|im_end|>"

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

SENTENCES = (
    "Hello! How can I help you today?",
    "The cow says moo, and the cat says meow.",
    "Seven plus five is twelve.",
    "Once upon a time there was a small ship that sailed far away over the sea.",
    "Ahoy, matey! What be ye looking for on this fine day?",
    "I do not know the answer to that, but I am glad you asked.",
    "system user assistant",
)


def make_tokenizer(vocabulary: int = 400, template: str | None = CHATML) -> "PreTrainedTokenizerFast":
    """A byte-level BPE tokenizer with ChatML turns; its padding token is never its end of turn."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<|pad|>", "<|im_start|>", END_OF_TURN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(SENTENCES, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        eos_token=END_OF_TURN,
        pad_token="<|pad|>",
        additional_special_tokens=["<|im_start|>"],
        model_max_length=256,
    )
    tokenizer.chat_template = template
    return tokenizer


def make_config(architecture: str, tokenizer: "PreTrainedTokenizerFast", *, tied: bool = True) -> "PretrainedConfig":
    """Hidden size 64, two layers, four heads, a context of 256 tokens."""
    from transformers import GPT2Config, LlamaConfig, Qwen2Config

    ids = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    shared = {"vocab_size": len(tokenizer), "tie_word_embeddings": tied, **ids}
    if architecture == "gpt2":
        return GPT2Config(n_embd=64, n_layer=2, n_head=4, n_inner=128, n_positions=256, **shared)
    kinds = {"llama": LlamaConfig, "qwen2": Qwen2Config}
    return kinds[architecture](
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        **shared,
    )


def make_model(folder: Path, architecture: str = "llama", *, tied: bool = True, seed: int = 0) -> Path:
    """Save a randomly initialised model with its tokenizer into `folder`, the same for the same seed."""
    import torch
    from transformers import AutoModelForCausalLM

    tokenizer = make_tokenizer()
    config = make_config(architecture, tokenizer, tied=tied)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
