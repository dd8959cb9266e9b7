"""Some examples kept back, to see whether the model learned or only memorised."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.data.examples import Example

MAX_HELD_OUT = 500


@dataclass(frozen=True)
class Split:
    """Both parts in the order of the file; the dropped ones are copies of held-out examples."""

    training: tuple[Example, ...]
    held_out: tuple[Example, ...]
    duplicates_dropped: int


def hold_out(examples: Sequence[Example], share: float, seed: int) -> Split:
    """Keep back a share of the examples, chosen by seed and content: neither order nor file name matters."""
    digests = [_digest(example, seed) for example in examples]
    different = sorted(set(digests))
    chosen = set(different[: _count(len(digests), len(different), share)])
    training = [example for example, digest in zip(examples, digests, strict=True) if digest not in chosen]
    held_out = {digest: example for example, digest in zip(examples, digests, strict=True) if digest in chosen}
    dropped = len(examples) - len(training) - len(held_out)
    return Split(tuple(training), tuple(held_out.values()), dropped)


def _count(examples: int, different: int, share: float) -> int:
    """How many to keep back; at least one different example stays to be learned."""
    if share <= 0:
        return 0
    return min(max(1, round(share * examples)), MAX_HELD_OUT, different - 1)


def _digest(example: Example, seed: int) -> bytes:
    turns = [(message.role, message.content) for message in example.messages]
    content = json.dumps([seed, turns, example.text])
    return hashlib.sha256(content.encode()).digest()
