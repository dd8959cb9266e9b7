"""Conversations on the disk: ROOT/conversations/ID.json, written anew after each answer."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.chat.conversation import Conversation
from workbench.chat.keeping.kept import LONGEST_NAME, Kept, Unreadable, describe, read
from workbench.chat.keeping.soundness import mend, sound
from workbench.config.names import check_id, is_id
from workbench.errors import WorkbenchError
from workbench.jobs.files import sweep, write_json
from workbench.jobs.queue import Lock


@dataclass(frozen=True)
class Listed:
    """One line of the list; with a `problem`, a file that cannot be read and is left as it is."""

    id: str
    title: str
    changed: float
    lead: str = ""
    lead_name: str = ""
    questions: int = 0
    problem: str = ""


def keep(root: Path, conversation: Conversation, reference: str = "") -> str:
    """Write a conversation down; returns the reference to go on from. Nothing is kept of one without a question.

    Where the file of `reference` was changed by somebody else, deleted or damaged meanwhile, another one is made: what
    was said is never written over.
    """
    if not conversation.exchanges:
        return reference
    conversation = _slim(sound(conversation))
    with alone(root):
        before = _to_go_on_from(root, reference)
        if before and before.conversation == conversation:
            return reference
        kept = describe(root, conversation, before)
        _write(root, kept)
    return kept.reference


def load(root: Path, conversation_id: str) -> Kept:
    """Raises WorkbenchError for a conversation that is not there, or cannot be read."""
    path = path_of(root, conversation_id)
    try:
        return read(path)
    except FileNotFoundError:
        raise WorkbenchError("This conversation is gone.", "Choose another one from the list.") from None
    except Unreadable as error:
        hint = f"Its file is left as it is: {path.relative_to(root)} in the workspace."
        raise WorkbenchError(f"The conversation {conversation_id} cannot be opened: {error}.", hint) from None


def list_kept(root: Path) -> list[Listed]:
    """Every conversation, the one that was changed last first."""
    paths = [path for path in (root / "conversations").glob("*.json") if is_id(path.stem)]
    return sorted(filter(None, map(_listed, paths)), key=lambda listed: (-listed.changed, listed.id))


def rename(root: Path, conversation_id: str, name: str) -> None:
    """Give a conversation a name; without one it is called by its first question again."""
    with alone(root):
        kept = load(root, conversation_id)
        _write(root, replace(kept, name=" ".join(mend(name).split())[:LONGEST_NAME]))


def path_of(root: Path, conversation_id: str) -> Path:
    return root / "conversations" / f"{check_id(conversation_id, 'conversation')}.json"


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One writer at a time, whether of this process or of another."""
    with closing(Lock(root / "conversations" / ".lock")) as lock:
        lock.wait()
        yield


def _to_go_on_from(root: Path, reference: str) -> Kept | None:
    """What is kept, if it is still what `reference` stands for."""
    conversation_id = reference.rpartition("@")[0]
    if not is_id(conversation_id):
        return None
    try:
        kept = read(path_of(root, conversation_id))
    except (FileNotFoundError, Unreadable):
        return None
    return kept if kept.reference == reference else None


def _slim(conversation: Conversation) -> Conversation:
    """Without the earlier prompts as the models read them: each holds all of the conversation before it once more."""
    *earlier, last = conversation.exchanges
    slim = [
        replace(exchange, answers={name: replace(answer, prompt="") for name, answer in exchange.answers.items()})
        for exchange in earlier
    ]
    return replace(conversation, exchanges=(*slim, last))


def _write(root: Path, kept: Kept) -> None:
    path = path_of(root, kept.id)
    sweep(path.parent)
    write_json(path, kept.to_json())


def _listed(path: Path) -> Listed | None:
    """None for a file that has just gone."""
    try:
        kept = read(path)
    except FileNotFoundError:
        return None
    except Unreadable as error:
        return Listed(path.stem, path.stem, path.stat().st_mtime, problem=str(error))
    talk = kept.conversation
    return Listed(kept.id, kept.title, kept.changed, talk.lead, kept.lead_name, len(talk.exchanges))
