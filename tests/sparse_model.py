"""A model folder of a real model's size whose weights take no room: what is planned with it reads headers alone."""

import json
import math
import shutil
import struct
from pathlib import Path

HIDDEN, INSIDE, LAYERS, VOCABULARY, CONTEXT = 896, 4864, 24, 32_000, 4096


def make_sparse_model(folder: Path, tokenizer_of: Path, times: int = 1) -> Path:
    """A Llama of 0.42 B parameters in bf16, or one so many times as wide, with another model's tokenizer."""
    shutil.copytree(tokenizer_of, folder, ignore=shutil.ignore_patterns("*.safetensors", "config.json"))
    config = json.loads((tokenizer_of / "config.json").read_text())
    hidden, inside = times * HIDDEN, times * INSIDE
    config |= {"hidden_size": hidden, "intermediate_size": inside, "num_hidden_layers": LAYERS, "head_dim": 64}
    config |= {"num_attention_heads": hidden // 64, "num_key_value_heads": hidden // 64, "vocab_size": VOCABULARY}
    config |= {"max_position_embeddings": CONTEXT}
    (folder / "config.json").write_text(json.dumps(config))
    _write_header(folder / "model.safetensors", _shapes(hidden, inside))
    return folder


def _shapes(hidden: int, inside: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCABULARY, hidden)}
    for number in range(LAYERS):
        layer = f"model.layers.{number}"
        shapes |= {f"{layer}.self_attn.{name}_proj.weight": (hidden, hidden) for name in "qkvo"}
        shapes |= {f"{layer}.mlp.{name}_proj.weight": (inside, hidden) for name in ("gate", "up")}
        shapes |= {f"{layer}.mlp.down_proj.weight": (hidden, inside)}
        shapes |= {f"{layer}.{name}_layernorm.weight": (hidden,) for name in ("input", "post_attention")}
    return shapes | {"model.norm.weight": (hidden,)}


def _write_header(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    header, end = {}, 0
    for name, shape in shapes.items():
        begin, end = end, end + 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
    written = json.dumps(header).encode()
    written += b" " * (-len(written) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(written)) + written)
        file.truncate(8 + len(written) + end)
