"""A run at low priority leaves the computer usable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_CODE = """
import os, pathlib
from workbench.training.worker import _step_back
_step_back()
group = pathlib.Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else 10)
"""


@pytest.mark.slow
def test_low_priority_counts_against_other_sessions_too() -> None:
    before = os.nice(0)
    printed = subprocess.run(
        [sys.executable, "-c", _CODE],
        cwd=Path(__file__).parents[2],
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert printed == [str(min(19, before + 10)), "10"]
