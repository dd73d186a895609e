"""The same calls of this package and of the release that it replaces, 0.25.0, give the same."""

import sys
from itertools import chain
from pathlib import Path

import pytest

from oracle.cases import CASES
from oracle.comparison import FRAGMENTS, Comparison, Implementation, leaves
from oracle.differences import DIFFERENCES, LIBZSTD_DIFFERS, Meant, glob
from oracle.folder import FOLDER
from oracle.outcome import Error

PAGE = Path(__file__).resolve().parent.parent / "docs" / "differences.md"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    if hasattr(sys, "gettotalrefcount"):
        pytest.skip("a debug build of CPython ends the process at some faults of 0.25.0")
    if not FOLDER.joinpath("zstandard").is_dir():
        pytest.skip(f"there is no zstandard 0.25.0 in {FOLDER}")
    runner = ("-m", "oracle.runner")
    # Without site-packages: an editable install would come before the folder.
    theirs = Implementation("-S", *runner, "--folder", str(FOLDER), corrupts_memory=True)
    if error := theirs.import_error():
        pytest.skip(f"zstandard 0.25.0 cannot be imported: {error}")
    try:
        return Comparison(theirs, Implementation(*runner))
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)  # it is shown with every case


@pytest.mark.parametrize("case", CASES, ids=CASES)
def test_outcomes_agree(comparison: Comparison, case: str) -> None:
    if not comparison.same_libzstd and any(glob(one).fullmatch(case) for one in LIBZSTD_DIFFERS):
        pytest.skip("the versions of libzstd differ, and in this, too")
    meant = list(chain.from_iterable(DIFFERENCES.values()))
    unmeant = [
        difference
        for difference in comparison.differences.get(case, ())
        if not any(entry.explains(case, difference) for entry in meant)
    ]
    assert not unmeant, "\n".join(
        f"{place or 'all'}: 0.25.0 gives {theirs}, this package {ours}"
        for place, theirs, ours in unmeant
    )


PARTS = [part for entry in chain.from_iterable(DIFFERENCES.values()) for part in entry.parts()]


@pytest.mark.parametrize("part", PARTS, ids=map(str, PARTS))
def test_meant_difference_is_there(comparison: Comparison, part: Meant) -> None:
    assert any(
        part.explains(case, difference)
        for case, differences in comparison.differences.items()
        if part.covers(case)
        for difference in differences
    )


@pytest.mark.parametrize("heading", DIFFERENCES)
def test_page_has_heading(heading: str) -> None:
    assert f"### {heading}\n" in PAGE.read_text()


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_fragment_occurs(comparison: Comparison, fragment: str) -> None:
    outcomes = chain.from_iterable(map(leaves, comparison.theirs.outcomes.values()))
    assert any(isinstance(leaf, Error) and fragment in leaf.message for leaf in outcomes)
