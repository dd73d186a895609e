"""Runs the cases with one implementation, and writes its libzstd's version and their outcomes."""

import argparse
import faulthandler
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

# A case takes milliseconds.
SECONDS_MAX = 30


def libzstd_version(folder: str | None) -> tuple[int, ...]:
    """Import zstandard, from the folder if there is one, and return its libzstd's version."""
    if folder:
        sys.path.insert(0, folder)
    import zstandard

    if folder and not Path(zstandard.__file__).is_relative_to(folder):
        raise ImportError(f"zstandard was imported from {zstandard.__file__}, not {folder}")
    return zstandard.ZSTD_VERSION


def outcomes(first: int) -> Iterator[object]:
    """Yield the outcomes of the cases from that number on."""
    from oracle import vocabulary
    from oracle.cases import CASES
    from oracle.outcome import attempt

    for case in CASES[first:]:
        faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)
        yield attempt(lambda case=case: eval(case, dict(vars(vocabulary))))


def contents(packed: list[bytes]) -> Iterator[object]:
    """Yield what compressed data, whole frames or not, decompresses to."""
    from oracle import vocabulary
    from oracle.outcome import attempt

    for data in packed:
        yield attempt(lambda data=data: vocabulary.D().decompressobj().decompress(data))


def write(record: object) -> None:
    """Write a record at once: the next may end the process."""
    sys.stdout.buffer.write(pickle.dumps(record))
    sys.stdout.buffer.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="where zstandard is, if not where Python finds it")
    parser.add_argument("--first", type=int, default=0, help="number of the case to begin with")
    parser.add_argument(
        "--unpack", action="store_true", help="decompress the list that is on standard input"
    )
    options = parser.parse_args()
    write(libzstd_version(options.folder))
    records = contents(pickle.load(sys.stdin.buffer)) if options.unpack else outcomes(options.first)
    for record in records:
        write(record)


if __name__ == "__main__":
    main()
