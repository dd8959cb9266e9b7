"""Which models the installed transformers can continue text with, read from its source without importing it."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_TABLE = "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"


@cache
def causal_model_types() -> frozenset[str]:
    """The `model_type` names that load as a causal language model, such as "llama"."""
    spec = find_spec("transformers")
    if spec is None or spec.origin is None:
        return frozenset()
    source = Path(spec.origin).parent / "models" / "auto" / "modeling_auto.py"
    return frozenset(_first_strings(ast.parse(source.read_text(encoding="utf-8"))))


def _first_strings(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == _TABLE:
            pairs = [pair for pair in ast.walk(node.value) if isinstance(pair, ast.Tuple)]
            return [ast.literal_eval(pair.elts[0]) for pair in pairs]
    return []
