"""Everything a run can be asked for."""

from typing import Any

from pydantic import field_validator, model_validator

from workbench.config.data import DataSettings
from workbench.config.evaluation import EvaluationSettings
from workbench.config.fields import Auto, Section, setting
from workbench.config.hardware import HardwareSettings
from workbench.config.methods import ALIASES, LoraSettings, MethodSettings
from workbench.config.names import is_id
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.tracking import TrackingSettings

FORMAT = 1
"""The format number of config.yaml; older ones stay readable."""

OF_ADAPTER = ("model.path", "method.", "data.template", "data.system_prompt")
"""How the names of settings begin that say what an adapter is, not how it was trained."""


class ModelSettings(Section):
    path: str = setting(
        "starter",
        "Model",
        "The model to start from: “starter”, a name from the list, or a folder. The model itself is never changed.",
    )
    precision: str = setting(
        "auto",
        "Number format (precision)",
        "How the model's frozen numbers are held. Auto takes what this machine is fastest at. fp16 is for GPUs that do "
        "not compute in bf16.",
        choices=("auto", "fp32", "bf16", "fp16"),
        advanced=True,
    )
    quantization: str = setting(
        "none",
        "Compress the frozen weights (quantization)",
        "int8 halves the memory of 16-bit weights, nf4 and fp4 take a quarter; nf4 is the better of the two. What is "
        "trained stays exact. With LoRA and nf4 this is QLoRA. Auto compresses only what else does not fit here.",
        choices=("none", "auto", "int8", "nf4", "fp4"),
        advanced=True,
    )
    double_quantization: bool = setting(
        True,
        "Compress the constants as well (double quantization)",
        "Saves another 0.4 bits a weight with nf4 and fp4, at no loss that can be measured.",
        advanced=True,
    )
    quantization_block_size: int = setting(
        64,
        "Weights that share a constant (block size)",
        "Of nf4 and fp4: a power of two from 32 up. Smaller blocks are more exact and take more memory; 64 is usual.",
        minimum=32,
        maximum=4096,
        advanced=True,
    )
    adapter: str = setting(
        "",
        "Adapter to begin with",
        "An earlier run whose adapter is trained further, by its id. Empty begins a new adapter.",
        advanced=True,
    )

    merged: str = setting(
        "",
        "Adapter to build on (merged)",
        "An earlier run whose adapter is merged into the model, by its id; a new adapter is trained on top of both. "
        "Empty builds on the model alone.",
        advanced=True,
    )

    @field_validator("quantization_block_size")
    @classmethod
    def _is_power(cls, value: int) -> int:
        if value.bit_count() != 1:
            raise ValueError(f"{value} is no power of two, such as 64 or 128")
        return value

    @field_validator("adapter", "merged")
    @classmethod
    def _is_run(cls, value: str) -> str:
        if value and not is_id(value):
            raise ValueError(f"“{value[:80]}” is not the id of a run")
        return value


class TrainingSettings(Section):
    epochs: int | Auto = setting(
        "auto",
        "Passes over your data (epochs)",
        "How often each example is seen. Auto gives small data sets more passes, so that enough updates happen.",
        minimum=1,
        maximum=1000,
        stops=(1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50),
    )
    learning_rate: float | Auto = setting(
        "auto",
        "Learning speed (learning rate)",
        "How far each update goes. Too low changes nothing, too high breaks the model. Auto follows method and size.",
        minimum=1e-7,
        maximum=1.0,
    )
    batch_size: int | Auto = setting(
        "auto",
        "Examples per update (batch size)",
        "One update learns from this many examples, however they are split to fit into memory.",
        minimum=1,
        maximum=4096,
        stops=(1, 2, 4, 8, 16, 32, 64),
        advanced=True,
    )
    micro_batch_size: int | Auto = setting(
        "auto",
        "Examples computed at once (micro-batch)",
        "Less needs less memory and gives the same result. Auto follows the free memory.",
        minimum=1,
        maximum=4096,
        stops=(1, 2, 4, 8, 16, 32, 64),
        advanced=True,
    )
    batching: str = setting(
        "auto",
        "How examples are computed together (batching)",
        "Padded fills short examples up to the longest; grouped puts examples of like length into one update; packed "
        "computes the examples of a micro-batch as one sequence, each apart from the others. Auto takes the fastest.",
        choices=("auto", "padded", "grouped", "packed"),
        advanced=True,
    )
    max_steps: int = setting(
        0,
        "Stop after this many updates (max steps)",
        "0 means: as many as the passes over your data give.",
        minimum=0,
        maximum=10_000_000,
        advanced=True,
    )
    max_minutes: int = setting(
        0,
        "Time limit in minutes",
        "The run saves and stops when it has trained for so long. 0 means: no limit.",
        minimum=0,
        maximum=1_000_000,
        advanced=True,
    )
    patience: int = setting(
        0,
        "Checks without gain before an early end (patience)",
        "The run ends when so many checks in a row found no lower loss on held-out examples. 0 means: never.",
        minimum=0,
        maximum=1000,
        advanced=True,
    )
    target_loss: float = setting(
        0.0,
        "Loss that is low enough (target loss)",
        "The run ends when the loss on held-out examples is this low at a check. 0 means: never.",
        minimum=0.0,
        maximum=100.0,
        advanced=True,
    )
    use_best: bool = setting(
        False,
        "Take the best state, not the last (use best)",
        "The adapter is taken from the check with the lowest loss on held-out examples. Off, the last state is taken.",
        advanced=True,
    )
    target_updates: int = setting(
        100,
        "Updates that automatic passes aim for",
        "Only used while the passes are on auto.",
        minimum=1,
        maximum=1_000_000,
        advanced=True,
        only_if=("training.epochs", "auto"),
    )
    optimizer: str = setting(
        "adamw",
        "How updates are made (optimizer)",
        "AdamW suits nearly everything. The 8-bit kinds need a quarter of its memory; the paged ones move it to the "
        "computer's own memory when a GPU is full; Lion and Adafactor need less of it; SGD is for comparison.",
        choices=tuple(OPTIMIZERS),
        advanced=True,
    )
    scheduler: str = setting(
        "cosine",
        "Course of the learning rate (scheduler)",
        "Cosine and linear fall to zero at the end; constant stays.",
        choices=("cosine", "linear", "constant"),
        advanced=True,
    )
    warmup_ratio: float = setting(
        0.05,
        "Warm-up share",
        "The learning rate rises from zero over this share of the updates.",
        minimum=0.0,
        maximum=0.5,
        step=0.01,
        advanced=True,
    )
    weight_decay: float = setting(
        0.0,
        "Weight decay",
        "Pulls the adapter's numbers towards zero at each update. Rarely needed for adapters.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        advanced=True,
    )
    max_grad_norm: float = setting(
        1.0,
        "Gradient clipping (max gradient norm)",
        "Steps larger than this are shortened, which keeps a bad example from doing damage. 0 switches it off.",
        minimum=0.0,
        maximum=1000.0,
        advanced=True,
    )
    neftune_noise_alpha: float = setting(
        0.0,
        "Noise on what is read (NEFTune noise alpha)",
        "Blurs each word a little while it is learned from, which can make answers longer and less copied. The paper "
        "takes 5. 0 switches it off.",
        minimum=0.0,
        maximum=100.0,
        advanced=True,
    )
    gradient_checkpointing: bool = setting(
        False,
        "Save memory by computing twice (gradient checkpointing)",
        "Needs much less memory and about a third more time.",
        advanced=True,
    )
    save_every: int | Auto = setting(
        "auto",
        "Updates between checkpoints (save every)",
        "After a crash a run goes on from the last checkpoint. Auto makes about five.",
        minimum=1,
        maximum=1_000_000,
        advanced=True,
    )
    keep_checkpoints: int = setting(
        2, "Checkpoints kept", "Older ones are deleted.", minimum=1, maximum=1000, advanced=True
    )
    eval_every: int | Auto = setting(
        "auto",
        "Updates between checks (eval every)",
        "How often the held-out examples are tried. Auto makes about eight checks.",
        minimum=1,
        maximum=1_000_000,
        advanced=True,
    )
    seed: int = setting(
        0,
        "Random seed",
        "The same seed, data and settings give the same run.",
        minimum=0,
        maximum=2**31 - 1,
        advanced=True,
    )


class RunConfig(Section):
    """A whole run. Frozen; `auto` values are resolved into a second RunConfig when the run is created."""

    model: ModelSettings = ModelSettings()
    data: DataSettings = DataSettings()
    method: MethodSettings = setting(
        LoraSettings(),
        "Method",
        "What is trained, and where it stands. Each method has settings of its own.",
        discriminator="name",
    )
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    hardware: HardwareSettings = HardwareSettings()
    tracking: TrackingSettings = TrackingSettings()

    @model_validator(mode="before")
    @classmethod
    def _name_method(cls, tree: Any) -> Any:
        """A method without a name is LoRA; an alias stands for settings, of other sections as well."""
        if not isinstance(tree, dict) or not isinstance(tree.get("method", {}), dict):
            return tree
        named = tree | {"method": {"name": "lora"} | tree.get("method", {})}
        for section, settings in ALIASES.get(str(named["method"]["name"]), {}).items():
            named[section] = {**named.get(section, {}), **settings}
        return named
