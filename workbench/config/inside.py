"""The settings of the methods that train weights of the model itself."""

from typing import Literal

from workbench.config.fields import Section, setting


class FullSettings(Section):
    """Every weight of the model."""

    name: Literal["full"] = "full"


class LastLayersSettings(Section):
    """The layers nearest to the answer."""

    name: Literal["last_layers"] = "last_layers"
    trained_layers: int = setting(
        2,
        "How many layers are trained, from the last one",
        "More can learn more and cost more. The layers before them stay as they are.",
        minimum=1,
        maximum=1000,
        step=1,
    )
    final_norm: bool = setting(
        True,
        "Train the final norm as well",
        "The few numbers behind the last layer, which scale what it says.",
        advanced=True,
    )
    output_layer: bool = setting(
        False,
        "Train the output layer as well",
        "The layer that turns what was understood into words. In most small models it is the embedding too, which then "
        "changes with it.",
        advanced=True,
    )


class NormsSettings(Section):
    """Norms and biases alone (Ben Zaken et al. 2021, arXiv:2106.10199)."""

    name: Literal["norms"] = "norms"
