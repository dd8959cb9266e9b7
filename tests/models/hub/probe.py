"""Downloads many models of the hub in one process, because the library takes long to load.

Run as `python -m tests.models.hub.probe FOLDER`: requests as lines of JSON in, what they come to as lines of JSON out.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
from workbench.models.hub.arrival import bring, check_room, missing_bytes
from workbench.models.hub.cache import CachedRepository
from workbench.models.hub.listing import resolve
from workbench.models.hub.request import ModelRequest


def outcome(request: ModelRequest, cache: str) -> dict[str, Any]:
    os.environ["HF_HUB_CACHE"] = cache
    moves: list[int] = []
    try:
        listing = resolve(request)
        check_room(listing)
        bring(listing, moves.append, lambda name: None)
    except ModelError as error:
        left = [path.name for path in Path(cache).rglob("blobs/*")]
        return {"message": error.message, "hint": error.hint, "left": left}
    folder = CachedRepository.of(request.id).link(listing.commit, listing.files)
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    counted = {"size": listing.size_bytes, "moved": sum(moves), "missing": missing_bytes(listing)}
    counted |= {"parameters": listing.parameters}
    return {"files": files, "commit": listing.commit, "licence": listing.licence, **counted}


for line in sys.stdin:
    answer = outcome(ModelRequest(**json.loads(line)), tempfile.mkdtemp(dir=sys.argv[1]))
    sys.stdout.write(json.dumps(answer) + "\n")
