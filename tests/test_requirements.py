"""The requirement files name what the code imports, in ranges that hold what these tests run on."""

import ast
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workbench.monitoring.trackers.table import TRACKERS

PROJECT = Path(__file__).resolve().parents[1]


def read_requirements(file: str) -> dict[str, Requirement]:
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


USER = read_requirements("requirements.txt")
GGUF = read_requirements("requirements-gguf.txt")
DEVELOPER = read_requirements("requirements-dev.txt")


def imported_packages() -> set[str]:
    """The distributions that the package itself imports, anywhere in its files."""
    names: set[str] = set()
    for path in (PROJECT / "workbench").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    owners = packages_distributions()
    foreign = names - set(sys.stdlib_module_names) - {"workbench"}
    return {canonicalize_name(owners.get(name, [name])[0]) for name in foreign}


def test_every_imported_package_is_named() -> None:
    # These come with transformers and pydantic, in the versions that fit them.
    with_others = {"tokenizers", "typing-extensions"}
    # Where it is not installed, llama-cpp-python is known by the name that it is imported by.
    by_choice = {*GGUF, "llama-cpp", *(tracker.package for tracker in TRACKERS.values())}
    assert imported_packages() - set(USER) - with_others - by_choice == set()


_RANGES = [*USER, *DEVELOPER, *(pytest.param(name, marks=pytest.mark.needs_llama) for name in GGUF)]


@pytest.mark.parametrize("name", _RANGES)
def test_the_range_holds_what_is_installed(name: str) -> None:
    requirement = (USER | DEVELOPER | GGUF)[name]
    assert requirement.specifier.contains(version(name)), f"{requirement} against {version(name)}"
    assert any(bound.operator in ("<", "==") for bound in requirement.specifier), "a range has an upper end"
