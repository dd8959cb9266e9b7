"""The errors a person can do something about: one sentence what is wrong, one what to do."""

import errno


class WorkbenchError(Exception):
    """Something the user can mend.

    `message` says what is wrong, with the user's value in it; `hint` says what to do.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class SettingError(WorkbenchError):
    """A setting that cannot be; `setting` is its dotted name, such as `method.rank`."""

    def __init__(self, setting: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.setting = setting


class DataError(WorkbenchError):
    """A file that cannot be used as training data."""


class ModelError(WorkbenchError):
    """A model that cannot be found, read or tuned."""


class AdapterError(WorkbenchError):
    """An adapter from elsewhere that is not taken in."""


class RunError(WorkbenchError):
    """A run that does not exist, or cannot do what was asked of it."""


class ChangedError(RunError):
    """A run that cannot go on, since what it rests on has changed.

    `leaves_adapter` says whether a new run can train further what it has learned.
    """

    def __init__(self, message: str, hint: str, *, leaves_adapter: bool) -> None:
        super().__init__(message, hint)
        self.leaves_adapter = leaves_adapter


def lacks_memory(error: BaseException | None) -> bool:
    """Whether this, or what led to it, is that memory ran out. Libraries often tell so in words alone."""
    if error is None:
        return False
    said = str(error).lower()
    told = "allocate memory" in said or "out of memory" in said
    return told or isinstance(error, MemoryError) or _number(error) == errno.ENOMEM or lacks_memory(error.__cause__)


def _number(error: BaseException) -> int | None:
    return error.errno if isinstance(error, OSError) else None
