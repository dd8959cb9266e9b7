"""What each `auto` becomes on this machine, for this model and these examples, and why."""

import math
from dataclasses import dataclass

from workbench.config.fields import settings_of, value_at
from workbench.config.methods import AdaLoraSettings
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.run_config import RunConfig
from workbench.engine.coverage import why_not
from workbench.hardware.devices import Machine
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.precision import choose_precision
from workbench.models.quantization import Quantization, choose_quantization
from workbench.runs.run_dir import Resolved
from workbench.training.needs import estimate, estimate_vram
from workbench.training.packing import choose_batching

_USUAL_LENGTH = 512
MOST_EPOCHS = 40
"""More would only be learned by heart."""

_COMFORTABLE = 0.7
"""The share of the free memory that a run may take."""

_CHECKPOINTS = 5
_CHECKS = 8


@dataclass(frozen=True)
class Circumstances:
    """What `auto` depends on beside the settings."""

    facts: ModelFacts
    machine: Machine
    free_gb: float
    """Of the GPU's memory where there is one."""
    examples: int
    """Examples to learn from, the held-out ones left aside."""
    longest_tokens: int
    """Of the longest example, roughly."""


def resolve(asked: RunConfig, around: Circumstances) -> tuple[RunConfig, dict[str, Resolved]]:
    """The settings with every `auto` replaced, and what each became."""
    resolver = _Resolver(asked, around)
    resolver.run()
    return resolver.config, resolver.became


class _Resolver:
    """Works through the settings in the order in which they depend on each other."""

    def __init__(self, asked: RunConfig, around: Circumstances) -> None:
        self.config = asked
        self.became: dict[str, Resolved] = {}
        self._around = around

    def run(self) -> None:
        self._set("hardware.threads", self._around.machine.cores, "all physical cores")
        self._precision()
        self._length()
        self._engine()
        self._quantization()
        self._method()
        self._amounts()
        self._intervals()
        self._phases()

    def _set(self, path: str, value: object, why: str) -> None:
        if value_at(self.config, path) == "auto":
            self.config = self.config.changed(path, value)
            self.became[path] = Resolved(value, why)

    def _precision(self) -> None:
        machine, facts = self._around.machine, self._around.facts
        if self.config.model.precision == "auto":
            name, why = choose_precision("auto", machine.gpu, machine.cpu_flags, facts.parameters)
            self._set("model.precision", name, why)

    def _engine(self) -> None:
        reason = why_not(self.config, self._around.facts, self._around.machine)
        chosen = ("standard", reason) if reason else ("fast", "it covers this model and these settings")
        self._set("hardware.engine", *chosen)

    def _quantization(self) -> None:
        if self.config.model.quantization == "auto":
            whole_gb, free_gb, facts = self._peak_gb(1), self._around.free_gb, self._around.facts
            method = METHODS[self.config.method.name]
            needs_whole = bool(
                self.config.model.merged or method.refuses(self.config.method, facts, Quantization("nf4"))
            )
            chosen = choose_quantization(whole_gb, _COMFORTABLE * free_gb, needs_whole=needs_whole)
            self._set("model.quantization", *chosen)

    def _method(self) -> None:
        parameters, known = self._around.facts.parameters, settings_of(self.config)
        rate = METHODS[self.config.method.name].learning_rate(parameters)
        rate *= OPTIMIZERS[self.config.training.optimizer].rate_times
        # With LoRA+ the two halves together keep the usual pace, by the geometric mean of their rates.
        rate /= math.sqrt(known.get("method.plus_ratio", 1.0))
        self._set("training.learning_rate", float(f"{rate:.1e}"), f"for {parameters / 1e6:,.0f} M parameters")
        if "method.alpha" in known:
            self._set("method.alpha", 2.0 * known["method.rank"], "twice the rank")

    def _length(self) -> None:
        length = usual_length(self.config, self._around.facts)
        self._set("data.max_length", length, "enough for most questions and answers")

    def _amounts(self) -> None:
        examples = self._around.examples
        batch = 4 if examples < 400 else 8 if examples < 5000 else 16
        self._set("training.batch_size", batch, f"for {examples:,} examples")
        # Where nothing is left to learn from, the plan is still made, to say so.
        per_epoch = max(1, math.ceil(examples / int(self.config.training.batch_size)))
        target = self.config.training.target_updates
        epochs = min(MOST_EPOCHS, max(1, math.ceil(target / per_epoch)))
        capped = epochs == MOST_EPOCHS
        why = "more would only be learned by heart" if capped else f"so that there are about {target} updates"
        self._set("training.epochs", epochs, why)
        micro, why = self._micro_batch()
        self._set("training.micro_batch_size", micro, why)
        self._set("training.batching", *self._batching())

    def _batching(self) -> tuple[str, str]:
        if self.config.hardware.engine == "fast":
            return "packed", "the fast path computes no padding"
        return choose_batching(self._around.facts.architecture, packs=METHODS[self.config.method.name].packs)

    def _micro_batch(self) -> tuple[int, str]:
        """The largest halving of the batch whose estimate stays well inside the free memory."""
        whose = "the GPU's memory" if self._around.machine.gpu else "memory"
        micro = int(self.config.training.batch_size)
        while micro > 1 and self._peak_gb(micro) > _COMFORTABLE * self._around.free_gb:
            micro = math.ceil(micro / 2)
        return micro, f"{self._around.free_gb:.1f} GB of {whose} are free"

    def _peak_gb(self, micro: int) -> float:
        """Of the GPU's memory where there is one."""
        needed = (self.config, self._around.facts, micro, self._around.longest_tokens)
        return (estimate_vram(*needed) or estimate(*needed)).gb

    def _intervals(self) -> None:
        steps = total_steps(self.config, self._around.examples)
        self._set("training.save_every", max(1, math.ceil(steps / _CHECKPOINTS)), f"about {_CHECKPOINTS} checkpoints")
        self._set("training.eval_every", max(1, math.ceil(steps / _CHECKS)), f"about {_CHECKS} checks")

    def _phases(self) -> None:
        """Of AdaLoRA, which gives ranks up in the middle of a run."""
        method = self.config.method
        if not isinstance(method, AdaLoraSettings):
            return
        steps = total_steps(self.config, self._around.examples)
        self._set("method.initial_rank", method.rank_at_start, "one and a half times the rank")
        self._set("method.initial_updates", steps // 10, f"a tenth of {steps} updates")
        self._set("method.final_updates", 2 * steps // 5, f"two fifths of {steps} updates")
        self._set("method.allocate_every", max(1, steps // 100), f"a hundredth of {steps} updates")


def usual_length(config: RunConfig, facts: ModelFacts) -> int:
    """512 tokens, or what the model takes if that is less."""
    return min(_USUAL_LENGTH, most_tokens(config, facts) or _USUAL_LENGTH)


def most_tokens(config: RunConfig, facts: ModelFacts) -> int:
    """The longest text that the model takes after the method's trained words; 0 means no limit."""
    words = settings_of(config).get("method.virtual_tokens", 0)
    return max(1, facts.context - words) if facts.context else 0


def total_steps(config: RunConfig, examples: int) -> int:
    """Updates in all: the passes over the data, or max_steps if that is less. `config` must be resolved."""
    training = config.training
    steps = math.ceil(examples / int(training.batch_size)) * int(training.epochs)
    return min(steps, training.max_steps) if training.max_steps else steps
