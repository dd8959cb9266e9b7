"""How much memory a merged model takes to write and to check:  python -m benchmarks.merging

A model of random numbers, and a run of LoRA beside all of its layers, are exported by a process of their own. What it
holds at the most that no file backs is told for each phase, without what it held before, with all libraries in memory.
The limit is 1.3 times the largest shard and one layer.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Event, Thread

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig

from workbench.export.job import ExportJob
from workbench.export.makings import MAKINGS
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import MOST_BYTES, split, write_shards
from workbench.hardware.anonymous import AnonymousMemory
from workbench.jobs.files import write_json
from workbench.jobs.transfer import Teller
from workbench.models.catalog import STARTER_FOLDER
from workbench.models.load import load_outline
from workbench.runs.run_dir import all_runs
from workbench.training.importing.keeping import import_adapter

_TIMES = 1.3
_RANK = 8
_MOST_SHARE = 4
"""A shard of the made model is so small a part of it, so that holding all of it would show."""

_SPREAD = 0.02
"""Of the made numbers: as wide as those of trained models, so that rounding is no more than there."""

_NAME = "random"
_LOOK_SECONDS = 0.002


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
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    report(json.loads(ran.stdout.splitlines()[-1]))


def make(folder: Path, hidden: int, layers: int) -> None:
    """A Llama in bf16, and a run with an adapter beside it."""
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
    for name in ("base", "adapter", "out", "job"):
        (folder / name).mkdir()
    config.save_pretrained(folder / "base")
    shapes = {name: tuple(one.shape) for name, one in load_outline(folder / "base").named_parameters()}
    numbers = ((name, _SPREAD * torch.randn(shape)) for name, shape in shapes.items())
    write_shards(folder / "base", numbers, shapes, torch.bfloat16)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(STARTER_FOLDER / file, folder / "base")
    _make_adapter(folder / "adapter", shapes)
    import_adapter([folder / "adapter"], str(folder / "base"), folder / "root", _NAME)


def _make_adapter(folder: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    inside = {name: shape for name, shape in shapes.items() if name.endswith("_proj.weight")}
    tensors = {}
    for name, (outputs, inputs) in inside.items():
        layer = f"base_model.model.{name.removesuffix('.weight')}"
        tensors[f"{layer}.lora_A.weight"] = _SPREAD * torch.randn(_RANK, inputs)
        tensors[f"{layer}.lora_B.weight"] = _SPREAD * torch.randn(outputs, _RANK)
    save_file(tensors, folder / "adapter_model.safetensors")
    kinds = sorted({name.split(".")[-2] for name in inside})
    told = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": _RANK, "lora_alpha": 16, "target_modules": kinds}
    (folder / "adapter_config.json").write_text(json.dumps(told), encoding="utf-8")


def measure(folder: Path) -> dict[str, int]:
    """In bytes: what each phase held beyond the libraries, and what the limit is made of."""
    import peft  # noqa: F401  # so that it counts among the libraries

    sizes = _sizes(folder / "base")
    job = ExportJob(folder / "job")
    write_json(job.path / "request.json", {})
    with _Watched() as memory:
        making = MAKINGS["merged"](all_runs(folder / "root")[0], "bf16")
        making.write(folder / "out", Teller(job, making.total_bytes, "Writing."))
        merging = memory.most()
        making.verify(folder / "out")
        checking = memory.most()
    return sizes | {"merging": merging, "checking": checking}


def _sizes(model: Path) -> dict[str, int]:
    shapes = MergedTensors(model, []).shapes
    sizes = {name: 2 * torch.Size(shape).numel() for name, shape in shapes.items()}
    most_bytes = min(MOST_BYTES, sum(sizes.values()) // _MOST_SHARE)
    shards = [sum(sizes[name] for name in names) for names in split(shapes, 2, most_bytes)]
    layers: dict[str, int] = {}
    for name, size in sizes.items():
        layer = ".".join(name.split(".")[:3])
        layers[layer] = layers.get(layer, 0) + size
    return {"model": sum(sizes.values()), "shard": max(shards), "layer": max(layers.values())}


class _Watched:
    """What this process holds beyond what it held in the beginning, looked at over and over."""

    def __init__(self) -> None:
        self._ended = Event()
        self._watch = Thread(target=self._look)
        self._memory = self._begun()
        self._before_gb = self._memory.gb

    def __enter__(self) -> "_Watched":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def most(self) -> int:
        """Since this was last asked."""
        peak_gb = self._memory.peak_gb
        self._memory = self._begun()
        return int(1e9 * (peak_gb - self._before_gb))

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._memory.look()

    def _begun(self) -> AnonymousMemory:
        memory = AnonymousMemory(os.getpid())
        memory.look()
        return memory


def report(found: dict[str, int]) -> None:
    limit = _TIMES * found["shard"] + found["layer"]
    for name, size in found.items():
        print(f"{name:8} {size / 1e6:8.1f} MB")
    for phase in ("merging", "checking"):
        print(f"{phase} holds {found[phase] / limit:.2f} of the limit, 1.3 times the largest shard and one layer")


if __name__ == "__main__":
    main()
