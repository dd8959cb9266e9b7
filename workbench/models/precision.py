"""The number format that a model is held in while it is trained: what was asked for, or what suits the machine."""

SMALL_PARAMETERS = 50_000_000
"""Below this many, casting costs on a CPU what bf16 saves: a LoRA update of a 5 M model took 93 ms in fp32, 101 in bf16."""

_CPU_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def choose_precision(
    wanted: str, parameters: int, *, cuda_bf16: bool | None, cpu_flags: frozenset[str]
) -> tuple[str, str]:
    """The format (fp32, bf16 or fp16) and a sentence why.

    `cuda_bf16` says whether the CUDA device computes in bf16; None where there is no such device.
    """
    if wanted != "auto":
        return wanted, f"{wanted} was asked for."
    if cuda_bf16:
        return "bf16", "bf16: this GPU computes in it, and it takes half the memory."
    if cuda_bf16 is False:
        return "fp32", "fp32: this GPU does not compute in bf16."
    if parameters < SMALL_PARAMETERS:
        return "fp32", "fp32: on a CPU, a model this small gains nothing from bf16."
    if cpu_flags.isdisjoint(_CPU_BF16_FLAGS):
        return "fp32", "fp32: this processor has no bf16 instructions."
    return "bf16", "bf16: this processor computes in it, and it takes half the memory."
