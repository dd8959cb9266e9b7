"""Datasets of the hub, fetched by real jobs from a small hub on loopback."""

import gzip
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data.files import BYE, HELLO, jsonl
from tests.fake_hub import COMMIT, FakeHub, Repository
from workbench.data.sets import hub
from workbench.data.sets.hub import Download, HubRequest
from workbench.data.sets.versions import versions
from workbench.errors import WorkbenchError
from workbench.jobs.environment import worker_environment
from workbench.jobs.folder import Status

PROJECT = Path(__file__).parents[2]
LINES = jsonl(HELLO, BYE).encode()


def parquet(*rows: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), buffer)
    return buffer.getvalue()


def card(*configs: str) -> bytes:
    """A card with configurations, each as YAML in one line."""
    return ("---\nconfigs:\n" + "".join(f"- {config}\n" for config in configs) + "---\n# A dataset\n").encode()


def pointing_to(address: str) -> Repository:
    return {"README.md": card(f'{{config_name: a, data_files: "{address}"}}'), "train.jsonl": LINES}


REPOSITORIES: dict[str, Repository] = {
    "org/lines": {"README.md": b"# Lines", "train.jsonl": LINES, "test.jsonl": LINES[:40]},
    "org/tables": {
        "README.md": card(
            "{config_name: en, data_files: [{split: train, path: en/train-*}, {split: held.out, path: en/test.*}]}",
            "{config_name: de, data_files: de/*.parquet}",
        ),
        "en/train-0.parquet": parquet(HELLO),
        "en/train-1.parquet": parquet(BYE),
        "en/test.parquet": parquet(HELLO),
        "de/all.parquet": parquet(HELLO),
    },
    "org/usual": {
        "README.md": card("{config_name: a, data_files: a.csv}", "{config_name: b, data_files: b.csv, default: true}"),
        "a.csv": b"question,answer\na,b\n",
        "b.csv": b"question,answer\na,b\n",
    },
    "org/packed": {"data/train/a.jsonl.gz": gzip.compress(LINES), "data/train/more/a.jsonl": LINES},
    "org/torn": {"train.jsonl.gz": gzip.compress(LINES)[:-9]},
    "org/script": {"README.md": b"# Run me", "script.py": b"raise SystemExit('ran')"},
    "org/program": {"README.md": b"# Run me", "loading.py": b"raise SystemExit('ran')"},
    "org/both": {"both.py": b"raise SystemExit('ran')", "train.jsonl": LINES},
    "org/images": {"a.png": b"\x89PNG", "b.png": b"\x89PNG"},
    "org/empty": {"README.md": b"# Nothing yet"},
    "org/eval": {"test.jsonl": LINES, "validation.jsonl": LINES},
    "org/secret": {"train.jsonl": LINES},
    "org/large": {"huge.jsonl": LINES},
    "org/damaged": {"damaged.parquet": parquet(HELLO)},
    "org/short": {"short.jsonl": LINES},
    "org/broken": {"README.md": b"---\nconfigs: [\n---\n", "train.jsonl": LINES},
    "org/novel": {"README.md": b"# " + b"x" * 6 * 1024**2, "train.jsonl": LINES},
    "org/odd": {"README.md": card("{config_name: a, data_files: 7}"), "train.jsonl": LINES},
    "org/etc": pointing_to("/etc/hostname"),
    "org/up": pointing_to("../lines/train.jsonl"),
    "org/other": pointing_to("hf://datasets/org/lines/train.jsonl"),
    "org/chain": pointing_to("zip://a.json::https://example.org/a.zip"),
    "org/home": pointing_to("~/secrets.json"),
    "org/yaml": {".huggingface.yaml": b"configs:\n- {config_name: a, data_files: /etc/*}\n", "train.jsonl": LINES},
}

REFUSED = [
    ({"id": "org/none"}, "The hub has no public dataset “org/none”.", ""),
    ({"id": "org/secret"}, "“org/secret” is given only to those who asked for it.", "HF_TOKEN"),
    ({"id": "org/lines", "revision": "v9"}, "“org/lines” has no revision “v9”.", "main"),
    ({"id": "org/lines", "split": "dev"}, "“org/lines” has no split “dev”.", "It has train, test."),
    ({"id": "org/lines", "config": "en"}, "“org/lines” has no configuration “en”.", "It has default."),
    ({"id": "org/tables"}, "“org/tables” has several configurations.", "Choose one of en, de."),
    ({"id": "org/tables", "config": "fr"}, "“org/tables” has no configuration “fr”.", "It has en, de."),
    ({"id": "org/eval"}, "“org/eval” has no split called train.", "Choose one of"),
    ({"id": "org/script"}, "“org/script” is made by a program, script.py, which is not run here.", "convert/parquet"),
    ({"id": "org/program"}, "“org/program” is made by a program, loading.py", "convert/parquet"),
    ({"id": "org/both"}, "“org/both” is made by a program, both.py", "convert/parquet"),
    ({"id": "org/images"}, "“org/images” holds “a.png”, which is no text.", ".jsonl"),
    ({"id": "org/empty"}, "“org/empty” holds no files of data.", "upload"),
    ({"id": "org/broken"}, "The card of “org/broken” cannot be understood.", "upload"),
    ({"id": "org/novel"}, "The card of “org/novel” cannot be understood.", "upload"),
    ({"id": "org/odd"}, "The card of “org/odd” cannot be understood.", "upload"),
    ({"id": "org/large"}, "“huge.jsonl” has 3.0 GB; the limit is 2 GB.", "upload"),
    ({"id": "org/damaged"}, "“damaged.parquet” did not arrive as it was sent.", "Try again."),
    ({"id": "org/short"}, "“short.jsonl” did not arrive as it was sent.", "Try again."),
    ({"id": "org/torn"}, "“train.jsonl.gz” cannot be unpacked.", "another part"),
    ({"id": "org/etc"}, "The card of “org/etc” points outside it, to “/etc/hostname”.", "upload"),
    ({"id": "org/up"}, "The card of “org/up” points outside it, to “../lines/train.jsonl”.", "upload"),
    ({"id": "org/other"}, "The card of “org/other” points outside it, to “hf://", "upload"),
    ({"id": "org/chain"}, "The card of “org/chain” points outside it, to “zip://", "upload"),
    ({"id": "org/home"}, "The card of “org/home” points outside it, to “~/", "upload"),
    ({"id": "org/loop"}, "The card of “org/loop” points outside it, to “http://127", "upload"),
    ({"id": "org/yaml"}, "The card of “org/yaml” points outside it, to “/etc/*”.", "upload"),
]
FOUND = [
    ({"id": "org/lines"}, ("default", "train", ["train.jsonl"])),
    ({"id": "org/lines", "split": "test", "revision": "v1"}, ("default", "test", ["test.jsonl"])),
    ({"id": "org/tables", "config": "en"}, ("en", "train", ["train-0.parquet", "train-1.parquet"])),
    ({"id": "org/tables", "config": "en", "split": "held.out"}, ("en", "held.out", ["test.parquet"])),
    ({"id": "org/tables", "config": "de", "revision": COMMIT}, ("de", "train", ["all.parquet"])),
    ({"id": "org/usual"}, ("b", "train", ["b.csv"])),
    ({"id": "org/eval", "split": "test"}, ("default", "test", ["test.jsonl"])),
    ({"id": "org/packed"}, ("default", "train", ["a.jsonl", "more-a.jsonl"])),
]


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeHub]:
    with FakeHub(dict(REPOSITORIES), gated=("org/secret",)).running() as running:
        running.claimed |= {"huge.jsonl": 3 * 1024**3, "short.jsonl": len(LINES) + 1}
        running.damaged.add("damaged.parquet")
        running.repositories["org/loop"] = pointing_to(f"{running.url}/datasets/stolen.jsonl")
        yield running


@pytest.fixture
def online(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> FakeHub:
    """The hub as the jobs of this test see it."""
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", fake.url)
    return fake


@pytest.fixture(scope="module")
def outcomes(fake: FakeHub, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What each request comes to."""
    cache = tmp_path_factory.mktemp("cache")
    asked = [json.dumps(request) for request, *_ in (*REFUSED, *FOUND)]
    environment = os.environ | {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": fake.url, "HF_HUB_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.data.hub_probe", str(cache)],
        input="\n".join(asked),
        env=environment | {"HF_UPDATE_DOWNLOAD_COUNTS": "0"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(asked, map(json.loads, done.stdout.splitlines()), strict=True))


def fetched(root: Path, request: HubRequest, name: str = "") -> tuple[Download, Status]:
    job = hub.start(root, request, name)
    return job, job.wait()


@pytest.mark.parametrize(("request_", "message", "hint"), REFUSED)
def test_what_cannot_be_fetched_is_said_plainly(
    outcomes: dict[str, dict], request_: dict[str, str], message: str, hint: str
) -> None:
    outcome = outcomes[json.dumps(request_)]
    assert outcome["message"].startswith(message)
    assert hint in outcome["hint"]


@pytest.mark.parametrize(("request_", "found"), FOUND)
def test_configuration_and_split_lead_to_files(
    outcomes: dict[str, dict], request_: dict[str, str], found: tuple[str, str, list[str]]
) -> None:
    outcome = outcomes[json.dumps(request_)]
    assert (outcome["config"], outcome["split"], list(outcome["files"])) == found
    assert outcome["commit"] == COMMIT


def test_no_card_makes_the_workbench_ask_elsewhere(outcomes: dict[str, dict], fake: FakeHub) -> None:
    assert outcomes
    assert [request for request in fake.requests if "stolen" in request or "convert" in request] == []


def test_a_split_becomes_a_version_with_its_origin(online: FakeHub, root: Path) -> None:
    job, status = fetched(root, HubRequest("org/lines"))
    assert status == Status("finished", len(LINES), len(LINES), status.message), job.log_tail()
    assert status.message == "org/lines, split train, is now version 1 of lines."
    assert job.reference == "lines@1"
    (version,) = versions(root, "lines")
    assert (version.files[0].name, version.files[0].read_bytes()) == ("train.jsonl", LINES)
    assert version.made.how == "hub"
    expected = {"id": "org/lines", "config": "default", "split": "train", "revision": "", "commit": COMMIT}
    assert version.made.hub == expected
    assert not (job.path / "cache").exists() and not (job.path / "files").exists()
    again, _ = fetched(root, HubRequest("org/lines", split="test"), "lines")
    assert again.reference == "lines@2"
    assert [version.files[0].name for version in versions(root, "lines")] == ["train.jsonl", "test.jsonl"]
    assert [each.id for each in hub.downloads(root)] == [again.id, job.id]


def test_files_come_as_they_are_but_unpacked(outcomes: dict[str, dict]) -> None:
    tables = outcomes['{"id": "org/tables", "config": "en"}']["files"]
    assert bytes.fromhex(tables["train-1.parquet"]) == REPOSITORIES["org/tables"]["en/train-1.parquet"]
    packed = outcomes['{"id": "org/packed"}']["files"]
    assert {name: bytes.fromhex(content) for name, content in packed.items()} == {
        "a.jsonl": LINES,
        "more-a.jsonl": LINES,
    }


@pytest.mark.slow
def test_a_fetch_that_hangs_can_be_stopped(online: FakeHub, root: Path) -> None:
    online.repositories["org/slow"] = {"slow.jsonl": LINES * 100_000}
    online.stalled.add("slow.jsonl")
    job = hub.start(root, HubRequest("org/slow"))
    moved = threading.Event()

    def stop_when_it_moves(status: Status) -> None:
        if status.step > 0 and not moved.is_set():
            moved.set()
            assert status.steps == len(LINES) * 100_000
            job.request_stop()

    status = job.wait(stop_when_it_moves)
    assert moved.is_set()
    assert (status.phase, status.message) == ("stopped", "Fetching was cancelled.")
    assert versions(root, "slow") == []
    assert not (job.path / "files").exists()


def test_a_hub_that_is_not_there_is_said_in_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    _, status = fetched(root, HubRequest("org/lines"))
    assert (status.phase, status.message) == ("failed", "The hub at http://127.0.0.1:9 cannot be reached.")
    assert status.hint == "Check the connection to the internet, and HF_ENDPOINT, which names this hub."


def test_who_asked_to_stay_offline_does(root: Path, fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_ENDPOINT", fake.url)
    before = len(fake.requests)
    _, status = fetched(root, HubRequest("org/lines"))
    assert (status.phase, status.message) == ("failed", "The workbench was told to stay offline by HF_HUB_OFFLINE.")
    assert len(fake.requests) == before


def test_a_fetch_that_was_killed_says_what_to_do(root: Path) -> None:
    job = Download.create(root, HubRequest("org/lines"), "lines")
    job.write_status(Status("preparing", 1, 2))
    assert (job.status().phase, job.status().hint) == ("interrupted", "Fetch it again.")
    assert (job.request, job.name, job.reference) == (HubRequest("org/lines"), "lines", "")


def test_only_a_worker_that_fetches_is_let_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert worker_environment()["HF_HUB_OFFLINE"] == "1"
    assert "HF_HUB_OFFLINE" not in worker_environment(online=True)


@pytest.mark.parametrize(
    "asked",
    [
        {"id": id}
        for id in (
            "", "lines", "org/", "/lines", "org/a/b", "../lines", "org/..", "./lines", "org/a..b", "org/-a", "org/a b",
            "https://example.org/a", "hf://org/lines", "s3://org/lines", "/etc/passwd", "org/lines\n", "org\\lines",
            "~/lines", "org/lines@main", "örg/lines", "org/" + "x" * 120,
        )
    ]
    + [{"id": "org/lines", "config": config} for config in ("a/b", "../a", "-a", "a b", "a\n")]
    + [{"id": "org/lines", "split": split} for split in ("train[:10]", "train+test", "a/b", "..", "-a")]
    + [{"id": "org/lines", "revision": revision} for revision in ("../x", "a//b", "/a", "a..b", "a?b", "a#b")],
)  # fmt: skip
def test_only_names_of_the_hub_are_asked_for(root: Path, asked: dict[str, str]) -> None:
    with pytest.raises(WorkbenchError):
        hub.start(root, HubRequest(**asked))
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("name", ["pirate", "../x", "a b", "x" * 65])
def test_the_name_of_the_set_is_checked_before_anything_is_fetched(root: Path, name: str) -> None:
    with pytest.raises(WorkbenchError):
        hub.start(root, HubRequest("org/lines"), name)
    assert list(root.iterdir()) == []
