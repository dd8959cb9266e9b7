"""Which GGUF files of a workspace can answer."""

from pathlib import Path

import pytest

from tests.chat.gguf_files import write_gguf
from workbench.chat.gguf.files import FileChoice, find_file, list_choices
from workbench.errors import ModelError


def test_models_are_listed_from_both_places_and_their_folders(root: Path) -> None:
    for name in ("models/a.gguf", "models/folder/b.gguf", "exported/mine/c.gguf", "exported/.half/d.gguf"):
        write_gguf(root / name)
    assert {choice.file for choice in list_choices(root)} == {
        "models/a.gguf",
        "models/folder/b.gguf",
        "exported/mine/c.gguf",
    }


def test_a_lora_file_is_listed_with_each_model_that_it_fits(root: Path) -> None:
    write_gguf(root / "models" / "fits.gguf")
    write_gguf(root / "models" / "kind.gguf", architecture="qwen2")
    write_gguf(root / "models" / "size.gguf", shapes={"blk.0.attn_q.weight": (128, 128)})
    write_gguf(root / "exported" / "merged" / "has-it-already.gguf")
    write_gguf(root / "exported" / "pirate" / "lora.gguf", "adapter")
    with_lora = [choice for choice in list_choices(root) if choice.lora]
    assert with_lora == [FileChoice("models/fits.gguf", "exported/pirate/lora.gguf")]


def test_a_lora_file_without_its_model_says_so(root: Path) -> None:
    write_gguf(root / "models" / "lora.gguf", "adapter")
    assert [choice.problem for choice in list_choices(root)] == ["the GGUF file of its original model is not in models"]


def test_a_damaged_file_is_listed_with_its_problem_and_hides_no_other(root: Path) -> None:
    whole = write_gguf(root / "models" / "good.gguf").read_bytes()
    (root / "models" / "bad.gguf").write_bytes(whole[:100])
    told = {choice.file: choice.problem for choice in list_choices(root)}
    assert told == {"models/good.gguf": "", "models/bad.gguf": "is cut off or damaged"}


def test_a_file_that_was_written_anew_is_read_anew(root: Path) -> None:
    file = write_gguf(root / "models" / "a.gguf")
    assert not list_choices(root)[0].problem
    file.write_bytes(b"X" * file.stat().st_size)
    assert list_choices(root)[0].problem == "is not a GGUF file"


def test_what_else_such_files_hold_is_no_choice(root: Path) -> None:
    write_gguf(root / "models" / "a.gguf", "imatrix")
    assert not list_choices(root)


@pytest.mark.parametrize("name", ["models/other.gguf", "../secret.gguf", "models/../../secret.gguf", "/etc/passwd", ""])
def test_only_what_is_listed_is_found(root: Path, name: str) -> None:
    write_gguf(root.parent / "secret.gguf")
    with pytest.raises(ModelError, match="not in the workspace"):
        find_file(root, name)
