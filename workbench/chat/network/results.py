"""What answers beside a base network: adapters of any kind, trained words, and changed weights, each loaded once.

Each kind has a network of its own over the same weights, so that none has a part in another's answers. Plain LoRA
adapters share one, where a batch can have rows of several.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from peft import PeftConfig, PeftModel

from workbench.chat.network.mix import UNFIT, LoraMix, can_mix
from workbench.chat.network.rows import Group, Result, Row
from workbench.chat.network.swapping import Swap, read_swap
from workbench.chat.protocol import Target, check_there, versions
from workbench.errors import ModelError
from workbench.methods import bottleneck_tuner  # noqa: F401  # PEFT then loads adapters of this kind
from workbench.methods.changed_weights import is_changed_weights
from workbench.methods.dialing import dial
from workbench.methods.merging import merged_weights
from workbench.methods.table import METHODS
from workbench.models.twins import twin

MOST_KEPT, MOST_KEPT_BYTES = 8, 500_000_000
"""How many stay in memory unused, since one goes back and forth between them, and of what size in all."""

_TURNS = "Changed weights take the place of the model's own while they answer, so they take turns with others."

_WHOLE = "Choose 100 % for it."

_Key = tuple[str, int]
"""A folder and its version."""


class Results:
    """By folder and version: an adapter that was written anew is another one, and answers under way keep theirs."""

    def __init__(self, base: Any, fingerprint: str) -> None:
        self.mix = LoraMix(base)
        self._base = base
        self._parameters = dict(base.named_parameters())
        self._fingerprint = fingerprint
        self._kept: dict[_Key, Result] = {}
        self._merged: dict[str, Swap] = {}

    def prepare(self, targets: tuple[Target, ...], rows: Sequence[Row]) -> None:
        """Load what targets need; of what neither they nor these rows do, the longest unused is given up.

        Raises ModelError for one that is gone, damaged, does not fit, or has no strength to be chosen.
        """
        self._give_up({*versions(targets).items()}, rows)
        self._merged = {target.merged: self._weights_beneath(target.merged) for target in targets if target.merged}
        for target in targets:
            self.get(target)

    def get(self, target: Target) -> Result:
        """What answers as a target."""
        if not target.adapter or not target.strength:
            return Result()
        (key,) = versions((target,)).items()
        result = self._kept.pop(key) if key in self._kept else self._load(target)
        self._kept[key] = result
        result.size_bytes = result.size_bytes or _size_bytes(Path(target.adapter))
        if result.words and target.strength != 1:
            raise ModelError(f"{target.name} begins with trained words before the text, which are all or none.", _WHOLE)
        return result

    def group(self, target: Target, result: Result, joins: bool) -> Group:
        """For rows of a target that are read by the same network, with the same weights in place of the base's."""
        swaps = [self._merged[target.merged]] if target.merged else []
        if result.swap:
            swaps.append(self._swap_at(result.swap, target.strength, swaps))
        if result.network is None:
            return Group(self.mix.choose, self._base, swaps, joins)
        network = result.network
        if target.strength != 1:
            network = twin(network)
            dial(network, target.strength)
        base = network.get_base_model()
        return Group(lambda _: base, self._base, swaps, joins)

    def _swap_at(self, swap: Swap, strength: float, beneath: list[Swap]) -> Swap:
        if strength == 1:
            return swap
        with ExitStack() as weights:
            for each in beneath:
                weights.enter_context(each.in_place())
            return swap.at(strength)

    def _give_up(self, asked: set[_Key], rows: Sequence[Row]) -> None:
        used = {id(row.result) for row in rows}
        spare = [key for key, result in self._kept.items() if key not in asked and id(result) not in used]
        room_bytes = MOST_KEPT_BYTES
        for place, key in enumerate(reversed(spare)):
            room_bytes -= self._kept[key].size_bytes
            if place >= MOST_KEPT or room_bytes < 0:
                del self._kept[key]
        self.mix.keep({result.entry for result in self._kept.values()}, {row.entry for row in rows})

    def _load(self, target: Target) -> Result:
        folder = Path(target.adapter)
        check_there((target,))
        if is_changed_weights(folder):
            return Result(swap=read_swap(folder, self._fingerprint, self._parameters), alone=_TURNS)
        try:
            return self._load_adapter(folder)
        except UNFIT as error:
            raise ModelError(f"The adapter of {target.name} does not fit this model.", "Train it again.") from error

    def _load_adapter(self, folder: Path) -> Result:
        """One adapter, or one beside the layers and a prefix."""
        if (folder / "prefix").is_dir():
            entry = self.mix.add(folder / "lora")
            return Result(entry, PeftModel.from_pretrained(self.mix.choose([entry]), folder / "prefix").eval())
        config = PeftConfig.from_pretrained(str(folder))
        if config.is_prompt_learning:
            return Result(words=PeftModel.from_pretrained(self._base, folder).eval())
        if can_mix(config):
            return Result(self.mix.add(folder))
        return Result(network=PeftModel.from_pretrained(twin(self._base), folder).eval(), alone=_why_alone(config))

    def _weights_beneath(self, folder: str) -> Swap:
        """What an adapter makes of the weights that it is merged into, beside the model's own."""
        if folder in self._merged:
            return self._merged[folder]
        merged = merged_weights(twin(self._base), Path(folder))
        return Swap([(self._parameters[name], tensor) for name, tensor in merged.items()])


def _size_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.safetensors"))


def _why_alone(config: Any) -> str:
    kind = str(config.peft_type).rpartition(".")[2].lower()
    label = METHODS[kind].label if kind in METHODS else kind
    if kind == "lora":
        label = "DoRA" if config.use_dora else "LoRA in experts or with layers trained as a whole"
    return f"Answers with {label} are written one after another: PEFT cannot mix them with others in one batch."
