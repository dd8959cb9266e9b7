"""The suggestions that ship: complete, and true to the arithmetic of their own architecture."""

import pytest

from workbench.models.catalog import STARTER
from workbench.models.hub.request import ModelRequest
from workbench.models.suggested import Suggested, find_suggested, suggested

NAMES = [entry.id for entry in suggested()]


def test_there_are_about_five_the_smallest_first() -> None:
    sizes = [entry.parameters for entry in suggested()]
    assert 4 <= len(sizes) <= 7 and sizes == sorted(sizes)
    assert sizes[0] >= 134e6 and sizes[-1] <= 1.6e9
    assert len(set(NAMES)) == len(NAMES) and STARTER not in NAMES


@pytest.mark.parametrize("entry", suggested(), ids=NAMES)
def test_an_entry_says_what_one_wants_to_know_and_can_be_asked_for(entry: Suggested) -> None:
    ModelRequest(entry.id, entry.revision).check()
    assert entry.purpose.endswith(".") and entry.languages and entry.licence
    assert find_suggested(entry.id) == entry


@pytest.mark.parametrize("entry", suggested(), ids=NAMES)
def test_layers_and_embeddings_come_to_the_parameters(entry: Suggested) -> None:
    inside = sum(rows * columns for rows, columns in entry.facts().linear_shapes.values())
    embedding = entry.vocabulary * entry.hidden_size
    embeddings = (entry.parameters - inside) / embedding
    assert min(abs(embeddings - 1), abs(embeddings - 2)) < 0.01, "one tied embedding, or one and an output layer"


@pytest.mark.parametrize("entry", suggested(), ids=NAMES)
def test_the_download_is_the_weights_in_16_bits_and_a_few_megabytes(entry: Suggested) -> None:
    assert 0 < entry.download_bytes - 2 * entry.parameters < 20e6


def test_what_is_not_suggested_is_not_found() -> None:
    assert find_suggested("org/name") is None
