"""Files of a model written one tensor at a time: stock code reads them, in one file or in several."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from tests.methods.made import logits
from workbench.export import shards
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import split, write_shards
from workbench.models.safetensors_header import read_header


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_the_library_reads_what_was_written(dtype: torch.dtype, tmp_path: Path) -> None:
    told = {"a": torch.randn(3, 5), "b.bias": torch.randn(7), "of one": torch.randn(())}
    told["of one"] = told["of one"].reshape(1)
    tensors = {name.replace(" ", "_"): tensor for name, tensor in told.items()}
    (path,) = write_shards(tmp_path, tensors.items(), {name: tuple(t.shape) for name, t in tensors.items()}, dtype)
    found = load_file(path)
    assert {name: tensor.dtype for name, tensor in found.items()} == dict.fromkeys(tensors, dtype)
    assert all(torch.equal(found[name], tensor.to(dtype)) for name, tensor in tensors.items())
    assert list(read_header(path)) == list(tensors)


def test_a_large_model_is_several_files_and_an_index(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards.split, "__defaults__", (100_000,))
    tensors = MergedTensors(tiny_model, [])
    paths = write_shards(tmp_path, tensors, tensors.shapes, torch.float32)
    assert len(paths) > 2 and paths[0].name == f"model-00001-of-{len(paths):05}.safetensors"
    (tmp_path / "config.json").write_bytes((tiny_model / "config.json").read_bytes())
    plain = AutoModelForCausalLM.from_pretrained(tiny_model)
    assert torch.equal(logits(AutoModelForCausalLM.from_pretrained(tmp_path)), logits(plain.float()))


def test_a_tensor_larger_than_a_file_has_one_of_its_own() -> None:
    shapes = {"small": (10,), "large": (1000,), "last": (10,)}
    assert split(shapes, 4, most_bytes=100) == [["small"], ["large"], ["last"]]
    assert split(shapes, 4, most_bytes=10_000) == [["small", "large", "last"]]
