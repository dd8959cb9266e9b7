"""What a text costs a network of transformers: the loss of its learned tokens, as training reckons it."""

import inspect
from typing import Any

import torch

from workbench.data.rendering.rows import IGNORED, Row


@torch.no_grad()
def text_loss(network: Any, row: Row) -> float:
    """Cross entropy in nats, in fp32, summed over the row's learned tokens."""
    labels = torch.tensor([*row.labels[1:], IGNORED], device=network.device)
    # Counted from the end, since trained words before the text have places of their own.
    predicting = (labels != IGNORED).nonzero().squeeze(1) - len(labels)
    base = network.get_base_model() if hasattr(network, "get_base_model") else network
    keeps = "logits_to_keep" in inspect.signature(base.forward).parameters
    options = {"logits_to_keep": predicting} if keeps else {}
    ids = torch.tensor([row.input_ids], device=network.device)
    logits = network(input_ids=ids, use_cache=False, **options).logits[0]
    chosen = logits if keeps else logits[predicting]
    return float(torch.nn.functional.cross_entropy(chosen.float(), labels[predicting], reduction="sum"))
