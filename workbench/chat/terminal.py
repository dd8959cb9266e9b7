"""Chat on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from workbench.chat.client import ChatClient
from workbench.chat.conversation import Answer, Conversation
from workbench.chat.keeping.soundness import mend
from workbench.chat.protocol import Event, Turn
from workbench.chat.questions import MOST_STRENGTH, ORIGINAL, TUNED, Answerer, question_for, question_to
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir


def beside_original(root: Path, run_ids: Sequence[str], strengths: Sequence[float]) -> Conversation:
    """A conversation of the original and the results of runs; one strength is for all of them, as is none.

    Raises RunError for runs that are not there, and for strengths that cannot be.
    """
    if len(strengths) not in (0, 1, len(run_ids)):
        count = f"{len(strengths)} strengths for {len(run_ids)} run{'s' if len(run_ids) > 1 else ''}"
        raise RunError(f"There are {count}.", "Give one for all of them, or one for each.")
    answerers = {ORIGINAL: Answerer()}
    for place, run_id in enumerate(run_ids):
        strength = strengths[place % len(strengths)] if strengths else 1.0
        if not 0 <= strength <= MOST_STRENGTH:
            raise RunError(f"There is no strength of {strength:g}.", f"It goes from 0 to {MOST_STRENGTH}.")
        # One run can answer twice, each time at another strength.
        name = run_id if run_id not in answerers else f"{run_id} ({place + 1})"
        answerers[name] = Answerer(RunDir.open(root, run_id).id, strength)
    return Conversation(run_ids[0], answerers)


def compare(root: Path, talk: Conversation, prompts: Sequence[str]) -> Iterator[Conversation]:
    """The conversation after each of the prompts. They are asked one by one: none is a continuation of another."""
    lead = RunDir.open(root, talk.lead)
    with _client(root) as client:
        for prompt in map(mend, prompts):
            turns: list[Turn] = [{"role": "user", "content": prompt}]
            asked = {name: (answerer, turns) for name, answerer in talk.answerers.items()}
            talk = talk.with_question(prompt)
            for name, answer in _answers(client.ask(question_to(lead, asked, talk.sampling))).items():
                talk = talk.with_answer(name, replace(answer, strength=talk.answerers[name].strength))
            yield talk


def talk(run: RunDir) -> Iterator[str]:
    """Answer the lines of standard input; yields pieces of text to print."""
    messages: list[Turn] = []
    with _client(run.root) as client:
        yield f"{run.name}: ask something; an empty line ends.\n> "
        while prompt := mend(sys.stdin.readline().strip()):
            messages.append({"role": "user", "content": prompt})
            answer = ""
            for event in client.ask(question_for(run, {TUNED: messages})):
                if event.kind in ("text", "done"):
                    answer += event.text
                    yield event.text
            messages.append({"role": "assistant", "content": answer})
            yield "\n> "


def _answers(events: Iterator[Event]) -> dict[str, Answer]:
    """What each answerer said, whole."""
    texts: dict[str, str] = {}
    answers = {}
    for event in events:
        if event.kind in ("text", "done"):
            texts[event.target] = texts.get(event.target, "") + event.text
        if event.kind == "done":
            told = {key: getattr(event, key) for key in ("tokens", "seconds", "first_seconds", "reason")}
            answers[event.target] = Answer(texts[event.target].strip(), **told)
    return answers


@contextmanager
def _client(root: Path) -> Iterator[ChatClient]:
    with closing(ChatClient(root / "cache" / "chat.log")) as client:
        yield client
