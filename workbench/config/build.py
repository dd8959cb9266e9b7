"""From loose values (form, flags, YAML) to a checked RunConfig, with errors a person understands."""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from workbench.config.fields import Leaf, Section, kind_of, leaves
from workbench.config.methods import MethodSettings, method_of
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError

S = TypeVar("S", bound=Section)

_NUMBER_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text", list: "a list of texts"}


def build(values: Mapping[str, Any], base: RunConfig | None = None) -> RunConfig:
    """A RunConfig from dotted settings, on top of `base` or the defaults.

    Raises SettingError for the first value that cannot be.
    """
    tree = (base or RunConfig()).model_dump()
    # What kind a section is decides which settings it can have.
    for path in sorted(values, key=lambda path: not path.endswith(".name")):
        _put(tree, path, values[path])
    return from_tree(tree)


def from_tree(tree: Mapping[str, Any]) -> RunConfig:
    """A RunConfig from nested sections, as they stand in YAML."""
    return check(RunConfig, tree)


def check(section: type[S], tree: Mapping[str, Any]) -> S:
    """Any group of settings from its values. Raises SettingError for the first that cannot be."""
    try:
        return section.model_validate(tree)
    except ValidationError as error:
        raise _plain(error, section) from error


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    section, _, name = path.partition(".")
    if not name or section not in tree:
        raise _unknown(path)
    if name == "name":
        tree[section] = _shared(tree[section], section, str(value))
    tree[section][name] = value


def _shared(settings: Mapping[str, Any], section: str, kind: str) -> dict[str, Any]:
    """Those of a section's settings that it has as another kind, too."""
    known = {leaf.path for leaf in leaves(RunConfig) if method_of(kind) in leaf.kinds}
    return {name: value for name, value in settings.items() if f"{section}.{name}" in known}


def _plain(error: ValidationError, section: type[Section]) -> SettingError:
    """The first of pydantic's complaints, as one sentence and a hint."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"] if part not in _UNION_TAGS)
    known = {leaf.path: leaf for leaf in leaves(section)}
    if first["type"] == "extra_forbidden":
        return _foreign(known[path], str(first["loc"][1])) if path in known else _unknown(path, section)
    if first["type"] == "union_tag_invalid":
        return _no_such_kind(known[f"{path}.name"], str(first["ctx"]["tag"]))
    if path not in known:
        return SettingError(path, f"{path}: {first['msg']}.", "Settings stand in sections, such as method: rank: 8.")
    leaf = known[path]
    hint = leaf.spec.help + (" “auto” is allowed." if leaf.auto else "")
    if first["type"] == "value_error":
        return SettingError(path, f"{path}: {first['ctx']['error']}.", hint)
    wanted = _NUMBER_WORDS[leaf.kind]
    return SettingError(path, f"{path}: {first['input']!r} is not {wanted}.", hint)


def _foreign(leaf: Leaf, kind: str) -> SettingError:
    having = ", ".join(leaf.kinds)
    return SettingError(leaf.path, f"There is no setting {leaf.path} for {kind}.", f"It is one of {having}.")


def _no_such_kind(leaf: Leaf, kind: str) -> SettingError:
    message = f"{leaf.path}: {kind!r} is not one of {', '.join(leaf.spec.choices)}."
    return SettingError(leaf.path, message, leaf.spec.help)


_UNION_TAGS = ("int", "float", "literal['auto']", *map(kind_of, get_args(MethodSettings)))


def _unknown(path: str, section: type[Section] = RunConfig) -> SettingError:
    names = [leaf.path for leaf in leaves(section)]
    near = difflib.get_close_matches(path, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else "`python -m workbench train --help` lists all settings."
    return SettingError(path, f"There is no setting {path}.", hint)
