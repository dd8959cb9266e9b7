"""The fixed text that a chat template puts around the turns of conversations of one shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

Span = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """Found once for a shape, such as question and answer; then the lengths of the turns say where the answers stand.

    `edges` are the learned stretches as pairs of places, each counted from the end of one of the contents.
    """

    around: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, spans: Sequence[Span], contents: Sequence[str]) -> "Layout | None":
        """None where the text does not hold each of the contents once, in their order."""
        around: list[str] = []
        rest = text
        for content in contents:
            before, _, rest = rest.partition(content)
            around.append(before)
        around.append(rest)
        layout = cls(tuple(around), ())
        if layout._filled(contents) != text or any(text.count(content) != 1 for content in contents):
            return None
        ends = layout._ends(contents)
        edges = [_counted(edge, ends) for span in spans for edge in span]
        return cls(tuple(around), tuple(edges))

    def read(self, text: str, contents: Sequence[str]) -> tuple[str, tuple[Span, ...]] | None:
        """The text up to the last learned character and its learned stretches; None if it is not laid out like this."""
        for given in (contents, [content.strip() for content in contents]):
            filled = self._filled(given)
            if text.startswith(filled):
                ends = self._ends(given)
                places = [ends[number] + offset for number, offset in self.edges]
                return filled, tuple(zip(places[::2], places[1::2], strict=True))
        return None

    def _filled(self, contents: Sequence[str]) -> str:
        parts = [part for pair in zip(self.around, contents, strict=False) for part in pair]
        return "".join([*parts, self.around[-1]])

    def _ends(self, contents: Sequence[str]) -> list[int]:
        """Where the text begins, and where each of the contents ends."""
        lengths = [len(before) + len(content) for before, content in zip(self.around, contents, strict=False)]
        return list(accumulate(lengths, initial=0))


def _counted(edge: int, ends: list[int]) -> tuple[int, int]:
    number = max(place for place, end in enumerate(ends) if end <= edge)
    return number, edge - ends[number]
