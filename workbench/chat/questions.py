"""From runs to questions: who can answer, from which base."""

from pathlib import Path

from workbench.chat.protocol import Question, Target, Turn
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.jobs.files import read_lines
from workbench.models import catalog
from workbench.runs.run_dir import RunDir, all_runs

ORIGINAL, TUNED = "original", "tuned"
"""The names of the two that answer."""


def question_for(run: RunDir, conversations: dict[str, list[Turn]], sampling: Sampling | None = None) -> Question:
    """What is put to a run's result (TUNED) and to the model it started from (ORIGINAL), or to one of them.

    Raises RunError for a run without a result, ModelError if its base is gone.
    """
    if not run.has_adapter():
        raise RunError(f"{run.name} has no result yet.", "Wait until it has finished, or stop it to use what it has.")
    config = run.config()
    merged = str(run.merged_dir) if config.model.merged else ""
    # The original is the model alone, also where something was merged into it for training.
    adapters = {ORIGINAL: ("", ""), TUNED: (str(run.adapter_dir), merged)}
    return Question(
        model=str(catalog.find(config.model.path, run.root)),
        precision=config.model.precision,
        template=config.data.template,
        targets=tuple(
            Target(name, tuple(_introduced(turns, config.data.system_prompt)), *adapters[name])
            for name, turns in conversations.items()
        ),
        sampling=sampling or Sampling(),
        quantization=config.model.quantization,
        double_quantization=config.model.double_quantization,
        quantization_block_size=config.model.quantization_block_size,
        engine=config.hardware.engine,
    )


def _introduced(turns: list[Turn], system_prompt: str) -> list[Turn]:
    """The conversation as the examples were learned: with the run's system prompt, unless it has another."""
    if not system_prompt or (turns and turns[0]["role"] == "system"):
        return turns
    return [{"role": "system", "content": system_prompt}, *turns]


def answering_runs(root: Path) -> list[RunDir]:
    """The runs that have a result, newest first."""
    return [run for run in reversed(all_runs(root)) if run.has_adapter()]


def suggested_prompts(run: RunDir, count: int = 3) -> list[str]:
    """Questions from the examples that the run never learned from."""
    rows, _ = read_lines(run.data_dir / "held_out.jsonl")
    asked = [next((turn["content"] for turn in row["messages"] if turn["role"] == "user"), "") for row in rows]
    return [prompt for prompt in asked if prompt][:count]
