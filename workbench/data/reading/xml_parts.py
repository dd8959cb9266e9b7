"""XML as a stream of events, without what makes XML dangerous: a document that declares entities is not read at all."""

from collections.abc import Iterable, Iterator
from typing import Protocol
from xml.parsers import expat

from workbench.data.reading.records import Unfit


class Handler(Protocol):
    """Takes the events of one document; names come without their namespaces."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def parse_xml(chunks: Iterable[bytes], handler: Handler) -> Iterator[None]:
    """Yields after each chunk, so that what the handler has gathered can be taken. Raises Unfit."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: handler.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.text
    try:
        for chunk in chunks:
            parser.Parse(chunk)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise Unfit(f"it holds broken XML: {error}") from None


def _local(name: str) -> str:
    return name[name.rfind("}") + 1 :]


def _refuse(name: str, system: str | None, public: str | None, has_subset: bool) -> None:
    raise Unfit("it holds XML that declares types of its own")
