"""The port of the page: taken before anything slow is loaded, and explained when somebody else has it."""

import errno
import http.client
import json
import socket

from workbench.errors import WorkbenchError

APP_NAME = "lora-workbench"
# A page that is just starting holds its port for some seconds before it answers.
PATIENCE_SECONDS = 10


def claim_port(host: str, port: int) -> socket.socket | None:
    """A listening socket, or None if another program has the port. Port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise WorkbenchError(
            f"Cannot listen on {host}, port {port}: {error.strerror}.",
            "Try another one, such as --port 7861, or leave --host out.",
        ) from error


def ask_who_is_there(host: str, port: int) -> str | None:
    """The workspace that a page of ours serves on this port; None if it is another program."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = json.loads(connection.getresponse().read(1000))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    is_ours = isinstance(answer, dict) and answer.get("app") == APP_NAME
    return str(answer.get("root")) if is_ours else None
