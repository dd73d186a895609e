#!/usr/bin/env python3
"""Search for input that fails: run the targets in tests/fuzz by atheris, under the sanitizers.

Each named target, or all, for --seconds, from the seeds in tests/fuzz/seeds and what former runs
have found (--corpus). Prints how much each did, fails on a finding and keeps its input: to see it
again, name the target and give the file by --input. For hours: --seconds 3600 --jobs 2. For nearly
the same search each time: --runs with --seed and an empty --corpus.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sanitized import ROOT, build, environment, parser

SEEDS = ROOT / "tests" / "fuzz" / "seeds"

# Longer input takes longer, and shows nothing else but at sizes of blocks, which tests are for.
LENGTH_MAX = 4096
# An input that takes so many seconds hangs, or works out of proportion.
SECONDS_MAX = 25
# More than any target is due; of the allocations that random calls ask for, too.
RESIDENT_MAX_MIB = 3000
ALLOCATION_MAX_MIB = 256


def target_names():
    """Return the names of all targets, which the package need not be built for."""
    return sorted(path.name for path in SEEDS.iterdir())


def fuzzer(python):
    """Return the library that has AddressSanitizer and libFuzzer in it."""
    code = "import atheris; print(atheris.path())"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return f"{found.stdout.strip()}/asan_with_fuzzer.so"


def search(python, target, what, findings, path=()):
    """Run a target on `what`, arguments of libFuzzer; return the process, which has ended.

    findings: where it leaves input that fails; path: where else Python looks for modules.
    """
    return subprocess.run(
        [
            *(python, "-m", "fuzz", target, *what),
            f"-artifact_prefix={findings}/{target}-",
            f"-max_len={LENGTH_MAX}",
            f"-timeout={SECONDS_MAX}",
            f"-rss_limit_mb={RESIDENT_MAX_MIB}",
            "-print_final_stats=1",
            "-reload=0",  # no other process adds to the corpus
        ],
        env={
            **environment(fuzzer(python), max_allocation_size_mb=ALLOCATION_MAX_MIB),
            "PYTHONHASHSEED": "0",  # an input does the same each time
            "PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT / "tests"])),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def run(python, target, options):
    """Run a target; return how often, and whether it found nothing, having printed what it did."""
    corpus = options.corpus / target
    corpus.mkdir(parents=True, exist_ok=True)
    options.findings.mkdir(parents=True, exist_ok=True)
    what = (
        [options.input]
        if options.input
        else [
            corpus,
            SEEDS / target,
            f"-runs={options.runs}" if options.runs else f"-max_total_time={options.seconds}",
            f"-seed={options.seed}",
        ]
    )
    done = search(python, target, what, options.findings)
    is_good = done.returncode == 0
    executed = re.search(r"number_of_executed_units: (\d+)", done.stdout)
    covered = re.findall(r"\bcov: (\d+)", done.stdout)
    count = int(executed[1]) if executed else 0
    covered = covered[-1] if covered else "no"
    result = "" if is_good else ", FAILED"
    print(f"{target:16} {count:>9} executions, {covered:>5} edges{result}", flush=True)
    if not is_good:
        print(done.stdout[-12_000:], flush=True)
    # A target that has done nothing has shown nothing.
    return count, is_good and (count > 0 or options.input is not None)


def main():
    """Build, run the targets, and return how many failed."""
    arguments = parser(__doc__)
    arguments.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments.add_argument("--runs", type=int, help="in place of seconds")
    arguments.add_argument("--seed", type=int, default=0, help="of its choices; 0 for any")
    arguments.add_argument("--jobs", type=int, default=1, help="how many targets at a time")
    arguments.add_argument("--corpus", type=Path, default=ROOT / "build" / "fuzz" / "corpus")
    arguments.add_argument("--findings", type=Path, default=ROOT / "build" / "fuzz" / "findings")
    arguments.add_argument("--input", type=Path, help="pass just this file through the target")
    arguments.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(target_names()))
    options = arguments.parse_args()
    targets = options.targets or target_names()
    if unknown := set(targets) - set(target_names()):
        arguments.error(f"there is no target {', '.join(sorted(unknown))}")
    python = build(options.venv.resolve(), options.libzstd)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda target: run(python, target, options), targets))
    executed = sum(count for count, _ in results)
    failed = sum(not is_good for _, is_good in results)
    print(f"fuzz: {executed} executions, {len(results) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main() != 0)
