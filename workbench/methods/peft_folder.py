"""Adapters kept as stock PEFT keeps them."""

from pathlib import Path
from typing import Any

from workbench.methods.base import Base, Tensors

WEIGHTS = "adapter_model.safetensors"

_README = """# Adapters of {name} that belong together

Each folder here is an adapter of its own. To use all of them at a time, in this order, with the model's folder or its
name on the hub in place of {name}:

```python
from peft import PeftModel
from transformers import AutoModelForCausalLM

base = AutoModelForCausalLM.from_pretrained("{name}")
{lines}
```

The model is the last of these.
"""


class PeftFolder:
    """One adapter, as `PeftModel.from_pretrained` takes it."""

    folder = "adapter"
    files: tuple[str, ...] = (WEIGHTS, "adapter_config.json")
    trained = "trained.safetensors"

    def read(self, folder: Path) -> Tensors:
        from safetensors.torch import load_file

        return load_file(folder / WEIGHTS)

    def tensors(self, model: Any) -> Tensors:
        """Embeddings are never trained, so PEFT need not look for them."""
        from peft import get_peft_model_state_dict

        kept: Tensors = get_peft_model_state_dict(model, save_embedding_layers=False)
        return kept

    def put(self, model: Any, tensors: Tensors) -> None:
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(model, tensors)

    def write(self, model: Any, base: Base, folder: Path) -> None:
        model.peft_config["default"].base_model_name_or_path = base.name
        model.save_pretrained(str(folder), save_embedding_layers=False)
        (folder / "README.md").unlink(missing_ok=True)


class PeftFolders:
    """Several adapters of one model, each in a folder of its own; the model has them as `parts`, by the same names."""

    folder = "adapter"
    trained = "trained.safetensors"

    def __init__(self, *names: str) -> None:
        self.files: tuple[str, ...] = tuple(f"{name}/{file}" for name in names for file in PeftFolder.files)
        self._names = names
        self._each = PeftFolder()

    def read(self, folder: Path) -> Tensors:
        return self._joined({name: self._each.read(folder / name) for name in self._names})

    def tensors(self, model: Any) -> Tensors:
        return self._joined({name: self._each.tensors(model.parts[name]) for name in self._names})

    def put(self, model: Any, tensors: Tensors) -> None:
        for name in self._names:
            own = {key.removeprefix(f"{name}/"): t for key, t in tensors.items() if key.startswith(f"{name}/")}
            self._each.put(model.parts[name], own)

    def write(self, model: Any, base: Base, folder: Path) -> None:
        for name in self._names:
            self._each.write(model.parts[name], base, folder / name)
        lines = "\n".join(f'{name} = PeftModel.from_pretrained(base, "{name}")' for name in self._names)
        (folder / "README.md").write_text(_README.format(name=base.name, lines=lines), encoding="utf-8")

    @staticmethod
    def _joined(parts: dict[str, Tensors]) -> Tensors:
        return {f"{name}/{key}": tensor for name, own in parts.items() for key, tensor in own.items()}
