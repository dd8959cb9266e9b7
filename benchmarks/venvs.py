"""Environments of the peers, each installed from the package index into its own folder under build/.

All compute with the very torch that the workbench uses: it is linked, not copied, and nothing is gained by a build.
"""

import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BUILD = PROJECT / "build" / "bench"
PEERS = {
    "trainer": ("transformers==5.23.0", "peft==0.21.2", "accelerate==1.15.0", "bitsandbytes==0.50.2"),
    "llamafactory": ("llamafactory==0.9.5",),
}
_LINKED = ("torch", "torchgen", "functorch", f"torch-{version('torch')}.dist-info", "nvidia", "triton")
_ABSENT = {"llamafactory": {"torchvision": "0.28.0", "torchaudio": "2.13.0"}}
"""What a peer asks for and does not need for text, in builds that cannot be loaded beside a torch for processors."""


def peer_python(name: str) -> Path:
    """The interpreter of a peer's environment, which is made where it is not there yet."""
    folder = BUILD / "venvs" / name
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"installing {name} into {folder.relative_to(PROJECT)}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        packages = next((folder / "lib").glob("python*")) / "site-packages"
        _link_torch(packages)
        for absent, number in _ABSENT.get(name, {}).items():
            _stand_in(packages, absent, number)
        install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PEERS[name]]
        subprocess.run(install, check=True)
        ready.touch()
    return python


def _link_torch(packages: Path) -> None:
    import torch

    ours = Path(torch.__file__).parents[1]
    for name in _LINKED:
        if (ours / name).exists():
            (packages / name).symlink_to(ours / name)


def _stand_in(packages: Path, name: str, number: str) -> None:
    """Let the installer find a package. It imports, with nothing in it, but torchvision, which is asked for more."""
    if name != "torchvision":
        (packages / f"{name}.py").touch()
    about = packages / f"{name}-{number}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n", encoding="utf-8")


if __name__ == "__main__":
    for peer in sys.argv[1:] or PEERS:
        print(peer_python(peer))
