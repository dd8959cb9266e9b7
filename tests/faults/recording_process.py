"""A process that nobody may signal: it writes down every signal that it is sent. Run with the file to write to."""

import signal
import sys
from pathlib import Path

_NOT_TO_CATCH = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}


def main(path: str) -> None:
    def record(number: int, frame: object) -> None:
        with Path(path).open("a") as file:
            file.write(f"{signal.Signals(number).name}\n")

    for number in set(signal.Signals) - _NOT_TO_CATCH:
        signal.signal(number, record)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
