"""Keeps small gradients from vanishing where a model computes in fp16, which knows no number below 6e-8.

The loss is multiplied by a power of two before its gradients are computed, and they are divided by it afterwards
(Micikevicius et al. 2018, arXiv:1710.03740, section 3.2). Too large a factor leads past 65,504, the largest number; the
same batch is then computed anew with half of it.
"""

from collections.abc import Iterable

import torch

_FIRST = 2.0**16
_PATIENCE = 2000
"""Updates that went well before a factor that was halved is doubled again."""


class LossScale:
    """The factor as it stands; in other formats it is 1 and stays so."""

    def __init__(self, precision: str) -> None:
        self._most = _FIRST if precision == "fp16" else 1.0
        self.factor = self._most
        self._went_well = 0

    def settle(self, parameters: Iterable[torch.nn.Parameter]) -> bool:
        """Divide the gradients by the factor. False if they were too large: they are dropped, and the factor halved."""
        if self._most == 1.0:
            return True
        learning = [parameter for parameter in parameters if parameter.grad is not None]
        gradients = [parameter.grad for parameter in learning if parameter.grad is not None]
        if self.factor > 1.0 and not all(bool(gradient.isfinite().all()) for gradient in gradients):
            for parameter in learning:
                parameter.grad = None
            self.factor, self._went_well = self.factor / 2, 0
            return False
        for gradient in gradients:
            gradient /= self.factor
        self._count()
        return True

    def state(self) -> dict[str, float]:
        return {"factor": self.factor, "went_well": self._went_well}

    def restore(self, state: dict[str, float]) -> None:
        self.factor, self._went_well = state["factor"], int(state["went_well"])

    def _count(self) -> None:
        self._went_well += 1
        if self._went_well == _PATIENCE:
            self.factor, self._went_well = min(self._most, 2 * self.factor), 0
