"""The models that ship as suggestions, presets/models.yaml: known before anything of them is downloaded."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, PositiveInt

from workbench.models.facts import ModelFacts

FILE = Path(__file__).parents[2] / "presets" / "models.yaml"


class Suggested(BaseModel):
    """A chat model of the hub that anyone may download. All of them are built like a Llama, and stored in bf16."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    revision: str = "main"
    purpose: str
    """What it is good for, in one line."""
    languages: str
    licence: str
    download_bytes: PositiveInt
    """About what is fetched."""
    architecture: str
    parameters: PositiveInt
    context: PositiveInt
    hidden_size: PositiveInt
    intermediate_size: PositiveInt
    layers: PositiveInt
    key_value_width: PositiveInt
    vocabulary: PositiveInt

    def facts(self) -> ModelFacts:
        """What its folder will say once it is here."""
        return ModelFacts(
            name=self.id,
            path=Path(),
            architecture=self.architecture,
            parameters=self.parameters,
            context=self.context,
            hidden_size=self.hidden_size,
            layers=self.layers,
            key_value_width=self.key_value_width,
            vocabulary=self.vocabulary,
            dtype="bf16",
            licence=self.licence,
            linear_shapes=self._linear_shapes(),
            template=True,
            size_gb=self.download_bytes / 1e9,
            tunable=True,
        )

    def describe(self) -> dict[str, Any]:
        """The entry as JSON."""
        return self.model_dump()

    def _linear_shapes(self) -> dict[str, tuple[int, int]]:
        wide, inner, shared = self.hidden_size, self.intermediate_size, self.key_value_width
        of_a_layer = {
            "self_attn.q_proj": (wide, wide),
            "self_attn.k_proj": (shared, wide),
            "self_attn.v_proj": (shared, wide),
            "self_attn.o_proj": (wide, wide),
            "mlp.gate_proj": (inner, wide),
            "mlp.up_proj": (inner, wide),
            "mlp.down_proj": (wide, inner),
        }
        return {
            f"model.layers.{layer}.{name}": shape for layer in range(self.layers) for name, shape in of_a_layer.items()
        }


def suggested() -> list[Suggested]:
    """Every suggestion, the smallest first."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Suggested(**row) for row in rows]


def find_suggested(id: str) -> Suggested | None:
    return next((entry for entry in suggested() if entry.id == id), None)
