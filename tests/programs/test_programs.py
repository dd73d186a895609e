"""Programs do the same with this package as with 0.25.0, and read what they wrote with the other.

It takes the dependency group programs, and 0.25.0 in a folder; .ci/run programs sees to both.
"""

import pickle
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

import zstandard
from oracle.comparison import Difference, say_the_same, search
from oracle.differences import Meant
from oracle.folder import FOLDER
from oracle.outcome import Error, Outcome
from programs import uses
from programs.differences import DIFFERENCES
from programs.table import READERS, ROUND_TRIPS, WRITERS

TESTS = Path(__file__).resolve().parent.parent
PAGE = TESTS.parent / "docs" / "differences.md"

THEIRS, OURS = "0.25.0", "this package"
OPTIONS = {THEIRS: ("--folder", str(FOLDER)), OURS: ()}

with warnings.catch_warnings(action="ignore"):  # those of programs
    uses.load()
READINGS = [f"{name}({writer})" for name, (_, writers) in READERS.items() for writer in writers]


def run(name: str, *options: str, data: bytes = b"") -> dict[str, tuple[object, bool]]:
    """Return the results of the runner, with one of the implementations."""
    command = [sys.executable, "-X", "faulthandler", "-m", "programs.runner"]
    process = subprocess.run(
        [*command, *OPTIONS[name], *options],
        capture_output=True,
        check=False,
        cwd=TESTS,
        input=data,
    )
    if process.returncode:
        end = f"with {name}, status {process.returncode}: {process.stderr.decode()[-3000:]}"
        pytest.fail(end, pytrace=False)  # it is shown with every case
    return pickle.loads(process.stdout)


def run_both(*options: str, data: bytes = b"") -> dict[str, dict[str, tuple[object, bool]]]:
    with ThreadPoolExecutor() as pool:
        runs = {name: pool.submit(run, name, *options, data=data) for name in OPTIONS}
        return {name: run.result() for name, run in runs.items()}


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, tuple[object, bool]]]:
    return run_both()


@pytest.fixture(scope="module")
def outcomes(written) -> dict[str, dict[str, tuple[dict[str, Outcome], bool]]]:
    """What each makes of what each wrote."""
    data = {
        origin: {writer: result for writer, (result, _) in results.items() if type(result) is bytes}
        for origin, results in written.items()
    }
    return run_both("--read", data=pickle.dumps(data))


@pytest.fixture(scope="module")
def differences(outcomes) -> dict[str, list[Difference]]:
    """Where anything differs from what 0.25.0 makes of what it wrote, by the case."""

    def agree(theirs: Outcome, ours: Outcome) -> bool:
        if isinstance(theirs, Error) and isinstance(ours, Error):
            return say_the_same(theirs, ours)
        return theirs == ours

    return {
        case: [
            difference
            for reader in OPTIONS
            for origin, outcome in outcomes[reader][case][0].items()
            for difference in search(
                next(iter(reference.values())),
                outcome,
                agree,
                f"{reader} from {origin or 'itself'}",
            )
        ]
        for case, (reference, _) in outcomes[THEIRS].items()
    }


@pytest.mark.parametrize("implementation", OPTIONS)
@pytest.mark.parametrize("writer", WRITERS)
def test_writes(written, writer: str, implementation: str) -> None:
    data, called = written[implementation][writer]
    assert type(data) is bytes, str(data)
    assert called or writer.startswith("frames."), "zstandard was not called"


@pytest.mark.parametrize("writer", WRITERS)
def test_frames_state_the_same(written, writer: str) -> None:
    theirs, ours = (written[name][writer][0] for name in OPTIONS)
    assert type(ours) is bytes, str(ours)
    assert ours[:4] == theirs[:4]
    if theirs[:4] == zstandard.FRAME_HEADER and len(theirs) > 18:
        stated, ours_stated = map(zstandard.get_frame_parameters, (theirs, ours))
        for name in ("content_size", "window_size", "dict_id", "has_checksum"):
            assert getattr(ours_stated, name) == getattr(stated, name), name


@pytest.mark.parametrize("case", [*READINGS, *ROUND_TRIPS])
def test_outcomes_agree(outcomes, differences, case: str) -> None:
    for name in OPTIONS:
        by_origin, called = outcomes[name][case]
        assert set(by_origin) == ({""} if case in ROUND_TRIPS else set(OPTIONS)), "not all wrote"
        assert called, f"with {name}, zstandard was not called"
    meant = list(chain.from_iterable(DIFFERENCES.values()))
    unmeant = [
        f"{place}: {ours} in place of {theirs}"
        for place, theirs, ours in differences[case]
        if not any(entry.explains(case, Difference(place, theirs, ours)) for entry in meant)
    ]
    assert not unmeant, "\n".join(unmeant)


PARTS = [part for entry in chain.from_iterable(DIFFERENCES.values()) for part in entry.parts()]


@pytest.mark.parametrize("part", PARTS, ids=map(str, PARTS))
def test_meant_difference_is_there(differences, part: Meant) -> None:
    assert any(
        part.explains(case, difference) for case in differences for difference in differences[case]
    )


@pytest.mark.parametrize("heading", DIFFERENCES)
def test_page_has_heading(heading: str) -> None:
    assert f"### {heading}\n" in PAGE.read_text()
