"""What `model` may name: the models on this computer, each run that has a result, and GGUF files.

A result, and a LoRA file beside its model, can be turned up and down.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.chat.gguf.files import FileChoice, is_installed, list_choices
from workbench.chat.gguf.questions import question_to_file
from workbench.chat.protocol import Question, Turn
from workbench.chat.questions import MOST_STRENGTH, TUNED, Answerer, answering_runs, question_to, question_to_base
from workbench.config.names import is_id
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.models import catalog
from workbench.models.facts import ModelFacts
from workbench.runs.listing import facts
from workbench.runs.run_dir import RunDir
from workbench.server.openai.errors import bad_value, no_model

_TURNED = re.compile(r"(?P<name>.+)@(?P<strength>[0-9]+(\.[0-9]+)?)")
_LIST = "GET /v1/models lists what there is."


@dataclass(frozen=True)
class Named:
    """Who answers: a run's result, a GGUF file, or a model that nobody has tuned."""

    root: Path
    base: str = ""
    run: RunDir | None = None
    file: FileChoice | None = None
    strength: float = 1.0

    def question(self, turns: list[Turn], text: str) -> Question:
        """A conversation, or a text to go on with, put to it. Raises WorkbenchError if the model is gone."""
        if self.file:
            answerer = Answerer(strength=self.strength, file=self.file.file, lora=self.file.lora)
            question = question_to_file(self.root, {TUNED: (answerer, turns)}, Sampling())
        elif self.run:
            question = question_to(self.run, {TUNED: (Answerer(self.run.id, self.strength), turns)})
        else:
            return question_to_base(self.root, self.base, turns, text=text)
        if turns:
            return question
        # A text is gone on with as it is: no system prompt comes before it.
        (target,) = question.targets
        return replace(question, targets=(replace(target, messages=(), text=text),))


def find(root: Path, name: str) -> Named:
    """What a request names, such as `starter`, `pirate-1` or `pirate-1@0.5`. Raises ApiError if there is no such."""
    if name in catalog.names(root):
        return Named(root, base=_usable(root, name).name)
    turned = _TURNED.fullmatch(name)
    asked = turned["name"] if turned else name
    file = _file(root, asked)
    if turned and (asked in catalog.names(root) or (file and not file.lora)):
        raise bad_value("model", f"{asked} is as it came: only a run's result and a LoRA file have a strength.")
    strength = float(turned["strength"]) if turned else 1.0
    if strength > MOST_STRENGTH:
        raise bad_value("model", f"A strength of {strength} is too much: it may be 0 to {MOST_STRENGTH}.")
    return Named(root, run=None if file else _run(root, asked), file=file, strength=strength)


def list_models(root: Path) -> Iterator[dict[str, Any]]:
    """Every model that can be named, bases first. A run called as a base is cannot be."""
    bases = {known.name: known for known in catalog.list_models(root) if known.tunable}
    yield from map(_base_card, bases.values())
    names = set(catalog.names(root))
    yield from (_run_card(run) for run in answering_runs(root) if run.id not in names and not facts(run).problem)
    files = list_choices(root) if is_installed() else []
    yield from (_file_card(root, file) for file in files if not file.problem)


def describe(root: Path, name: str) -> dict[str, Any]:
    """One model. Raises ApiError if there is no such."""
    named = find(root, name)
    if named.file:
        return _file_card(root, named.file) | {"id": name}
    return _run_card(named.run) | {"id": name} if named.run else _base_card(_usable(root, named.base))


def _usable(root: Path, name: str) -> ModelFacts:
    known = next(known for known in catalog.list_models(root) if known.name == name)
    if not known.tunable:
        raise no_model(name, str(known.reason))
    return known


def _file(root: Path, name: str) -> FileChoice | None:
    """None for what is no GGUF file that can answer."""
    # Files are looked for only where one is named: it takes a moment to read what they are.
    choices = list_choices(root) if name.endswith(".gguf") else []
    return next((choice for choice in choices if choice.name == name and not choice.problem), None)


def _run(root: Path, run_id: str) -> RunDir:
    if not is_id(run_id):
        raise no_model(run_id, _LIST)
    try:
        run = RunDir.open(root, run_id)
    except RunError as error:
        raise no_model(run_id, _LIST) from error
    if not run.has_adapter():
        raise no_model(run_id, "The run of this name has no result yet.")
    return run


def _base_card(known: ModelFacts) -> dict[str, Any]:
    made = int(known.path.stat().st_mtime)
    return _card(known.name, made, None) | ({"max_model_len": known.context} if known.context else {})


def _run_card(run: RunDir) -> dict[str, Any]:
    # A model may be named by a folder, which is nobody else's concern.
    parent = Path(facts(run).model)
    return _card(run.id, int(run.about().get("created", 0)), parent.name if parent.is_absolute() else str(parent))


def _file_card(root: Path, choice: FileChoice) -> dict[str, Any]:
    made = int((root / choice.file).stat().st_mtime)
    return _card(choice.name, made, choice.file if choice.lora else None)


def _card(name: str, created: int, parent: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": created,
        "owned_by": "lora-workbench",
        "root": name,
        "parent": parent,
    }
