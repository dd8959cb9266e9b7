"""Whether an adapter from elsewhere can be taken in, and what it is then."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.config.build import build
from workbench.config.fields import settings_of
from workbench.config.methods import LoraSettings, MethodSettings
from workbench.config.run_config import RunConfig
from workbench.errors import AdapterError, SettingError
from workbench.jobs.files import read_json
from workbench.methods import targets
from workbench.methods.ranks import rank_of_each
from workbench.methods.table import METHODS
from workbench.models import quantization
from workbench.models.facts import ModelFacts
from workbench.training.importing.description import WHOLE, Description
from workbench.training.importing.files import BESIDE, AdapterFiles
from workbench.training.importing.forms import FORMS
from workbench.training.importing.layers import find_layers
from workbench.training.importing.ranks import RANKS, STRENGTHS, with_ranks
from workbench.training.importing.tensors import check_finite, check_tensors, read_stored
from workbench.training.importing.whole import whole_tensors

_MAX_BESIDE_BYTES = 100_000
_ROLES = ("all-linear", "attention", "mlp")
_BESIDE = {"template": "data.template", "system_prompt": "data.system_prompt"}


@dataclass(frozen=True)
class Checked:
    """An adapter that is sound and fits its model."""

    config: RunConfig
    """Settings with which it could have been made."""
    peft_config: str
    """adapter_config.json, written anew."""
    made_for: str
    """What it calls the model that it was trained on."""


def check(files: AdapterFiles, said: Description, model: ModelFacts) -> Checked:
    """Look through all of an adapter beside its model, without loading any of either.

    Raises AdapterError for the first thing that is wrong.
    """
    method = METHODS[said.form.method]
    if reason := method.refuses(said.settings, model, quantization.WHOLE):
        raise AdapterError(f"This adapter does not go with {model.name}.", reason)
    stored = read_stored(files.weights, len(model.linear_shapes))
    layers = find_layers(said, stored, model)
    said = replace(said, settings=with_ranks(said.settings, layers, said.ranks, said.strengths))
    expected = said.form.tensors(said.settings, layers, model) | whole_tensors(said.whole, model)
    check_tensors(stored, expected, said, model)
    try:
        config = build(_settings(said, layers, model) | _read_beside(files))
        method.trainable(config.method, model)
    except SettingError as error:
        raise AdapterError(f"This adapter cannot be taken in: {error.message}", error.hint) from error
    check_finite(files.weights, stored)
    return Checked(config, json.dumps(_peft_config(said, layers, model), indent=1) + "\n", said.made_for)


def _settings(said: Description, layers: Sequence[str], model: ModelFacts) -> dict[str, Any]:
    """The method's, by their dotted names. What it learned from is not known."""
    settings = {f"method.{name}": value for name, value in settings_of(said.settings).items()}
    settings |= {"method.modules_to_save": ", ".join(said.whole)} if said.whole else {}
    return settings | {"data.path": ""} | ({"method.target_modules": _in_words(layers, model)} if layers else {})


def _in_words(layers: Sequence[str], model: ModelFacts) -> str:
    """The setting that means just these layers."""
    for role in _ROLES:
        if _of_role(role, model) == set(layers):
            return role
    return ", ".join(targets.suffixes(list(layers), model.linear_shapes))


def _of_role(role: str, model: ModelFacts) -> set[str]:
    try:
        return set(targets.choose(role, model.linear_shapes))
    except SettingError:
        return set()  # it has no such layers


def _read_beside(files: AdapterFiles) -> dict[str, Any]:
    """How a conversation is written for an adapter of this workbench."""
    if files.beside is None:
        return {}
    if files.beside.stat().st_size > _MAX_BESIDE_BYTES:
        raise AdapterError(f"{BESIDE} is larger than {_MAX_BESIDE_BYTES // 1000} KB.", "Leave it out.")
    said = read_json(files.beside)
    if said.get("merged"):
        told = "This adapter was built on another one, which was merged into its model first."
        raise AdapterError(told, "Only adapters that stand on the model alone are taken in.")
    return {setting: said[name] for name, setting in _BESIDE.items() if isinstance(said.get(name), str)}


def _peft_config(said: Description, layers: Sequence[str], model: ModelFacts) -> dict[str, Any]:
    """What stock PEFT needs to load it, with every layer by its full name."""
    ours = {f"method.{name}": value for name, value in settings_of(said.settings).items()}
    config = {
        "peft_type": next(kind for kind, form in FORMS.items() if form is said.form),
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": model.name,
        "inference_mode": True,
        **said.form.written,
        **{key: ours[setting] for key, setting in said.form.settings.items()},
    }
    if layers:
        config["target_modules"] = list(layers)
        config |= _patterns(said.settings, layers)
    if said.whole:
        config[WHOLE] = list(said.whole)
    if said.form.method == "ia3":
        config["feedforward_modules"] = [name for name in layers if targets.is_feed_forward(name)]
    return config


def _patterns(settings: MethodSettings, layers: Sequence[str]) -> dict[str, Any]:
    """Ranks of single layers, and the strength that follows from each."""
    if not isinstance(settings, LoraSettings) or not settings.rank_pattern:
        return {}
    ranks = rank_of_each(settings, list(layers))
    strengths = {name: float(settings.alpha) * rank / settings.rank for name, rank in ranks.items()}
    return {RANKS: ranks, STRENGTHS: strengths}
