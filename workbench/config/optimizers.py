"""The optimizers that can be chosen, and what of them is known without torch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OptimizerFacts:
    """What it keeps for each trained number; its learning rate as a multiple of AdamW's, by trial on the starter."""

    state_bytes: float
    rate_times: float = 1.0
    is_paged: bool = False


OPTIMIZERS = {
    "adamw": OptimizerFacts(8),
    "adamw_8bit": OptimizerFacts(2),
    "paged_adamw": OptimizerFacts(8, is_paged=True),
    "paged_adamw_8bit": OptimizerFacts(2, is_paged=True),
    "lion": OptimizerFacts(4, rate_times=0.3),
    "adafactor": OptimizerFacts(0.1, rate_times=30.0),
    "sgd": OptimizerFacts(4, rate_times=30.0),
}
