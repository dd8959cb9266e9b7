"""All that is true of one export, gathered once: card, provenance and summary only write it down. No torch."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.config.fields import settings_of
from workbench.config.run_config import RunConfig
from workbench.data.preparing.results import sha256_of
from workbench.export.record.base_facts import BaseFacts, gather_base
from workbench.export.record.compute import Compute, estimate
from workbench.export.record.course_facts import CourseFacts, gather_course, gather_scores
from workbench.export.record.data_facts import DataFacts, gather_data
from workbench.export.record.limits import limits_of
from workbench.export.record.names import last_part
from workbench.export.request import ExportRequest
from workbench.jobs.files import read_json
from workbench.methods.table import METHODS
from workbench.runs import environment
from workbench.runs.run_dir import Origin, RunDir

_PLACES = ("model.path", "data.path", "data.eval_path")
_PROMPTS = "evaluation.prompts"
_OF_MACHINE = ("cpu", "cores", "ram_gb", "gpu", "device", "engine", "threads")
_OF_TOOLS = ("workbench", "python", "packages")


@dataclass(frozen=True)
class Facts:
    name: str
    """What its author calls the run."""
    origin: Origin
    made: str
    """When the run was begun, and when it was exported: days, of the universal time."""
    exported: str
    target: str
    numbers: str
    method: str
    quantization: str
    template: str
    system_prompt: str
    trainable_parameters: int
    settings: Mapping[str, Any]
    """Every setting as it was used, by its dotted name."""
    became: Mapping[str, Mapping[str, Any]]
    """What each “auto” became, and why."""
    rests_on: Mapping[str, Any]
    """The runs and adapters that it was made from."""
    base: BaseFacts
    data: DataFacts | None
    course: CourseFacts | None
    scores: Mapping[str, Any]
    compute: Compute
    machine: Mapping[str, Any]
    peak_memory_gb: float
    trained_with: Mapping[str, Any]
    exported_with: Mapping[str, Any]
    result_sha256: Mapping[str, str]
    """Of the files that the run ended with."""
    limits: tuple[str, ...]
    statement: Mapping[str, str]


def gather(run: RunDir, request: ExportRequest) -> Facts:
    """From the folder of the run; nothing is guessed."""
    config, kept, here = run.config(), gather_kept(run), environment.describe()
    base, data, course, scores = gather_base(run), gather_data(run), gather_course(run), gather_scores(run)
    ended = run.exit()
    return Facts(
        name=run.name,
        origin=run.origin(),
        made=_day(float(run.about().get("created", 0.0))),
        exported=_day(time.time()),
        target=request.target,
        numbers=request.numbers,
        method=METHODS[config.method.name].label,
        quantization=config.model.quantization,
        template=config.data.template,
        system_prompt=config.data.system_prompt,
        trainable_parameters=int(kept.get("trainable_parameters", 0)),
        settings=_public_settings(config),
        became={path: {"value": row.value, "why": row.why} for path, row in run.auto().items()},
        rests_on=_rests_on(run, config),
        base=base,
        data=data,
        course=course,
        scores=scores,
        compute=estimate(base.parameters, course.tokens if course else 0, base.name, base.training_flop),
        machine={name: value for name, value in kept.items() if name in _OF_MACHINE},
        peak_memory_gb=ended.peak_gb if ended else 0.0,
        trained_with={name: value for name, value in kept.items() if name in _OF_TOOLS} if course else {},
        exported_with={name: here[name] for name in _OF_TOOLS},
        result_sha256=_digests(run),
        limits=limits_of(base, course, scores),
        statement=dict(request.statement),
    )


def gather_kept(run: RunDir) -> dict[str, Any]:
    """What the run kept of machine and tools, and how much was trained."""
    kept = read_json(run.environment_path)
    wanted = (*_OF_MACHINE, *_OF_TOOLS, "precision", "trainable_parameters")
    return {name: kept[name] for name in wanted if kept.get(name) is not None}


def _public_settings(config: RunConfig) -> dict[str, Any]:
    """Without what stands where on this computer, and without the author's own questions."""
    told = settings_of(config)
    told |= {name: last_part(str(told[name])) for name in _PLACES}
    return told | {_PROMPTS: f"{len(told[_PROMPTS])} of the author's own"}


def _rests_on(run: RunDir, config: RunConfig) -> dict[str, Any]:
    """The adapters that it began with, or stands on; or what an adapter that was not trained here was made from."""
    parent, merged = read_json(run.start_dir / "parent.json"), read_json(run.merged_dir / "parent.json")
    imported, blend = read_json(run.imported_path), read_json(run.blend_path)
    told = {
        "trained_further": _named(parent),
        "merged_beneath": _named(merged) or ({"name": config.model.merged} if config.model.merged else {}),
        "imported": {name: imported[name] for name in ("source", "sha256", "made_for") if imported.get(name)},
        "blended": {name: blend[name] for name in ("parts", "way", "density", "rank", "seed") if blend.get(name)},
    }
    return {name: value for name, value in told.items() if value}


def _named(parent: dict[str, Any]) -> dict[str, Any]:
    return {name: parent[name] for name in ("name", "step", "sha256") if parent.get(name)}


def _digests(run: RunDir) -> dict[str, str]:
    names = METHODS[run.config().method.name].saved_as.files
    return {name: sha256_of(run.adapter_dir / name) for name in names if (run.adapter_dir / name).is_file()}


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds)) if seconds else ""
