"""The weights of a model that were changed, kept without the others: `weights.safetensors`, and what they belong to."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.jobs.files import write_json
from workbench.methods.base import Base, Tensors

if TYPE_CHECKING:
    from torch.nn import Parameter

WEIGHTS = "weights.safetensors"
ABOUT = "weights.json"

_README = """# Changed weights of {name}

`{weights}` holds those {count} tensors of {name} that were trained, under the names that transformers gives them.
The model itself is not here. To use both together, with the model's folder or its name on the hub in place of {name}:

```python
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained("{name}", dtype="float32")
model.load_state_dict(load_file("{weights}"), strict=False)
```

`model.save_pretrained("tuned")` then makes a model folder of its own; copy the tokenizer's files into it.
"""


class ChangedWeights:
    """Every tensor that was trained, in full precision. Two layers that share one have it under the first name."""

    folder = "weights"
    files: tuple[str, ...] = (WEIGHTS, ABOUT)
    trained = WEIGHTS

    def read(self, folder: Path) -> Tensors:
        from safetensors.torch import load_file

        return load_file(folder / WEIGHTS)

    def tensors(self, model: Any) -> Tensors:
        return {name: parameter.detach() for name, parameter in _trained(model).items()}

    def put(self, model: Any, tensors: Tensors) -> None:
        import torch

        with torch.no_grad():
            for name, parameter in _trained(model).items():
                parameter.copy_(tensors[name])

    def write(self, model: Any, base: Base, folder: Path) -> None:
        from safetensors.torch import save_file

        kept = self.tensors(model)
        save_file({name: tensor.contiguous() for name, tensor in kept.items()}, folder / WEIGHTS)
        shapes = {name: list(tensor.shape) for name, tensor in kept.items()}
        write_json(folder / ABOUT, {"base": asdict(base), "tensors": shapes})
        readme = _README.format(name=base.name, weights=WEIGHTS, count=len(kept))
        (folder / "README.md").write_text(readme, encoding="utf-8")


def is_changed_weights(folder: Path) -> bool:
    """Whether this is what ChangedWeights has written, and no adapter."""
    return (folder / ABOUT).exists()


def _trained(model: Any) -> "dict[str, Parameter]":
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
