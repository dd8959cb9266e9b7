"""Showcases as the page and the command line know them: wished for, begun, listed, ended. A process of its own each.

A showcase is a read-only page for an audience: a few questions, and the answers of the original and of a run.
"""

import io
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import segno

from workbench.chat.questions import TUNED, question_for
from workbench.errors import RunError
from workbench.jobs import supervisor
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, write_json
from workbench.runs.root import prepare
from workbench.runs.run_dir import RunDir

_FOLDER = "showcases"
_WISH = "wish.json"
_WORKER = "workbench.server.showcase.worker"
_LONGEST_TITLE, _LONGEST_PROMPT, _MOST_PROMPTS = 80, 200, 6


@dataclass(frozen=True)
class Wish:
    """What is to be shown, and to whom."""

    run: str
    title: str = ""
    """The run's name, if empty."""
    prompts: tuple[str, ...] = ()
    """Examples of what to ask; questions that the run never learned from, if empty."""
    lan: bool = False
    """Whether other devices in this network may come in."""
    port: int = 0
    """0 takes the first free one of ours."""
    names: tuple[str, ...] = ()
    """By which the page may be called, besides the addresses it listens on."""


@dataclass(frozen=True)
class Invitation:
    """How to come in."""

    link: str
    """For visitors, with the code in it."""
    address: str
    """The same without the code, to be read out."""
    code: str
    room: str
    """For the presenter alone: the page in large type."""

    def draw(self) -> bytes:
        """The link as a picture that a telephone reads: SVG."""
        code, picture = segno.make_qr(self.link, error="m"), io.BytesIO()
        code.save(picture, kind="svg", border=2, light="#ffffff", dark="#14181d", omitsize=True)
        return picture.getvalue()


@dataclass(frozen=True)
class Counts:
    """Who came so far. Nobody's name or question is kept."""

    visitors: int = 0
    here: int = 0
    questions: int = 0
    waiting: int = 0


class Showcase(Errand):
    """The folder of one showcase, ROOT/showcases/ID. It holds the way in, so only its owner may read it."""

    interrupted_hint = "Start it again; its visitors need the new code."

    @classmethod
    def create(cls, root: Path, wish: Wish) -> Self:
        """Raises RunError for a run that has nothing to show, or words that are too long."""
        check(root, wish)
        _sweep(root)
        job = cls(prepare(root) / _FOLDER / new_id())
        job.path.parent.mkdir(exist_ok=True)
        job.path.mkdir(mode=0o700)
        write_json(job.path / _WISH, asdict(wish))
        return job

    @property
    def root(self) -> Path:
        return self.path.parents[1]

    @property
    def wish(self) -> Wish:
        stored = read_json(self.path / _WISH)
        return Wish(**stored | {name: tuple(stored[name]) for name in ("prompts", "names")})

    def invitation(self) -> Invitation | None:
        """None until it is open."""
        stored = read_json(self.path / "invitation.json")
        return Invitation(**stored) if stored else None

    def invite(self, invitation: Invitation) -> None:
        write_json(self.path / "invitation.json", asdict(invitation))

    def counts(self) -> Counts:
        return Counts(**read_json(self.path / "counts.json"))

    def count(self, counts: Counts) -> None:
        write_json(self.path / "counts.json", asdict(counts))


def start(root: Path, wish: Wish) -> Showcase:
    """Open a showcase in the background. It goes on when the page is closed, until it is ended.

    Raises RunError for a run that has nothing to show.
    """
    job = Showcase.create(root, wish)
    # A slot of its own: showcases do not wait for one another.
    supervisor.start(job, job.path / "slot", _WORKER)
    return job


def listed(root: Path) -> list[Showcase]:
    """The showcases that are open or opening, the latest first, those begun on the command line too; and those that
    could not be opened, so that it can be said why."""
    return [job for job in _all(root) if job.status().phase not in ("finished", "stopped", "interrupted")]


def end(root: Path, showcase_id: str) -> None:
    """Close a showcase; one that failed is forgotten. Raises RunError if there is no such."""
    job = next((job for job in _all(root) if job.id == showcase_id), None)
    if job is None:
        raise RunError("This showcase has ended.", "Start it again.")
    if job.goes_on:
        job.ask_to("cancel")
    else:
        shutil.rmtree(job.path, ignore_errors=True)


def check(root: Path, wish: Wish) -> None:
    """Raises RunError for a run with nothing to show, or words that are too long; ModelError if its base is gone."""
    run = RunDir.open(root, wish.run)
    if not run.has_adapter():
        raise RunError(f"{run.name} has no result to show yet.", "Wait until it has finished, or show another run.")
    question_for(run, {TUNED: []})
    if len(wish.title) > _LONGEST_TITLE:
        raise RunError(f"The title has {len(wish.title)} characters.", f"Use at most {_LONGEST_TITLE}.")
    if len(wish.prompts) > _MOST_PROMPTS:
        raise RunError(f"There are {len(wish.prompts)} example questions.", f"Give at most {_MOST_PROMPTS}.")
    longest = max(map(len, wish.prompts), default=0)
    if longest > _LONGEST_PROMPT:
        raise RunError(f"An example question has {longest} characters.", f"Use at most {_LONGEST_PROMPT}.")


def _all(root: Path) -> list[Showcase]:
    return [Showcase(path.parent) for path in sorted((root / _FOLDER).glob(f"*/{_WISH}"), reverse=True)]


def _sweep(root: Path) -> None:
    """Codes of showcases that have ended let nobody in; nothing else of them is worth keeping."""
    for job in _all(root):
        if not job.goes_on:
            shutil.rmtree(job.path, ignore_errors=True)
