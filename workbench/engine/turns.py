"""By how much queries and keys are turned at each place of a text."""

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.shape import Rope


@dataclass(frozen=True)
class Turn:
    """Cosine and sine [tokens, pairs] fp32 of each token's place."""

    cosine: Tensor
    sine: Tensor

    def back(self) -> "Turn":
        return Turn(self.cosine, -self.sine)


def turn_at(places: Tensor, rope: Rope) -> Turn:
    """Of tokens at these places, [tokens]."""
    angles = torch.outer(places.float(), torch.tensor(rope.frequencies))
    return Turn(angles.cos() * rope.factor, angles.sin() * rope.factor)
