"""Conversations to keep: two answerers, what they say, and runs for them to be the results of."""

from pathlib import Path
from typing import Any

from tests.recorded_run import RecordedRun
from workbench.chat.conversation import Answer, Conversation
from workbench.chat.questions import Answerer
from workbench.runs.run_dir import RunDir

HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(1)>",
    "```\nout of the fence\n````\n~~~~~\nstill in",
    '=HYPERLINK("https://evil.example")',
    "\0 NUL, \ud800 half a pair, \u202e turned around",
    "]]></style></pre></body><!-- --> &amp; &#60;",
    "",
)


def tuned(root: Path, name: str = "pirate-1", **asked: Any) -> RunDir:
    """A run with a result."""
    return RecordedRun(root, name, **asked).train(1, 2).finish("finished", 2).dir


def conversation(run: RunDir, *exchanges: tuple[str, str, str], votes: tuple[str, ...] = ()) -> Conversation:
    """Questions, each with the original's and the tuned model's answer."""
    talk = Conversation(run.id, {"original": Answerer(), "tuned": Answerer(run.id)})
    for place, (prompt, original, answer) in enumerate(exchanges):
        talk = talk.with_question(prompt).with_answer("original", Answer(original, prompt=f"<user>{prompt}"))
        talk = talk.with_answer("tuned", Answer(answer, tokens=4, seconds=1.0, prompt=f"<user>{prompt}"))
        talk = talk.with_vote(votes[place]) if place < len(votes) else talk
    return talk
