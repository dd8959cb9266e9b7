"""Keeping packed examples apart: attention computed example by example, and the proof that a model takes part in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch
from peft import PeftModel
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from workbench.data.rendering.rows import Row
from workbench.errors import SettingError
from workbench.training.batches import Batch, join

if TYPE_CHECKING:
    from workbench.methods.base import Network

_NAME = "apart"
_PROBE_TOKENS = 5


def keep_apart(model: "Network") -> None:
    """Let `model` compute packed examples one by one in its attention, and as one sequence everywhere else.

    Raises SettingError if one example changes what the model says to the next: a model may have other layers that
    carry text along, such as recurrent ones.
    """
    base: Any = model.get_base_model() if isinstance(model, PeftModel) else model
    if base.config._attn_implementation == "sdpa":
        AttentionInterface.register(_NAME, attend)
        AttentionMaskInterface.register(_NAME, sdpa_mask)
        base.set_attn_implementation(_NAME)
    if not _are_apart(model):
        raise SettingError(
            "training.batching",
            f"A {type(base).__name__} cannot take packed examples: it would read each as going on from the last.",
            "Choose grouped or padded.",
        )


def attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """As transformers' own attention; where the mask keeps stretches apart, each is computed alone, without the rest.

    Tensors are [sequences, heads, tokens, head size]; the result is [sequences, tokens, heads, head size].
    """
    mask = attention_mask
    if mask is None or not _is_packed(mask, query, key):
        return sdpa_attention_forward(module, query, key, value, mask, **options)
    parts = []
    for own in _stretches(mask):
        # What sees its own first token from its last has no window: the fast causal path needs no mask.
        is_whole = bool(mask[0, 0, own.stop - 1, own.start])
        states = (query[:, :, own], key[:, :, own], value[:, :, own], None if is_whole else mask[..., own, own])
        parts.append(sdpa_attention_forward(module, *states, **options | {"is_causal": is_whole})[0])
    return torch.cat(parts, dim=1), None


def _is_packed(mask: torch.Tensor, query: torch.Tensor, key: torch.Tensor) -> bool:
    tokens = query.shape[2]
    return mask.dtype == torch.bool and key.shape[2] == tokens and mask.shape == (1, 1, tokens, tokens)


def _stretches(mask: torch.Tensor) -> list[slice]:
    """A token that may not look at the one before it begins a new stretch."""
    starts = (~mask[0, 0].diagonal(-1)).nonzero().flatten() + 1
    return [slice(start, end) for start, end in pairwise([0, *starts.tolist(), mask.shape[-1]])]


def _are_apart(model: "Network") -> bool:
    """Whether what a model says within one example depends, to the last bit, on nothing in the other ones.

    Its derivative by each token of the others must be zero: exact in any precision, and for any kind of layer.
    """
    ids = list(range(1, _PROBE_TOKENS + 1))
    batch = join([Row(ids, ids, 0)] * 3, model.device.type)
    before, own, after = _slopes(model, batch, slice(len(ids), 2 * len(ids))).split(len(ids))
    return bool(own.any()) and not bool(before.any() or after.any())


def _slopes(model: "Network", batch: Batch, own: slice) -> torch.Tensor:
    """How the logits at `own` change with the embedding of each token; shape [tokens, hidden size]."""
    was_training = model.training
    model.eval()
    with _watched_embeddings(model) as seen, torch.enable_grad():
        logits = model(**batch.inputs, use_cache=False).logits[0, own]
        (slopes,) = torch.autograd.grad(logits.float().square().sum(), seen)
    model.train(was_training)
    return slopes[0]


@contextmanager
def _watched_embeddings(model: "Network") -> Iterator[list[torch.Tensor]]:
    """Lets derivatives be taken by the embeddings of the next call, which are then in the list."""
    seen: list[torch.Tensor] = []

    def watch(_module: torch.nn.Module, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        seen.append(output.detach().requires_grad_())
        # Some models change their embeddings in place.
        return seen[-1].clone()

    hook = model.get_input_embeddings().register_forward_hook(watch)
    try:
        yield seen
    finally:
        hook.remove()
