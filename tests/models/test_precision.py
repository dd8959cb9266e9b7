"""Which number format a machine and a model get."""

import pytest

from workbench.models.precision import choose_precision

BIG, SMALL = 500_000_000, 5_000_000
PLAIN, BF16, AMX = frozenset({"avx2"}), frozenset({"avx2", "avx512_bf16"}), frozenset({"amx_bf16"})


@pytest.mark.parametrize(
    ("has_cuda", "flags", "parameters", "expected"),
    [
        (True, PLAIN, SMALL, "bf16"),
        (True, PLAIN, BIG, "bf16"),
        (False, BF16, BIG, "bf16"),
        (False, AMX, BIG, "bf16"),
        (False, BF16, SMALL, "fp32"),
        (False, PLAIN, BIG, "fp32"),
    ],
)
def test_auto_follows_machine_and_model(has_cuda: bool, flags: frozenset[str], parameters: int, expected: str) -> None:
    name, reason = choose_precision("auto", has_cuda, flags, parameters)
    assert name == expected
    assert reason


@pytest.mark.parametrize("wanted", ["fp32", "bf16", "fp16"])
def test_what_is_asked_for_is_never_replaced(wanted: str) -> None:
    assert choose_precision(wanted, False, PLAIN, SMALL)[0] == wanted
