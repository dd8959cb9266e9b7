"""The processor, what of it the kernels use, and the GPU."""

import platform
from collections.abc import Iterator

from workbench import __version__
from workbench.hardware.devices import Machine, machine
from workbench.hardware.gpu import look_at_gpu
from workbench.monitoring.doctor.finding import Finding

_FEATURES = {
    "avx2": ("AVX2", "8 numbers at a time", "4 numbers at a time, and slow"),
    "avx512f": ("AVX-512", "16 numbers at a time", "fewer numbers at a time"),
    "avx512vbmi": ("AVX-512 VBMI", "4-bit weights are looked up quickly", "4-bit weights take longer to unpack"),
    "avx512_bf16": (
        "AVX-512 bf16",
        "models in bf16, in half the memory of fp32",
        "models in fp32, unless there is AMX",
    ),
    "amx_bf16": ("AMX bf16", "whole tiles of bf16 at a time, the fastest there is", "products in vectors, not tiles"),
}
"""By the name in /proc/cpuinfo: what it is called, what it brings, and what goes without it."""


def examine_system() -> Iterator[Finding]:
    yield Finding("workbench", __version__)
    yield Finding("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}")


def examine_processor() -> Iterator[Finding]:
    here = machine()
    yield Finding("processor", f"{here.cpu}, {here.cores} {'core' if here.cores == 1 else 'cores'} to compute with")
    yield from features(here)
    yield _gpu(here)


def features(here: Machine) -> Iterator[Finding]:
    """What of the instructions matters here. Other kinds of processors tell theirs in other words."""
    if "sse2" not in here.cpu_flags:
        yield Finding("instructions", platform.machine())
        return
    for flag, (name, brings, lacks) in _FEATURES.items():
        yield Finding(name, f"yes: {brings}" if flag in here.cpu_flags else f"no: {lacks}")


def _gpu(here: Machine) -> Finding:
    found = look_at_gpu()
    if here.gpu and found:
        return Finding("GPU", f"{here.gpu}, {found.free_bytes / 1e9:.1f} GB free of {found.total_bytes / 1e9:.1f}")
    if found:
        advice = "The PyTorch here is built for processors alone; the one for this GPU would be much faster."
        return Finding("GPU", f"{found.name}, which is not used", advice)
    return Finding("GPU", here.gpu or "none; everything runs on the processor")
