"""How a model is built: its linear layers by role, its experts, its attention. No torch."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

ROLES = ("attention", "mlp", "experts", "router", "head", "other")

_ATTENTION = re.compile(r"attn|attention")
_ATTENTION_ENDS = re.compile(r"(q|k|v|o|qkv)_proj")
_FEED_FORWARD = re.compile(r"mlp|ffn|feed_forward|intermediate|expert")
_FEED_FORWARD_ENDS = re.compile(r"fc_?(\d|in|out)|(gate|up|down|gate_up)_proj")
_ROUTER_ENDS = frozenset({"gate", "router", "shared_expert_gate"})
_FUSED_QKV_ENDS = frozenset({"query_key_value", "qkv_proj", "c_attn", "Wqkv", "qkv"})
_KEY_ENDS = frozenset({"k_proj", "key", "key_proj", "k_lin", "k"})


@dataclass(frozen=True)
class Layout:
    """What transformers makes of a config, without any weights."""

    shapes: dict[str, tuple[int, ...]]
    """Of each linear layer (out, in), of experts that lie in one tensor (experts, out, in), by full name."""
    roles: dict[str, str]
    """One of ROLES for each of these."""
    parameters: int
    context: int
    hidden_size: int
    layers: int
    vocabulary: int
    heads: int
    head_size: int
    conv1d: bool
    """Whether its linear layers are Conv1D, whose weights lie (in, out)."""
    tied: bool
    """Whether the output layer is the embedding."""

    @property
    def linear_shapes(self) -> dict[str, tuple[int, int]]:
        """(out, in) of the layers that may be given an adapter."""
        return {name: (shape[0], shape[1]) for name, shape in self.shapes.items() if is_adapted(name, self.roles[name])}

    @property
    def expert_shapes(self) -> dict[str, tuple[int, int, int]]:
        """(experts, out, in) of each tensor that holds the experts of a block."""
        return {name: (shape[0], shape[1], shape[2]) for name, shape in self.shapes.items() if len(shape) == 3}

    @property
    def key_value_width(self) -> int:
        """Numbers that the keys of a token are in one layer, by the first layer that makes them; 0 where none does."""
        for name, shape in self.shapes.items():
            end = name.rpartition(".")[2]
            if self.roles[name] == "attention" and end in _KEY_ENDS:
                return shape[0]
            if self.roles[name] == "attention" and end in _FUSED_QKV_ENDS:
                return (shape[0] - self.heads * self.head_size) // 2
        return 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data | {"shapes": {name: tuple(shape) for name, shape in data["shapes"].items()}})


def role_of(name: str) -> str:
    """What a linear layer is there for, by its full name; the output layer is known by other means."""
    parent, _, end = name.rpartition(".")
    if end in _ROUTER_ENDS:
        return "router"
    if "experts" in name.split("."):
        return "experts"
    if _ATTENTION.search(parent) or _ATTENTION_ENDS.fullmatch(end):
        return "attention"
    return "mlp" if _FEED_FORWARD.search(parent) or _FEED_FORWARD_ENDS.fullmatch(end) else "other"


def names_by_role(roles: dict[str, str]) -> dict[str, list[str]]:
    """The distinct last parts of the layers' names."""
    return {role: sorted({name.rpartition(".")[2] for name in roles if roles[name] == role}) for role in ROLES}


def is_adapted(name: str, role: str) -> bool:
    """Whether a linear layer may be given an adapter: those of the blocks, without routers and experts."""
    return role in ("attention", "mlp", "other") and is_in_a_block(name)


def is_in_a_block(name: str) -> bool:
    """Embeddings and the output layer stand outside the numbered blocks, whatever an architecture calls them."""
    return any(part.isdigit() for part in name.split("."))
