"""Files that others read at any moment, on a disk that takes only a part of what is written."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.jobs.files import append_json, read_json, read_lines, sweep, write_json

_APPEND = """
import resource, signal, sys, pathlib
from workbench.jobs.files import append_json
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = pathlib.Path(sys.argv[1])
most = path.stat().st_size + 5
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    append_json(path, {"step": 2, "loss": 1.5})
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_row_that_was_written_in_part_is_an_error_and_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    append_json(path, {"step": 1})
    ended = subprocess.run([sys.executable, "-c", _APPEND, str(path)], cwd=Path(__file__).parents[2])
    assert ended.returncode == errno.EFBIG
    assert path.read_bytes() == b'{"step": 1}\n{"ste'
    append_json(path, {"step": 3})
    assert read_lines(path)[0] == [{"step": 1}, {"step": 3}]


def test_a_file_that_cannot_be_replaced_stays_and_leaves_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_json(tmp_path / "status.json", {"step": 1})

    def refuse(*paths: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_json(tmp_path / "status.json", {"step": 2})
    assert read_json(tmp_path / "status.json") == {"step": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


def test_only_what_dead_processes_left_is_swept(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid in (ended.pid, os.getpid()):
        (tmp_path / f".status.json.{pid}-{pid}").touch()
    (tmp_path / "status.json").touch()
    sweep(tmp_path)
    left = {"status.json", f".status.json.{os.getpid()}-{os.getpid()}"}
    assert {path.name for path in tmp_path.iterdir()} == left
