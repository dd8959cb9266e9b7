"""One side of a pair: the standard path with the logits of every token, and torch's own loss over them.

Settings as JSON:  python -m benchmarks.sides.all_logits '{"model.path": …}'
"""

from typing import Any

import torch
from torch.nn import functional

from benchmarks.sides import own
from workbench.data.rendering.rows import IGNORED
from workbench.training import stepper
from workbench.training.batches import Batch


def summed_loss(model: Any, batch: Batch) -> torch.Tensor:
    """As in `training.label_loss`, by the shortest way."""
    logits = model(**batch.inputs, use_cache=False).logits[:, :-1]
    labels = batch.labels[:, 1:]
    learned = labels != IGNORED
    return functional.cross_entropy(logits[learned].float(), labels[learned], reduction="sum")


if __name__ == "__main__":
    stepper.summed_loss = summed_loss
    own.main()
