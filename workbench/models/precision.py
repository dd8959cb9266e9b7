"""The number format that a model is held in while it is trained: what was asked for, or what suits the machine."""

SMALL_PARAMETERS = 50_000_000
"""Below this many, a CPU gains nothing from bf16: a LoRA update of a 5 M model took 93 ms in fp32 and 101 in bf16."""

_CPU_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def choose_precision(wanted: str, has_cuda: bool, cpu_flags: frozenset[str], parameters: int) -> tuple[str, str]:
    """The format (fp32, bf16 or fp16) and a few words why.

    `has_cuda` is about a device that computes in bf16; `cpu_flags` are the names in /proc/cpuinfo.
    """
    if wanted != "auto":
        return wanted, "as asked"
    if has_cuda:
        return "bf16", "this GPU computes in it, and it takes half the memory"
    if parameters < SMALL_PARAMETERS:
        return "fp32", "a model this small gains nothing from bf16 on a CPU"
    if cpu_flags.isdisjoint(_CPU_BF16_FLAGS):
        return "fp32", "this processor has no bf16 instructions"
    return "bf16", "this processor computes in it, and it takes half the memory"
