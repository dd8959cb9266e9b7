"""Models as they lie on the hub, the good ones and those that cannot be tuned."""

import json

from tests.fake_hub import Repository

CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 256}
WEIGHTS = bytes(range(256)) * 64
CARD = b"---\nlicense: apache-2.0\nlanguage: [en]\n---\n# A model\n"


def config(**changes: object) -> bytes:
    return json.dumps(CONFIG | changes).encode()


PLAIN: Repository = {
    "config.json": config(),
    "model.safetensors": WEIGHTS,
    "tokenizer.json": b"{}",
    "README.md": CARD,
    "LICENSE": b"Apache License",
}

DAMAGED = "model-00001-of-00001.safetensors"
"""It arrives with one byte changed."""

SHARDS = {"model-00001-of-00002.safetensors": WEIGHTS, "model-00002-of-00002.safetensors": WEIGHTS[:99]}

REPOSITORIES: dict[str, Repository] = {
    "org/plain": PLAIN,
    "org/more": PLAIN
    | SHARDS
    | {
        "pytorch_model.bin": b"a pickle",
        "consolidated.safetensors": WEIGHTS,
        "model.gguf": WEIGHTS,
        "onnx/model.onnx": WEIGHTS,
        "modeling_own.py": b"raise SystemExit('ran')",
        "training_args.bin": b"a pickle",
    },
    "org/shards": {
        "config.json": config(),
        "model.safetensors.index.json": b"{}",
        "vocab.json": b"{}",
        "merges.txt": b"",
        **SHARDS,
    },
    "org/secret": PLAIN,
    "org/pickle": {"config.json": config(), "tokenizer.json": b"{}", "pytorch_model.bin": b"a pickle"},
    "org/running": {"model-q4.gguf": WEIGHTS, "README.md": CARD},
    "org/addition": {"adapter_config.json": b"{}", "adapter_model.safetensors": WEIGHTS},
    "org/nothing": {"README.md": CARD},
    "org/hollow": {"config.json": config(), "tokenizer.json": b"{}"},
    "org/mute": {"config.json": config(), "model.safetensors": WEIGHTS},
    "org/encoder": PLAIN | {"config.json": config(model_type="bert", architectures=["BertForMaskedLM"])},
    "org/code": PLAIN | {"config.json": config(model_type="own", auto_map={"AutoModel": "modeling_own.Own"})},
    "org/torn": PLAIN | {"config.json": b'{"model_type"'},
    "org/changed": {"config.json": config(), "tokenizer.json": b"{}", DAMAGED: WEIGHTS},
    "org/huge": PLAIN | {"tokenizer.model": b"x"},
}
