"""Models with random weights in the shapes of real ones, for what measures speed:  python -m benchmarks.shapes

Each is saved once under build/, with a tokenizer made from the examples that are learned. That knows as many tokens as
the real one and cuts these examples into about as many.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.venvs import BUILD, PROJECT

DATA = PROJECT.parent / "shared" / "data" / "alpaca_en_demo.json"
SHAPES: dict[str, dict[str, Any]] = {
    "smol": {
        "model_type": "llama",
        "vocab_size": 49_152,
        "hidden_size": 576,
        "intermediate_size": 1536,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "max_position_embeddings": 8192,
        "rope_theta": 100_000.0,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
    },
    "qwen": {
        "model_type": "qwen2",
        "vocab_size": 151_936,
        "hidden_size": 896,
        "intermediate_size": 4864,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "num_key_value_heads": 2,
        "max_position_embeddings": 32_768,
        "rope_theta": 1_000_000.0,
        "rms_norm_eps": 1e-6,
        "tie_word_embeddings": True,
    },
}
"""SmolLM2-135M and Qwen2.5-0.5B."""

SHAPES["mini"] = SHAPES["smol"] | {
    "vocab_size": 8192,
    "hidden_size": 320,
    "intermediate_size": 896,
    "num_hidden_layers": 8,
}
SHAPES["mini"] |= {"num_attention_heads": 5, "num_key_value_heads": 5}
"""About 12 million parameters."""

SHAPES["smol-152k"] = SHAPES["smol"] | {"vocab_size": SHAPES["qwen"]["vocab_size"]}
"""The first with the vocabulary of the second, for what that alone costs."""

_WORDS = 8000
"""Tokens that the examples are cut into; more would make longer ones than the real tokenizers have."""

_PAD, _BEGIN, _END = "<|pad|>", "<|im_start|>", "<|im_end|>"
_CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def model_folder(shape: str, data: Path = DATA) -> Path:
    """Where the model of one of SHAPES lies, which is made first if there is none."""
    if not data.exists():
        raise SystemExit(f"{data} is not there. Name a file with examples by --data.")
    folder = BUILD / "models" / shape
    if not (folder / "model.safetensors").exists():
        print(f"making a model of the shape {shape}", flush=True)
        _save(SHAPES[shape], data, folder)
    return folder


def _save(shape: dict[str, Any], data: Path, folder: Path) -> None:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_train_tokenizer(data, shape["vocab_size"]), eos_token=_END, pad_token=_PAD
    )
    tokenizer.chat_template = _CHATML
    tokenizer.save_pretrained(folder)
    ids = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**shape, **ids), dtype=torch.bfloat16)
    # New biases are zero, and what a bias does would go unseen.
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(parameter, std=0.1)
    model.save_pretrained(folder)


def _train_tokenizer(data: Path, vocabulary: int) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_WORDS,
        special_tokens=[_PAD, _BEGIN, _END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_read_texts(data), trainer)
    stored = json.loads(tokenizer.to_str())
    known = stored["model"]["vocab"]
    known.update({f"unused {number}": number for number in range(len(known), vocabulary)})
    return Tokenizer.from_str(json.dumps(stored))


def _read_texts(data: Path) -> Iterator[str]:
    for row in json.loads(data.read_text(encoding="utf-8")):
        yield from (row["instruction"], row["input"], row["output"])


if __name__ == "__main__":
    for name in SHAPES:
        print(model_folder(name).relative_to(PROJECT))
