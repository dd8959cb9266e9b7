"""Which kernels a run computes with: those in C where they can be built, else their twins in torch, and why."""

from pathlib import Path

from workbench.engine.kernels import Kernels
from workbench.engine.native.attention import NativeAttention
from workbench.engine.native.build import NotBuilt, build
from workbench.engine.native.library import load
from workbench.engine.native.passes import NativePasses
from workbench.engine.native.products import NativeProducts
from workbench.engine.native.tokens import NativeTokens
from workbench.engine.twins.attention import TorchAttention
from workbench.engine.twins.passes import TorchPasses
from workbench.engine.twins.products import TorchProducts


def choose_kernels(cache_folder: Path) -> Kernels:
    """The fastest that this machine has. Seconds where they have to be built first: may be called from a thread."""
    try:
        return native_kernels(build(cache_folder))
    except NotBuilt as error:
        return torch_kernels(str(error))
    except OSError as error:
        return torch_kernels(f"The kernels could not be loaded: {error}.")


def native_kernels(path: Path) -> Kernels:
    """Those of a built library."""
    library = load(path)
    passes, attention, products = NativePasses(library), NativeAttention(library), NativeProducts(library)
    return Kernels("c", passes, attention, products, NativeTokens(library), digest=path.stem)


def torch_kernels(reason: str) -> Kernels:
    """The twins; `reason` is why it is them, in one sentence."""
    return Kernels("torch", TorchPasses(), TorchAttention(), TorchProducts(), reason=reason)
