"""A base model as transformers holds it, adapters of any kind beside it, and weights that were changed in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import torch
from peft import PeftModel

from workbench.chat.protocol import Question, Target, versions
from workbench.chat.swapping import Swap, read_swap
from workbench.chat.text_loss import text_loss
from workbench.chat.tokenizers import Tokenizers
from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.errors import ModelError
from workbench.methods import bottleneck_tuner  # noqa: F401  # PEFT then loads adapters of this kind
from workbench.methods.changed_weights import is_changed_weights
from workbench.methods.merging import merged_weights
from workbench.models.decode import Decoding
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model
from workbench.models.network_reader import decode, end_ids
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class NetworkModel:
    """See `models.LoadedModel`. Weights that nobody changed are there once, however many results answer."""

    def __init__(self, question: Question) -> None:
        self._asked = question.base
        folder = Path(question.model)
        quantization = Quantization(*question.held)
        self._tokenizers = Tokenizers(folder)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._base: PreTrainedModel = load_model(folder, question.precision, device, quantization).eval()
        self._parameters = dict(self._base.named_parameters())  # under their own names, which an adapter changes
        self._fingerprint = fingerprint(folder)
        self._swaps: dict[str, Swap] = {}
        self._merged: dict[str, Swap] = {}
        self._adapted: PeftModel | None = None
        self._prefixes: dict[str, PeftModel] = {}
        self._versions: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._is_whole = True
        self._targets: WeakKeyDictionary[Decoding, Target] = WeakKeyDictionary()

    def serves(self, question: Question) -> bool:
        return self._is_whole and self._asked == question.base

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        network = self.network_for(target)
        answer = decode(network, prompt_ids, sampling, end_ids(network, self.tokenizer_for(target)))
        self._targets[answer] = target
        return answer

    def tokenizer_for(self, target: Target) -> "PreTrainedTokenizerBase":
        return self._tokenizers.of(target)

    def alone(self, target: Target) -> str:
        return "The standard path answers one after another."

    def read(self, answers: Sequence[Decoding]) -> list[torch.Tensor]:
        return [self._read(answer) for answer in answers]

    def _read(self, answer: Decoding) -> torch.Tensor:
        with self.as_target(self._targets[answer]):
            return answer.reader.read(answer.ids)

    def loss(self, target: Target, row: Row) -> float:
        with self.as_target(target):
            return text_loss(self.network_for(target), row)

    def network_for(self, target: Target) -> Any:
        """What computes a target's answer, within `as_target`. Trained words before a text cannot be switched off."""
        if target.adapter in self._prefixes:
            return self._prefixes[target.adapter]
        if target.adapter in self._names or not self._has_words:
            return self._adapted or self._base
        return self._base

    @property
    def _has_words(self) -> bool:
        return self._adapted is not None and self._adapted.active_peft_config.is_prompt_learning

    def prepare(self, targets: tuple[Target, ...]) -> None:
        """Load the targets' results, unless these very versions are there; others are given up for them."""
        asked = versions(targets)
        if asked.items() <= self._versions.items():
            return
        self._unload()
        for target in targets:
            if target.merged and target.merged not in self._merged:
                self._merged[target.merged] = self._merge(Path(target.merged))
        for target in targets:
            if target.adapter and target.adapter not in self._names.keys() | self._swaps.keys():
                self._load(target)
        self._versions = asked

    @contextmanager
    def as_target(self, target: Target) -> Iterator[None]:
        """Within this, the network answers as `target`."""
        merged, swap = self._merged.get(target.merged), self._swaps.get(target.adapter)
        with merged.in_place() if merged else nullcontext(), swap.in_place() if swap else nullcontext():
            if self._adapted is None:
                yield
            elif target.adapter in self._names:
                self._adapted.set_adapter(self._names[target.adapter])
                yield
            else:
                with self._adapted.disable_adapter():
                    yield

    def _merge(self, folder: Path) -> Swap:
        """The weights that an adapter becomes a part of, beside the model's own."""
        merged = merged_weights(self._base, folder)
        return Swap([(self._parameters[name], tensor) for name, tensor in merged.items()])

    def _load(self, target: Target) -> None:
        folder = Path(target.adapter)
        if is_changed_weights(folder):
            self._swaps[target.adapter] = read_swap(folder, self._fingerprint, self._parameters)
            return
        try:
            self._load_adapters(target, folder)
        except (OSError, ValueError, RuntimeError) as error:
            # It may have come half-way, and the base would then answer with the half of it.
            self._is_whole = False
            raise ModelError(f"The adapter of {target.name} does not fit this model.", "Train it again.") from error

    def _load_adapters(self, target: Target, folder: Path) -> None:
        """One adapter, or one beside the layers and a prefix."""
        name, has_prefix = f"adapter-{len(self._names)}", (folder / "prefix").is_dir()
        beside = folder / "lora" if has_prefix else folder
        if self._adapted is None:
            self._adapted = PeftModel.from_pretrained(self._base, beside, adapter_name=name).eval()
        else:
            self._adapted.load_adapter(str(beside), adapter_name=name)
        if has_prefix:
            self._prefixes[target.adapter] = PeftModel.from_pretrained(self._base, folder / "prefix").eval()
        self._names[target.adapter] = name

    def _unload(self) -> None:
        if self._adapted:
            tuned: Any = self._adapted.base_model
            self._base, self._adapted = tuned if self._has_words else tuned.unload(), None
        self._names, self._prefixes, self._swaps, self._merged, self._versions = {}, {}, {}, {}, {}
