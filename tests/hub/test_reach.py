"""Whether the hub can be reached, and what is in the way, each in a process with its environment."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_hub import FakeHub

PROJECT = Path(__file__).parents[2]
DEAD = "127.0.0.1:9"


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub({}).running() as running:
        yield running


def reach(*flags: str, **environment: str) -> dict:
    """What is told in this environment."""
    plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-m", "workbench.hub.reach", *flags],
        env=plain | {"HF_HUB_OFFLINE": "0"} | environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    way: dict = json.loads(done.stdout)
    return way


@pytest.mark.slow
def test_the_way_is_told_without_passwords_and_without_asking(hub: FakeHub) -> None:
    for given in (f"http://me:secret@{DEAD}", f"me:secret@{DEAD}"):
        way = reach(HF_ENDPOINT=hub.url.replace("127.0.0.1", "hub.test"), HTTP_PROXY=given)
        assert way["proxy"].endswith(DEAD) and way["proxy_variable"] == "HTTP_PROXY" and way["answer"] is None
        assert "secret" not in json.dumps(way) and "me" not in way["proxy"]
    assert hub.requests == []


def test_a_hub_that_answers_is_reached_without_a_token(hub: FakeHub) -> None:
    answer = reach("--ask", HF_ENDPOINT=hub.url, HF_TOKEN="mine")["answer"]
    assert answer["reached"] and answer["sentence"].startswith("works: it answered after ")
    assert hub.requests == ["GET /api/models?limit=1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "said", "advised"),
    [
        ({"HF_ENDPOINT": f"http://{DEAD}"}, "refuses the connection", "HF_ENDPOINT"),
        ({"HTTPS_PROXY": f"http://{DEAD}"}, f"the proxy http://{DEAD} refuses", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": f"socks5://{DEAD}"}, "of a kind that cannot be used", "HTTPS_PROXY"),
        ({"HF_ENDPOINT": "http://no.such.invalid"}, "no name resolution", "HF_ENDPOINT"),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE says to stay offline", "without that"),
        ({"HF_ENDPOINT": "nonsense"}, "nonsense cannot be reached", "HF_ENDPOINT"),
    ],
)
def test_what_is_in_the_way_is_said_plainly(environment: dict[str, str], said: str, advised: str) -> None:
    answer = reach("--ask", **environment)["answer"]
    assert not answer["reached"] and said in answer["sentence"] and advised in answer["hint"]


@pytest.mark.slow
def test_what_answers_and_is_no_hub_is_told_from_one(hub: FakeHub) -> None:
    answer = reach("--ask", HF_ENDPOINT=f"{hub.url}/portal")["answer"]
    assert "it is no hub" in answer["sentence"] and "sign in" in answer["hint"]
    answer = reach("--ask", HF_ENDPOINT=f"{hub.url}/nowhere")["answer"]
    assert "answered with an error (404)" in answer["sentence"]


@pytest.mark.slow
def test_one_that_keeps_silent_is_not_waited_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = reach("--ask", HF_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}")["answer"]
    assert "nothing came" in answer["sentence"]


@pytest.mark.slow
def test_a_certificate_that_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    from tests.hub.unknown_certificate import serving

    with serving(tmp_path) as url:
        answer = reach("--ask", HF_ENDPOINT=url)["answer"]
    assert "the certificate is not trusted: self-signed certificate" in answer["sentence"]
    assert "SSL_CERT_FILE" in answer["hint"]
