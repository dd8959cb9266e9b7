"""Requests at once against the same ones one after the other, over the server:  python -m benchmarks.requests

What waits together is answered in one batch, also where it asks different results of runs on one model:
python -m benchmarks.requests --root workspace --models starter pirate-1 pirate-2 pirate-1@0.5
"""

import argparse
import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.page_start import open_page
from workbench.models.catalog import STARTER

QUESTIONS = tuple(f"Tell me a story about a {hero}." for hero in ("ship", "cow", "cat", "king"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", help="folder for runs, data and models (default: an empty one)")
    parser.add_argument("--models", nargs="+", default=[STARTER], help=f"asked in turn (default: {STARTER})")
    parser.add_argument("--count", type=int, default=4, help="requests at once (default: 4)")
    parser.add_argument("--tokens", type=int, default=64, help="at most, of an answer (default: 64)")
    parser.add_argument("--rounds", type=int, default=10, help="of each way (default: 10)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        root = str(Path(options.root or empty).resolve())
        with open_page(["app.py", "--root", root, "--port", "0", "--no-browser", "--no-measuring"]) as (
            _,
            address,
            token,
        ):
            asker = Asker(urlsplit(address).netloc, token, options.tokens)
            compare(asker, options)


@dataclass(frozen=True)
class Asker:
    """Asks as a program does, each time over a new connection."""

    host: str
    token: str
    tokens: int

    def ask(self, number: int, model: str) -> int:
        """The tokens of one answer, which is always the same for the same number."""
        content = QUESTIONS[number % len(QUESTIONS)]
        asked = {"model": model, "messages": [{"role": "user", "content": content}], "max_tokens": self.tokens}
        connection = http.client.HTTPConnection(self.host)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps(asked | {"temperature": 1, "seed": number})
        connection.request("POST", "/v1/chat/completions", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        if response.status != 200:
            raise SystemExit(f"The server answered {response.status}: {answer['error']['message']}")
        return int(answer["usage"]["completion_tokens"])


def compare(asker: Asker, options: argparse.Namespace) -> None:
    wanted = [(number, options.models[number % len(options.models)]) for number in range(options.count)]

    def one_by_one() -> int:
        return sum(asker.ask(*which) for which in wanted)

    def at_once() -> int:
        with ThreadPoolExecutor(options.count) as pool:
            return sum(pool.map(lambda which: asker.ask(*which), wanted))

    ways = (at_once, one_by_one)
    tokens = one_by_one()  # which also brings the model into memory
    pairs = [[seconds(way) for way in ways] for _ in range(options.rounds)]
    together, apart = (statistics.median(taken) for taken in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{options.count} requests, {tokens} tokens: {together:.3f} s at once, {apart:.3f} s one after the other")
    print(f"at once takes {ratio:.2f} of the time, {tokens / together:.0f} tokens/s against {tokens / apart:.0f}")


def seconds(way: Callable[[], int]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
