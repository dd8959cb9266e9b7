"""What stands between here and the hub, named: proxies, tokens, other hubs. Each in a process with its environment."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_hub import FakeHub
from tests.models.hub.repositories import PLAIN

PROJECT = Path(__file__).parents[2]
DEAD = "127.0.0.1:9"


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub({"org/plain": PLAIN, "org/secret": PLAIN}, gated=("org/secret",)).running() as running:
        running.token = "opens"
        yield running


def outcome(folder: Path, id: str, **environment: str) -> dict:
    """What it comes to, to ask for a model in this environment."""
    folder.mkdir(exist_ok=True)
    plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.models.hub.probe", str(folder)],
        input=json.dumps({"id": id}),
        env=plain | {"HF_HUB_OFFLINE": "0"} | environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict = json.loads(done.stdout)
    return answer


def test_a_proxy_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    said = outcome(tmp_path, "org/plain", HF_ENDPOINT="http://hub.test", HTTP_PROXY=f"http://me:secret@{DEAD}")
    assert said["message"] == f"The hub at http://hub.test cannot be reached through the proxy http://{DEAD}."
    assert said["hint"] == (
        "Check the connection to the internet, and HTTP_PROXY, which names the proxy, and HF_ENDPOINT, which names "
        "this hub."
    )


@pytest.mark.slow
def test_a_proxy_is_used_unless_the_hub_is_excepted(tmp_path: Path, hub: FakeHub) -> None:
    assert "files" in outcome(tmp_path, "org/plain", HF_ENDPOINT="http://hub.test", HTTP_PROXY=hub.url)
    assert all(request.split()[1].startswith("http://hub.test/") for request in hub.requests)
    dead = {"HTTP_PROXY": f"http://{DEAD}", "NO_PROXY": "127.0.0.1"}
    assert "files" in outcome(tmp_path, "org/plain", HF_ENDPOINT=hub.url, **dead)


@pytest.mark.slow
def test_the_token_comes_from_the_environment_alone(tmp_path: Path, hub: FakeHub) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "token").write_text("opens")
    refused = outcome(tmp_path, "org/secret", HF_ENDPOINT=hub.url, HF_HOME=str(home))
    assert refused["message"] == "“org/secret” is given only to those who asked for it."
    assert "files" in outcome(tmp_path, "org/secret", HF_ENDPOINT=hub.url, HF_TOKEN="opens")
    wrong = outcome(tmp_path, "org/secret", HF_ENDPOINT=hub.url, HF_TOKEN="wrong")
    assert wrong["message"] == f"The hub at {hub.url} does not accept the token in HF_TOKEN."


@pytest.mark.slow
def test_the_token_is_shown_to_the_hub_alone(tmp_path: Path, hub: FakeHub) -> None:
    hub.elsewhere.add("model.safetensors")
    assert "files" in outcome(tmp_path, "org/secret", HF_ENDPOINT=hub.url, HF_TOKEN="opens")
    assert hub.tokens_elsewhere == [None]


@pytest.mark.slow
def test_what_answers_and_is_no_hub_is_told_from_one(tmp_path: Path, hub: FakeHub) -> None:
    said = outcome(tmp_path, "org/plain", HF_ENDPOINT=f"{hub.url}/portal")
    assert said["message"] == f"What answers at {hub.url}/portal is no hub."
    assert "sign in" in said["hint"]
    offline = outcome(tmp_path, "org/plain", HF_ENDPOINT=hub.url, HF_HUB_OFFLINE="1")
    assert offline["message"] == "The workbench was told to stay offline by HF_HUB_OFFLINE."
    nowhere = outcome(tmp_path, "org/plain", HF_ENDPOINT="no address")
    assert nowhere["message"] == "The hub at no address cannot be reached."
