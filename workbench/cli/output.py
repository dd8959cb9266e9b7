"""What commands print beside their results."""

import json
import sys
from typing import Any

from workbench.data.preparing.steps import Waiting


def print_json(value: Any) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=1))
    return 0


def tell(waiting: Waiting) -> None:
    """How far the reading of the data is, on a terminal."""
    if sys.stderr.isatty():
        share = f" {waiting.done:,} of {waiting.total:,}" if waiting.total else f" {waiting.done:,} rows"
        print(f"\r\x1b[K{waiting.message}{share}\r", end="", file=sys.stderr, flush=True)
