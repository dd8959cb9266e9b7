"""The layouts of models: asked of a short-lived process once, and kept in the workspace's cache. No torch.

Of the most usual kinds the files alone say as much, so that nobody waits for a process.
"""

import contextlib
import hashlib
import time
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from workbench.errors import ModelError, RunError
from workbench.jobs import supervisor
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED, JobFolder, Status
from workbench.models.facts import ModelFacts
from workbench.models.layout import Layout, names_by_role
from workbench.models.plain import is_plain
from workbench.models.screen import read_object
from workbench.models.weights import check_fits

MOST_SECONDS = 180.0
"""How long a worker is waited for; its processor time is limited besides."""

_FORMAT = 1
"""Counts up when the same config would give another layout, so that old ones are not used again."""

_WORKER = "workbench.models.layout_worker"
_POLL_SECONDS = 0.05
_AGAIN = "Choose it again to try once more, or choose another model."


def recall(known: ModelFacts, root: Path) -> ModelFacts:
    """The facts with the model's layout, if somebody has asked for it; as the files have them until then."""
    if not known.tunable or _says_all(known.path):
        return known
    return _answered(known, _job(known.path, root)) or known


def look(known: ModelFacts, root: Path, patience_seconds: float = 0.0) -> ModelFacts | None:
    """The facts with the model's layout, if it is there within `patience_seconds`; begins to ask where nobody has.

    Raises ModelError, once each, for an asking that was cut short.
    """
    if not known.tunable or _says_all(known.path):
        return known
    job = _job(known.path, root)
    if answered := _answered(known, job):
        return answered
    if not job.is_alive():
        _raise_ended(job)
        _start(job, known.path)
    deadline = time.monotonic() + patience_seconds
    while job.is_alive() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    answered = _answered(known, job)
    if not answered and not job.is_alive():
        _raise_ended(job)
    return answered


def learn(known: ModelFacts, root: Path) -> ModelFacts:
    """The facts with the model's layout, however long it takes. Raises ModelError if it cannot be had."""
    if answered := look(known, root, MOST_SECONDS):
        return answered
    _job(known.path, root).ask_to("cancel")
    raise ModelError(f"The layers of “{known.name}” could not be listed within {MOST_SECONDS:.0f} seconds.", _AGAIN)


def with_layout(known: ModelFacts, layout: Layout) -> ModelFacts:
    """The facts, as a layout has them."""
    return replace(
        known,
        parameters=layout.parameters,
        context=layout.context,
        hidden_size=layout.hidden_size,
        layers=layout.layers,
        vocabulary=layout.vocabulary,
        heads=layout.heads,
        head_size=layout.head_size,
        key_value_width=layout.key_value_width,
        linear_shapes=layout.linear_shapes,
        expert_shapes=layout.expert_shapes,
        names_by_role=names_by_role(layout.roles),
        conv1d=layout.conv1d,
        tied=layout.tied,
    )


def key(folder: Path) -> str:
    """The name that the layout of the model in `folder` is kept under: equal config and libraries, equal name."""
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    digest.update(repr((_FORMAT, *_versions())).encode())
    return digest.hexdigest()[:32]


def _says_all(folder: Path) -> bool:
    return is_plain(read_object(folder / "config.json"))


def _job(folder: Path, root: Path) -> JobFolder:
    return JobFolder(root / "cache" / "layouts" / key(folder))


@cache
def _versions() -> tuple[str, str]:
    return version("transformers"), version("torch")


def _answered(known: ModelFacts, job: JobFolder) -> ModelFacts | None:
    answer: dict[str, Any] = read_json(job.path / "layout.json")
    if refusal := answer.get("refusal"):
        return replace(known, tunable=False, reason=refusal)
    if not answer:
        return None
    layout = Layout.from_json(answer)
    try:
        check_fits(known.linear_shapes, layout.linear_shapes)
    except ModelError as problem:
        return replace(known, tunable=False, reason=str(problem))
    return with_layout(known, layout)


def _start(job: JobFolder, folder: Path) -> None:
    try:
        job.path.mkdir(parents=True, exist_ok=True)
        write_json(job.path / "request.json", {"folder": str(folder)})
        # Another visitor may have been quicker; if it cannot be started at all, the next look says so.
        with contextlib.suppress(RunError):
            supervisor.start(job, job.path / "slot.lock", _WORKER)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "Make room there, or choose another folder for the workspace (--root)."
        raise ModelError(f"The folder “{job.path.parent}” cannot be written to: {reason}.", hint) from error


def _raise_ended(job: JobFolder) -> None:
    """Raise what an earlier attempt came to, once, so that one can try again."""
    status = job.status()
    if status.phase in ENDED:
        job.write_status(Status("created"))
        raise ModelError(f"The layers of this model could not be listed. {status.message}", _AGAIN)
