"""The settings of each tuning method. A method: one class here, one file and one row in `workbench/methods`."""

from typing import Any, Literal

from pydantic import field_validator

from workbench.config.fields import Auto, Section, setting


class LoraSettings(Section):
    """Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685)."""

    name: Literal["lora"] = "lora"
    rank: int = setting(
        8,
        "Adapter size (rank)",
        "How much the adapter can hold. 4 to 16 suit a style or a manner of speaking; more learns more and costs more.",
        minimum=1,
        maximum=256,
        step=1,
    )
    alpha: float | Auto = setting(
        "auto",
        "Adapter strength (alpha)",
        "The adapter's output is multiplied by alpha / rank. Auto is twice the rank.",
        minimum=0.1,
        maximum=1024,
        advanced=True,
    )
    dropout: float = setting(
        0.0,
        "Adapter dropout",
        "The share of the adapter's inputs that is left out at random in each update. It can slow down memorising; "
        "small data sets may profit from 0.05.",
        minimum=0.0,
        maximum=0.5,
        step=0.01,
        advanced=True,
    )
    target_modules: str = setting(
        "all-linear",
        "Which layers get an adapter (target modules)",
        "“all-linear”, “attention”, “mlp”, or layer names separated by commas, such as q_proj, v_proj.",
        advanced=True,
    )

    @field_validator("target_modules", mode="before")
    @classmethod
    def _join_list(cls, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


MethodSettings = LoraSettings
"""The union of all methods' settings, told apart by `name`."""
