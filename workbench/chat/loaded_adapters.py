"""Adapters in memory for the fast path: those of who answered last, each as its folder held it when it was read."""

from collections import OrderedDict
from pathlib import Path

from workbench.chat.protocol import Target, check_there, versions
from workbench.engine.adapter_reading import read_adapters
from workbench.engine.adapters import Adapters
from workbench.engine.shape import Shape

MOST_ADAPTERS = 16
"""Switching among so many reads no file."""


class LoadedAdapters:
    """Answers under way hold on to theirs, whatever is let go or read anew here."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._loaded: OrderedDict[tuple[str, int], Adapters] = OrderedDict()
        self._versions: dict[str, int] = {}

    def prepare(self, targets: tuple[Target, ...]) -> None:
        """Raises ModelError for adapters that are gone, damaged or not covered."""
        check_there(targets)
        asked = versions(targets)
        for key in asked.items():
            if key not in self._loaded:
                self._loaded[key] = read_adapters(Path(key[0]), self._shape)
            self._loaded.move_to_end(key)
        self._versions |= asked
        while len(self._loaded) > max(MOST_ADAPTERS, len(asked)):
            self._loaded.popitem(last=False)

    def of(self, target: Target) -> Adapters | None:
        """Of a prepared target, in the version of that time; None for the base."""
        return self._loaded[target.adapter, self._versions[target.adapter]] if target.adapter else None
