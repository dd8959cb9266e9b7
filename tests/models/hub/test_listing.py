"""What a model of the hub consists of, and what is in its way: one process asks a small hub on loopback for all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_hub import COMMIT, FakeHub
from tests.models.hub.repositories import DAMAGED, PLAIN, REPOSITORIES, SHARDS, WEIGHTS
from workbench.errors import ModelError
from workbench.models.hub.request import ModelRequest

PROJECT = Path(__file__).parents[3]

REFUSED = [
    ({"id": "org/none"}, "The hub has no public model “org/none”.", "HF_TOKEN"),
    ({"id": "org/secret"}, "“org/secret” is given only to those who asked for it.", "HF_TOKEN"),
    ({"id": "org/plain", "revision": "v9"}, "“org/plain” has no revision “v9”.", "main"),
    ({"id": "org/pickle"}, "The weights of “org/pickle” are in pytorch_model.bin, a kind of file that", "safetensors"),
    ({"id": "org/running"}, "“org/running” holds GGUF files, which are for running a model", "original"),
    ({"id": "org/addition"}, "“org/addition” is an adapter, not a whole model.", "made for"),
    ({"id": "org/nothing"}, "“org/nothing” holds no model: it has no config.json.", "another"),
    ({"id": "org/hollow"}, "“org/hollow” has no weights in safetensors files.", "another"),
    ({"id": "org/mute"}, "“org/mute” has no tokenizer.json", "another"),
    ({"id": "org/encoder"}, "This is a BertForMaskedLM, not a model that continues text.", "causal"),
    ({"id": "org/code"}, "Models of the kind “own” need program code of their own, which is never run.", "another"),
    ({"id": "org/torn"}, "config.json is not valid JSON.", "again"),
    ({"id": "org/changed"}, f"{DAMAGED} of “org/changed” did not arrive as it was sent", "kept"),
    ({"id": "org/huge"}, "There is no room for “org/huge”: 1000000.1 GB are needed, ", "HF_HUB_CACHE"),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict]]:
    """What each request comes to."""
    cache = tmp_path_factory.mktemp("caches")
    asked = [json.dumps(request) for request, *_ in REFUSED]
    asked += [json.dumps({"id": id}) for id in ("org/plain", "org/more", "org/shards")]
    with FakeHub(dict(REPOSITORIES), gated=("org/secret",)).running() as hub:
        hub.damaged.add(DAMAGED)
        hub.claimed["tokenizer.model"] = 10**15
        hub.counted["org/plain"] = 12_345
        done = subprocess.run(
            [sys.executable, "-m", "tests.models.hub.probe", str(cache)],
            input="\n".join(asked),
            env=os.environ | {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub.url},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        yield dict(zip(asked, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(("request_", "message", "hint"), REFUSED)
def test_what_cannot_be_downloaded_is_said_plainly(
    outcomes: dict[str, dict], request_: dict[str, str], message: str, hint: str
) -> None:
    outcome = outcomes[json.dumps(request_)]
    assert outcome["message"].startswith(message)
    assert hint in outcome["hint"]


def test_what_can_be_told_beforehand_costs_no_weights(outcomes: dict[str, dict]) -> None:
    left = {request["id"]: outcomes[json.dumps(request)]["left"] for request, *_ in REFUSED}
    assert len(left.pop("org/changed")) == 1, "config.json, which was sound, and nothing of the damaged file"
    assert all(files == [] for files in left.values())


def test_only_what_is_needed_comes(outcomes: dict[str, dict]) -> None:
    sizes = {name: len(content) for name, content in PLAIN.items()}
    for id in ("org/plain", "org/more"):
        outcome = outcomes[json.dumps({"id": id})]
        assert outcome["files"] == sizes
        assert (outcome["commit"], outcome["licence"]) == (COMMIT, "apache-2.0")
        assert outcome["size"] == sum(sizes.values()) == outcome["moved"] and outcome["missing"] == 0


def test_parameters_are_those_the_hub_counted_or_told_by_the_size(outcomes: dict[str, dict]) -> None:
    counted = [outcomes[json.dumps({"id": id})]["parameters"] for id in ("org/plain", "org/more", "org/shards")]
    assert counted == [12_345, len(WEIGHTS) // 2, (len(WEIGHTS) + 99) // 2]


def test_weights_in_several_files_come_with_their_index(outcomes: dict[str, dict]) -> None:
    outcome = outcomes['{"id": "org/shards"}']
    assert outcome["files"] == {name: len(content) for name, content in REPOSITORIES["org/shards"].items()}
    assert outcome["files"].keys() > SHARDS.keys() and outcome["licence"] == ""


@pytest.mark.parametrize(
    "asked",
    [
        *({"id": id} for id in ("", "name", "org/", "org/a/b", "../name", "org/..", "https://example.org/a", "/etc")),
        *({"id": "org/name", "revision": revision} for revision in ("../x", "a//b", "/a", "a..b", "a?b", "a b", "-a")),
    ],
)
def test_only_names_of_the_hub_are_asked_for(asked: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="is not the name of"):
        ModelRequest(**asked).check()
