"""From GGUF files of the workspace to questions that their worker answers."""

from pathlib import Path

from workbench.chat.gguf.files import find_file, is_installed, not_installed
from workbench.chat.protocol import LLAMA, Question, Target
from workbench.chat.questions import Asked, introduced
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir


def question_to_file(root: Path, asked: Asked, sampling: Sampling, lead: RunDir | None = None) -> Question:
    """What is put to one file, alone or with LoRA files, as the result of `lead` is asked.

    Raises ModelError for a file that is gone, or where llama.cpp is; RunError for several models at once.
    """
    if not is_installed():
        raise not_installed()
    models = {answerer.file for answerer, _ in asked.values()}
    if len(models) > 1:
        raise RunError("These answers are of different models.", "Ask each of them by itself.")
    targets = (
        Target(
            name,
            tuple(introduced(turns, lead.config()) if lead else turns),
            adapter=str(find_file(root, answerer.lora)) if answerer.lora else "",
            strength=answerer.strength,
        )
        for name, (answerer, turns) in asked.items()
    )
    return Question(str(find_file(root, models.pop())), "", tuple(targets), sampling, engine=LLAMA)
