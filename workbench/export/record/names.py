"""What things are called in files that leave this computer: never by where they stand on it."""

import re
from pathlib import Path, PurePosixPath

from workbench.hub.names import ID, fits

_CACHED = "models--"
_COMMIT = re.compile(r"[0-9a-f]{40}")


def last_part(path: str) -> str:
    """Of a path on any system its last part; any other name as it is."""
    return PurePosixPath(path.replace("\\", "/").rstrip("/")).name


def hub_id(folder: Path) -> str:
    """What a model is called on the hub, told by where the hub's cache has put it; "" for one from elsewhere."""
    cached, kept_in = folder.parent.parent.name, folder.parent.name
    found = cached.removeprefix(_CACHED).replace("--", "/")
    return found if kept_in == "snapshots" and cached.startswith(_CACHED) and fits(ID, found) else ""


def hub_commit(folder: Path) -> str:
    """The commit of a model of the hub, "" where that is not known."""
    return folder.name if hub_id(folder) and _COMMIT.fullmatch(folder.name) else ""
