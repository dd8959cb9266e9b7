"""Where a showcase listens, and by which names it may be called."""

from pathlib import Path

import pytest

from tests.server.audience import Guest, scripted_showcase
from tests.server.wire import ask
from workbench.chat import showing
from workbench.chat.showing import Invitation
from workbench.server.showcase import addresses
from workbench.server.showcase.addresses import claim, local_addresses

HERE = local_addresses()
"""Looked up before tests are kept from the network, which takes this for a try to reach it."""


def test_it_listens_on_one_port_of_each_address() -> None:
    listeners = claim(["127.0.0.1", "127.0.0.2"], 0)
    try:
        assert [listener.getsockname()[0] for listener in listeners] == ["127.0.0.1", "127.0.0.2"]
        assert len({listener.getsockname()[1] for listener in listeners}) == 1
    finally:
        for listener in listeners:
            listener.close()


def test_a_port_that_is_taken_on_one_address_is_not_taken_in_part() -> None:
    (first,) = claim(["127.0.0.1"], 0)
    taken = first.getsockname()[1]
    listeners = [first, *claim(["127.0.0.250", "127.0.0.1"], 0)]
    try:
        assert taken not in {listener.getsockname()[1] for listener in listeners[1:]}
        listeners += claim(["127.0.0.250"], taken)
    finally:
        for listener in listeners:
            listener.close()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.168.1.5", True),
        ("10.0.0.7", True),
        ("172.20.1.1", True),
        ("169.254.3.4", True),
        ("127.0.0.1", False),
        ("8.8.8.8", False),
        ("100.20.1.1", False),
    ],
)
def test_addresses_of_the_internet_are_never_listened_on(address: str, expected: bool) -> None:
    assert addresses._is_local(address) is expected


def test_the_picture_of_the_link_is_a_drawing_and_nothing_else() -> None:
    picture = Invitation("http://192.168.1.5:7870/?code=CDFGHJ", "192.168.1.5:7870", "CDFGHJ", "").draw().decode()
    assert "<path" in picture and "<script" not in picture and "CDFGHJ" not in picture


@pytest.mark.slow
@pytest.mark.skipif(not HERE, reason="this machine is in no local network")
def test_opened_to_the_network_it_answers_to_this_computers_addresses(root: Path) -> None:
    with scripted_showcase(root, "--lan", "--allow-host", "Hall-PC") as running:
        assert running.host in HERE
        cookie = ("Cookie", Guest(running).come_in().cookie)
        for name in (*HERE, "hall-pc", "localhost"):
            assert ask(running.port, "/", [("Host", f"{name}:{running.port}"), cookie]).status == 200
        assert ask(running.port, "/", [("Host", "192.168.250.250"), cookie]).status == 403
        # What was begun in a terminal is ended in the page as any other.
        (job,) = showing.listed(root)
        showing.end(root, job.id)
        job.wait()
        assert showing.listed(root) == []
