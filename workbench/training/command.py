"""The commands that do the same as the page."""

import shlex

from workbench.config.presets import differing
from workbench.config.run_config import RunConfig


def command_to_extend(run_id: str) -> str:
    """`python -m workbench extend …`."""
    return shlex.join(["python", "-m", "workbench", "extend", run_id])


def command_for(config: RunConfig, name: str = "") -> str:
    """`python -m workbench train …` with the settings that differ from their defaults."""
    words = ["python", "-m", "workbench", "train"]
    always = {"model.path": config.model.path, "data.path": config.data.path}
    for path, value in (always | differing(config)).items():
        for single in value if isinstance(value, list) else [value]:
            words += [f"--{path}", str(single).lower() if isinstance(single, bool) else str(single)]
    words += ["--name", name] if name else []
    return shlex.join(words)
