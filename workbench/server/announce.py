"""What the terminal says when the page is ready, and whether a browser can be opened for the user."""

import getpass
import os
import socket
from pathlib import Path

from workbench import __version__
from workbench.server.options import ServeOptions, is_loopback


def link_to(options: ServeOptions, port: int, token: str) -> str:
    return f"http://{name_in_link(options)}:{port}/?token={token}"


def name_in_link(options: ServeOptions) -> str:
    if not is_loopback(options.host):
        return options.allow_host[0]
    return "[::1]" if options.host == "::1" else "127.0.0.1"


def describe_start(root: Path) -> str:
    return f"LoRA Workbench {__version__} · your files: {root}\nStarting the page …"


def describe_ready(options: ServeOptions, port: int, token: str) -> str:
    lines = [f"Ready: {link_to(options, port, token)}"]
    if not is_loopback(options.host):
        lines.append("Whoever has this link can use the page, and what they send is not encrypted.")
    elif is_over_ssh():
        tunnel = f"ssh -L {port}:localhost:{port} {getpass.getuser()}@{socket.gethostname()}"
        lines.append(f"On your own computer, first: {tunnel}")
    lines.append("Ctrl-C closes the page.")
    return "\n".join(lines)


def has_desktop() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and not is_over_ssh()


def is_over_ssh() -> bool:
    return bool(os.environ.get("SSH_CONNECTION"))
