"""One question to the model as it was and as it was tuned, and what each answers."""

from pathlib import Path

from workbench.chat import answering
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling

HELLO = ({"role": "user", "content": "Hello!"},)


def ask_both(model: Path, tuned: Path) -> Question:
    """A question whose targets are `original` and `tuned`."""
    return Question(
        model=str(model),
        precision="fp32",
        targets=(Target("original", HELLO), Target("tuned", HELLO, str(tuned))),
        sampling=Sampling(max_new_tokens=12),
    )


def answers(model: LoadedModel, question: Question) -> dict[str, str]:
    """What each target answers, by its name."""
    found = {target.name: "" for target in question.targets}
    for event in answering.answers(question, model):
        if event.kind != "begun":
            found[event.target] += event.text
    return found
