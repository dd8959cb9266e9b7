"""From runs to questions: who can answer, from which base."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.chat.protocol import Question, Target, Turn
from workbench.config.run_config import RunConfig
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.hardware.devices import machine
from workbench.jobs.files import read_lines
from workbench.models import catalog
from workbench.models.base_of import base_of
from workbench.models.facts import facts
from workbench.models.precision import choose_precision
from workbench.runs.run_dir import RunDir, all_runs

ORIGINAL, TUNED = "original", "tuned"
"""The names of the two that answer."""

MOST_STRENGTH = 1.5
"""Beyond that, answers soon fall apart."""


@dataclass(frozen=True)
class Answerer:
    """A run's result, turned up or down, a GGUF file, or the original model (neither)."""

    run_id: str = ""
    strength: float = 1.0
    """0 is the original, 1 as it was trained."""
    file: str = ""
    """A GGUF file by its path below the workspace, as is `lora`."""
    lora: str = ""
    """The LoRA file that it answers with, if any."""

    @property
    def is_original(self) -> bool:
        return not (self.run_id or self.file)

    @property
    def file_title(self) -> str:
        """What its files are called."""
        return " on ".join(Path(file).name for file in (self.lora, self.file) if file)


Asked = Mapping[str, tuple[Answerer, list[Turn]]]
"""By the name of each answerer, who it is and the conversation that it reads."""


def question_for(run: RunDir, conversations: dict[str, list[Turn]], sampling: Sampling | None = None) -> Question:
    """What is put to a run's result (TUNED) and to the model it started from (ORIGINAL), or to one of them.

    Raises RunError for a run without a result, ModelError if its base is gone.
    """
    answerers = {ORIGINAL: Answerer(), TUNED: Answerer(run.id)}
    return question_to(run, {name: (answerers[name], turns) for name, turns in conversations.items()}, sampling)


def question_to(lead: RunDir, asked: Asked, sampling: Sampling | None = None) -> Question:
    """What is put to results of runs on one base model, and to the original: that of `lead`, held as it held it.

    Raises RunError for a run that is gone, has no result, or another base; ModelError if the base is gone.
    """
    config = lead.config()
    return Question(
        model=str(catalog.find(config.model.path, lead.root)),
        precision=config.model.precision,
        targets=tuple(_target(lead, name, answerer, turns) for name, (answerer, turns) in asked.items()),
        sampling=sampling or Sampling(),
        quantization=config.model.quantization,
        double_quantization=config.model.double_quantization,
        quantization_block_size=config.model.quantization_block_size,
        # What the run's settings became was for its training; here the model is loaded as its results need it.
        engine="standard" if lead.asked().hardware.engine == "standard" else "auto",
    )


def question_to_base(
    root: Path, model_name: str, turns: list[Turn], sampling: Sampling | None = None, text: str = ""
) -> Question:
    """What is put to a model that nobody has tuned; `text` is gone on with where there are no turns.

    Raises ModelError if there is no such model.
    """
    folder, here = catalog.find(model_name, root), machine()
    precision, _ = choose_precision("auto", here.gpu, here.cpu_flags, facts(folder, model_name).parameters)
    return Question(str(folder), precision, (Target(ORIGINAL, tuple(turns), text=text),), sampling or Sampling())


def answering_runs(root: Path) -> list[RunDir]:
    """The runs that have a result, newest first."""
    return [run for run in reversed(all_runs(root)) if run.has_adapter()]


def why_not_together(lead: RunDir, other: RunDir) -> str:
    """One sentence on why `other` cannot answer beside `lead`, "" if it can."""
    if not other.has_adapter():
        return f"{other.name} has no result yet."
    theirs, ours = other.config().model.path, lead.config().model.path
    if catalog.find(theirs, other.root) != catalog.find(ours, lead.root):
        return f"{other.name} was tuned on {Path(theirs).name}, and {Path(ours).name} answers here."
    return ""


def suggested_prompts(run: RunDir, count: int = 3) -> list[str]:
    """Questions from the examples that the run never learned from."""
    rows, _ = read_lines(run.data_dir / "held_out.jsonl")
    asked = [next((turn["content"] for turn in row["messages"] if turn["role"] == "user"), "") for row in rows]
    return [prompt for prompt in asked if prompt][:count]


def introduced(turns: list[Turn], config: RunConfig) -> list[Turn]:
    """The conversation as the examples were learned: with the run's system prompt, unless it has another."""
    system_prompt = config.data.system_prompt
    if not system_prompt or (turns and turns[0]["role"] == "system"):
        return turns
    return [{"role": "system", "content": system_prompt}, *turns]


def _target(lead: RunDir, name: str, answerer: Answerer, turns: list[Turn]) -> Target:
    """The original reads as the lead's result does, and is the model alone, also where one was merged into it."""
    if not answerer.run_id:
        return Target(name, tuple(introduced(turns, lead.config())), template=lead.config().data.template)
    run = RunDir.open(lead.root, answerer.run_id)
    if reason := why_not_together(lead, run):
        raise RunError(reason, "Choose a run with a result on the same model.")
    base_of(run)
    config = run.config()
    return Target(
        name,
        tuple(introduced(turns, config)),
        adapter=str(run.adapter_dir),
        merged=str(run.merged_dir) if config.model.merged else "",
        strength=answerer.strength,
        template=config.data.template,
    )
