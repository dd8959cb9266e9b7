"""A model brought from another computer: where to, which files, what is missing, look again."""

import json
import shutil
from pathlib import Path

import pytest

from workbench.errors import ModelError
from workbench.models import catalog
from workbench.models.copying import guide


def test_before_anything_was_copied_all_is_said(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    known = guide(root, " org/some-model ")
    assert (known.name, known.folder) == ("some-model", root / "models" / "some-model")
    assert known.cached == tmp_path / "cache" / "models--org--some-model"
    assert known.missing == ["config.json", "tokenizer.json", "model.safetensors"]
    assert known.sentence() == "Still missing: config.json, tokenizer.json, model.safetensors."
    assert not known.complete and not (root / "models").exists()


def test_looking_again_tells_what_has_come_until_it_can_be_chosen(root: Path, tiny_model: Path) -> None:
    folder = root / "models" / "mine"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(tiny_model / name, folder)
    assert guide(root, "mine").missing == ["model.safetensors"]
    weights = (tiny_model / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-100])
    assert "model.safetensors are cut off" in guide(root, "mine").sentence()
    (folder / "model.safetensors").write_bytes(weights)
    known = guide(root, "mine")
    assert known.complete and known.cached is None
    assert known.sentence() == "Everything is there: mine can be chosen now."
    assert catalog.find(known.name, root) == known.folder


def test_a_folder_of_the_cache_may_be_copied_whole(
    root: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    cached = guide(root, "org/some-model").cached
    assert cached
    shutil.copytree(tiny_model, cached / "snapshots" / "0")
    known = guide(root, "org/some-model")
    assert known.sentence() == "Everything is there: org/some-model can be chosen now."
    assert known.missing == [] and catalog.find(known.name, root) == known.folder


@pytest.mark.parametrize("index", [True, False])
def test_of_weights_in_several_files_each_that_lacks_is_named(root: Path, index: bool) -> None:
    folder = root / "models" / "large"
    folder.mkdir(parents=True)
    names = [f"model-0000{number}-of-00003.safetensors" for number in (1, 2, 3)]
    if index:
        places = {f"layer.{name}": name for name in names}
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    else:
        (folder / names[0]).touch()
    missing = guide(root, "large").missing
    assert missing[:2] == ["config.json", "tokenizer.json"]
    assert set(missing[2:]) == (set(names) if index else {"model.safetensors.index.json", *names[1:]})


def test_an_old_tokenizer_in_two_files_will_do(root: Path) -> None:
    folder = root / "models" / "old"
    folder.mkdir(parents=True)
    (folder / "vocab.json").touch()
    assert "tokenizer.json" in guide(root, "old").missing
    (folder / "merges.txt").touch()
    assert guide(root, "old").missing == ["config.json", "model.safetensors"]


def test_files_in_the_wrong_place_are_found(root: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, root / "models" / "deep" / "deep")
    assert "one folder too deep" in guide(root, "deep").sentence()
    (root / "models" / "cached" / "snapshots").mkdir(parents=True)
    assert "is a folder of the Hugging Face cache" in guide(root, "cached").sentence()


def test_what_has_come_and_cannot_be_tuned_says_why(root: Path, tiny_model: Path) -> None:
    folder = root / "models" / "encoder"
    shutil.copytree(tiny_model, folder)
    (folder / "config.json").write_text('{"model_type": "bert", "architectures": ["BertForMaskedLM"]}')
    known = guide(root, "encoder")
    assert not known.complete and "This is a BertForMaskedLM" in known.sentence()


@pytest.mark.parametrize("typed", ["", "../x", "/etc", "a/b/c", "C:\\models", "~", ".hidden", "starter", "org/starter"])
def test_only_names_are_taken(root: Path, typed: str) -> None:
    with pytest.raises(ModelError):
        guide(root, typed)
