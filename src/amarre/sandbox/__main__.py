"""`python -m amarre.sandbox`: the sandbox in the foreground."""

from __future__ import annotations

import argparse
import sys

from amarre.sandbox.runner import add_arguments, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m amarre.sandbox", description="Services nationaux simulés."
    )
    add_arguments(parser)
    sys.exit(run(parser.parse_args()))
