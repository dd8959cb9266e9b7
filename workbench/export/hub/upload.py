"""Sending the files of an export to a new repository of the hub, where they appear all at once, or not at all.

Only a process that asks the hub loads this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from json import JSONDecodeError
from pathlib import Path

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from workbench.errors import RunError
from workbench.export.hub.job import PushRequest
from workbench.export.hub.parcel import Parcel
from workbench.hub.answers import Asked, told
from workbench.hub.token import VARIABLE, token
from workbench.hub.way import endpoint

_TITLE = "Upload an export of LoRA Workbench"
_ATTRIBUTES = ".gitattributes"
"""What the hub itself puts into a new repository."""

_UNFIT, _NO_RIGHT, _EXISTS, _CHANGED = 400, 403, 409, 412
_NO_ROOM = (402, 413, 507)
_MOST_CHARACTERS = 200
_OTHER_NAME = "Choose another name, or delete that one on its page on the hub."

OnBytes = Callable[[int], None]


class Upload:
    """Each step raises RunError for what the hub, or the way to it, answers."""

    def __init__(self, request: PushRequest, parcel: Parcel) -> None:
        """Reads every file once, and raises RunError where one is not what was exported."""
        self._request = request
        self._api = HfApi(token=token())
        self._files = {name: _ReadFile(parcel.folder / name) for name in parcel.digests}
        self._additions = [CommitOperationAdd(name, file) for name, file in self._files.items()]
        self._parent = ""
        for addition in self._additions:
            parcel.check_digest(addition.path_in_repo, addition.upload_info.sha256.hex())

    def make_place(self) -> None:
        """Have a repository that holds nothing: a new one, or what an upload that broke off left."""
        with self._told():
            if not self._create():
                self._check_empty()
            self._parent = self._api.model_info(self._request.id).sha or ""

    def send(self, on_bytes: OnBytes) -> None:
        """Bring the large files to the hub, where nobody sees them yet; the small ones go with `publish`."""
        for addition in self._additions:
            file = self._files[addition.path_in_repo]
            file.tell_from_here(on_bytes)
            # One at a time, in this thread: only so a stop comes through at once.
            with self._told():
                self._api.preupload_lfs_files(self._request.id, [addition], num_threads=1)
            file.tell_rest()

    def publish(self) -> str:
        """Give the files their names. Returns where they are to be seen."""
        id = self._request.id
        with self._told():
            self._api.create_commit(id, self._additions, commit_message=_TITLE, parent_commit=self._parent)
        return f"{endpoint()}/{id}"

    def _create(self) -> bool:
        """False where there is one already."""
        try:
            self._api.create_repo(self._request.id, private=not self._request.public)
        except HfHubHTTPError as error:
            if error.response.status_code != _EXISTS:
                raise
            return False
        return True

    def _check_empty(self) -> None:
        request, known = self._request, self._api.model_info(self._request.id)
        if any(file.rfilename != _ATTRIBUTES for file in known.siblings or ()):
            raise RunError(f"“{request.id}” is on the hub already, with files in it. Nothing was changed.", _OTHER_NAME)
        if known.private == request.public:
            message = f"“{request.id}” is on the hub already, empty, and it is not {request.visibility}."
            raise RunError(message, _OTHER_NAME)

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(Asked("repository", self._request.id, "main", RunError)):
            try:
                with _unwrapped():
                    yield
            except HfHubHTTPError as error:
                self._refuse(error)
                raise
            except JSONDecodeError:
                raise
            except ValueError as error:
                raise _unfit(str(error)) from error

    def _refuse(self, error: HfHubHTTPError) -> None:
        """Raises RunError for what only who uploads is answered."""
        status, said, id = error.response.status_code, error.server_message or "", self._request.id
        if status in _NO_ROOM or "storage" in said.lower():
            message = f"Your account on the hub has no room for it: {_line(said or str(status))}."
            raise RunError(message, "Make room there, or push less.") from error
        if status == _NO_RIGHT:
            hint = f"Put your own user name first, and a token that may write into {VARIABLE}."
            raise RunError(f"The token in {VARIABLE} may not write to “{id}”.", hint) from error
        if status == _UNFIT and said:
            raise _unfit(said) from error
        if status == _CHANGED:
            raise RunError(f"“{id}” was changed while this was under way.", _OTHER_NAME) from error


class _ReadFile(BufferedReader):
    """A file that tells how much of it has been sent. What is sent again after an error counts once."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))
        self._size_bytes = path.stat().st_size
        self._told_bytes = self._size_bytes
        self._on_bytes: OnBytes = lambda _: None

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._tell_to(self.tell())
        return piece

    def tell_from_here(self, on_bytes: OnBytes) -> None:
        self._on_bytes, self._told_bytes = on_bytes, 0

    def tell_rest(self) -> None:
        """Of what the hub had already."""
        self._tell_to(self._size_bytes)

    def _tell_to(self, end: int) -> None:
        if end > self._told_bytes:
            self._on_bytes(end - self._told_bytes)
            self._told_bytes = end


@contextmanager
def _unwrapped() -> Iterator[None]:
    """The library hides what went wrong with a large file behind an error of its own."""
    try:
        yield
    except RuntimeError as error:
        if error.__cause__ is None:
            raise
        raise error.__cause__ from None


def _unfit(said: str) -> RunError:
    return RunError(f"The hub does not take these files: {_line(said)}.", "Look at the card, then export again.")


def _line(text: str) -> str:
    return " ".join(text.split())[:_MOST_CHARACTERS].rstrip(".")
