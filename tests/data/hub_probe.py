"""Fetches many datasets of the hub in one process, because the libraries take long to load.

Run as `python -m tests.data.hub_probe FOLDER`: requests as lines of JSON in, what they come to as lines of JSON out.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.data.sets.hub import HubRequest
from workbench.data.sets.hub_files import fetch_files
from workbench.data.sets.hub_repo import resolve
from workbench.errors import DataError


def outcome(request: HubRequest, folder: Path) -> dict[str, Any]:
    try:
        listing = resolve(request, folder)
        fetched = fetch_files(listing, folder / "files", lambda more: None)
    except DataError as error:
        return {"message": error.message, "hint": error.hint}
    files = {name: path.read_bytes().hex() for name, path in fetched.items()}
    return {"config": listing.config, "split": listing.split, "commit": listing.commit, "files": files}


for line in sys.stdin:
    place = Path(tempfile.mkdtemp(dir=sys.argv[1]))
    sys.stdout.write(json.dumps(outcome(HubRequest(**json.loads(line)), place)) + "\n")
