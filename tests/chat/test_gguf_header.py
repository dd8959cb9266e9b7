"""Headers of GGUF files, sound and hostile."""

import struct
from pathlib import Path

import pytest

from tests.chat.gguf_files import ARRAY, MODEL, STRING, UINT16, array, string, tensor, text, write_gguf, written
from workbench.chat.gguf.header import read_header
from workbench.errors import ModelError

HUGE = 2**60


def test_a_header_tells_what_the_file_is_and_its_tensors(tmp_path: Path) -> None:
    header = read_header(write_gguf(tmp_path / "a.gguf"))
    assert (header.kind, header.architecture, header.is_later_part) == ("model", "llama", False)
    assert header.tensors == MODEL


def test_a_text_too_long_to_be_kept_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(written([string("template", "x" * 5000), string("general.type", "adapter")], []))
    header = read_header(file)
    assert header.kind == "adapter"
    assert "template" not in header.values


def test_the_later_part_of_a_model_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(written([text("split.no") + struct.pack("<IH", UINT16, 1)], []))
    assert read_header(file).is_later_part


def test_a_file_cut_off_anywhere_in_its_header_is_refused(tmp_path: Path) -> None:
    whole = write_gguf(tmp_path / "a.gguf").read_bytes()
    for length in range(4, len(whole) - 64, 5):
        (tmp_path / "a.gguf").write_bytes(whole[:length])
        with pytest.raises(ModelError, match="cut off"):
            read_header(tmp_path / "a.gguf")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "cut off"),
        (b"PK\x03\x04" + bytes(100), "not a GGUF file"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version"),
        (b"GGUF" + struct.pack("<IQQ", 3, HUGE, 0), "lists"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, HUGE), "lists"),
        (written([struct.pack("<Q", HUGE)], []), "lists"),
        (written([text("a") + struct.pack("<IQ", STRING, HUGE)], []), "cut off"),
        (written([text("a") + struct.pack("<IIQ", ARRAY, UINT16, HUGE)], []), "cut off"),
        (written([text("a") + struct.pack("<IIQ", ARRAY, STRING, HUGE)], []), "lists that are not read"),
        (written([text("a") + struct.pack("<IIQ", ARRAY, ARRAY, 1)], []), "lists that are not read"),
        (written([text("a") + struct.pack("<I", 99)], []), "kind of value"),
        (written([], [tensor("a", (1, 1, 1, 1, 1))]), "tensors that cannot be"),
        (written([], [tensor("a", (1,)), tensor("a", (1,))]), "tensors that cannot be"),
        (written([], [tensor("a", (1,), offset=HUGE)]), "cut off"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=problem) as caught:
        read_header(file)
    assert caught.value.message.startswith("mine.gguf ")


def test_a_long_vocabulary_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(written([array("tokens", ["word"] * 1000), string("general.type", "adapter")], []))
    assert read_header(file).kind == "adapter"
