#!/usr/bin/env python3
"""Measure our build, other bindings of libzstd and a C loop, side by side; show ratios and goals.

Each has a process of its own, a new one each round. They take turns at each case, the cases take
turns in each round, and the best of the rounds counts. With more than one --json, all is measured
as often. The first run sets up what all this takes, in build/benchmarks.
"""

import argparse
import json
from pathlib import Path

import environment


def parser() -> argparse.ArgumentParser:
    """Return the parser of arguments."""
    result = argparse.ArgumentParser(description=__doc__)
    result.add_argument(
        "--case", action="append", default=[], help="only cases whose name has this in it"
    )
    result.add_argument(
        "--binding", action="append", default=[], help="only this one, or the C loop"
    )
    result.add_argument("--rounds", type=int, default=5)
    result.add_argument(
        "--json", type=Path, nargs="+", default=[environment.BUILD / "compare.json"], metavar="FILE"
    )
    result.add_argument("--page", action="store_true", help="make docs/speed.md and its plots")
    result.add_argument(
        "--read", action="store_true", help="show what --json have: measure nothing"
    )
    return result


def main() -> None:
    """Measure or read, show the table, and make the page."""
    options = parser().parse_args()
    environment.enter()
    # What these import is had in that environment only.
    import measuring  # noqa: PLC0415
    import report  # noqa: PLC0415

    if not options.read:
        for path in options.json:
            path.parent.mkdir(parents=True, exist_ok=True)
            run = measuring.measure(options.case, options.binding, options.rounds)
            run["goals"] = report.goals(run["figures"])
            path.write_text(json.dumps(run, indent=2) + "\n")
    runs = [json.loads(path.read_text()) for path in options.json]
    for run in runs:
        report.show(run)
    if options.page:
        report.write_page(runs)


if __name__ == "__main__":
    main()
