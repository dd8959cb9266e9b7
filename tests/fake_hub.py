"""A small hub on loopback: as much of the hub's HTTP as `datasets` and `huggingface_hub` ask for."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

COMMIT = "c0ffee" * 6 + "c0de"
"""The one commit that every repository has."""

REVISIONS = ("main", "v1", "refs/convert/parquet", COMMIT)

Repository = dict[str, bytes]
"""Content by path."""


class FakeHub:
    """The repositories by id; what was asked for stands in `requests`."""

    def __init__(self, repositories: dict[str, Repository], gated: tuple[str, ...] = ()) -> None:
        self.repositories = repositories
        self.gated = gated
        self.requests: list[str] = []
        self.private: set[str] = set()
        """Ids of those that their owner alone sees."""
        self.token = ""
        """What opens the gated ones; any other is refused."""
        self.damaged: set[str] = set()
        """Paths that arrive with one byte changed."""
        self.claimed: dict[str, int] = {}
        """Bytes that a path is said to have."""
        self.stalled: set[str] = set()
        """Paths of which the second half never comes, until `released` is set."""
        self.breaking: Counter[str] = Counter()
        """How often the connection breaks off in the middle of a path."""
        self.elsewhere: set[str] = set()
        """Paths that lie on another host, as large files do."""
        self.tokens_elsewhere: list[str | None] = []
        """What that host was shown as a token."""
        self.stalling = threading.Event()
        self.released = threading.Event()
        self.counted: dict[str, int] = {}
        """Parameters that the hub has counted, by id."""
        self.sent: Counter[str] = Counter()
        """Bytes sent of each path."""
        self.url = ""

    @property
    def handler(self) -> type["Handler"]:
        return Handler

    @contextmanager
    def running(self) -> Iterator["FakeHub"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Mine", (self.handler,), {"hub": self}))
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            server.shutdown()
            server.server_close()
            thread.join()


class Refused(Exception):
    """Answered with 404, or 403 for a gated repository, and the hub's name of the error."""

    def __init__(self, code: str, status: int = 404) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Handler(BaseHTTPRequestHandler):
    hub: Any
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def answer(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hub.requests.append(f"{self.command} {unquote(self.path)}")
        try:
            self.route([unquote(part) for part in url.path.strip("/").split("/")], parse_qs(url.query), body)
        except Refused as error:
            self._send(b"", error.status, {"X-Error-Code": error.code, "X-Error-Message": error.code})

    def route(self, parts: list[str], query: dict[str, list[str]], body: bytes) -> None:
        match parts:
            case ["api", "models"]:
                self.send_json([])
            case ["api", "datasets" | "models", organisation, name, *rest]:
                self._api(f"{organisation}/{name}", rest, query, body.decode())
            case ["datasets", organisation, name, "resolve", *rest] | [organisation, name, "resolve", *rest]:
                files = self._files(f"{organisation}/{name}")
                path = "/".join(rest).removeprefix(_revision(rest) + "/")
                if path not in files:
                    raise Refused("EntryNotFound")
                if path in self.hub.elsewhere:
                    other = self.hub.url.replace("127.0.0.1", "localhost")
                    self._send(b"", 302, {"Location": f"{other}/elsewhere{self.path}"})
                else:
                    self._file(path, files[path])
            case ["elsewhere", organisation, name, _, *rest]:
                self.hub.tokens_elsewhere.append(self.headers.get("Authorization"))
                path = "/".join(rest).removeprefix(_revision(rest) + "/")
                self._file(path, self._known(f"{organisation}/{name}")[path])
            case ["portal", *_]:
                self._send(b"<html>Sign in first</html>", 200, {"Content-Type": "text/html"})
            case _:
                raise Refused("NotFound")

    def _api(self, id: str, rest: list[str], query: dict[str, list[str]], body: str) -> None:
        # What a gated model consists of, the hub tells everyone.
        files = self._known(id) if "/api/models/" in self.path else self._files(id)
        match rest:
            case [] | ["revision", *_]:
                _revision(rest[1:] or ["main"])
                siblings = [_sibling(path, content, self.hub.claimed.get(path)) for path, content in files.items()]
                about = {"id": id, "sha": COMMIT, "private": id in self.hub.private, "tags": [], "siblings": siblings}
                total = self.hub.counted.get(id)
                counted = {"safetensors": {"parameters": {"BF16": total}, "total": total}} if total else {}
                self.send_json(about | counted | {"cardData": _card(files)})
            case ["tree", *place]:
                folder = "/".join(place).removeprefix(_revision(place)).strip("/")
                self.send_json(_tree(files, folder, recursive=query.get("recursive") in (["true"], ["True"])))
            case ["paths-info", *_]:
                asked = parse_qs(body).get("paths", []) if "=" in body else json.loads(body)["paths"]
                self.send_json([_entry(path, files[path]) for path in asked if path in files])
            case _:
                raise Refused("NotFound")

    def _files(self, id: str) -> Repository:
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if given and given != self.hub.token:
            raise Refused("Invalid credentials in Authorization header", 401)
        if id in self.hub.gated and not given:
            raise Refused("GatedRepo", 403)
        return self._known(id)

    def _known(self, id: str) -> Repository:
        if id not in self.hub.repositories:
            raise Refused("RepoNotFound")
        return self.hub.repositories[id]

    def _file(self, path: str, content: bytes) -> None:
        first = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        if path in self.hub.damaged:
            content = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{_git_id(content)}"', "Accept-Ranges": "bytes"}
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        content, status = content[first:], 206 if first else 200
        if self.command == "GET" and path in self.hub.stalled:
            self._stall(path, content, status, headers)
        elif self.command == "GET" and self.hub.breaking[path]:
            self.hub.breaking[path] -= 1
            self._half(path, content, status, headers)
            self.close_connection = True
        else:
            self._send(content, status, headers)
            self.hub.sent[path] += len(content)

    def _stall(self, path: str, content: bytes, status: int, headers: dict[str, str]) -> None:
        self._half(path, content, status, headers)
        self.hub.stalling.set()
        self.hub.released.wait()

    def _half(self, path: str, content: bytes, status: int, headers: dict[str, str]) -> None:
        self._head(status, len(content), headers)
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.hub.sent[path] += len(content) // 2

    def send_json(self, value: Any) -> None:
        self._send(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})

    def _send(self, content: bytes, status: int, headers: dict[str, str]) -> None:
        self._head(status, len(content), headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(length)} | headers).items():
            self.send_header(name, value)
        self.end_headers()


def _revision(place: list[str]) -> str:
    """The revision that a path begins with."""
    for revision in REVISIONS:
        if "/".join([*place, ""]).startswith(f"{revision}/"):
            return revision
    raise Refused("RevisionNotFound")


def _sibling(path: str, content: bytes, claimed: int | None) -> dict[str, Any]:
    about: dict[str, Any] = {"rfilename": path, "size": claimed or len(content), "blobId": _git_id(content)}
    if path.endswith((".parquet", ".safetensors")):
        sha256 = hashlib.sha256(content).hexdigest()
        about["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 130}
    return about


def _card(files: Repository) -> dict[str, Any]:
    """The head of a README, which is YAML between two lines of dashes."""
    parts = files.get("README.md", b"").split(b"---\n")
    try:
        card = yaml.safe_load(parts[1]) if len(parts) > 2 else {}
    except yaml.YAMLError:
        return {}
    return card or {}


def _tree(files: Repository, folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    below = {path: content for path, content in files.items() if path.startswith(f"{folder}/" if folder else "")}
    if folder and not below:
        raise Refused("EntryNotFound")
    depth = folder.count("/") + 1 if folder else 0
    folders = {"/".join(path.split("/")[:end]) for path in below for end in range(depth + 1, path.count("/") + 1)}
    entries = [{"type": "directory", "oid": "0" * 40, "size": 0, "path": path} for path in sorted(folders)]
    entries += [_entry(path, content) for path, content in below.items()]
    return [entry for entry in entries if recursive or entry["path"].count("/") == depth]


def _entry(path: str, content: bytes) -> dict[str, Any]:
    return {"type": "file", "oid": _git_id(content), "size": len(content), "path": path}


def _git_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
