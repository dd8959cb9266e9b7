"""An adapter kept as stock PEFT keeps it."""

from pathlib import Path
from typing import Any

from workbench.methods.base import Base, Tensors

WEIGHTS = "adapter_model.safetensors"


class PeftFolder:
    """One adapter, as `PeftModel.from_pretrained` takes it."""

    folder = "adapter"
    files: tuple[str, ...] = (WEIGHTS, "adapter_config.json")
    trained = "trained.safetensors"

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
