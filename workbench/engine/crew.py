"""Threads that compute the packs of an update side by side, each a pack of its own.

Threads that share each product wait for one another thousands of times an update, which stalls all of them as soon as
another program takes a core. Here they meet once. What the packs teach is summed in the order of the packs, so that the
result is the same whoever computed which.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.decoder import Decoder
from workbench.engine.packs import Pack
from workbench.engine.workspace import Workspace


class Crew:
    """As many lanes as there are `threads`, or rows in an update if these are fewer; then a lane has several."""

    def __init__(self, decoder: Decoder, adapters: Adapters, threads: int, rows: int) -> None:
        self.lanes = min(threads, rows)
        self._decoder = decoder
        self._adapters = adapters
        each = threads // self.lanes
        self._pool = ThreadPoolExecutor(self.lanes, "lane", initializer=torch.set_num_threads, initargs=(each,))
        self._workspaces: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(self.lanes):
            self._workspaces.put(decoder.workspace())

    def learn(self, packs: Sequence[Pack], factor: float, seeds: Sequence[int]) -> float:
        """The loss over all learned tokens in nats, summed; the parameters get its gradients times `factor`.

        A pack's seed decides which inputs of adapters are left out, if any are.
        """
        factors = [factor] * len(packs)
        loss, total = 0.0, torch.zeros(self._adapters.numbers)
        for its_loss, gradients in self._pool.map(self._learn, packs, factors, seeds):
            loss += its_loss
            total += gradients
        self._adapters.take_gradients(total)
        return loss

    def loss(self, packs: Sequence[Pack]) -> float:
        """The loss over all learned tokens in nats, summed; nothing is left out."""
        return sum(self._pool.map(self._loss, packs))

    def _learn(self, pack: Pack, factor: float, seed: int) -> tuple[float, Tensor]:
        gradients = self._decoder.gradients()
        with self._workspace() as workspace:
            return self._decoder.learn(pack, factor, seed, gradients, workspace), gradients

    def _loss(self, pack: Pack) -> float:
        with self._workspace() as workspace:
            return self._decoder.loss(pack, workspace)

    @contextmanager
    def _workspace(self) -> Iterator[Workspace]:
        workspace = self._workspaces.get()
        try:
            yield workspace
        finally:
            self._workspaces.put(workspace)
