"""Requests as they go over the wire, so that a test can send headers that no client library would."""

import http.client
import socket
from dataclasses import dataclass

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(port: int, target: str, headers: Headers, method: str = "GET", body: bytes = b"") -> Answer:
    """Exactly these headers and no others; HEAD and errors are read as any client would."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "Connection: close"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        # A header that comes twice reads "first, second".
        fields = {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
        return Answer(answer.status, fields, answer.read().decode())
