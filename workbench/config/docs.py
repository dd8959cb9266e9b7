"""The table of all settings. `python -m workbench.config.docs > docs/settings.md` writes it anew."""

import sys

from workbench.config.fields import Leaf, leaves
from workbench.config.run_config import RunConfig

_HEAD = """# Settings

Every setting is a field of the form, a flag (`--method.rank 8`) and a line in a YAML file (`method:` / `rank: 8`).
`auto` lets the workbench decide; what it decided, and why, is written into the run.

| Setting | Default | Allowed | What it does |
|---|---|---|---|
"""


def table() -> str:
    """The page as it stands in docs/settings.md."""
    return _HEAD + "".join(_row(leaf) for leaf in leaves(RunConfig))


def allowed(leaf: Leaf) -> str:
    """The values a setting takes, in a few words."""
    spec = leaf.spec
    if spec.choices:
        return ", ".join(spec.choices)
    if leaf.kind is list:
        return f"up to {spec.maximum} texts"
    if leaf.kind not in (int, float):
        return "true or false" if leaf.kind is bool else "text"
    span = f"{spec.minimum:,} to {spec.maximum:,}"
    return f"{span}, or auto" if leaf.auto else span


def _row(leaf: Leaf) -> str:
    default = leaf.default if leaf.kind is not list else "none"
    only = f" Only {', '.join(leaf.kinds)}." if leaf.kinds else ""
    return f"| `{leaf.path}` | {default} | {allowed(leaf)} | {leaf.spec.label}. {leaf.spec.help}{only} |\n"


if __name__ == "__main__":
    sys.stdout.write(table())
