"""Models and tokenizers small enough to build inside a test, saved as the folders a user would have."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedTokenizerFast

ARCHITECTURES = ("llama", "qwen2", "gpt2")

MATRIX = (*ARCHITECTURES, "mixtral")
"""What every method is tried on."""

_WIDTHS = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
}

_UNSHARED = {name: width for name, width in _WIDTHS.items() if name != "num_key_value_heads"}

KINDS: dict[str, dict[str, Any]] = {
    "llama": _WIDTHS,
    "mistral": _WIDTHS,
    "mixtral": _WIDTHS | {"num_local_experts": 4, "num_experts_per_tok": 2},
    "qwen2": _WIDTHS,
    "qwen3": _WIDTHS | {"head_dim": 32},
    "gemma2": _WIDTHS | {"head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 32},
    "gemma3_text": _WIDTHS | {"head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 32},
    "gemma": _WIDTHS | {"head_dim": 32},
    "phi3": _WIDTHS,
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_inner": 128, "n_positions": 256},
    "gpt_neox": _UNSHARED,
    "falcon": _UNSHARED,
    "olmo2": _WIDTHS,
    "smollm3": _WIDTHS | {"no_rope_layer_interval": 2},
}
"""The `model_type` of each kind that is tried, and what makes it small: two layers, four heads, 256 tokens."""

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
    """The config of one of KINDS for this tokenizer."""
    from transformers import AutoConfig

    ids = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    shared = {"vocab_size": len(tokenizer), "tie_word_embeddings": tied, **ids}
    config: PretrainedConfig = AutoConfig.for_model(architecture, **KINDS[architecture], **shared)
    return config


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
