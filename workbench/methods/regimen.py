"""What a method does while it trains, beside learning from examples. Most do nothing."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


class Regimen:
    """One that does nothing. The loop calls it; what it remembers goes into the checkpoints."""

    def penalty(self) -> "torch.Tensor | None":
        """What is added to the loss of each update; it is no part of the loss that is recorded."""
        return None

    def after_update(self, step: int) -> None:
        """The parameters have just been updated for the `step`-th time; their gradients are still there."""

    def state(self) -> "dict[str, torch.Tensor]":
        """All that a resume needs to go on exactly, beside the trained parameters."""
        return {}

    def restore(self, state: "dict[str, torch.Tensor]") -> None:
        """Take back what `state` gave."""
