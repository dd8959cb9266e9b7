"""A running showcase, and those who visit it: requests over real sockets, each guest from an address of its own."""

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.recorded_run import RecordedRun

HOSTILE = "<script>alert(1)</script>"
PROJECT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Ready: http://([\d.]+):(\d+)/\?code=(\w+)")
ROOM = re.compile(r"/room\?key=(\S+)")

_hosts = count(2)


@dataclass(frozen=True)
class RunningShowcase:
    root: Path
    host: str
    """By which others come."""
    port: int
    code: str
    key: str

    @property
    def link(self) -> str:
        return f"http://127.0.0.1:{self.port}/?code={self.code}"

    @property
    def room(self) -> str:
        return f"http://127.0.0.1:{self.port}/room?key={self.key}"


@contextmanager
def scripted_showcase(root: Path, *flags: str) -> Iterator[RunningShowcase]:
    run = RecordedRun(root).finish().dir
    command = [sys.executable, "-m", "tests.server.scripted_showcase", str(root), run.id, *flags]
    with subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        words = "".join(process.stdout.readline() for _ in range(4))
        ready, room = READY.search(words), ROOM.search(words)
        assert ready and room, words
        try:
            yield RunningShowcase(root, ready[1], int(ready[2]), ready[3], room[1])
        finally:
            process.kill()


@dataclass
class Guest:
    """A browser on a computer of its own; loopback has enough addresses for all."""

    showcase: RunningShowcase
    cookie: str = ""
    address: str = field(default_factory=lambda: f"127.0.0.{next(_hosts)}")

    def come_in(self) -> "Guest":
        self.keep(self.send(f"/?code={self.showcase.code}"))
        assert self.cookie
        return self

    def present(self) -> "Guest":
        self.keep(self.send(f"/room?key={self.showcase.key}"))
        return self

    def keep(self, answer: http.client.HTTPResponse) -> None:
        self.cookie = (answer.getheader("set-cookie") or "").split(";")[0]

    def send(self, path: str, body: Any = None, method: str = "", **headers: str) -> http.client.HTTPResponse:
        """A dict goes as JSON; `_` stands for `-` in headers. The answer's body can be read as it comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.showcase.port, 120, source_address=(self.address, 0))
        fields = {"Cookie": self.cookie} | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = json.dumps(body) if isinstance(body, dict) else body
        connection.request(method or ("GET" if body is None else "POST"), path, sent, fields)
        return connection.getresponse()

    def ask(self, prompt: str) -> "Asked":
        return Asked(self.send("/ask", prompt.encode()))

    def watch(self) -> "Asked":
        return Asked(self.send("/live"))


class Asked:
    """An answer on its way."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self._answer = answer

    def row(self) -> dict[str, Any]:
        """The next one, as soon as it comes."""
        line = self._answer.readline()
        self._answer.readline()
        assert line.startswith(b"data: "), line
        row: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return row

    def row_where(self, **expected: Any) -> dict[str, Any]:
        """The next one in which all of this stands."""
        while not (row := self.row()).items() >= expected.items():
            pass
        return row

    def rows(self) -> list[dict[str, Any]]:
        """All that still come."""
        return [json.loads(line.removeprefix("data: ")) for line in self.rest().split("\n\n") if line]

    def rest(self) -> str:
        return self._answer.read().decode()

    def leave(self) -> None:
        self._answer.close()
