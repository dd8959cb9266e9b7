"""A small hub on loopback that takes files, too: as much of its HTTP as an upload by `huggingface_hub` asks for."""

import base64
import hashlib
import json
from typing import Any

from tests.fake_hub import COMMIT, FakeHub, Handler, Refused, Repository

_LARGE = (".safetensors", ".gguf")
"""Endings of what goes to the store of large files, and comes into a repository by its hash."""


class ReceivingHub(FakeHub):
    """Whoever shows its token may write to the repositories of `user`."""

    def __init__(self, token: str, repositories: dict[str, Repository] | None = None) -> None:
        super().__init__(repositories or {})
        self.token = token
        self.stored: Repository = {}
        """Large files that have arrived, by their sha256."""
        self.is_full = False
        """Whether nothing large is taken any more."""
        self.is_stalling = False
        """Whether large files are never answered for."""
        self.part_bytes = 0
        """How much of a large file is taken at once; 0 for all of it."""
        self.parts: dict[str, bytes] = {}
        """What has come of files that come in parts, by their sha256."""
        self.failures = 0
        """How often a large file is to be sent again."""

    @property
    def handler(self) -> type[Handler]:
        return _Receiving


class _Receiving(Handler):
    hub: Any

    def do_PUT(self) -> None:
        self.answer()

    def route(self, parts: list[str], query: dict[str, list[str]], body: bytes) -> None:
        match parts:
            case ["api", "repos", "create"]:
                self._create(json.loads(body))
            case ["api", "validate-yaml"]:
                self.send_json({"errors": [], "warnings": []})
            case ["api", "models", _, _, "preupload", "main"]:
                self._check_token()
                asked = [file["path"] for file in json.loads(body)["files"]]
                self.send_json({"files": [_mode(path) for path in asked]})
            case [_, _, "info", "lfs", "objects", "batch"]:
                self._check_token()
                self.send_json({"objects": [self._place(told) for told in json.loads(body)["objects"]]})
            case ["store", oid]:
                self._store(oid, body)
            case ["parts", oid]:
                self.hub.parts[oid] = self.hub.parts.get(oid, b"") + body
                self._send(b"", 200, {"ETag": '"part"'})
            case ["whole", oid]:
                self._store(oid, self.hub.parts[oid])
            case ["api", "models", user, name, "commit", "main"]:
                self._check_token()
                self._commit(f"{user}/{name}", [json.loads(line) for line in body.splitlines()])
            case _:
                super().route(parts, query, body)

    def _create(self, told: dict[str, Any]) -> None:
        self._check_token()
        id = f"{told['organization']}/{told['name']}"
        if told["organization"] != "user":
            raise Refused(f"You don't have the rights to create a model under {told['organization']}", 403)
        if id in self.hub.repositories:
            raise Refused("You already created this model repo", 409)
        self.hub.repositories[id] = {".gitattributes": b"*.safetensors filter=lfs"}
        if told["visibility"] == "private":
            self.hub.private.add(id)
        self.send_json({"url": f"{self.hub.url}/{id}"})

    def _place(self, told: dict[str, Any]) -> dict[str, Any]:
        """Where a large file is to be put; nowhere where it is here already."""
        if self.hub.is_full:
            raise Refused("Private repository storage limit reached", 403)
        if told["oid"] in self.hub.stored:
            return told
        if not self.hub.part_bytes:
            return told | {"actions": {"upload": {"href": f"{self.hub.url}/store/{told['oid']}"}}}
        count = -(-told["size"] // self.hub.part_bytes)
        parts = {str(part): f"{self.hub.url}/parts/{told['oid']}" for part in range(1, count + 1)}
        header = {"chunk_size": str(self.hub.part_bytes)} | parts
        return told | {"actions": {"upload": {"href": f"{self.hub.url}/whole/{told['oid']}", "header": header}}}

    def _store(self, oid: str, body: bytes) -> None:
        assert "Authorization" not in self.headers, "the store of large files is another host"
        if self.hub.is_stalling:
            self.hub.stalling.set()
            self.hub.released.wait()
        if self.hub.failures:
            self.hub.failures -= 1
            raise Refused("Try again", 503)
        assert hashlib.sha256(body).hexdigest() == oid
        self.hub.stored[oid] = body
        self.hub.sent[oid] += len(body)
        self.send_json({})

    def _commit(self, id: str, lines: list[dict[str, Any]]) -> None:
        assert lines[0]["value"]["parentCommit"] == COMMIT
        for line in lines[1:]:
            told = line["value"]
            is_large = line["key"] == "lfsFile"
            content = self.hub.stored[told["oid"]] if is_large else base64.b64decode(told["content"])
            self.hub.repositories[id][told["path"]] = content
        self.send_json({"commitUrl": f"{self.hub.url}/{id}/commit/{COMMIT}", "commitOid": COMMIT})

    def _check_token(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.hub.token}":
            raise Refused("Invalid credentials in Authorization header", 401)


def _mode(path: str) -> dict[str, Any]:
    return {"path": path, "uploadMode": "lfs" if path.endswith(_LARGE) else "regular", "shouldIgnore": False}
