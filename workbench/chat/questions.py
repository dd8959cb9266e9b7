"""From runs to questions: who can answer, from which base."""

from pathlib import Path

from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.jobs.files import read_lines
from workbench.models import catalog
from workbench.runs.run_dir import RunDir, all_runs

ORIGINAL = "Original"


def question_for(run: RunDir, messages: list[dict[str, str]], sampling: Sampling | None = None) -> Question:
    """A conversation put to a run's result and to the original beside it.

    Raises RunError for a run without a result, ModelError if its base is gone.
    """
    if not run.has_adapter():
        raise RunError(f"{run.name} has no result yet.", "Wait until it has finished, or stop it to use what it has.")
    config = run.config()
    return Question(
        model=str(catalog.find(config.model.path, run.root)),
        precision=config.model.precision,
        template=config.data.template,
        messages=tuple(messages),
        targets=(Target(ORIGINAL), Target(run.name, str(run.adapter_dir))),
        sampling=sampling or Sampling(),
    )


def answering_runs(root: Path) -> list[RunDir]:
    """The runs that have a result, newest first."""
    return [run for run in reversed(all_runs(root)) if run.has_adapter()]


def suggested_prompts(run: RunDir, count: int = 3) -> list[str]:
    """Questions from the examples that the run never learned from."""
    rows, _ = read_lines(run.data_dir / "held_out.jsonl")
    asked = [next((turn["content"] for turn in row["messages"] if turn["role"] == "user"), "") for row in rows]
    return [prompt for prompt in asked if prompt][:count]
