"""The code on the card of a merged starter, run as it is written there, says what Chat says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chat.asking import HELLO, answers
from tests.export.made import code_of, written
from tests.training.in_process import create, train
from workbench.chat.network.model import NetworkModel
from workbench.chat.questions import ORIGINAL, TUNED, question_for
from workbench.config.build import build
from workbench.config.sampling import Sampling
from workbench.export.request import ExportRequest

_ASKED = {
    "model.path": "starter",
    "data.path": "pirate",
    "training.max_steps": 40,
    "evaluation.watched_prompts": 0,
    "hardware.priority": "normal",
}
_ALONE = "import sys\nsys.modules['workbench'] = None\n"


@pytest.mark.slow
@pytest.mark.usefixtures("reading_here")
def test_the_merged_starter_answers_as_in_chat(root: Path, tmp_path: Path) -> None:
    run = train(create(build(_ASKED), root))
    both = {name: list(HELLO) for name in (ORIGINAL, TUNED)}
    asked = question_for(run, both, Sampling(temperature=0.0, max_new_tokens=200))
    heard = answers(NetworkModel(asked), asked)
    due = heard[TUNED]
    assert due != heard[ORIGINAL], "it was tuned to talk like a pirate"
    for numbers in ("fp32", "bf16"):
        out = written(ExportRequest(run.id, "merged", numbers, tmp_path / numbers), run)
        assert _shown(out, tmp_path / "shown.py") == f"{due}\n"


def _shown(out: Path, script: Path) -> str:
    """What the card's code prints, where there is no workbench."""
    script.write_text(_ALONE + code_of(out / "README.md"), encoding="utf-8")
    elsewhere = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, str(script)]
    ran = subprocess.run(command, cwd=out, env=elsewhere, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
