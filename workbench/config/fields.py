"""How a setting is declared: one typed field, from which the form, the flags, the YAML, the docs and the check come."""

import types
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

Auto = Literal["auto"]


@dataclass(frozen=True)
class Spec:
    """What a setting is beyond its type and default."""

    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    stops: tuple[float, ...] = ()
    """The values at which a slider beside the field stops."""
    choices: tuple[str, ...] = ()
    switch: tuple[str, str] | None = None
    """(label, help) of a checkbox that stands for two choices: off is the first, on the second."""
    several: bool = False
    """Whether it is names separated by commas, of which the page offers those that there are."""
    advanced: bool = False
    only_if: tuple[str, str] | None = None
    """(dotted setting, value): the setting matters only then."""


@dataclass(frozen=True)
class Leaf:
    """One setting where it stands in the tree."""

    path: str
    kind: type
    auto: bool
    default: Any
    spec: Spec
    kinds: tuple[str, ...] = ()
    """Where a section is of one of several kinds, told apart by its `name`: those that have this setting."""

    @property
    def section(self) -> str:
        return self.path.split(".")[0]


class Section(BaseModel):
    """A group of settings that checks its own limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def _within_limits(cls, value: Any, info: ValidationInfo) -> Any:
        extra = cls.model_fields[str(info.field_name)].json_schema_extra
        if isinstance(extra, dict) and not isinstance(value, BaseModel):
            _check_limits(Spec(**extra), value)  # type: ignore[arg-type]
        return value

    def changed(self, path: str, value: Any) -> Self:
        """A copy with one setting replaced; `path` is dotted."""
        head, _, rest = path.partition(".")
        child = getattr(self, head)
        return self.model_copy(update={head: child.changed(rest, value) if rest else value})


def setting(default: Any, label: str, help: str, *, discriminator: str | None = None, **spec: Any) -> Any:
    """Declare a setting; `spec` takes the remaining fields of Spec.

    With a `discriminator` it is a section of several kinds, and label and help are those of its kind.
    """
    extra = asdict(Spec(label, help, **spec))
    return Field(default, description=help, discriminator=discriminator, json_schema_extra=extra)


def leaves(config: type[BaseModel], prefix: str = "") -> Iterator[Leaf]:
    """Every setting below `config`, each once, in the order of declaration.

    A section of several kinds gives its `name`, and then the settings of all its kinds.
    """
    for name, field in config.model_fields.items():
        kind = field.annotation
        if field.discriminator:
            yield from _leaves_of_kinds(field, f"{prefix}{name}.")
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, f"{prefix}{name}.")
        elif isinstance(field.json_schema_extra, dict):
            spec = Spec(**field.json_schema_extra)  # type: ignore[arg-type]
            plain, auto = _plain_type(kind)
            yield Leaf(prefix + name, plain, auto, field.default, spec)


def settings_of(config: BaseModel) -> dict[str, Any]:
    """Every setting that this config has, by its dotted name."""
    dotted: dict[str, Any] = {}
    for name in type(config).model_fields:
        value = getattr(config, name)
        if isinstance(value, BaseModel):
            dotted |= {f"{name}.{path}": below for path, below in settings_of(value).items()}
        else:
            dotted[name] = value
    return dotted


def value_at(config: BaseModel, path: str) -> Any:
    """The value of a dotted setting."""
    node: Any = config
    for part in path.split("."):
        node = getattr(node, part)
    return node


def _leaves_of_kinds(field: FieldInfo, prefix: str) -> Iterator[Leaf]:
    """A setting that several kinds have is one, declared in a class that they share."""
    found: dict[str, Leaf] = {}
    sections = get_args(field.annotation)
    for section in sections:
        for leaf in leaves(section, prefix):
            known = found.get(leaf.path, leaf)
            found[leaf.path] = replace(known, kinds=(*known.kinds, kind_of(section)))
    names = tuple(kind_of(section) for section in sections)
    spec = Spec(**{**field.json_schema_extra, "choices": names})  # type: ignore[dict-item, arg-type]
    yield Leaf(f"{prefix}name", str, False, field.default.name, spec)
    yield from found.values()


def kind_of(section: type[BaseModel]) -> str:
    """The name of one kind of a section, such as "lora"."""
    return str(section.model_fields["name"].default)


def _plain_type(annotation: Any) -> tuple[type, bool]:
    """`int | Auto` is (int, True), `list[str]` is (list, False)."""
    if get_origin(annotation) in (Union, types.UnionType):
        options = get_args(annotation)
        return next(o for o in options if isinstance(o, type)), Auto in options
    return get_origin(annotation) or annotation, False


def _check_limits(spec: Spec, value: Any) -> None:
    if spec.choices and value not in spec.choices:
        raise ValueError(f"{value!r} is not one of {', '.join(spec.choices)}")
    if isinstance(value, str | bool):
        return
    if isinstance(value, list):
        if spec.maximum is not None and len(value) > spec.maximum:
            raise ValueError(f"{len(value)} are more than {spec.maximum}")
        return
    low = float("-inf") if spec.minimum is None else spec.minimum
    high = float("inf") if spec.maximum is None else spec.maximum
    if not low <= value <= high:  # also true of NaN
        raise ValueError(f"{value} is outside {_span(spec)}")


def _span(spec: Spec) -> str:
    if spec.maximum is None:
        return f"the range from {spec.minimum} up"
    return f"{spec.minimum} to {spec.maximum}"
