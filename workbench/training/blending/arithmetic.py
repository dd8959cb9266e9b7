"""The arithmetic of a blend beside one layer: several updates, each the product of two halves, become one.

Where numbers are dropped or voted on, that is PEFT's own code (peft.utils.merge_utils).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from peft.utils.merge_utils import dare_linear, dare_ties, task_arithmetic, ties

from workbench.training.blending.request import BlendRequest

Merge = Callable[[list[torch.Tensor], torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Update:
    """What an adapter adds to the weight of a layer: strength · b · a."""

    a: torch.Tensor
    b: torch.Tensor
    strength: float = 1.0

    def times(self, other: "Update") -> float:
        """The sum of the products of their numbers, without ever making either as large as the weight."""
        between = (self.b.double().T @ other.b.double()) * (self.a.double() @ other.a.double().T)
        return self.strength * other.strength * float(between.sum())


Combine = Callable[[Sequence[Update]], Update]


def combining(request: BlendRequest, most_rank: int) -> Combine:
    """What a request does beside each layer."""
    density = request.density
    by_way: dict[str, Combine] = {
        "cat": put_side_by_side,
        "svd": partial(make_smaller, most_rank=most_rank),
        "linear": partial(merge_halves, merge=task_arithmetic),
        "ties": partial(merge_halves, merge=partial(ties, density=density)),
        "dare_linear": partial(merge_halves, merge=partial(dare_linear, density=density)),
        "dare_ties": partial(merge_halves, merge=partial(dare_ties, density=density)),
    }
    return by_way[request.way]


def put_side_by_side(updates: Sequence[Update]) -> Update:
    """The exact sum; its rank is the sum of theirs."""
    a = torch.cat([update.a * update.strength for update in updates])
    return Update(a, torch.cat([update.b for update in updates], dim=1))


def make_smaller(updates: Sequence[Update], most_rank: int) -> Update:
    """The nearest to the exact sum of at most this rank.

    The sum is never made as large as the weight: its singular values are those of a matrix as small as its rank.
    """
    whole = put_side_by_side(updates)
    b_turn, b_rest = torch.linalg.qr(whole.b.double())
    a_turn, a_rest = torch.linalg.qr(whole.a.double().T)
    left, sizes, right = torch.linalg.svd(b_rest @ a_rest.T, full_matrices=False)
    roots = sizes[:most_rank].sqrt()
    a = roots[:, None] * (right[:most_rank] @ a_turn.T)
    return Update(a.float(), ((b_turn @ left[:, :most_rank]) * roots).float())


def merge_halves(updates: Sequence[Update], merge: Merge) -> Update:
    """As PEFT does it: each half times the root of its strength, the sign with the first half alone."""
    roots = [math.sqrt(abs(update.strength)) for update in updates]
    signed = [math.copysign(root, update.strength) for root, update in zip(roots, updates, strict=True)]
    a = merge([update.a for update in updates], torch.tensor(signed))
    return Update(a, merge([update.b for update in updates], torch.tensor(roots)))
