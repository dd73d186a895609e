"""The benchmarks, each run on a little."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parallel import has_gil

FOLDER = Path(__file__).parents[2] / "benchmarks"
pytest.importorskip("rich")


def run(script, *options):
    """Run a benchmark, which must succeed; return what it printed."""
    done = subprocess.run(
        [sys.executable, FOLDER / script, *map(str, options)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@has_gil
def test_heartbeat(tmp_path):
    name, figures = "BufferSegment.tobytes", tmp_path / "figures.json"
    table = run(
        "heartbeat.py",
        "--only",
        name,
        "--rounds",
        1,
        "--oracle",
        tmp_path / "no",
        "--json",
        figures,
    )
    assert name in table
    length, wait = json.loads(figures.read_text())[name]["here"]
    assert 0 < wait < 60
    assert 0 < length < 60


def test_scaling(tmp_path):
    figures = tmp_path / "figures.json"
    table = run(
        *("scaling.py", "--only", "200 B", "--rounds", 1),
        *("--oracle", tmp_path / "no", "--json", figures),
    )
    assert "no 0.25.0 for it" in table
    (rates,) = json.loads(figures.read_text()).values()
    assert all(rate > 0 for way in rates["200 B"].values() for rate in way.values())
