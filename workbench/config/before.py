"""The settings of the methods that put trained words before the text."""

from typing import Literal

from workbench.config.fields import Section, setting


class Worded(Section):
    virtual_tokens: int = setting(
        20,
        "Trained words (virtual tokens)",
        "So many invented words stand before each text. More can say more, and leave less room for the text.",
        minimum=1,
        maximum=500,
        step=1,
    )


class PromptTuningSettings(Worded):
    """Prompt tuning (Lester et al. 2021, arXiv:2104.08691)."""

    name: Literal["prompt_tuning"] = "prompt_tuning"
    init_text: str = setting(
        "",
        "Begin with these words (text initialisation)",
        "The trained words start as these, such as “Answer like a pirate.” Empty starts with words at random.",
        advanced=True,
    )


class PTuningSettings(Worded):
    """P-tuning (Liu et al. 2021, arXiv:2103.10385)."""

    name: Literal["p_tuning"] = "p_tuning"
    encoder_hidden_size: int = setting(
        128,
        "Width of the network that writes the words (encoder hidden size)",
        "A small network writes the trained words together. It is only needed during training.",
        minimum=8,
        maximum=4096,
        step=8,
        advanced=True,
    )


class PrefixTuningSettings(Worded):
    """Prefix tuning (Li and Liang 2021, arXiv:2101.00190)."""

    name: Literal["prefix_tuning"] = "prefix_tuning"
