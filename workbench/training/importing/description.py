"""adapter_config.json of an adapter from elsewhere: read against a list of what may stand in it.

No text in it is ever run or imported, a pattern for names of layers neither.
"""

import json
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.config.build import build
from workbench.config.methods import MethodSettings
from workbench.errors import AdapterError, SettingError
from workbench.training.importing.forms import FORMS, Form
from workbench.training.importing.ranks import RANKS, STRENGTHS, Numbers, read_numbers

_MAX_BYTES = 250_000
_MAX_SHOWN = 60
_LAYERS, _NUMBERED, _FEED_FORWARD = "target_modules", "layers_to_transform", "feedforward_modules"
WHOLE = "modules_to_save"
_ABOUT_LAYERS = frozenset({_LAYERS, _NUMBERED, "layers_pattern"})
_PAST = frozenset({"peft_type", "peft_version", "base_model_name_or_path", "revision", "inference_mode"})
_ONLY: Mapping[str, tuple[Any, ...]] = {"task_type": ("CAUSAL_LM", None), "bias": ("none",)}
_OTHER = "Only adapters that could have been made here are taken in."
_AGAIN = "Get the adapter's files again."


@dataclass(frozen=True)
class Description:
    """What of a config decides what the adapter is."""

    form: Form
    settings: MethodSettings
    layers: tuple[str, ...] | str
    """Names of layers, or ends of them; a text where the layers are those that have tensors in the file."""
    numbered: frozenset[int]
    """The numbers of the blocks it is limited to; empty for all."""
    feed_forward: tuple[str, ...]
    """Layers whose inputs are weighed instead of their outputs (IA³), or ends of their names."""
    ranks: Numbers
    strengths: Numbers
    """Ranks and strengths (alpha) of single layers."""
    whole: tuple[str, ...]
    """Layers that it holds as a whole."""
    made_for: str
    """What it calls the model that it was trained on."""


def read_description(path: Path) -> Description:
    """Raises AdapterError for whatever is not on the list."""
    said = _read(path)
    kind = said.get("peft_type")
    form = FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        known = ", ".join(FORMS)
        raise AdapterError(f"{path.name} describes an adapter of the kind {_short(kind)}.", f"Taken are {known}.")
    _check_rest(said, form)
    return Description(
        form=form,
        settings=_settings(said, form),
        layers=_layers(said.get(_LAYERS)),
        numbered=_numbered(said.get(_NUMBERED)),
        feed_forward=tuple(_names(_FEED_FORWARD, said.get(_FEED_FORWARD) or ())),
        ranks=read_numbers(RANKS, said.get(RANKS)) if form.ranked else {},
        strengths=read_numbers(STRENGTHS, said.get(STRENGTHS)) if form.ranked else {},
        whole=tuple(_names(WHOLE, said.get(WHOLE) or ())) if form.has_whole else (),
        made_for=_made_for(said.get("base_model_name_or_path")),
    )


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MAX_BYTES:
        raise AdapterError(f"{path.name} is larger than {_MAX_BYTES // 1000} KB.", _AGAIN)
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise AdapterError(f"{path.name} is not valid JSON.", _AGAIN) from None
    if not isinstance(said, dict):
        raise AdapterError(f"{path.name} does not describe an adapter.", _AGAIN)
    return said


def _check_rest(said: Mapping[str, Any], form: Form) -> None:
    """A key that means nothing here may only say nothing."""
    only = {**_ONLY, **form.only}
    of_layers = {RANKS, STRENGTHS} if form.ranked else set()
    of_layers |= {WHOLE} if form.has_whole else set()
    meant = of_layers | _PAST | form.past | form.settings.keys() | (_ABOUT_LAYERS if form.parts else frozenset())
    for key, value in said.items():
        allowed = only.get(key, () if key in meant else (None, False, "", [], {}))
        if key in meant - only.keys() or any(type(value) is type(one) and value == one for one in allowed):
            continue
        raise AdapterError(f"adapter_config.json sets {_short(key)} to {_short(value)}.", _OTHER)


def _settings(said: Mapping[str, Any], form: Form) -> MethodSettings:
    values: dict[str, Any] = {"method.name": form.method}
    for key, setting in form.settings.items():
        # Switches came to PEFT one by one, and older files do not have them.
        value = said.get(key, False if key.startswith("use_") else None)
        if type(value) not in ((bool,) if key.startswith("use_") else (int, float)):
            raise AdapterError(f"adapter_config.json gives {key} as {_short(value)}.", _AGAIN)
        values[setting] = value
    try:
        return build(values).method
    except SettingError as error:
        raise AdapterError(f"adapter_config.json cannot be taken: {error.message}", _OTHER) from error


def _layers(said: Any) -> tuple[str, ...] | str:
    """A pattern is never tried on a name: some take years."""
    return "" if said is None else said if isinstance(said, str) else tuple(_names(_LAYERS, said))


def _names(key: str, said: Any) -> list[str]:
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise AdapterError(f"adapter_config.json gives {key} as {_short(said)}.", _AGAIN)
    return list(names)


def _numbered(said: Any) -> frozenset[int]:
    numbers = [said] if type(said) is int else [] if said is None else said
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        raise AdapterError(f"adapter_config.json gives {_NUMBERED} as {_short(said)}.", _AGAIN)
    return frozenset(numbers)


def _made_for(said: Any) -> str:
    """A name for people to read; of a path on another computer its last part."""
    return said.replace("\\", "/").rstrip("/").rpartition("/")[2][:_MAX_SHOWN] if isinstance(said, str) else ""


def _short(value: Any) -> str:
    """Of a long value its beginning."""
    return reprlib.repr(value)[:_MAX_SHOWN]
