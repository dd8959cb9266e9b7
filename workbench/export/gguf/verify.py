"""Whether a written GGUF file holds what was to be written: every tensor, every value, every token."""

from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader

from workbench.errors import RunError
from workbench.export.gguf.file import GgufFile, read_values
from workbench.export.gguf.numbers import Form

_AGAIN = "Nothing was kept. Export it again; if it fails again, take the run away in another form."


def verify(file: GgufFile, folder: Path) -> None:
    """Raises RunError for the first thing that is not alike."""
    reader = GGUFReader(folder / file.name)
    _check_values(dict(file.values), read_values(reader))
    found = {tensor.name: tensor for tensor in reader.tensors}
    if found.keys() != file.forms.keys():
        raise RunError("Read again, the GGUF file does not hold the tensors that it should.", _AGAIN)
    for name, due in file.tensors:
        tensor, form = found[name], file.forms[name]
        form = Form(tensor.tensor_type, form.shape) if file.remade else form
        error = form.error(tensor.data, due) if tensor.tensor_type == form.type else np.inf
        if not error <= 1:
            sentence = f"Read again, the numbers of {name} are {error:.1f} times as far off as they may be."
            raise RunError(sentence, _AGAIN)


def _check_values(due: dict[str, Any], found: dict[str, Any]) -> None:
    for key, value in due.items():
        if not _same(value, found.get(key)):
            raise RunError(f"Read again, the GGUF file says something else as its {key}.", _AGAIN)


def _same(due: Any, found: Any) -> bool:
    if isinstance(due, float):
        return found is not None and np.float32(due) == np.float32(found)
    return bool(due == found)
