"""pandas writes and reads tables in compressed files."""

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import samples
import zstandard
from programs.table import gather, reads, round_trip, writes
from programs.uses.frames import cut_in_header, cut_short, followed_by_junk, no_frame

FORM = {"method": "zstd", "level": 12, "threads": 2, "write_checksum": True}


@cache
def table() -> pd.DataFrame:
    words = samples.text(60_000).decode().split()
    columns = {
        "number": range(len(words)),
        "word": words,
        "half": [n / 2 for n in range(len(words))],
    }
    return pd.DataFrame(columns)


def written(write: Callable[[Path], object], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(path)
        return path.read_bytes()


def from_file(data: bytes, name: str, read: Callable[[Path], object]) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return read(path)


def told(frame: pd.DataFrame) -> object:
    return [frame.shape, str(frame.dtypes.to_dict()), frame.to_csv().encode()]


@writes
def csv() -> bytes:
    return written(table().to_csv, "table.csv.zst")


@writes
def csv_with_options() -> bytes:
    return written(lambda path: table().to_csv(path, compression=FORM), "table")


@writes
def csv_in_buffer() -> bytes:
    buffer = io.BytesIO()
    table().to_csv(buffer, compression="zstd", encoding="utf-16")
    return buffer.getvalue()


@writes
def csv_appended() -> bytes:
    """Several frames."""

    def write(path: Path) -> None:
        for start in range(0, len(table()), 2000):
            part = table()[start : start + 2000]
            part.to_csv(path, mode="a" if start else "w", header=not start)

    return written(write, "table.csv.zst")


@cache
def dictionary() -> object:
    return zstandard.ZstdCompressionDict(samples.text(20_000))


@writes
def csv_with_dictionary() -> bytes:
    form = {"method": "zstd", "dict_data": dictionary()}
    return written(lambda path: table().to_csv(path, compression=form), "table")


@writes
def csv_with_parameters() -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(5, write_checksum=True)
    form = {"method": "zstd", "compression_params": parameters}
    return written(lambda path: table().to_csv(path, compression=form), "table")


@writes
def json() -> bytes:
    return written(table().to_json, "table.json.zst")


@writes
def json_lines() -> bytes:
    write = lambda path: table().to_json(path, orient="records", lines=True)  # noqa: E731
    return written(write, "table.jsonl.zst")


@writes
def pickle() -> bytes:
    return written(table().to_pickle, "table.pkl.zst")


CSV = (csv, csv_with_options, csv_appended, csv_with_parameters)
FAULTY = (cut_short, cut_in_header, followed_by_junk, no_frame)


@reads(*CSV, *FAULTY)
def read_csv(data: bytes) -> object:
    return told(from_file(data, "table.csv.zst", pd.read_csv))


@reads(*CSV, *FAULTY)
def read_csv_by_python(data: bytes) -> object:
    read = lambda path: pd.read_csv(path, engine="python")  # noqa: E731
    return told(from_file(data, "table.csv.zst", read))


@reads(csv_in_buffer)
def read_csv_buffer(data: bytes) -> object:
    return told(pd.read_csv(io.BytesIO(data), compression="zstd", encoding="utf-16"))


@reads(*CSV, cut_short)
def read_csv_in_chunks(data: bytes) -> object:
    def read(path: Path) -> object:
        with pd.read_csv(path, chunksize=1000) as parts:
            return gather(part.to_csv().encode() for part in parts)

    return from_file(data, "table.csv.zst", read)


@reads(csv_with_dictionary)
def read_csv_with_dictionary(data: bytes) -> object:
    form = {"method": "zstd", "dict_data": dictionary()}
    return told(pd.read_csv(io.BytesIO(data), compression=form))


@reads(csv_with_dictionary)
def read_csv_without_dictionary(data: bytes) -> object:
    return told(pd.read_csv(io.BytesIO(data), compression="zstd"))


@reads(json, *FAULTY)
def read_json(data: bytes) -> object:
    return told(from_file(data, "table.json.zst", pd.read_json))


@reads(json_lines)
def read_json_lines(data: bytes) -> object:
    def read(path: Path) -> object:
        with pd.read_json(path, lines=True, chunksize=1000) as parts:
            return [told(part) for part in parts]

    return from_file(data, "table.jsonl.zst", read)


@reads(pickle, *FAULTY)
def read_pickle(data: bytes) -> object:
    return told(from_file(data, "table.pkl.zst", pd.read_pickle))


# Those that need no files but what the package holds.
OWN_TESTS = (
    "pandas.tests.io.test_compression",
    "pandas.tests.io.test_pickle",
    "pandas.tests.io.json.test_compression",
    "pandas.tests.io.formats.test_to_csv",
)


class Outcomes:
    """A pytest plugin that keeps the outcomes of the tests."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.by_test[report.nodeid] = report.outcome


@round_trip
def own_tests() -> object:
    """Some of the tests that pandas comes with."""
    outcomes = Outcomes()
    folder = str(Path(pd.__file__).parent)
    options = [
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        folder,
    ]
    status = pytest.main([*options, "-k", "zstd", "--pyargs", *OWN_TESTS], plugins=[outcomes])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(f"pytest ended with {status!r}: {outcomes.by_test}")
    return outcomes.by_test
