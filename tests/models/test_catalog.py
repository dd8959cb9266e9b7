"""Where models lie, and what a name means."""

import os
import shutil
from pathlib import Path

import pytest

from workbench.errors import ModelError
from workbench.models import catalog


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Hugging Face cache, and no starter."""
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setattr(catalog, "STARTER_FOLDER", tmp_path / "starter")
    return tmp_path / "hf" / "hub"


def cached(cache: Path, model: Path, revision: str, seconds: int) -> Path:
    snapshot = cache / "models--org--name" / "snapshots" / revision
    shutil.copytree(model, snapshot)
    os.utime(snapshot, (seconds, seconds))
    return snapshot


@pytest.mark.usefixtures("cache")
def test_nothing_there_is_an_empty_list(root: Path) -> None:
    assert catalog.list_models(root) == []


def test_the_list_holds_all_three_places(root: Path, cache: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, catalog.STARTER_FOLDER)
    shutil.copytree(tiny_model, root / "models" / "mine")
    cached(cache, tiny_model, "old", 1_000)
    newest = cached(cache, tiny_model, "new", 2_000)
    found = {model.name: model.path for model in catalog.list_models(root)}
    assert found == {"starter": catalog.STARTER_FOLDER, "mine": root / "models" / "mine", "org/name": newest}
    assert {name: catalog.find(name, root) for name in found} == found
    assert catalog.names(root) == list(found)


def test_another_cache_folder_is_honoured(
    root: Path, cache: Path, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(cache, tiny_model, "here", 1_000)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "elsewhere"))
    assert catalog.list_models(root) == []
    snapshot = cached(tmp_path / "elsewhere", tiny_model, "there", 1_000)
    assert catalog.find("org/name", root) == snapshot


def test_no_folder_of_the_workspace_passes_for_the_starter(root: Path, cache: Path, tiny_model: Path) -> None:
    assert not cache.exists()
    shutil.copytree(tiny_model, catalog.STARTER_FOLDER)
    shutil.copytree(tiny_model, root / "models" / "starter")
    assert catalog.find("starter", root) == catalog.STARTER_FOLDER


@pytest.mark.usefixtures("cache")
def test_a_broken_model_is_listed_with_its_reason(root: Path) -> None:
    (root / "models" / "empty").mkdir(parents=True)
    (model,) = catalog.list_models(root)
    assert (model.name, model.tunable) == ("empty", False)
    assert "no config.json" in str(model.reason)


@pytest.mark.usefixtures("cache")
def test_a_folder_is_found_by_its_path(root: Path, tiny_model: Path) -> None:
    assert catalog.find(str(tiny_model), root) == tiny_model.resolve()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tinny", "Did you mean tiny?"),
        ("zzz", "There are: tiny."),
        ("", "There are: tiny."),
        ("starter", "starter model is not in this copy"),
        ("Org/Model-7B", "is not on this computer, and nothing is downloaded"),
        ("/no/such/folder", "There is no model"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(path: str, says: str, root: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, root / "models" / "tiny")
    with pytest.raises(ModelError) as caught:
        catalog.find(path, root)
    assert says in str(caught.value)


@pytest.mark.usefixtures("cache")
def test_a_file_is_not_a_folder(root: Path, tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="is a file"):
        catalog.find(str(tiny_model / "config.json"), root)


@pytest.mark.usefixtures("cache")
def test_a_list_asked_for_again_shows_what_has_changed(root: Path, tiny_model: Path) -> None:
    folder = root / "models" / "mine"
    shutil.copytree(tiny_model, folder)
    assert [model.tunable for model in catalog.list_models(root)] == [True]
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert "cut off" in str(catalog.list_models(root)[0].reason)


def test_what_the_cache_holds_and_cannot_be_tuned_is_listed_with_its_reason(root: Path, cache: Path) -> None:
    held = {"adapter": "adapter_config.json", "running": "m-q4.gguf", "pictures": "cat.png", "tokens": "tokenizer.json"}
    for name, file in held.items():
        snapshot = cache / f"models--org--{name}" / "snapshots" / "0"
        snapshot.mkdir(parents=True)
        (snapshot / file).write_text("{}")
    reasons = {model.name: model.reason or "" for model in catalog.list_models(root)}
    assert reasons.keys() == {"org/adapter", "org/running"}
    assert "an adapter, not a whole model" in reasons["org/adapter"] and "GGUF" in reasons["org/running"]


def test_a_revision_has_a_name_of_its_own_and_main_keeps_the_usual_one(
    root: Path, cache: Path, tiny_model: Path
) -> None:
    usual, newer = cached(cache, tiny_model, "aa", 1_000), cached(cache, tiny_model, "bb", 2_000)
    refs = cache / "models--org--name" / "refs"
    refs.mkdir()
    (refs / "v2").write_text("bb")
    assert catalog.find("org/name", root) == usual, "the newest that was not asked for by another name"
    (refs / "main").write_text("aa")
    assert (catalog.find("org/name", root), catalog.find("org/name@v2", root)) == (usual, newer)
    (refs / "main").write_text("bb")
    assert catalog.find("org/name", root) == newer
    assert catalog.names(root) == ["org/name", "org/name@v2"]


@pytest.mark.usefixtures("cache")
def test_a_folder_elsewhere_is_listed_from_then_on(root: Path, tiny_model: Path, tmp_path: Path) -> None:
    assert catalog.add_folder(root, tiny_model) == tiny_model.name
    assert catalog.add_folder(root, tiny_model) == tiny_model.name, "as often as one likes"
    (model,) = catalog.list_models(root)
    assert model.tunable and model.path.resolve() == tiny_model.resolve() and model.size_gb > 0
    with pytest.raises(ModelError, match="already"):
        catalog.add_folder(root, shutil.copytree(tiny_model, tmp_path / "other" / tiny_model.name))
    (tmp_path / "empty").mkdir()
    for refused in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(ModelError):
            catalog.add_folder(root, refused)
    assert catalog.names(root) == [tiny_model.name]


@pytest.mark.usefixtures("cache")
def test_a_gguf_file_among_the_folders_is_listed_with_its_reason(root: Path) -> None:
    (root / "models").mkdir()
    (root / "models" / "m-q4.gguf").write_bytes(b"GGUF")
    (root / "models" / "notes.txt").touch()
    (model,) = catalog.list_models(root)
    assert (model.name, model.tunable) == ("m-q4.gguf", False) and "for running a model" in str(model.reason)
    with pytest.raises(ModelError, match="for running a model"):
        catalog.find("m-q4.gguf", root)


@pytest.mark.usefixtures("cache")
def test_a_folder_that_cannot_be_read_does_not_take_the_list_away(
    root: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_model, root / "models" / "good")
    (root / "models" / "locked").mkdir()
    usual = Path.iterdir

    def guarded(path: Path) -> object:
        # Whoever runs the tests as root may read any folder.
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return usual(path)

    monkeypatch.setattr(Path, "iterdir", guarded)
    good, locked = catalog.list_models(root)
    assert good.tunable and locked.reason == "It cannot be read: Permission denied. Check who may read its folder."
