"""Reading safetensors headers: sound ones as the library does, crafted ones not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from workbench.errors import ModelError
from workbench.models import safetensors_header
from workbench.models.safetensors_header import read_header

ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def write(folder: Path, header: Any, data: bytes = bytes(8)) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path = folder / "model.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_a_sound_file_reads_as_the_library_reads_it(tiny_model: Path) -> None:
    path = tiny_model / "model.safetensors"
    with safe_open(path, "pt") as expected:
        shapes = {name: tuple(expected.get_slice(name).get_shape()) for name in expected.keys()}  # noqa: SIM118
    assert {name: tensor.shape for name, tensor in read_header(path).items()} == shapes


def test_metadata_is_no_tensor(tmp_path: Path) -> None:
    assert list(read_header(write(tmp_path, {"__metadata__": {"format": "pt"}, "w": ONE}))) == ["w"]


@pytest.mark.parametrize("kept", [0, 4, 40, 60])
def test_a_file_that_stops_early_is_cut_off(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path, {"w": ONE})
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match="cut off"):
        read_header(path)


def test_how_much_is_missing_is_told_to_the_byte(tmp_path: Path) -> None:
    """It may be little, and is read by somebody who compares the sizes of two files."""
    path = write(tmp_path, {"w": ONE})
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelError, match="7 of 8 bytes are there"):
        read_header(path)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (b"{", "not valid"),
        (b"[1]", "not valid"),
        (b"\xff\xfe", "not valid"),
        (b"[" * 100_000, "not valid"),
        (b'{"w":%s,"w":%s}' % ((json.dumps(ONE).encode(),) * 2), "not valid"),
        ({"w": 1}, "does not describe"),
        ({"w": {"dtype": "F32", "shape": [2]}}, "does not describe"),
        ({"w": {**ONE, "data_offsets": [0, 8, 9]}}, "does not describe"),
        ({"w": {**ONE, "dtype": "Q9"}}, "unknown form"),
        ({"w": {**ONE, "shape": [1] * 9}}, "unknown form"),
        ({"w": {**ONE, "shape": [-1, -2]}}, "impossible size"),
        ({"w": {**ONE, "shape": [2.0]}}, "impossible size"),
        ({"w": {**ONE, "shape": [3]}}, "impossible size"),
        ({"w": {**ONE, "shape": [True, 2]}}, "impossible size"),
        ({"w": {**ONE, "shape": [2**62, 4]}}, "impossible size"),
        ({"w": {**ONE, "data_offsets": [8, 0]}}, "impossible size"),
        ({"w": ONE, "v": ONE}, "gaps or overlaps"),
        ({"w": {**ONE, "data_offsets": [4, 12]}}, "gaps or overlaps"),
        ({"w": {**ONE, "shape": [1], "data_offsets": [0, 4]}}, "goes on"),
        ({"../../w": ONE}, "unusual name"),
        ({"<b>w": ONE}, "unusual name"),
        ({"\u202ew": ONE}, "unusual name"),
        ({"w": ONE, "__metadata__": {"a": 1}}, "not text"),
        ({"w": ONE, "__metadata__": {"a": "x" * 70_000}}, "too much metadata"),
    ],
)
def test_a_crafted_header_is_refused_with_its_reason(tmp_path: Path, header: Any, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        read_header(write(tmp_path, header))


def test_a_claimed_giant_header_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes((2**63).to_bytes(8, "little") + b"{}")
    with pytest.raises(ModelError, match="claims a header"):
        read_header(path)


def test_too_many_tensors_are_refused_before_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = b",".join(b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % index for index in range(100_001))
    path = write(tmp_path, b"{" + entries + b"}", b"")
    monkeypatch.setattr(safetensors_header.json, "loads", lambda *_, **__: pytest.fail("was parsed"))
    with pytest.raises(ModelError, match="tensors"):
        read_header(path)
