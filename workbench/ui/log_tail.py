"""The end of a log, and after that only what was added."""

from pathlib import Path

_MOST_BYTES = 40_000


def read_tail(path: Path, known: int) -> tuple[str, int, int]:
    """The whole lines after byte `known`, and the bytes where they start and end.

    Only the last lines, where `known` is none of the log's bytes or far behind.
    """
    size = path.stat().st_size if path.exists() else 0
    if known == size:
        return "", size, size
    is_near = 0 <= known <= size <= known + _MOST_BYTES
    start = known if is_near else max(0, size - _MOST_BYTES)
    if not size:
        return "", 0, 0
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(size - start)
    if start and not is_near:
        torn = data.find(b"\n") + 1
        start, data = start + torn, data[torn:]
    data = data[: data.rfind(b"\n") + 1]
    lines = data.decode("utf-8", errors="replace").splitlines()
    return "".join(line + "\n" for line in lines), start, start + len(data)
