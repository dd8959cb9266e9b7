"""The shape of the code: short files, short functions, few parameters, telling names, no error swallowed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 5
EMPTY_NAMES = {"utils", "util", "common", "misc", "helpers", "helper"}
# The edges, where whatever went wrong must become a message to the user.
MAY_CATCH_ALL = {
    "workbench/chat/desk.py",
    "workbench/chat/scores/worker.py",
    "workbench/data/preparing/worker.py",
    "workbench/jobs/supervisor.py",
    "workbench/monitoring/trackers/worker.py",
    "workbench/training/worker.py",
    "workbench/ui/notices.py",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_files(*folders: str) -> list[str]:
    paths = [PROJECT / "app.py", *(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))]
    return sorted(str(path.relative_to(PROJECT)) for path in paths)


PRODUCT = find_files("workbench", "starter", "benchmarks")
ALL = find_files("workbench", "starter", "benchmarks", "tests")


def read(file: str) -> str:
    return (PROJECT / file).read_text(encoding="utf-8")


def functions_of(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def long_functions(tree: ast.AST) -> list[str]:
    return [f.name for f in functions_of(tree) if (f.end_lineno or 0) - f.lineno + 1 > MAX_FUNCTION_LINES]


def crowded_functions(tree: ast.AST) -> list[str]:
    return [f.name for f in functions_of(tree) if count_parameters(f.args) > MAX_PARAMETERS]


def count_parameters(arguments: ast.arguments) -> int:
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in named if name not in ("self", "cls")])


def broad_excepts(tree: ast.AST) -> list[int]:
    handlers = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    return [handler.lineno for handler in handlers if catches_all(handler.type)]


def catches_all(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(kind is None or ast.unparse(kind) in ("Exception", "BaseException") for kind in kinds)


@pytest.mark.parametrize("file", ALL)
def test_a_file_is_short_and_says_what_it_is(file: str) -> None:
    source = read(file)
    assert source.count("\n") <= MAX_FILE_LINES
    assert not source.strip() or ast.get_docstring(ast.parse(source)), "a module starts with its docstring"
    assert Path(file).stem not in EMPTY_NAMES


@pytest.mark.parametrize("file", ALL)
def test_functions_are_short(file: str) -> None:
    assert long_functions(ast.parse(read(file))) == []


@pytest.mark.parametrize("file", PRODUCT)
def test_functions_take_few_parameters(file: str) -> None:
    assert crowded_functions(ast.parse(read(file))) == []


@pytest.mark.parametrize("file", [file for file in PRODUCT if file not in MAY_CATCH_ALL])
def test_errors_are_caught_by_their_kind(file: str) -> None:
    assert broad_excepts(ast.parse(read(file))) == []


def test_the_checks_see_what_they_look_for() -> None:
    long = "def long():\n" + "    x = 1\n" * MAX_FUNCTION_LINES
    crowded = "class C:\n    def crowded(self, a, b, /, c, d, *, e, f): ...\n    def fine(self, a, b, c, d, e): ..."
    broad = "try: pass\nexcept (ValueError, Exception): pass\ntry: pass\nexcept: pass\ntry: pass\nexcept OSError: pass"
    assert long_functions(ast.parse(long)) == ["long"]
    assert crowded_functions(ast.parse(crowded)) == ["crowded"]
    assert broad_excepts(ast.parse(broad)) == [2, 4]
