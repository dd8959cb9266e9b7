"""Which number format a machine and a model get."""

import pytest

from workbench.models.precision import choose_precision

BIG, SMALL = 500_000_000, 5_000_000
PLAIN, BF16, AMX = frozenset({"avx2"}), frozenset({"avx2", "avx512_bf16"}), frozenset({"amx_bf16"})


@pytest.mark.parametrize(
    ("gpu", "flags", "parameters", "expected"),
    [
        ("NVIDIA H200", PLAIN, SMALL, "bf16"),
        ("NVIDIA GeForce RTX 3060", PLAIN, BIG, "bf16"),
        ("NVIDIA RTX 2000 Ada Generation", PLAIN, BIG, "bf16"),
        ("NVIDIA A100-SXM4-40GB", PLAIN, BIG, "bf16"),
        ("NVIDIA L4", PLAIN, BIG, "bf16"),
        ("Tesla T4", PLAIN, BIG, "fp16"),
        ("Tesla V100-SXM2-16GB", PLAIN, BIG, "fp16"),
        ("NVIDIA GeForce RTX 2080 Ti", PLAIN, BIG, "fp16"),
        ("NVIDIA GeForce GTX 1660", PLAIN, SMALL, "fp16"),
        (None, BF16, BIG, "bf16"),
        (None, AMX, BIG, "bf16"),
        (None, BF16, SMALL, "fp32"),
        (None, PLAIN, BIG, "fp32"),
    ],
)
def test_auto_follows_machine_and_model(gpu: str | None, flags: frozenset[str], parameters: int, expected: str) -> None:
    name, reason = choose_precision("auto", gpu, flags, parameters)
    assert name == expected
    assert reason


@pytest.mark.parametrize("wanted", ["fp32", "bf16", "fp16"])
def test_what_is_asked_for_is_never_replaced(wanted: str) -> None:
    assert choose_precision(wanted, None, PLAIN, SMALL)[0] == wanted
