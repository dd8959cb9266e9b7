"""The import order that `workbench/__init__.py` states in one line, and what may be loaded where."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench

PROJECT = Path(__file__).resolve().parents[1]
MODULES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((PROJECT / "workbench").rglob("*.py"))
}
HEAVY = {"torch", "transformers", "peft"}
MAY_LOAD_HEAVY = {"data", "models", "methods", "engine", "training", "chat", "export"}
# What a start of the page or a command loads: these must be up in a moment, and hold no model.
LIGHT = [name for name in ("workbench.cli", "workbench.ui.app", "workbench.server.app") if name in MODULES]


def read_order(docstring: str) -> dict[str, int]:
    """The height of each floor, the lowest 0; floors that stand side by side share one."""
    line = re.search(r"^\s+(\w+ > .+?)(?:\n\s*\n|\s*\Z)", docstring, re.DOTALL | re.MULTILINE)
    assert line, "the docstring of workbench/__init__.py states no import order"
    floors = [re.findall(r"\w+", floor) for floor in reversed(line[1].split(">"))]
    return {name: height for height, floor in enumerate(floors) for name in floor}


HEIGHTS = read_order(workbench.__doc__ or "")
# `python -m workbench` is the command line's front door.
HEIGHTS["__main__"] = HEIGHTS["cli"] + 1


def floor_of(module: str) -> str | None:
    """None for `workbench` itself, which holds the version and nothing else."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def imports_of(tree: ast.AST, module: str) -> Iterator[str]:
    """Every module that is imported below this node, by its full dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")[: -node.level]
                base = ".".join([*package, base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def loaded_at_import(tree: ast.Module, module: str) -> Iterator[str]:
    """What importing the module imports: not what stands in its functions, nor what is for the type checker alone."""
    for node in tree.body:
        deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for_types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        if not deferred and not for_types:
            yield from imports_of(node, module)


def breaches(source: str, module: str) -> list[str]:
    """The imports of this module that the order forbids."""
    own = floor_of(module)
    found = []
    for name in imports_of(ast.parse(source), module):
        other = floor_of(name) if name.split(".")[0] == "workbench" else None
        if other in HEIGHTS and other != own and (own is None or HEIGHTS[other] >= HEIGHTS[own]):
            found.append(name)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_every_module_stands_on_a_known_floor(module: str) -> None:
    assert floor_of(module) in {None, *HEIGHTS}


@pytest.mark.parametrize("module", MODULES)
def test_imports_lead_down_only(module: str) -> None:
    assert breaches(MODULES[module].read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize("module", [name for name in MODULES if floor_of(name) != "ui"])
def test_only_the_page_knows_gradio(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert [name for name in imports_of(tree, module) if name.split(".")[0] in ("gradio", "gradio_client")] == []


@pytest.mark.parametrize("module", [name for name in MODULES if floor_of(name) not in MAY_LOAD_HEAVY])
def test_only_workers_load_torch(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert [name for name in loaded_at_import(tree, module) if name.split(".")[0] in HEAVY] == []


@pytest.mark.parametrize("module", LIGHT)
def test_starting_loads_no_torch(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({HEAVY} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("workbench.jobs.queue", "from workbench.runs.listing import list_runs"),
        ("workbench.jobs.queue", "def f():\n    import workbench.ui.app"),
        ("workbench.training.loop", "from workbench.chat.client import ask"),
        ("workbench.training.loop", "from workbench import export"),
        ("workbench.training.loop", "from ..export import merge"),
        ("workbench.config.fields", "from workbench.hardware.devices import ram_gb"),
        ("workbench", "from workbench.errors import WorkbenchError"),
    ],
)
def test_the_check_sees_a_breach(module: str, line: str) -> None:
    assert len(breaches(line, module)) == 1


@pytest.mark.parametrize(
    "line",
    ["from workbench.training.stepper import step", "from . import stepper", "from workbench import __version__"],
)
def test_the_check_lets_good_imports_be(line: str) -> None:
    assert breaches(line, "workbench.training.loop") == []
