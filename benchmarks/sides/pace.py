"""What makes a trainer of transformers wait before each step. Runs in the environments of the peers."""

import time
from typing import Any

import torch
from transformers import TrainerCallback

from benchmarks.sides.pacing import Pacer


class Pace(TrainerCallback):
    """Waits before each step of a trainer, and tells what it took."""

    def __init__(self, pacer: Pacer, pad_id: int) -> None:
        self._pacer = pacer
        self._pad_id = pad_id
        self._begun = 0.0
        self._tokens = 0
        self._loss = float("nan")

    def watch(self, model: torch.nn.Module) -> None:
        """Count what the model is given, and keep the loss it gives."""
        model.register_forward_hook(self._on_forward, with_kwargs=True)

    def on_step_begin(self, *args: Any, **kwargs: Any) -> None:
        self._tokens = 0
        self._pacer.wait()
        self._begun = time.perf_counter()

    def on_step_end(self, *args: Any, **kwargs: Any) -> None:
        self._pacer.tell(self._tokens, time.perf_counter() - self._begun, self._loss)

    def _on_forward(self, model: Any, args: Any, kwargs: dict[str, Any], output: Any) -> None:
        self._tokens += int((kwargs["input_ids"] != self._pad_id).sum())
        if output.loss is not None:
            self._loss = float(output.loss.detach())
