"""One side of a pair: the workbench.  Settings as JSON:  python -m benchmarks.sides.own '{"model.path": …}'"""

import json
import sys

from benchmarks.own_run import OwnRun, Update
from benchmarks.sides.pacing import Pacer


def main() -> None:
    pacer = Pacer()

    def tell(update: Update) -> None:
        pacer.tell(update.tokens, update.seconds, update.loss)

    OwnRun(json.loads(sys.argv[1])).train(pacer.wait, tell)


if __name__ == "__main__":
    main()
