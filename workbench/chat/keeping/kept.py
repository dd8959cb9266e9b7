"""One conversation as its file holds it, and what is told of it besides: what its answerers are called, when it was."""

import json
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from workbench.chat.conversation import Conversation
from workbench.chat.gguf.files import are_there
from workbench.chat.keeping.soundness import mend
from workbench.chat.questions import Answerer
from workbench.errors import WorkbenchError
from workbench.runs.listing import facts
from workbench.runs.run_dir import RunDir

FORMAT = 1
"""The format number of the files."""

LONGEST_NAME = 80


class Unreadable(Exception):
    """Why a file is no conversation, in a few words."""


@dataclass(frozen=True)
class Kept:
    """A conversation with at least one question, and what is told of it."""

    id: str
    revision: int
    """How often it was written. Whoever goes on from an older one makes another file."""
    conversation: Conversation
    names: dict[str, str]
    """What the answerers are called; their runs may be gone by now."""
    base: str
    """The model that all of them rest on."""
    created: float
    changed: float
    name: str = ""
    """What its owner calls it."""

    @property
    def reference(self) -> str:
        """This conversation at this revision."""
        return f"{self.id}@{self.revision}"

    @property
    def title(self) -> str:
        """Its name, or its first question on one line."""
        asked = " ".join(self.conversation.exchanges[0].prompt.split())
        short = asked if len(asked) <= LONGEST_NAME else f"{asked[: LONGEST_NAME - 1]}…"
        return self.name or short or self.id

    @property
    def lead_name(self) -> str:
        """What the run is called whose base answers, or the first file where there is none."""
        lead = self.conversation.lead
        return next((self.names[name] for name, one in self.conversation.answerers.items() if one.run_id == lead), lead)

    def to_json(self) -> dict[str, Any]:
        told = {key: value for key, value in vars(self).items() if key != "id"}
        return {"format": FORMAT} | told | {"conversation": self.conversation.to_json()}

    @classmethod
    def from_json(cls, conversation_id: str, data: dict[str, Any]) -> Self:
        """Raises KeyError, TypeError, AttributeError or ValueError for what is none."""
        told = {key: value for key, value in data.items() if key != "format"}
        kept = cls(conversation_id, **told | {"conversation": Conversation.from_json(data["conversation"])})
        texts = [kept.name, kept.base, *kept.names.values(), *_texts(kept.conversation)]
        if not kept.conversation.exchanges or not all(isinstance(text, str) for text in texts):
            raise ValueError("no texts")
        return kept


def read(path: Path) -> Kept:
    """Raises FileNotFoundError, and Unreadable for what is no conversation of this version."""
    try:
        data = json.loads(path.read_bytes())
        if data["format"] == FORMAT:
            return Kept.from_json(path.stem, data)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Unreadable("its file is damaged") from error
    raise Unreadable("it was written by another version")


def describe(root: Path, conversation: Conversation, before: Kept | None = None) -> Kept:
    """A conversation as it would be kept now: names are those of today, or of `before` where the run is gone."""
    now = time.time()
    known = before or Kept(_new_id(), 0, conversation, {}, "", now, now)
    base = _base_of(root, conversation.lead) or known.base
    names = {
        name: f"Original ({base})" if one.is_original else _called(root, one) or known.names.get(name, one.run_id)
        for name, one in conversation.answerers.items()
    }
    return replace(known, revision=known.revision + 1, conversation=conversation, names=names, base=base, changed=now)


def why_read_only(root: Path, kept: Kept) -> str:
    """One sentence on why nobody can go on with a conversation, "" if one can."""
    lead = kept.conversation.lead
    runs = {lead: kept.lead_name} if lead else {}
    runs |= {one.run_id: kept.names[name] for name, one in kept.conversation.answerers.items() if one.run_id}
    gone = [name for run_id, name in runs.items() if not _has_result(root, run_id)]
    gone += [kept.names[name] for name, one in kept.conversation.answerers.items() if not are_there(root, one)]
    if not gone:
        return ""
    verb = "is" if len(gone) == 1 else "are"
    return f"{' and '.join(gone)} {verb} gone, so this conversation can be read and saved, but not gone on with."


def _texts(conversation: Conversation) -> list[Any]:
    exchanges = conversation.exchanges
    prompts = [exchange.prompt for exchange in exchanges]
    return [*prompts, *(answer.text for exchange in exchanges for answer in exchange.answers.values())]


def _new_id() -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"


def _opened(root: Path, run_id: str) -> RunDir | None:
    try:
        return RunDir.open(root, run_id)
    except WorkbenchError:
        return None


def _called(root: Path, answerer: Answerer) -> str:
    """ "" for a run that is gone."""
    if answerer.file:
        return mend(answerer.file_title)
    run = _opened(root, answerer.run_id)
    return mend(run.name) if run else ""


def _base_of(root: Path, run_id: str) -> str:
    """What the base is called: never the path to it."""
    run = _opened(root, run_id)
    return mend(Path(facts(run).model).name) if run else ""


def _has_result(root: Path, run_id: str) -> bool:
    run = _opened(root, run_id)
    return run is not None and run.has_adapter()
