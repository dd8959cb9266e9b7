"""Where the two parts of a block end: the last module of its attention, and of its feed-forward part."""

import re

from workbench.models.facts import ModelFacts

ATTENTION, FEED_FORWARD = "attention", "feed-forward part"

_ENDS = {
    ATTENTION: r"\w*att(n|ention)\.(attention\.)?(o_proj|out_proj|dense|c_proj)",
    FEED_FORWARD: r"((mlp|feed_forward|ffn)\.)?(down_proj|dense_4h_to_h|fc2|fc_out|w2|c_proj)",
}
"""What stands behind the number of the block."""


def ends(part: str, facts: ModelFacts) -> list[str] | None:
    """The module that each block's attention, or its feed-forward part, ends with; None where that is not known."""
    blocks = dict.fromkeys(_split(name)[0] for name in facts.linear_shapes)
    known = _of_experts(facts) if part == FEED_FORWARD else {}
    for name in facts.linear_shapes:
        block, rest = _split(name)
        if re.fullmatch(_ENDS[part], rest):
            known[block] = name
    return [known[block] for block in blocks] if known.keys() == blocks.keys() else None


def _of_experts(facts: ModelFacts) -> dict[str, str]:
    """By block, the module that holds a router and its experts, which only together are a feed-forward part.

    The weights' files may call it something else than the model does; until that is asked, the usual name is taken.
    """
    if facts.expert_shapes:
        parents = {name.partition(".experts")[0] for name in facts.expert_shapes}
        return {_split(name)[0]: name for name in parents if _split(name)[1]}
    blocks = {_split(name)[0] for name in facts.shapes if "experts" in name.split(".")}
    return {block: f"{block}.mlp" for block in blocks}


def _split(name: str) -> tuple[str, str]:
    """A block, such as "model.layers.0", and a name within it."""
    parts = name.split(".")
    after = next(place for place, part in enumerate(parts) if part.isdigit()) + 1
    return ".".join(parts[:after]), ".".join(parts[after:])
