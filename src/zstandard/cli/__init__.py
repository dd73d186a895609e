"""The ``zstandard`` command: runs what its arguments ask for and returns an exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import zstandard
from zstandard.cli.arguments import UsageError, help_text, parse
from zstandard.cli.coders import make_coder
from zstandard.cli.errors import FileError
from zstandard.cli.job import process
from zstandard.cli.listing import list_files
from zstandard.cli.messages import Messages, say
from zstandard.cli.names import STANDARD
from zstandard.cli.signals import Interrupted, interruptible
from zstandard.cli.targets import STANDARD_OUTPUT
from zstandard.cli.training import train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zstandard.cli.arguments import Options
    from zstandard.cli.coders import Coder

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the process's own; return its status."""
    try:
        with interruptible():
            options = parse(sys.argv[1:] if argv is None else argv)
            return _show(options.show) if options.show else _run(options)
    except UsageError as error:
        say(f"zstandard: {error}\nTry 'zstandard -h' for more information.")
        return 2
    except Interrupted as interrupt:
        return 128 + interrupt.number


def _show(what: str) -> int:
    libzstd = ".".join(map(str, zstandard.ZSTD_VERSION))
    version = f"zstandard {zstandard.__version__} (libzstd {libzstd})\n"
    text = help_text() if what == "help" else version
    try:
        STANDARD_OUTPUT.write(text.encode())
    except BrokenPipeError:
        return 1
    except FileError as error:
        say(f"zstandard: {error}")
        return 1
    return 0


def _run(options: Options) -> int:
    messages = Messages(options.verbosity)
    try:
        if options.mode == "list":
            return 0 if list_files(options, messages) else 1
        if options.mode == "train":
            messages.trained(train(options))
            return 0
        coder = make_coder(options)
        done = [_attempt(name, options, coder, messages) for name in options.files or [STANDARD]]
    except BrokenPipeError:
        return 1
    except FileError as error:
        messages.error(error)
        return 1
    return 0 if all(done) else 1


def _attempt(name: str, options: Options, coder: Coder, messages: Messages) -> bool:
    try:
        outcome = process(name, options, coder)
    except FileError as error:
        messages.error(error)
        return False
    messages.outcome(outcome)
    return True
