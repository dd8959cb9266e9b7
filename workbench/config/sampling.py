"""How an answer is chosen from the model's probabilities, declared once for page, command line and worker."""

from pathlib import Path

from workbench.config.build import check
from workbench.config.fields import Section, setting
from workbench.config.yaml_io import read_tree

PRESETS = Path(__file__).parents[2] / "presets" / "chat"


class Sampling(Section):
    """Without randomness by default, so that two models can be compared."""

    temperature: float = setting(
        0.0,
        "Liveliness (temperature)",
        "0 always takes the likeliest word; about 0.7 varies; above 1 becomes wild.",
        minimum=0.0,
        maximum=2.0,
        step=0.05,
    )
    top_p: float = setting(
        1.0,
        "Likeliest share (top-p)",
        "Only the likeliest words that together have this probability are considered. 1 considers all.",
        minimum=0.01,
        maximum=1.0,
        step=0.01,
    )
    top_k: int = setting(
        0,
        "Likeliest words (top-k)",
        "Only so many of the likeliest words are considered. 0 considers all.",
        minimum=0,
        maximum=1000,
        step=1,
    )
    min_p: float = setting(
        0.0,
        "Least probability (min-p)",
        "Words less likely than this share of the likeliest one are left out.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
    )
    repetition_penalty: float = setting(
        1.0,
        "Repetition penalty",
        "Above 1 makes words that were already used less likely.",
        minimum=1.0,
        maximum=2.0,
        step=0.05,
    )
    max_new_tokens: int = setting(
        200,
        "Longest answer in tokens (max new tokens)",
        "The answer is cut at this length.",
        minimum=1,
        maximum=4096,
        step=1,
    )
    seed: int = setting(
        0,
        "Random seed",
        "The same seed and settings give the same answer.",
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )


def presets() -> dict[str, Sampling]:
    """The sampling presets that ship in presets/chat, the calmest first."""
    loaded = {path.stem: check(Sampling, read_tree(path)) for path in PRESETS.glob("*.yaml")}
    return dict(sorted(loaded.items(), key=lambda item: item[1].temperature))
