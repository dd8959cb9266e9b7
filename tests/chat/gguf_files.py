"""GGUF files without weights, small enough to be written by hand."""

import struct
from pathlib import Path

STRING, ARRAY, UINT32, UINT16 = 8, 9, 4, 2

Shapes = dict[str, tuple[int, ...]]

MODEL: Shapes = {"blk.0.attn_q.weight": (64, 32), "blk.0.ffn_up.weight": (64, 128)}
LORA: Shapes = {"blk.0.attn_q.weight.lora_a": (64, 4), "blk.0.attn_q.weight.lora_b": (4, 32)}


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words.encode())) + words.encode()


def string(key: str, words: str) -> bytes:
    return text(key) + struct.pack("<I", STRING) + text(words)


def array(key: str, words: list[str]) -> bytes:
    return text(key) + struct.pack("<IIQ", ARRAY, STRING, len(words)) + b"".join(map(text, words))


def tensor(name: str, shape: tuple[int, ...], offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset)


def written(values: list[bytes], tensors: list[bytes]) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values)) + b"".join(values + tensors) + bytes(64)


def write_gguf(path: Path, kind: str = "model", shapes: Shapes | None = None, architecture: str = "llama") -> Path:
    """A header alone: enough to be listed, too little to answer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [string("general.type", kind), string("general.architecture", architecture), array("words", ["a", "b"])]
    tensors = [tensor(name, shape) for name, shape in (shapes or (LORA if kind == "adapter" else MODEL)).items()]
    path.write_bytes(written(values, tensors))
    return path
