"""How the next token is chosen: greedily, or by chance with a generator of its own."""

import torch

from workbench.config.sampling import Sampling

_SHORTLIST = 1000
"""Nearly always enough for top_p; sorting a whole vocabulary of 150,000 takes 18 ms, finding these 1 ms."""


class Sampler:
    """Chooses tokens by one Sampling; the global random state is neither read nor changed."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        # On the CPU whatever the model runs on, so that a seed means the same answer on every device.
        self._generator = torch.Generator().manual_seed(sampling.seed)

    def pick(self, logits: torch.Tensor, text_ids: list[int]) -> int:
        """The token that follows `text_ids`, from one row of logits over the vocabulary."""
        scores = logits.to("cpu", torch.float32)
        if self._sampling.repetition_penalty != 1.0:
            scores = self._penalised(scores, text_ids)
        if self._sampling.temperature == 0.0:
            return int(scores.argmax())
        return self._drawn(scores / self._sampling.temperature)

    def _penalised(self, scores: torch.Tensor, text_ids: list[int]) -> torch.Tensor:
        seen = torch.tensor(sorted(set(text_ids)))
        penalty = self._sampling.repetition_penalty
        old = scores[seen]
        return scores.index_copy(0, seen, torch.where(old < 0, old * penalty, old / penalty))

    def _drawn(self, scores: torch.Tensor) -> int:
        if self._sampling.top_p == 1.0 and self._sampling.top_k == 0:
            return self._draw(scores.softmax(0))
        chances, ids = self._likeliest(scores)
        chances = chances.where(chances.cumsum(0) - chances < self._sampling.top_p, 0.0)
        return int(ids[self._draw(chances)])

    def _likeliest(self, scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Chances and ids, likeliest first, of at least the tokens that top_k and top_p leave."""
        if self._sampling.top_k:
            best = scores.topk(min(self._sampling.top_k, len(scores)))
            return best.values.softmax(0), best.indices
        chances = scores.softmax(0)
        best = chances.topk(min(_SHORTLIST, len(scores)))
        if best.values.sum() < self._sampling.top_p:
            best = chances.topk(len(scores))
        return best.values, best.indices

    def _draw(self, chances: torch.Tensor) -> int:
        chances = chances.where(chances >= self._sampling.min_p * chances.max(), 0.0)
        return int(torch.multinomial(chances, 1, generator=self._generator))
