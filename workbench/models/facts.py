"""What a model folder holds, and whether it can be tuned, from its JSON files and weight headers alone."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
from workbench.models.licence import read_licence
from workbench.models.plain import check_plain, is_plain
from workbench.models.screen import check_config, check_tokenizer, read_object
from workbench.models.weights import measure, read_tensors

_HEADS = ("num_attention_heads", "n_head", "n_heads", "num_heads")
_LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")


@dataclass(frozen=True)
class ModelFacts:
    """A model as its folder describes it. What could not be read is 0 or empty, and `reason` says why."""

    name: str
    path: Path
    architecture: str = ""
    parameters: int = 0
    context: int = 0
    """The longest text in tokens; 0 where the architecture has no limit."""
    hidden_size: int = 0
    layers: int = 0
    heads: int = 0
    """Attention heads of a layer, each `head_size` numbers wide."""
    head_size: int = 0
    key_value_width: int = 0
    """Numbers that the keys of a token, or its values, are in one layer; fewer than `hidden_size` where heads share."""
    vocabulary: int = 0
    dtype: str = ""
    linear_shapes: dict[str, tuple[int, int]] = field(default_factory=dict, hash=False)
    """(out, in) of each linear layer that can be adapted, by full module name."""
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    """The shape of each parameter by its stored name; what two layers share is there once."""
    expert_shapes: dict[str, tuple[int, int, int]] = field(default_factory=dict, hash=False)
    """(experts, out, in) of each tensor that holds all experts of a block, by full name."""
    names_by_role: dict[str, list[str]] = field(default_factory=dict, hash=False)
    """The last parts of all linear layers' names by what they are for, see `models.layout`."""
    tied: bool = False
    """Whether the output layer is the embedding."""
    conv1d: bool = False
    """Whether its linear layers are Conv1D, whose weights lie (in, out)."""
    template: bool = False
    """Whether the model brings a chat template."""
    licence: str = ""
    """As its files name it; empty where they do not."""
    size_gb: float = 0.0
    tunable: bool = False
    reason: str | None = None
    """Why it cannot be tuned, and what to do instead."""

    @property
    def linear_names(self) -> list[str]:
        """The distinct last parts of the linear layers' names, such as q_proj."""
        return sorted({name.rpartition(".")[2] for name in self.linear_shapes})


def facts(folder: Path, name: str | None = None) -> ModelFacts:
    """Read what `folder` holds; a model that cannot be tuned is a fact too.

    Raises ModelError only if there is no such folder.
    """
    if not folder.is_dir():
        raise ModelError(f"There is no model folder “{folder}”.", "Choose a folder that holds a config.json.")
    known = ModelFacts(name=name or folder.name, path=folder, licence=read_licence(folder), size_gb=_size_gb(folder))
    try:
        _check_kind(folder)
        config = read_object(folder / "config.json")
        known = replace(known, architecture=_architecture(config), **sizes(config))
        check_config(config)
        known = replace(known, **measure(read_tensors(folder), config))
        if is_plain(config):
            check_plain(known.linear_shapes, config, sizes(config))
        check_tokenizer(folder)
        known = replace(known, template=_has_template(folder))
    except ModelError as problem:
        return replace(known, reason=str(problem))
    return replace(known, tunable=True)


def describe(facts: ModelFacts) -> dict[str, Any]:
    """The facts as JSON."""
    return {
        "name": facts.name,
        "path": str(facts.path),
        "architecture": facts.architecture,
        "parameters": facts.parameters,
        "context": facts.context,
        "tunable": facts.tunable,
        "reason": facts.reason,
        "linear_names": facts.linear_names,
        "names_by_role": facts.names_by_role,
        "template": facts.template,
        "hidden_size": facts.hidden_size,
        "layers": facts.layers,
        "heads": facts.heads,
        "head_size": facts.head_size,
        "key_value_width": facts.key_value_width,
        "tied": facts.tied,
        "vocabulary": facts.vocabulary,
        "dtype": facts.dtype,
        "licence": facts.licence,
        "size_gb": round(facts.size_gb, 3),
    }


def _check_kind(folder: Path) -> None:
    if (folder / "adapter_config.json").exists():
        raise ModelError("This folder holds an adapter, not a whole model.", "Choose the model that it was made for.")
    if (folder / "config.json").is_file():
        return
    if any(path.suffix == ".gguf" for path in folder.iterdir()):
        raise ModelError("GGUF files are for running a model, not for tuning it.", "Choose the original model.")
    raise ModelError("There is no config.json in this folder.", "Choose the folder that holds the model's files.")


def sizes(config: dict[str, Any]) -> dict[str, Any]:
    """What a config says of a model's sizes, under the names they have in its facts; 0 for what it leaves out."""
    hidden, heads = _number(config, "hidden_size", "n_embd", "d_model"), _number(config, *_HEADS)
    head_size = _number(config, "head_dim") or (hidden // heads if heads else 0)
    shared = _number(config, "num_key_value_heads")
    return {
        "context": _number(config, "max_position_embeddings", "n_positions", "max_seq_len", "seq_length"),
        "hidden_size": hidden,
        "heads": heads,
        "head_size": head_size,
        "key_value_width": head_size * (shared or heads),
        "layers": _number(config, *_LAYERS),
        "vocabulary": _number(config, "vocab_size"),
    }


def _architecture(config: dict[str, Any]) -> str:
    names = config.get("architectures")
    first = names[0] if isinstance(names, list) and names else config.get("model_type")
    return first if isinstance(first, str) else ""


def _number(config: dict[str, Any], *keys: str) -> int:
    values = (config.get(key) for key in keys)
    return next((value for value in values if type(value) is int), 0)


def _has_template(folder: Path) -> bool:
    settings = folder / "tokenizer_config.json"
    return (folder / "chat_template.jinja").exists() or (
        settings.exists() and bool(read_object(settings).get("chat_template"))
    )


def _size_gb(folder: Path) -> float:
    """0 for a folder that holds no model: it may be any of this computer, and is not walked through."""
    names = {path.name for path in folder.iterdir()}
    if not names & {"config.json", "adapter_config.json"} and not any(name.endswith(".gguf") for name in names):
        return 0.0
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9
