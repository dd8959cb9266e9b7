"""Starting and stopping the page: its port, what the terminal says, and what the process keeps to."""

import http.server
import json
import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from tests.server.conftest import RunningPage, launch, start_page
from tests.server.wire import ask
from workbench.errors import WorkbenchError
from workbench.models.catalog import names
from workbench.server.announce import has_desktop
from workbench.server.app import serve
from workbench.server.options import ServeOptions


def refusal_of(options: ServeOptions) -> str:
    with pytest.raises(WorkbenchError) as caught:
        serve(options)
    return str(caught.value)


def test_a_second_start_gives_the_link_of_the_first(page: RunningPage) -> None:
    assert refusal_of(ServeOptions(page.root, port=page.port)) == (
        f"Already running: http://127.0.0.1:{page.port}/?token={page.token} Open that link in your browser."
    )


def test_a_page_of_another_folder_is_told_apart(page: RunningPage, root: Path) -> None:
    refusal = refusal_of(ServeOptions(root, port=page.port))
    assert f"Port {page.port} is taken by the workbench of another folder." in refusal
    assert page.token not in refusal


def test_another_program_on_the_port_is_told_apart(root: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        port = other.server_port
        refusal = refusal_of(ServeOptions(root, port=port))
        other.shutdown()
    assert refusal == f"Port {port} is taken by another program. Choose another one, such as --port {port + 1}."


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.7.7", "::", "lab-pc"])
def test_the_network_is_let_in_only_by_name(root: Path, host: str) -> None:
    assert f"--host {host} would open the page to the network." in refusal_of(ServeOptions(root, host=host))


@pytest.mark.parametrize("name", ["", "lab-pc:7860", "http://lab-pc"])
def test_an_allowed_host_is_a_name_alone(root: Path, name: str) -> None:
    assert "is not a host name" in refusal_of(ServeOptions(root, allow_host=(name,)))


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_refused(root: Path, port: int) -> None:
    assert f"There is no port {port}." in refusal_of(ServeOptions(root, port=port))


@pytest.mark.parametrize("minutes", [-1.0, 1e9, float("nan")])
def test_a_time_that_cannot_be_is_refused(root: Path, minutes: float) -> None:
    assert f"for {minutes} minutes" in refusal_of(ServeOptions(root, chat_idle_minutes=minutes))


def test_model_folders_named_at_the_start_are_listed(page: RunningPage, root: Path, tiny_model: Path) -> None:
    refusal_of(ServeOptions(root, port=page.port, models=(tiny_model,)))
    assert tiny_model.name in names(root)


def test_a_folder_that_holds_no_model_is_refused_at_the_start(root: Path, tmp_path: Path) -> None:
    assert "cannot be tuned. There is no config.json" in refusal_of(ServeOptions(root, models=(tmp_path,)))


def test_an_address_of_another_machine_is_refused_plainly(root: Path) -> None:
    refusal = refusal_of(ServeOptions(root, host="192.0.2.1", allow_host=("lab-pc",)))
    assert refusal.startswith("Cannot listen on 192.0.2.1, port 7860: ")


def test_over_ssh_the_terminal_shows_the_tunnel(root: Path) -> None:
    with start_page(root, SSH_CONNECTION="a 1 b 22", DISPLAY=":0") as running:
        assert running.process.stdout
        assert f"ssh -L {running.port}:localhost:{running.port} " in running.process.stdout.readline()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a 1 b 22"}, False),
    ],
)
def test_a_browser_is_for_the_desktop_alone(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_desktop() is expected


def test_on_a_desktop_the_browser_opens_the_link(root: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    os.mkfifo(seen)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    with start_page(root, DISPLAY=":0", BROWSER=str(browser)) as running:
        opened = seen.read_text().strip()
        assert opened == f"http://127.0.0.1:{running.port}/?token={running.token}"
        assert ask(running.port, "/healthz", [("Host", "localhost")]).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_and_quietly_though_a_stream_is_open(root: Path, signal_sent: signal.Signals) -> None:
    with start_page(root) as running, socket.create_connection(("127.0.0.1", running.port)) as stream:
        request = f"GET /stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.token}\r\n\r\n"
        stream.sendall(request.encode())
        assert b"200 OK" in stream.recv(4096)
        running.process.send_signal(signal_sent)
        _, complaints = running.process.communicate(timeout=10)
        assert complaints == ""
        assert running.process.returncode == (0 if signal_sent == signal.SIGINT else -signal.SIGTERM)


def test_a_page_that_breaks_shows_the_reason_in_the_terminal(root: Path) -> None:
    with start_page(root) as running:
        member = [("Host", "localhost"), ("Authorization", f"Bearer {running.token}")]
        assert ask(running.port, "/crash", member).status == 500
        running.process.send_signal(signal.SIGINT)
        _, complaints = running.process.communicate(timeout=10)
        assert "a page that breaks" in complaints


def test_the_process_works_in_an_empty_folder_of_the_workspace(root: Path) -> None:
    left_over = root / "cache" / "gradio" / "upload.txt"
    left_over.parent.mkdir(parents=True)
    left_over.write_text("of the last start")
    with start_page(root) as running:
        proc = Path(f"/proc/{running.process.pid}")
        assert (proc / "cwd").readlink() == root / "cache" / "empty"
        assert list((root / "cache" / "empty").iterdir()) == [] and not left_over.exists()


def test_the_page_is_told_to_stay_offline(root: Path) -> None:
    with start_page(root) as running:
        member = [("Host", "localhost"), ("Authorization", f"Bearer {running.token}")]
        settings = json.loads(ask(running.port, "/environment", member).body)
    assert settings["HF_HUB_OFFLINE"] == "1"
    assert settings["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert settings["GRADIO_TEMP_DIR"] == str(root / "cache" / "gradio")


def test_a_workspace_that_is_missing_is_made(tmp_path: Path) -> None:
    with start_page(tmp_path / "new" / "workspace") as running:
        assert (running.root / "token").read_text().strip() == running.token


def test_a_refused_start_ends_with_the_sentence_alone(page: RunningPage) -> None:
    with launch(page.root, "--port", str(page.port)) as process:
        _, complaints = process.communicate(timeout=20)
    assert process.returncode != 0 and complaints.startswith("Already running: ") and complaints.count("\n") == 1
