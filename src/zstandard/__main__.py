"""Runs the command line as ``python -m zstandard``."""

import sys

from zstandard.cli import main

if __name__ == "__main__":
    sys.exit(main())
