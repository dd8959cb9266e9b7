"""Whether the weights that a run begins with are those that were downloaded, or that were used before."""

import hashlib

from workbench.errors import ModelError
from workbench.jobs.files import read_json
from workbench.models.facts import ModelFacts
from workbench.models.fingerprint import hub_digest, stretches
from workbench.models.weights import find_shards
from workbench.runs.run_dir import RunDir, all_runs

_MOST_DAMAGED = 4
"""Of the 64 stretches of a file. Another model in its place differs in many, damage is in few."""


def check_weights(run: RunDir, known: ModelFacts) -> dict[str, str]:
    """What the weight files hold, to be compared with later. Raises ModelError for one that is damaged."""
    told = {shard: hub_digest(shard) for shard in find_shards(known.path)}
    for shard, digest in told.items():
        with shard.open("rb") as file:
            if digest and hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ModelError(f"{shard.name} is damaged: it is not what was downloaded.", "Download it again.")
    if all(told.values()):
        return {}
    now = stretches(known.path)
    earlier, then = _earlier(run, known)
    for name in now.keys() & then.keys():
        if 0 < _count_differing(now[name].split(), then[name].split()) <= _MOST_DAMAGED:
            sentence = f"{name} is damaged: a part of it has changed since the run {earlier} used it."
            hint = "Copy the model again; if you changed it on purpose, give its folder another name."
            raise ModelError(sentence, hint)
    return now


def _earlier(run: RunDir, known: ModelFacts) -> tuple[str, dict[str, str]]:
    """This run, or the newest one that used a model of this name, and what the weight files were then."""
    for other in (run, *reversed(all_runs(run.root))):
        model = read_json(other.environment_path).get("model", {})
        if model.get("name") == known.name and model.get("weights"):
            return other.name, model["weights"]
    return "", {}


def _count_differing(now: list[str], then: list[str]) -> int:
    return sum(a != b for a, b in zip(now, then, strict=True)) if len(now) == len(then) else len(now)
