"""Which way leads to the hub, and with --ask whether it can be reached, as JSON:  python -m workbench.hub.reach [--ask]

In a process of its own: one that takes too long can be ended, and no other needs what asks the hub.
"""

import json
import os
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from json import JSONDecodeError

import httpx2
from huggingface_hub import constants
from huggingface_hub.utils import get_session

from workbench.hub.way import endpoint, proxy, proxy_variable

PATIENCE_SECONDS = 5.0
"""For each part of the way: the name, the connection, the answer."""

_ONE_MODEL = "/api/models?limit=1"
_WANTS_NAME = 407


@dataclass(frozen=True)
class Answer:
    """What came of asking, in a sentence, and what to do about it."""

    reached: bool
    sentence: str
    hint: str = ""


@dataclass(frozen=True)
class Way:
    """As it is set. Nothing is asked to know this."""

    hub: str
    proxy: str
    proxy_variable: str
    offline: bool
    answer: Answer | None = None
    """None where nothing was asked."""


def main() -> None:
    answer = ask() if "--ask" in sys.argv else None
    way = Way(endpoint(), proxy(), proxy_variable(), bool(constants.HF_HUB_OFFLINE), answer)
    json.dump(asdict(way), sys.stdout)


def ask() -> Answer:
    """Ask the hub for the name of one model. No token is shown to it."""
    if constants.HF_HUB_OFFLINE:
        return Answer(False, "not asked: HF_HUB_OFFLINE says to stay offline", "Start the workbench without that.")
    began = time.monotonic()
    try:
        response = get_session().get(constants.ENDPOINT + _ONE_MODEL, timeout=PATIENCE_SECONDS)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return _obstacle(error)
    except (ImportError, ValueError):
        # Such as SOCKS, which its library speaks only with another one.
        return Answer(False, f"the proxy {proxy()} is of a kind that cannot be used here", _check())
    return _judge(response, time.monotonic() - began)


def _judge(response: httpx2.Response, seconds: float) -> Answer:
    if response.status_code == _WANTS_NAME:
        return _proxy_wants_name()
    if response.is_error:
        return Answer(False, f"the hub answered with an error ({response.status_code})", "Try again later.")
    try:
        response.json()
    except (JSONDecodeError, UnicodeDecodeError):
        hint = "Check HF_ENDPOINT, or whether this network wants you to sign in first."
        return Answer(False, f"something answers at {endpoint()}, and it is no hub", hint)
    return Answer(True, f"works: it answered after {seconds:.1f} s")


def _obstacle(error: Exception) -> Answer:
    """The plainest of what led to the error."""
    causes = list(_causes(error))
    if isinstance(error, httpx2.ProxyError) and str(error).startswith(str(_WANTS_NAME)):
        return _proxy_wants_name()
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Answer(False, f"the name of {_next_stop()} is not known here (no name resolution)", _check())
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = "Where a company reads along, the file of its certificate belongs into SSL_CERT_FILE."
            return Answer(False, f"the certificate is not trusted: {cause.verify_message}", hint)
        if isinstance(cause, ConnectionRefusedError):
            return Answer(False, f"{_next_stop()} refuses the connection", _check())
        if isinstance(cause, httpx2.TimeoutException | TimeoutError):
            return Answer(False, f"nothing came from {_next_stop()} within {PATIENCE_SECONDS:.0f} s", _check())
    return Answer(False, f"{_next_stop()} cannot be reached ({type(error).__name__})", _check())


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _proxy_wants_name() -> Answer:
    sentence = f"the proxy {proxy()} wants to know who asks (407)"
    return Answer(False, sentence, f"Put name and password into {proxy_variable()}.")


def _next_stop() -> str:
    """Whoever is asked first."""
    return f"the proxy {proxy()}" if proxy() else endpoint()


def _check() -> str:
    if proxy():
        return f"Check {proxy_variable()}, which names the proxy."
    if "HF_ENDPOINT" in os.environ:
        return "Check HF_ENDPOINT, which names this hub, and the connection to it."
    return "Check the connection to the internet."


if __name__ == "__main__":
    main()
