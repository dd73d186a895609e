"""Make every allocation of every public call fail, and print what comes of it.

no_memory.py [PATTERN]: of the calls whose names have the pattern (a regular expression). Fails if a
call raises something else than MemoryError, is wrong afterwards, leaks, crashes or does not end.
"""

import pathlib
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import zstandard  # noqa: E402
from no_memory import runner, table  # noqa: E402


def main(pattern=""):
    """Try all calls in each mode; return how many problems there are."""
    names = [name for name in runner.names() if re.search(pattern, name)]
    left_out = len(table.make()) - len(runner.names())
    version = ".".join(map(str, zstandard.ZSTD_VERSION))
    print(f"{len(names)} calls with libzstd {version}; {left_out} cannot be made")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        runner.build(folder)
        results = pool.map(lambda mode: list(runner.reports(folder, names, mode)), runner.MODES)
        by_mode = dict(zip(runner.MODES, results, strict=True))
    reports = [report for reports in by_mode.values() for report in reports]
    for report in reports:
        if report.problems:
            print(report)
    for mode, reports_of_mode in by_mode.items():
        failed = sum(report.failed for report in reports_of_mode)
        print(f"{runner.MODES[mode]:20}: {failed} allocations in {len(reports_of_mode)} calls")
    bad = sum(bool(report.problems) for report in reports)
    print(f"no_memory: {len(reports) - bad} passed, {bad} failed")
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
