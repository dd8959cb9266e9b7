"""The Hugging Face cache, which other tools read too: content by its hash, and the files of each commit as links to it.

The hub's own library begins anew what was broken off, and believes what arrived; so the content is put here by us.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.jobs.files import write_atomic
from workbench.jobs.queue import Lock

if TYPE_CHECKING:
    from workbench.hub.files import RemoteFile

_FIRST_WORD = "models--"


def cache_folder() -> Path:
    """Where huggingface_hub keeps downloads, by the rules of its documentation."""
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "huggingface" / "hub"


class CachedRepository:
    """The part of the cache that one repository has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, id: str) -> "CachedRepository":
        return cls(cache_folder() / (_FIRST_WORD + id.replace("/", "--")))

    @property
    def id(self) -> str:
        return self.folder.name.removeprefix(_FIRST_WORD).replace("--", "/")

    def blob(self, file: "RemoteFile") -> Path:
        """Where the content of a file lies, once it has arrived and been checked."""
        return self.folder / "blobs" / file.hash

    def partial(self, file: "RemoteFile") -> Path:
        """What has arrived of it so far."""
        return self.blob(file).with_name(f"{file.hash}.incomplete")

    def lock(self, file: "RemoteFile") -> Lock:
        """Held while a file is fetched; the lock that the hub's own library takes too."""
        return Lock(self.folder.parent / ".locks" / self.folder.name / f"{file.hash}.lock")

    def arrived_bytes(self, files: Iterable["RemoteFile"]) -> int:
        """How much of these is here."""
        return sum(max(_size(self.blob(file)), _size(self.partial(file))) for file in files)

    def snapshot(self, commit: str) -> Path:
        return self.folder / "snapshots" / commit

    def snapshots(self) -> list[Path]:
        return [path for path in self.folder.glob("snapshots/*") if path.is_dir()]

    def link(self, commit: str, files: Iterable["RemoteFile"]) -> Path:
        """Make the folder of a commit. config.json comes last: only then is it taken for a model."""
        folder = self.snapshot(commit)
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(files, key=lambda file: file.path == "config.json"):
            with suppress(FileExistsError):
                (folder / file.path).symlink_to(Path("..") / ".." / "blobs" / file.hash)
        return folder

    def name_commit(self, revision: str, commit: str) -> None:
        """Remember which commit a branch or tag is, or that a commit was asked for."""
        path = self.folder / "refs" / revision
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, commit)

    def revisions(self) -> dict[str, str]:
        """The commit of each revision that was ever asked for by its name."""
        refs = self.folder / "refs"
        paths = (path for path in refs.rglob("*") if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(refs).as_posix(): path.read_text(encoding="utf-8").strip() for path in sorted(paths)}


def repositories() -> list[CachedRepository]:
    """Those of models, by name."""
    return [CachedRepository(folder) for folder in sorted(cache_folder().glob(f"{_FIRST_WORD}*"))]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
