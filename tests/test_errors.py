"""What runs out of memory is known, whoever says it and however."""

from collections.abc import Callable

import pytest
import torch

from workbench.errors import ModelError, lacks_memory


def wrapped() -> None:
    try:
        torch.empty(2**50, dtype=torch.uint8)
    except RuntimeError as error:
        raise ModelError("The model cannot be loaded.", "Choose another.") from error


@pytest.mark.parametrize("ask", [lambda: bytearray(2**60), lambda: torch.empty(2**50, dtype=torch.uint8), wrapped])
def test_a_lack_of_memory_is_known(ask: Callable[[], object]) -> None:
    with pytest.raises(Exception, match="") as caught:
        ask()
    assert lacks_memory(caught.value)


def test_others_are_not_taken_for_one() -> None:
    assert not lacks_memory(ModelError("The model cannot be loaded.", "Choose another."))
    assert not lacks_memory(OSError(2, "No such file"))
