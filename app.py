"""Start the page:  python app.py [--root DIR] [--port 7860] [--host ADDRESS] [--add-model DIR] [--no-browser] …"""

import argparse
import sys

from workbench.errors import WorkbenchError
from workbench.server.app import serve
from workbench.server.options import add_flags, default_root, read_options, root_path


def main() -> int:
    parser = argparse.ArgumentParser(description="Start the page of the LoRA Workbench.")
    parser.add_argument("--root", type=root_path, default=default_root(), help="folder for your runs, data and models")
    add_flags(parser)
    flags = parser.parse_args()
    try:
        serve(read_options(flags, flags.root))
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
