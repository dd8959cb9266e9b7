"""A GGUF file, written tensor by tensor: only one of them is in memory."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from numpy.typing import NDArray

from workbench.export.gguf.numbers import Form
from workbench.jobs.transfer import Teller

_TYPES = {
    bool: GGUFValueType.BOOL,
    int: GGUFValueType.UINT32,
    float: GGUFValueType.FLOAT32,
    str: GGUFValueType.STRING,
    list: GGUFValueType.ARRAY,
}
_ARCHITECTURE = "general.architecture"

Values = Mapping[str, Any]
Tensors = Iterable[tuple[str, NDArray[np.float32]]]


@dataclass(frozen=True)
class GgufFile:
    """What is to stand in a file."""

    name: str
    values: Values
    forms: Mapping[str, Form]
    """How each tensor is stored."""
    tensors: Tensors
    """In the order of `forms`; they may be asked for more than once."""
    remade: bool = False
    """Whether llama.cpp chooses anew how each tensor is stored."""

    @property
    def total_bytes(self) -> int:
        """Of its tensors."""
        return sum(form.size_bytes for form in self.forms.values())

    def write(self, folder: Path, teller: Teller) -> None:
        """The teller hears of each tensor."""
        with closing(_begin(folder / self.name, self.values, self.forms)) as writer:
            for name, numbers in self.tensors:
                writer.write_tensor_data(self.forms[name].encode(numbers))
                teller.add(self.forms[name].size_bytes)


def read_values(reader: GGUFReader) -> dict[str, Any]:
    return {name: field.contents() for name, field in reader.fields.items() if not name.startswith("GGUF.")}


def _begin(path: Path, values: Values, forms: Mapping[str, Form]) -> GGUFWriter:
    writer = GGUFWriter(path, values[_ARCHITECTURE])
    for key, value in values.items():
        if key != _ARCHITECTURE:
            writer.add_key_value(key, value, _TYPES[type(value)])
    for name, form in forms.items():
        writer.add_tensor_info(name, form.stored_shape, form.stored_dtype, form.size_bytes, raw_dtype=form.type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    return writer
