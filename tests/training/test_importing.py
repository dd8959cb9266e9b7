"""Adapters from elsewhere: what is taken in, and what is refused before anything is loaded."""

import hashlib
import json
import os
import struct
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.foreign_adapter import QUERY, Tensors, tensors, write
from workbench.chat.questions import answering_runs
from workbench.config.build import build
from workbench.errors import WorkbenchError
from workbench.models.fingerprint import fingerprint
from workbench.monitoring import result
from workbench.runs import trash
from workbench.runs.listing import list_runs
from workbench.runs.run_dir import RunDir
from workbench.training import lineage, plan
from workbench.training.checks import find_problems
from workbench.training.importing.forms import PREFIX
from workbench.training.importing.keeping import import_adapter

_FIRST = f"{QUERY.format(0)}.lora_A.weight"
_MOST_BYTES = 20_000_000


@pytest.fixture
def taken(tiny_model: Path, root: Path) -> Callable[..., RunDir]:
    """Takes in what is given as an adapter of the tiny model."""
    return lambda *given, **options: import_adapter(given, str(tiny_model), root, **options)


def refusal(taken: Callable[..., RunDir], *given: Path) -> str:
    """Why it is refused; it takes no memory to say so, and leaves nothing."""
    tracemalloc.start()
    try:
        with pytest.raises(WorkbenchError) as refused:
            taken(*given)
        assert tracemalloc.get_traced_memory()[1] < _MOST_BYTES
    finally:
        tracemalloc.stop()
    return str(refused.value)


def test_it_can_be_chosen_wherever_an_adapter_can(
    taken: Callable[..., RunDir], tmp_path: Path, root: Path, tiny_model: Path
) -> None:
    folder = write(tmp_path / "seafarer")
    before = fingerprint(tiny_model)
    run = taken(folder, name="Seafarer")
    assert fingerprint(tiny_model) == before
    assert [(one.name, one.imported, one.phase) for one in list_runs(root)] == [("Seafarer", True, "finished")]
    assert [run.id for run in answering_runs(root)] == [run.id]
    assert run.asked().method.model_dump()["target_modules"] == "down_proj, q_proj"
    assert "seafarer" in run.status().message and "made for base" in run.status().message
    weights = (folder / "adapter_model.safetensors").read_bytes()
    assert (run.adapter_dir / "adapter_model.safetensors").read_bytes() == weights
    origin = json.loads(run.imported_path.read_text())
    assert origin["source"] == "seafarer"
    assert origin["sha256"]["adapter_model.safetensors"] == hashlib.sha256(weights).hexdigest()
    assert result.summarise(run) is None
    trash.delete(run)
    assert list_runs(root) == []
    assert trash.undelete(root, run.id).has_adapter()


def test_it_can_be_trained_further(
    taken: Callable[..., RunDir], tmp_path: Path, root: Path, examples: Path, tiny_model: Path
) -> None:
    run = taken(write(tmp_path / "seafarer"))
    further = build({"data.path": str(examples)}, lineage.extend(run))
    planned = plan.make(further, root)
    assert [problem for problem in find_problems(planned) if problem.level == "error"] == []
    assert planned.trainable == sum(tensor.size for tensor in tensors().values())


def test_its_config_is_written_anew(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    run = taken(write(tmp_path / "a", revision="main", peft_version="9.9", target_modules=["q_proj", "down_proj"]))
    written = json.loads((run.adapter_dir / "adapter_config.json").read_text())
    assert written.keys() == {
        *("peft_type", "task_type", "base_model_name_or_path", "inference_mode"),
        *("r", "lora_alpha", "use_dora", "use_rslora", "target_modules"),
    }
    assert "model.layers.1.mlp.down_proj" in written["target_modules"]


def test_layers_given_by_a_pattern_are_those_in_the_file(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    """The pattern itself is never tried: this one would take years."""
    some = {key: tensor for key, tensor in tensors().items() if "layers.0" in key}
    run = taken(write(tmp_path / "a", some, target_modules="((([a-z_.0-9]+)+)+)+!"))
    written = json.loads((run.adapter_dir / "adapter_config.json").read_text())
    assert written["target_modules"] == ["model.layers.0.mlp.down_proj", "model.layers.0.self_attn.q_proj"]
    numbered = taken(write(tmp_path / "b", some, layers_to_transform=[0]))
    assert numbered.asked().method == run.asked().method


def test_single_layers_may_have_a_rank_of_their_own(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    stored = tensors() | {key: tensor for key, tensor in tensors(rank=6).items() if "q_proj" in key}
    run = taken(write(tmp_path / "a", stored, rank_pattern={"q_proj": 6}, alpha_pattern={"q_proj": 12.0}))
    assert run.asked().method.model_dump()["rank_pattern"] == "q_proj 6"
    written = json.loads((run.adapter_dir / "adapter_config.json").read_text())
    assert written["rank_pattern"]["model.layers.1.self_attn.q_proj"] == 6
    assert written["alpha_pattern"]["model.layers.1.self_attn.q_proj"] == 12
    assert "does not follow its rank" in refusal(taken, write(tmp_path / "b", stored, rank_pattern={"q_proj": 6}))
    assert "has the rank" in refusal(taken, write(tmp_path / "c", stored))


def test_it_may_hold_the_output_layer_as_a_whole(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    """If its config says so; with any other size it would be for another model."""
    head = {"base_model.model.lm_head.weight": np.zeros((400, 64), "f4")}
    run = taken(write(tmp_path / "a", tensors() | head, modules_to_save=["lm_head"]))
    assert run.asked().method.model_dump()["modules_to_save"] == "lm_head"
    assert "would overwrite" in refusal(taken, write(tmp_path / "b", tensors() | head))
    wide = {key: np.zeros((400, 65), "f4") for key in head}
    assert "400 × 65" in refusal(taken, write(tmp_path / "c", tensors() | wide, modules_to_save=["lm_head"]))


_DAMAGED: dict[str, tuple[Callable[[Tensors], Tensors], str]] = {
    "half": (lambda all: {key: t for key, t in all.items() if "lora_A" in key}, "it has 4 of 8 tensors"),
    "renamed": (lambda all: {key.replace("lora_A", "lora_X"): t for key, t in all.items()}, "names were changed"),
    "zero": (lambda all: {}, "is empty"),
    "extra": (lambda all: all | {"base_model.model.lm_head.weight": np.zeros((4, 4), "f4")}, "would overwrite weights"),
    "nan": (lambda all: all | {_FIRST: np.full_like(all[_FIRST], np.nan)}, "are no numbers"),
    "rank": (lambda all: tensors(rank=8), "has the rank 8, and adapter_config.json says 4"),
    "double": (lambda all: {key: t.astype("f8") for key, t in all.items()}, "is held as F64"),
    "deeper": (lambda all: tensors(layers=3), "has no layer model.layers.2."),
}


@pytest.mark.parametrize("case", _DAMAGED)
def test_each_damage_is_told(case: str, taken: Callable[..., RunDir], tmp_path: Path, root: Path) -> None:
    damage, told = _DAMAGED[case]
    assert told in refusal(taken, write(tmp_path / "a", damage(tensors())))
    assert list_runs(root) == []
    assert [path.name for path in (root / "cache").iterdir()] == ["kernels"]


def test_a_half_number_is_found_in_every_format(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    stored = {key: tensor.astype(np.float16) for key, tensor in tensors().items()}
    assert taken(write(tmp_path / "half", stored)).has_adapter()
    stored[_FIRST][1, 2] = np.inf
    assert _FIRST.removeprefix(PREFIX) in refusal(taken, write(tmp_path / "a", stored))


def test_an_adapter_of_another_model_is_refused(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    """The first tensor that differs is named."""
    wider = {
        key: np.zeros([2 * size if size >= 64 else size for size in t.shape], "f4") for key, t in tensors().items()
    }
    told = refusal(taken, write(tmp_path / "wider", wider))
    assert "for another model: " in told and "lora_A.weight is 4 × 256; on tiny it would be 4 × 128" in told


_HOSTILE: dict[str, dict[str, Any]] = {
    "giant-rank": {"r": 10**9},
    "giant-pattern-rank": {"rank_pattern": {"((([a-z_.0-9]+)+)+)+!": 10**9}},
    "replication": {"layer_replication": [[0, 2]] * 100_000},
    "nan-alpha": {"lora_alpha": float("nan")},
    "no-alpha": {"lora_alpha": "8"},
    "import": {"auto_mapping": {"base_model_class": "x", "parent_library": "os"}},
    "megatron": {"megatron_core": "os.path"},
    "remote": {"tokenizer_kwargs": {"trust_remote_code": True}},
    "init": {"init_lora_weights": "pissa"},
    "saved": {"modules_to_save": ["q_proj"]},
    "bias": {"bias": "all"},
    "kind": {"peft_type": ["LORA"]},
    "unknown": {"something_new": 3},
    "names": {"target_modules": ["q_proj", 3]},
    "layers": {"layers_to_transform": "0" * 1000},
    "long": {"base_model_name_or_path": "x" * 2_000_000},
}


@pytest.mark.parametrize("case", _HOSTILE)
def test_a_hostile_config_is_refused(case: str, taken: Callable[..., RunDir], tmp_path: Path) -> None:
    assert "adapter_config.json" in refusal(taken, write(tmp_path / "a", **_HOSTILE[case]))


def test_a_config_that_is_no_object_is_refused(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    for content in ("[" * 100_000, "[]", "", "{"):
        (folder / "adapter_config.json").write_text(content)
        assert "adapter_config.json" in refusal(taken, folder)


def test_a_header_bomb_is_refused(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    empty = {f"a.{number}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for number in range(300)}
    bombs = {
        "giant": struct.pack("<Q", 2**63),
        "long": struct.pack("<Q", 5_000_000) + b'{"a":1,' * 800_000,
        "many": header(empty),
        "metadata": header({"__metadata__": {"a": "x" * 80_000}}),
        "twice": header({})[:8] + b'{"a":1,"a":2}',
        "traversal": header({"../../x": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}),
    }
    for bomb in bombs.values():
        (folder / "adapter_model.safetensors").write_bytes(bomb)
        assert "adapter_model.safetensors" in refusal(taken, folder)


def header(entries: dict[str, Any]) -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text


def test_a_zip_file_is_taken_in_as_it_was_downloaded(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    (folder / "workbench.json").write_text(json.dumps({"template": "chatml", "system_prompt": "Be kind."}))
    archive = tmp_path / "pirate.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("run/README.md", "Ahoy.")
        for file in folder.iterdir():
            packed.write(file, f"run/{file.name}")
    run = taken(archive)
    assert (run.id, run.asked().data.template, run.asked().data.system_prompt) == ("pirate", "chatml", "Be kind.")


@pytest.mark.parametrize("name", ["../a.json", "/etc/a.json", "c:\\a.json", "a/adapter_config.json"])
def test_a_zip_file_that_leads_elsewhere_is_refused(name: str, taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    archive = tmp_path / "pirate.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, file.name)
        packed.writestr(name, "{}")
    assert refusal(taken, archive)


def test_a_zip_bomb_a_link_and_a_pickle_are_refused(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    weights = folder / "adapter_model.safetensors"
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(folder / "adapter_config.json", "adapter_config.json")
        packed.writestr(weights.name, bytes(30_000_000))
    assert "unpacks to" in refusal(taken, archive)
    weights.rename(tmp_path / "elsewhere.safetensors")
    weights.symlink_to(tmp_path / "elsewhere.safetensors")
    assert "is a link" in refusal(taken, folder)
    weights.unlink()
    (folder / "adapter_model.bin").write_bytes(b"pickle")
    assert "can run programs" in refusal(taken, folder)
    assert "There is no file" in refusal(taken, tmp_path / "nowhere")
    (folder / "adapter_config.json").unlink()
    (tmp_path / "elsewhere.safetensors").rename(weights)
    assert "There is no adapter_config.json" in refusal(taken, folder)


def test_its_two_files_are_enough(taken: Callable[..., RunDir], tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    renamed = (folder / "adapter_model.safetensors").rename(folder / "sea.safetensors")
    names = [taken(renamed, folder / "adapter_config.json").name for _ in range(2)]
    assert names == ["sea", "sea-1"]


def test_what_a_killed_import_left_is_gone_after_the_next(
    taken: Callable[..., RunDir], tmp_path: Path, root: Path
) -> None:
    killed = subprocess.Popen(["true"])
    killed.wait()
    left, under_way = (root / "cache" / f".import-{pid}-x" for pid in (killed.pid, os.getpid()))
    for folder in (left, under_way):
        (folder / "adapter").mkdir(parents=True)
    taken(write(tmp_path / "a"))
    assert (left.exists(), under_way.exists()) == (False, True)
