"""What downloading a model would mean, asked of the hub before anything is fetched.

`ask` does it in a short process of its own, run as `python -m workbench.models.hub.offer ID REVISION`: what strangers
answer is read there, and a hub that does not answer can be given up.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
from workbench.jobs.environment import worker_environment
from workbench.models.facts import ModelFacts
from workbench.models.hub.cache import CachedRepository, cache_folder
from workbench.models.hub.request import ModelRequest

_MOST_SECONDS = 90
_MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Offer:
    """A model that can be downloaded. The files are those needed here, often not all that the repository has."""

    id: str
    revision: str
    commit: str
    files: tuple[str, ...]
    size_bytes: int
    missing_bytes: int
    """How much of it is still to come."""
    architecture: str
    parameters: int
    sizes: dict[str, int]
    """As the facts of a model call them, see `models.facts`."""
    licence: str
    """As its card names it; empty where it does not."""
    free_bytes: int
    """Of the disk that it goes to."""

    @property
    def folder(self) -> Path:
        """Where it will lie, in the Hugging Face cache."""
        return CachedRepository.of(self.id).snapshot(self.commit)

    @property
    def is_here(self) -> bool:
        return self.missing_bytes == 0 and (self.folder / "config.json").exists()

    def facts(self) -> ModelFacts:
        """What can be said of it before it is here."""
        return ModelFacts(
            name=ModelRequest(self.id, self.revision).name,
            path=self.folder,
            architecture=self.architecture,
            parameters=self.parameters,
            licence=self.licence,
            size_gb=self.size_bytes / 1e9,
            tunable=True,
            **self.sizes,  # type: ignore[arg-type]  # whole numbers, all of them
        )

    def sentence(self) -> str:
        """The size, for a person."""
        size = f"{self.id} is {_size(self.size_bytes)}"
        if self.is_here:
            return f"{size}, and it is here already."
        here = self.size_bytes - self.missing_bytes
        so_far = f" of which {_size(here)} are here already," if here else ""
        return f"{size},{so_far} and {_size(self.free_bytes)} are free on the disk."


def ask(request: ModelRequest) -> Offer:
    """Ask the hub about a model.

    Raises ModelError if it is not there or not given out, cannot be tuned, or does not fit on the disk.
    """
    request.check()
    said = _ask_apart(request)
    if "message" in said:
        raise ModelError(said["message"], said["hint"])
    return Offer(**said | {"files": tuple(said["files"])})


def _ask_apart(request: ModelRequest) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, request.id, request.asked_revision]
    try:
        answer = subprocess.run(
            command, env=worker_environment(online=True), capture_output=True, timeout=_MOST_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"The hub said nothing for {_MOST_SECONDS} seconds.", "Try again later.") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise ModelError(f"Asking the hub for “{request.id}” failed: {last}.", "Try again later.") from error
    said: dict[str, Any] = json.loads(answer.stdout)
    return said


def main(id: str, revision: str) -> int:
    """Print the offer, or what is in its way, as JSON."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    try:
        said = asdict(_find_out(ModelRequest(id, revision)))
    except ModelError as error:
        said = {"message": error.message, "hint": error.hint}
    sys.stdout.write(json.dumps(said))
    return 0


def _find_out(request: ModelRequest) -> Offer:
    from workbench.jobs.room import free_bytes
    from workbench.models.facts import sizes
    from workbench.models.hub.arrival import check_room, existing, missing_bytes
    from workbench.models.hub.listing import resolve

    listing = resolve(request)
    check_room(listing)
    return Offer(
        id=request.id,
        revision=request.revision,
        commit=listing.commit,
        files=tuple(file.path for file in listing.files),
        size_bytes=listing.size_bytes,
        missing_bytes=missing_bytes(listing),
        architecture=(listing.config.get("architectures") or [listing.config["model_type"]])[0],
        parameters=listing.parameters,
        sizes=sizes(listing.config),
        licence=listing.licence,
        free_bytes=free_bytes(existing(cache_folder())),
    )


def _size(size_bytes: int) -> str:
    if size_bytes < 1e6:
        return f"{size_bytes / 1e3:,.0f} kB"
    return f"{size_bytes / 1e6:,.0f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:,.1f} GB"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
