"""The number format that a model is held in while it is trained: what was asked for, or what suits the machine."""

import re

SMALL_PARAMETERS = 50_000_000
"""Below this many, a CPU gains nothing from bf16: a LoRA update of a 5 M model took 93 ms in fp32 and 101 in bf16."""

_CPU_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})

_WITHOUT_BF16 = re.compile(
    r"\b(T4|T\d{3,4}|V100|P\d{1,3}|K80|M\d{1,2}|MX\d{3}|GTX|GT|TITAN|RTX 20[5-8]0|Quadro (RTX|P|GV)\w*)\b"
)
"""GPUs from before 2020, by their names: torch computes in bf16 on them too, by a slow detour."""


def choose_precision(wanted: str, gpu: str | None, cpu_flags: frozenset[str], parameters: int) -> tuple[str, str]:
    """The format (fp32, bf16 or fp16) and a few words why.

    `gpu` is the name of one that is computed on, if any; `cpu_flags` are the names in /proc/cpuinfo.
    """
    if wanted != "auto":
        return wanted, "as asked"
    if gpu and _WITHOUT_BF16.search(gpu):
        return "fp16", "this GPU computes in it, not in bf16, and it takes half the memory"
    if gpu:
        return "bf16", "this GPU computes in it, and it takes half the memory"
    if parameters < SMALL_PARAMETERS:
        return "fp32", "a model this small gains nothing from bf16 on a CPU"
    if cpu_flags.isdisjoint(_CPU_BF16_FLAGS):
        return "fp32", "this processor has no bf16 instructions"
    return "bf16", "this processor computes in it, and it takes half the memory"
