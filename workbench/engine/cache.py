"""What is kept of a text that grows: the keys and values of its tokens, and the rotations of their places."""

import torch
from torch import Tensor

from workbench.engine.shape import Shape
from workbench.engine.turns import turn_at

_FIRST_TOKENS = 256


class Cache:
    """The memory of one text. It doubles where it is full, so that each token is copied about once."""

    def __init__(self, shape: Shape, dtype: torch.dtype) -> None:
        self._shape = shape
        self.room_tokens = 0
        self.keys = torch.empty(len(shape.layers), 0, shape.heads.key_width, dtype=dtype)
        """[layers, room, key_value · head width], turned by their places; filled as far as the text was read."""

        self.values = self.keys.clone()
        self.cosines: list[Tensor] = []
        """Of each rotation of the model, [room, pairs] fp32."""

        self.sines: list[Tensor] = []

    def reserve(self, tokens: int) -> None:
        """Make room for a text of so many tokens; what is there stays."""
        if tokens <= self.room_tokens:
            return
        room = max(tokens, 2 * self.room_tokens, _FIRST_TOKENS)
        room = min(room, max(tokens, self._shape.context)) if self._shape.context else room
        self.keys = _grown(self.keys, room)
        self.values = _grown(self.values, room)
        turns = [turn_at(torch.arange(room), rope) for rope in self._shape.ropes]
        self.cosines = [turn.cosine for turn in turns]
        self.sines = [turn.sine for turn in turns]
        self.room_tokens = room


def _grown(kept: Tensor, room: int) -> Tensor:
    layers, tokens, width = kept.shape
    grown = kept.new_empty(layers, room, width)
    grown[:, :tokens] = kept
    return grown
