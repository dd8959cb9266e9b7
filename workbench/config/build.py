"""From loose values (form, flags, YAML) to a checked RunConfig, with errors a person understands."""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from workbench.config.fields import Section, leaves
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError

S = TypeVar("S", bound=Section)

_NUMBER_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text", list: "a list of texts"}


def build(values: Mapping[str, Any], base: RunConfig | None = None) -> RunConfig:
    """A RunConfig from dotted settings, on top of `base` or the defaults.

    Raises SettingError for the first value that cannot be.
    """
    tree = (base or RunConfig()).model_dump()
    for path, value in values.items():
        _put(tree, path, value)
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
    tree[section][name] = value


def _plain(error: ValidationError, section: type[Section]) -> SettingError:
    """The first of pydantic's complaints, as one sentence and a hint."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"] if part not in _UNION_TAGS)
    if first["type"] == "extra_forbidden":
        return _unknown(path, section)
    known = {leaf.path: leaf for leaf in leaves(section)}
    if path not in known:
        return SettingError(path, f"{path}: {first['msg']}.", "Settings stand in sections, such as method: rank: 8.")
    leaf = known[path]
    hint = leaf.spec.help + (" “auto” is allowed." if leaf.auto else "")
    if first["type"] == "value_error":
        return SettingError(path, f"{path}: {first['ctx']['error']}.", hint)
    wanted = _NUMBER_WORDS[leaf.kind]
    return SettingError(path, f"{path}: {first['input']!r} is not {wanted}.", hint)


_UNION_TAGS = ("int", "float", "literal['auto']", "lora")


def _unknown(path: str, section: type[Section] = RunConfig) -> SettingError:
    names = [leaf.path for leaf in leaves(section)]
    near = difflib.get_close_matches(path, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else "`python -m workbench train --help` lists all settings."
    return SettingError(path, f"There is no setting {path}.", hint)
