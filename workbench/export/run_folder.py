"""A run as another workbench takes it in: its result, settings and course, without the examples that it learned from.

What tells of this computer stays here, and so do the author's own questions, answers to them, and ratings.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.config import yaml_io
from workbench.config.run_config import RunConfig
from workbench.data.preparing.results import sha256_of
from workbench.errors import RunError
from workbench.export.record.base_facts import gather_base
from workbench.export.record.data_facts import DataFacts, gather_data
from workbench.export.record.facts import gather_kept
from workbench.export.record.names import last_part
from workbench.jobs.files import read_json, write_json
from workbench.jobs.transfer import Teller
from workbench.methods.table import METHODS
from workbench.runs.run_dir import RunDir, config_yaml

FOLDER = "run"

_ABOUT = ("name", "created", "note", "scores", "statement")
_NAMES_OF_BASE = ("base_model_name_or_path", "tokenizer_name_or_path")
_COURSE = ("metrics.jsonl",)
_AGAIN = "Nothing was kept. Export it again; if it fails again, take its adapter instead."


class RunFolder:
    """Of a run with a result."""

    def __init__(self, run: RunDir) -> None:
        self._run = run
        self._base_name = (known := gather_base(run)).hub_id or known.name
        names = METHODS[run.config().method.name].saved_as.files
        result = run.adapter_dir
        self._result = {f"{result.name}/{name}": result / name for name in names if (result / name).is_file()}
        self._copied = self._result | {name: run.path / name for name in _COURSE if (run.path / name).is_file()}

    @property
    def total_bytes(self) -> int:
        return sum(file.stat().st_size for file in self._copied.values())

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each file."""
        place = folder / FOLDER
        (place / "data").mkdir(parents=True)
        for name, file in self._copied.items():
            (place / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(file, place / name)
            teller.add(file.stat().st_size)
        for path in place.glob("*/*.json"):
            name_base(path, self._base_name)
        (place / "config.yaml").write_text(config_yaml(self._settings(), self._run.auto()), encoding="utf-8")
        for name, told in self._told().items():
            write_json(place / name, told)

    def verify(self, folder: Path) -> None:
        """Raises RunError if a file is not what the run holds."""
        place = folder / FOLDER
        for name, file in self._copied.items():
            if file.suffix != ".json" and sha256_of(place / name) != sha256_of(file):
                raise RunError(f"Read again, {name} is not what the run holds.", _AGAIN)
        if yaml_io.load(place / "config.yaml") != self._settings():
            raise RunError("Read again, config.yaml does not hold the settings of the run.", _AGAIN)

    def _settings(self) -> RunConfig:
        """As they were asked for, by names that mean something elsewhere."""
        asked = self._run.asked().changed("model.path", self._base_name).changed("evaluation.prompts", [])
        for name in ("path", "eval_path"):
            asked = asked.changed(f"data.{name}", last_part(getattr(asked.data, name)))
        return asked

    def _told(self) -> dict[str, dict[str, Any]]:
        """What is written anew, by its file's name."""
        about, status, data = self._run.about(), self._run.stored_status(), gather_data(self._run)
        ended = self._run.exit()
        told = {
            "about.json": {name: about[name] for name in _ABOUT if name in about},
            "status.json": {"phase": status.phase, "step": status.step, "steps": status.steps},
            "environment.json": gather_kept(self._run) | {"model": self._model()},
        }
        told |= {"data/summary.json": _summary(data)} if data else {}
        return told | ({"exit.json": asdict(ended)} if ended else {})

    def _model(self) -> dict[str, Any]:
        model = read_json(self._run.environment_path).get("model", {})
        kept = {name: model[name] for name in ("parameters", "fingerprint", "files", "weights") if name in model}
        return {"name": self._base_name} | kept


def name_base(path: Path, name: str) -> None:
    """Let a file of JSON name the model as others know it: never by a folder of this computer."""
    told = read_json(path)
    told |= {key: name for key in _NAMES_OF_BASE if told.get(key)}
    if isinstance(told.get("base"), dict):
        told["base"]["name"] = name
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _summary(data: DataFacts) -> dict[str, Any]:
    """As a run keeps it, without reasons, which are counted there from rows that stay here."""
    counts = {name: value for name, value in asdict(data).items() if isinstance(value, int) and name not in _DERIVED}
    files = [{name: value for name, value in asdict(file).items() if name != "rows"} for file in data.files]
    return counts | {"rows": data.used, "files": files, "sha256": data.sha256}


_DERIVED = ("given", "used")
