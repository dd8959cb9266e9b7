"""The ground the other tests stand on."""

import os
import socket
from pathlib import Path

import pytest

from tests.conftest import NetworkBlocked
from tests.tiny import ARCHITECTURES, make_model, make_tokenizer


def test_a_far_address_is_blocked_and_named() -> None:
    with socket.socket() as far, pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1:80"):
        far.connect(("192.0.2.1", 80))
    with socket.socket() as far, pytest.raises(NetworkBlocked, match=r"example\.org:443"):
        far.connect_ex(("example.org", 443))


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_unix_sockets_are_open(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_the_environment_is_offline() -> None:
    from huggingface_hub import constants

    assert constants.HF_HUB_OFFLINE
    assert "WORKBENCH_ROOT" not in os.environ


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_tiny_model_is_the_same_for_the_same_seed(architecture: str, tmp_path: Path) -> None:
    first, second = (make_model(tmp_path / name, architecture) for name in "ab")
    other = make_model(tmp_path / "c", architecture, seed=1)
    weights = [(folder / "model.safetensors").read_bytes() for folder in (first, second, other)]
    assert weights[0] == weights[1] != weights[2]


def test_the_tiny_tokenizer_keeps_text_and_padding_apart() -> None:
    tokenizer = make_tokenizer()
    text = "Ahoy, naïve 日本 🦜!"
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.pad_token_id != tokenizer.eos_token_id
    turn = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True
    )
    assert turn == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
