"""How much memory it takes to merge an adapter, beside the largest file that comes of it:  python -m benchmarks.merging

A model of random numbers, and LoRA beside all of its layers, are merged by a process of their own. What it holds at the
most is told without what it held before, with all libraries in memory. The limit is 1.3 times the largest shard and one
layer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig

from workbench.export.changes import read_change
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import MOST_BYTES, split, write_shards
from workbench.hardware.anonymous import AnonymousMemory
from workbench.models.load import load_outline

_TIMES = 1.3
_RANK = 8
_MOST_SHARE = 4
"""A shard of the made model is so small a part of it, so that holding all of it would show."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", type=int, default=1024, help="how wide the model is")
    parser.add_argument("--layers", type=int, default=16)
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measured:
        print(json.dumps(measure(options.measured)))
        return
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), options.hidden, options.layers)
        command = [sys.executable, "-m", "benchmarks.merging", "--measured", folder]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    report(json.loads(ran.stdout.splitlines()[-1]))


def make(folder: Path, hidden: int, layers: int) -> None:
    """A Llama in bf16, and an adapter beside it."""
    config = LlamaConfig(
        hidden_size=hidden,
        intermediate_size=4 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=hidden // 64,
        num_key_value_heads=hidden // 64,
        vocab_size=8000,
        tie_word_embeddings=True,
        architectures=["LlamaForCausalLM"],
    )
    for name in ("base", "adapter", "out"):
        (folder / name).mkdir()
    config.save_pretrained(folder / "base")
    shapes = {name: tuple(one.shape) for name, one in load_outline(folder / "base").named_parameters()}
    write_shards(
        folder / "base", ((name, torch.randn(shape)) for name, shape in shapes.items()), shapes, torch.bfloat16
    )
    _make_adapter(folder / "adapter", shapes)


def _make_adapter(folder: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    inside = {name: shape for name, shape in shapes.items() if name.endswith("_proj.weight")}
    tensors = {}
    for name, (outputs, inputs) in inside.items():
        layer = f"base_model.model.{name.removesuffix('.weight')}"
        tensors[f"{layer}.lora_A.weight"] = torch.randn(_RANK, inputs)
        tensors[f"{layer}.lora_B.weight"] = torch.randn(outputs, _RANK)
    save_file(tensors, folder / "adapter_model.safetensors")
    kinds = sorted({name.split(".")[-2] for name in inside})
    told = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": _RANK, "lora_alpha": 16, "target_modules": kinds}
    (folder / "adapter_config.json").write_text(json.dumps(told), encoding="utf-8")


def measure(folder: Path) -> dict[str, int]:
    """In bytes: what merging held beyond the libraries, and what its limit is made of."""
    import peft  # noqa: F401  # so that it counts among the libraries

    memory = _Watched()
    tensors = MergedTensors(folder / "base", [read_change(folder / "base", folder / "adapter")])
    sizes = {name: 2 * torch.Size(shape).numel() for name, shape in tensors.shapes.items()}
    most_bytes = min(MOST_BYTES, sum(sizes.values()) // _MOST_SHARE)
    shards = [sum(sizes[name] for name in names) for names in split(tensors.shapes, 2, most_bytes)]
    write_shards(folder / "out", memory.seen(iter(tensors)), tensors.shapes, torch.bfloat16)
    layers: dict[str, int] = {}
    for name, size in sizes.items():
        layers[".".join(name.split(".")[:3])] = layers.get(".".join(name.split(".")[:3]), 0) + size
    return {"held": memory.most(), "shard": max(shards), "layer": max(layers.values()), "model": sum(sizes.values())}


class _Watched:
    """What this process holds beyond what it held in the beginning."""

    def __init__(self) -> None:
        self._memory = AnonymousMemory(os.getpid())
        self._memory.look()
        self._before_gb = self._memory.gb

    def seen(self, tensors: Iterator[tuple[str, torch.Tensor]]) -> Iterator[tuple[str, torch.Tensor]]:
        """The same tensors, with a look at the memory while each is there."""
        for item in tensors:
            self._memory.look()
            yield item

    def most(self) -> int:
        self._memory.look()
        return int(1e9 * (self._memory.peak_gb - self._before_gb))


def report(found: dict[str, int]) -> None:
    limit = _TIMES * found["shard"] + found["layer"]
    for name in ("model", "shard", "layer", "held"):
        print(f"{name:6} {found[name] / 1e6:8.1f} MB")
    print(f"held is {found['held'] / limit:.2f} of the limit, 1.3 times the largest shard and one layer")


if __name__ == "__main__":
    main()
