"""The plots of docs/speed.md: the same figures give the same bytes."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bindings import OUR_NAME, RIVALS
from cases import ONE_BUFFER, SIZES, STREAMS, C, Figures

NAMES = [OUR_NAME, *RIVALS]
COLOURS = dict(
    zip(NAMES, ["#d62728", "#7f7f7f", "#1f77b4", "#17becf", "#ff7f0e", "#2ca02c"], strict=True)
)
RATIO_MAX = 20


def ratio(figures: Figures, case: str, name: str) -> float | None:
    """Return what a binding takes, as ratio to the C loop."""
    values = figures.get(case, {})
    return values[name] / values[C] if name in values and C in values else None


def finish(axes: Axes, title: str) -> None:
    """Label the axes of ratios."""
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_title(title)
    axes.grid(axis="y", linewidth=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def draw_sizes(figures: Figures) -> Figure:
    """Draw lines: a call for one buffer, by its size."""
    picture = Figure(figsize=(9, 3.6), layout="constrained")
    both = picture.subplots(1, 2, sharey=True)
    for axes, operation in zip(both, ONE_BUFFER, strict=True):
        for name in NAMES:
            points = [
                (label, value)
                for label in SIZES
                if (value := ratio(figures, f"{operation}, {label}", name)) is not None
            ]
            if points:
                axes.plot(
                    *zip(*points, strict=True),
                    color=COLOURS[name],
                    label=name,
                    marker=".",
                    linewidth=2 if name == OUR_NAME else 1,
                )
        axes.set_yscale("log", base=2)
        axes.set_ylim(0.9, RATIO_MAX)
        ticks = [1, 2, 4, 8, 16]
        axes.set_yticks(ticks, [f"{tick} x" for tick in ticks])
        finish(axes, f"{operation}() of one buffer")
    both[0].set_ylabel("time, as ratio to the C loop")
    both[0].legend(frameon=False)
    return picture


def draw_streams(figures: Figures) -> Figure:
    """Draw bars: the shapes of streams."""
    picture = Figure(figsize=(9, 3.2), layout="constrained")
    axes = picture.subplots()
    cases = [name for name in figures if name.partition(",")[0] in STREAMS]
    width = 0.8 / len(NAMES)
    for number, name in enumerate(NAMES):
        points = [
            (place + (number - len(NAMES) / 2 + 0.5) * width, value)
            for place, case in enumerate(cases)
            if (value := ratio(figures, case, name)) is not None
        ]
        if points:
            places, heights = zip(*points, strict=True)
            axes.bar(places, heights, width, color=COLOURS[name], label=name)
    axes.set_xticks(
        range(len(cases)), [name.partition(",")[0].replace(" ", "\n") for name in cases]
    )
    axes.set_ylabel("time, as ratio to the C loop")
    picture.legend(frameon=False, ncols=len(NAMES), loc="outside upper center")
    finish(axes, "Streams of 4 MiB in pieces of 64 KiB")
    return picture


def draw(figures: Figures, folder: Path) -> dict[str, Path]:
    """Write the plots into a folder, and return them by their titles."""
    drawings = {
        "One buffer, by size": (draw_sizes, "speed-sizes.svg"),
        "Streams": (draw_streams, "speed-streams.svg"),
    }
    paths = {}
    # Text stays text, and names within the file are derived from it, for diffs that can be read.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zstandard", "font.size": 9}):
        for title, (function, name) in drawings.items():
            paths[title] = folder / name
            function(figures).savefig(paths[title], metadata={"Date": None})
    return paths
