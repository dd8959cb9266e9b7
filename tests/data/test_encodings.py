"""Encodings: what a file is probably stored in, and how its text reads then."""

from pathlib import Path

import pytest

from tests.data.files import written
from tests.data.packed import parquet
from workbench.config.data import DataSettings
from workbench.config.fields import leaves
from workbench.data.reading.encodings import ENCODINGS, candidates

TEXTS = {
    "German": "Grüße aus Köln, schöne Straße",
    "French": "Où êtes-vous allé, cher élève ? Ça va à Noël",
    "Spanish": "¿Cómo está usted, señor? Mañana",
    "Norwegian": "Blåbærsyltetøy på brødet",
    "Polish": "Zażółć gęślą jaźń, dzień dobry, miło Cię widzieć",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Hungarian": "Árvíztűrő tükörfúrógép",
    "Romanian": "Bună ziua, ţară şi învăţare",
    "Croatian": "Čovječe, što ćeš? Žao mi je, đak",
}


@pytest.mark.parametrize("language", ["Polish", "Czech", "Hungarian", "Romanian", "Croatian"])
def test_languages_of_central_europe_are_windows_1250(tmp_path: Path, language: str) -> None:
    found = candidates(written(tmp_path, "a.csv", TEXTS[language].encode("windows-1250")))
    assert found[0].encoding == "windows-1250"
    assert found[0].sample == TEXTS[language]


@pytest.mark.parametrize("language", ["German", "French", "Spanish", "Norwegian"])
def test_languages_of_western_europe_are_latin_or_windows_1252(tmp_path: Path, language: str) -> None:
    plain = candidates(written(tmp_path, "a.csv", TEXTS[language].encode("latin-1")))
    assert [candidate.encoding for candidate in plain] == ["latin-1", "windows-1252", "windows-1250"]
    dashes = candidates(written(tmp_path, "a.csv", f"“{TEXTS[language]}” – 5 €".encode("windows-1252")))
    assert [candidate.encoding for candidate in dashes] == ["windows-1252", "windows-1250"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_with_and_without_its_mark(tmp_path: Path, codec: str) -> None:
    (found,) = candidates(written(tmp_path, "a.csv", f"question,answer\n{TEXTS['German']}".encode(codec)))
    assert found.encoding == "utf-16"
    assert TEXTS["German"] in found.sample


def test_the_sample_shows_the_first_letters_in_question(tmp_path: Path) -> None:
    content = b"a" * 3_000_000 + b" caf\xe9 " + b"b" * 1000
    first = candidates(written(tmp_path, "a.txt", content))[0]
    assert " café " in first.sample
    assert len(first.sample) <= 300


@pytest.mark.parametrize(
    "content",
    [b"", b"plain", "Grüße".encode(), "Grüße é".encode()[:-1], bytes(range(256)) * 9, parquet({"a": ["b"]})],
    ids=["empty", "ascii", "utf-8", "damaged utf-8", "binary", "parquet"],
)
def test_nothing_is_offered_for_other_files(tmp_path: Path, content: bytes) -> None:
    assert candidates(written(tmp_path, "a.csv", content)) == []
    assert candidates(tmp_path) == []


def test_the_setting_offers_what_can_be_read() -> None:
    (setting,) = (leaf for leaf in leaves(DataSettings) if leaf.path == "encoding")
    assert setting.spec.choices == ENCODINGS
