"""The licence that a model's files name."""

from pathlib import Path

import pytest

from workbench.models.catalog import STARTER_FOLDER
from workbench.models.facts import describe, facts
from workbench.models.licence import read_licence

APACHE = "                                 Apache License\n                           Version 2.0, January 2004\n"


@pytest.mark.parametrize(
    ("files", "licence"),
    [
        ({"README.md": "---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\n"}, "apache-2.0"),
        ({"README.md": "---\nlicense: 'mit'\n---\n"}, "mit"),
        ({"README.md": "---\nlicense: other\nlicense_name: llama3.2\n---\n", "LICENSE": "Hands off"}, "llama3.2"),
        ({"README.md": "---\nlicense: other\n---\n", "LICENSE.txt": APACHE}, "apache-2.0"),
        ({"README.md": "# A model\nlicense: mit\n---\nlicense: mit\n---\n"}, ""),
        ({"README.md": "---\nlicense: mit\n"}, ""),
        ({"LICENSE": APACHE}, "apache-2.0"),
        ({"LICENSE": "Hands off"}, "see its LICENSE"),
        ({}, ""),
    ],
)
def test_the_card_is_asked_first_and_then_the_licence_file(tmp_path: Path, files: dict[str, str], licence: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert read_licence(tmp_path) == licence


def test_it_is_a_fact_of_the_model_even_of_one_that_cannot_be_tuned(tmp_path: Path) -> None:
    assert facts(STARTER_FOLDER).licence == "apache-2.0"
    (tmp_path / "LICENSE").write_text(APACHE)
    assert describe(facts(tmp_path))["licence"] == "apache-2.0"


def test_a_card_of_any_size_and_kind_is_read_in_a_moment(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"---\n" + b"\xff\x00license:" * 1_000_000)
    assert read_licence(tmp_path) == ""
