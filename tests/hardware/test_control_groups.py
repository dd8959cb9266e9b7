"""How much memory control groups leave: as made folders tell it, and real groups where they may be made."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.limits import LimitedGroup, NoGroupError, limited_group
from workbench.hardware.control_groups import Group, groups

_LIMIT_BYTES = 256 * 1024**2


class Host:
    """A made /proc folder of a process, and the tree of groups that it is in."""

    def __init__(self, folder: Path) -> None:
        self.process, self.tree = folder / "proc", folder / "tree"
        self.process.mkdir()
        self.tree.mkdir()

    def mount(self, system: str, root: str, groups: str) -> None:
        line = f"32 31 0:29 {root} {self.tree} rw,relatime shared:9 - {system} {system} rw,memory\n"
        other = f"33 31 0:30 / {self.tree}-cpu rw,relatime - cgroup cgroup rw,cpu\n"
        (self.process / "mountinfo").write_text(other + line)
        (self.process / "cgroup").write_text(groups)

    def group(self, name: str, **files: str) -> None:
        (self.tree / name).mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (self.tree / name / f"memory.{file}").write_text(text)

    def free(self) -> list[int | None]:
        return [level.free_bytes() for level in groups(self.process)]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_every_level_of_version_2_counts(host: Host) -> None:
    host.mount("cgroup2", "/", "0::/user/shop/run\n")
    host.group("user/shop/run", max="max\n", high="max\n", current="500\n", stat="anon 400\ninactive_file 100\n")
    host.group("user/shop", max="900\n", high="800\n", current="600\n", stat="anon 400\ninactive_file 100\n")
    host.group("user", max="5000\n", current="700\n", stat="inactive_file 0\n")
    assert host.free() == [None, 300, 4300, None]
    assert [level.limit_bytes() for level in groups(host.process)] == [None, 800, 5000, None]


def test_a_container_of_version_1_sees_its_own_group_as_the_highest(host: Host) -> None:
    host.mount("cgroup", "/docker/ab12", "9:cpu:/docker/ab12\n4:memory:/docker/ab12\n0::/docker/ab12\n")
    stat = "cache 90\ninactive_file 1\ntotal_inactive_file 60\n"
    host.group("", limit_in_bytes="1000\n", usage_in_bytes="400\n", stat=stat, oom_control="under_oom 0\noom_kill 2\n")
    assert host.free() == [660]
    assert sum(level.oom_kills() for level in groups(host.process)) == 2


def test_a_group_outside_of_what_is_seen_is_taken_for_the_highest(host: Host) -> None:
    host.mount("cgroup2", "/", "0::/../other\n")
    host.group("", max="100\n", current="30\n")
    assert host.free() == [70]


def test_no_limit_of_version_1_is_none(host: Host) -> None:
    host.mount("cgroup", "/", "4:cpuset,memory:/\n")
    host.group("", limit_in_bytes="9223372036854771712\n", usage_in_bytes="400\n")
    assert host.free() == [None]


def test_where_there_are_no_groups_nothing_is_limited(host: Host) -> None:
    assert groups(host.process) == []


@pytest.fixture
def limited() -> Iterator[LimitedGroup]:
    try:
        with limited_group(_LIMIT_BYTES) as group:
            yield group
    except NoGroupError as error:
        pytest.skip(str(error))


_LOOK = """
input()
from workbench.hardware.devices import free_memory_bytes, memory_limit_bytes
print(memory_limit_bytes(), free_memory_bytes(), flush=True)
input()
"""


def test_a_process_in_a_real_group_sees_its_limit(limited: LimitedGroup) -> None:
    program = [sys.executable, "-c", _LOOK]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        limited.add(process.pid)
        print(file=process.stdin, flush=True)
        limit, free = map(int, process.stdout.readline().split())
        assert limit == _LIMIT_BYTES
        assert 0.5 * limit < free < limit
        process.kill()


def test_what_the_kernel_ends_for_memory_is_counted(limited: LimitedGroup) -> None:
    program = [sys.executable, "-c", f"input(); bytearray({2 * _LIMIT_BYTES})"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, text=True) as process:
        limited.add(process.pid)
        own = groups(Path(f"/proc/{process.pid}"))
        assert sum(map(Group.oom_kills, own)) == 0
        assert process.stdin
        print(file=process.stdin, flush=True)
        process.wait()
    assert own[0].oom_kills() == 1
