"""What learns, by method: asked of every method there is, since a plan asks it of whichever is chosen."""

import pytest

from workbench.config.build import build
from workbench.memory.kept import BESIDE
from workbench.methods.table import METHODS
from workbench.models.catalog import STARTER_FOLDER
from workbench.models.facts import facts
from workbench.training.learning import learning_of


@pytest.mark.parametrize("method", METHODS)
def test_every_method_says_what_learns(method: str) -> None:
    found = learning_of(build({"method.name": method}).method, facts(STARTER_FOLDER))
    inside = method in ("full", "last_layers")
    assert (found.place == "inside") is inside and found != BESIDE
