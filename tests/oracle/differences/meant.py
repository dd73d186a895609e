"""What a difference that is meant is, and patterns for it."""

import re
from collections.abc import Iterator
from functools import cache

from oracle.comparison import Difference


@cache
def glob(pattern: str) -> re.Pattern[str]:
    """Return the expression for a pattern, in which * stands for any text and # for a number."""
    wild = {"*": ".*", "#": "-?[0-9]+"}
    return re.compile("".join(wild.get(one, re.escape(one)) for one in pattern), re.DOTALL)


class Meant:
    """Differences that are meant, by patterns: in which cases, and what each release gives.

    The results are what 0.25.0 gives and what this package gives, by turns.
    """

    def __init__(self, cases: tuple[str, ...], *results: str) -> None:
        self.cases = cases
        self.results = tuple(zip(results[::2], results[1::2], strict=True))

    def __str__(self) -> str:
        return " ".join((*self.cases, *(" / ".join(pair) for pair in self.results)))

    def covers(self, case: str) -> bool:
        """Return whether the case is one of these."""
        return any(glob(pattern).fullmatch(case) for pattern in self.cases)

    def explains(self, case: str, difference: Difference) -> bool:
        """Return whether the difference, found in the case, is one of these."""
        return any(
            glob(theirs).fullmatch(difference.theirs) and glob(ours).fullmatch(difference.ours)
            for theirs, ours in self.results
        ) and self.covers(case)

    def parts(self) -> Iterator["Meant"]:
        """Yield what is meant by each pattern alone."""
        for pattern in self.cases:
            yield Meant((pattern,), *(result for pair in self.results for result in pair))
        if len(self.results) > 1:
            for pair in self.results:
                yield Meant(self.cases, *pair)
