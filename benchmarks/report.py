"""What a run of compare.py has found: as a table, as goals, and as docs/speed.md."""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import plots
from bindings import BARE_NAME, OUR_NAME, RIVALS
from cases import CASES, TIMES, C, Case, Figures
from environment import ROOT

PAGE = ROOT / "docs" / "speed.md"
REFERENCES = (C, "Python")
# Less than this is not told apart from the machine's moods.
TELLING = 1.02
INTRODUCTION = """\
# Speed

What the package takes beside a C loop on bare libzstd, other bindings and 0.25.0.
`benchmarks/compare.py --page` makes this page. Each has a process of its own, a new one each round;
they take turns, and the best of {rounds} rounds counts. All is at level 3, on text. The C loop and
ours have the very same libzstd in them; where a stream reads a file, the C loop copies its pieces,
too. [Where the time goes](speed_profile.md) tells what bounds the goals that are not met.

Where a case has a reference, figures are ratios to it, and less is better: the C loop, or Python's
own io, which is marked so. *Goal* is the most that ours may take. A *bare method* is the least that
a method of an extension can take: one call of libzstd and its result, with nothing checked. A
binding that lacks a call has a - for it."""


def reference(values: dict[str, float]) -> str | None:
    """Return who of a case's contestants the others are held to, if there is one."""
    return next((name for name in REFERENCES if name in values), None)


def figure(value: float, case: Case) -> str:
    """Return a time or a size as text."""
    if case.what == "size":
        return f"{value / 1e3:.1f} KB"
    if case.what in {"memory", "largest result"}:
        return f"{value / (1 << 20):.2f} MiB"
    units = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    unit = next((unit for unit, size in units.items() if value >= size), "ns")
    return f"{value / units[unit]:.3g} {unit}"


def limit(case: Case, figures: Figures) -> float | None:
    """Return the most that ours may take; None without a goal, or what it is worked out of."""
    try:
        return case.goal.limit(figures, case.name) if case.goal else None
    except KeyError:
        return None


def goals(figures: Figures) -> dict[str, dict[str, Any]]:
    """Return each case's goal: in words, as a figure, and whether it is met."""
    found: dict[str, dict[str, Any]] = {}
    for case in CASES:
        most = limit(case, figures)
        ours = figures.get(case.name, {}).get(OUR_NAME)
        if case.goal and most is not None and ours is not None:
            found[case.name] = {"words": case.goal.words, "limit": most, "met": ours <= most}
    return found


def faster(values: dict[str, float]) -> list[str]:
    """Return the bindings that take less than ours, by more than the machine's moods."""
    ours = values.get(OUR_NAME, 0.0)
    return [name for name in RIVALS if name in values and values[name] * TELLING < ours]


HEAD = ["case", "reference", OUR_NAME, "goal", "met", BARE_NAME, *RIVALS]


def rows(figures: Figures) -> list[list[str]]:
    """Return the table's rows, as HEAD has them."""
    result = []
    for case in CASES:
        values = figures.get(case.name, {})
        if not values:
            continue
        base = reference(values)
        of = values[base] if base and case.what in TIMES else None

        def cell(value: float | None, case: Case = case, of: float | None = of) -> str:
            if value is None:
                return "-"
            return f"{value / of:.3f}" if of else figure(value, case)

        most, ours = limit(case, figures), values.get(OUR_NAME)
        met = "" if most is None or ours is None else "yes" if ours <= most else "no"
        result.append(
            [
                case.name,
                f"{figure(values[base], case)}"
                + " (io)" * (base == "Python" and case.what in TIMES)
                if base
                else "-",
                cell(ours),
                "" if most is None else cell(most),
                met,
                *(cell(values.get(name)) for name in (BARE_NAME, *RIVALS)),
            ]
        )
    return result


def summary(figures: Figures) -> str:
    """Return how many goals are met, and where another binding is faster."""
    found = goals(figures)
    met = [goal["met"] for goal in found.values()]
    out_of_reach = [
        name
        for name, goal in found.items()
        if not goal["met"] and figures[name].get(BARE_NAME, 0.0) > goal["limit"]
    ]
    behind = [
        f"{name} ({', '.join(faster(values))})"
        for name, values in figures.items()
        if faster(values)
    ]
    return (
        f"{sum(met)} of {len(met)} goals are met"
        + (f"; a bare method misses {len(out_of_reach)} of the others, too" * bool(out_of_reach))
        + f". By more than {TELLING - 1:.0%}, another binding "
        f"is faster in {len(behind)} of {len(figures)} cases"
        + (f": {'; '.join(behind)}." if behind else ".")
    )


def show(run: dict[str, Any]) -> None:
    """Print the table."""
    table = Table(*HEAD, title=f"Ratios to the reference, best of {run['rounds']} rounds")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows(run["figures"]):
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(table)
    console.print(summary(run["figures"]))


def cases_of(title: str, figures: Figures) -> str:
    """Return the part of the page that has a run's table."""
    return f"## {title}\n\n{summary(figures)}\n\n{in_markdown(HEAD, rows(figures))}"


def write_page(runs: list[dict[str, Any]], page: Path = PAGE) -> None:
    """Write the page of the first run, with the tables of the others, and its plots beside it."""
    run, *others = runs
    figures: Figures = run["figures"]
    words = [[case.name, case.goal.words] for case in CASES if case.goal and case.name in figures]
    pictures = plots.draw(figures, page.parent)
    versions = [[name, version] for name, version in run["conditions"].items()]
    parts = [
        INTRODUCTION.format(rounds=run["rounds"]),
        *(f"![{title}]({path.name})" for title, path in pictures.items()),
        cases_of("Cases", figures),
        *(cases_of("The same, measured again", other["figures"]) for other in others),
        f"## Goals\n\n{in_markdown(['case', 'ours may take'], words)}",
        f"## Measured with\n\n{in_markdown(['what', 'version'], versions)}",
    ]
    page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def in_markdown(head: list[str], lines: list[list[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])
