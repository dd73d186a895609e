"""Every allocation that a public call makes fails once, and the call says so and does no harm.

Of calls that make many allocations, some are tried here; tools/no_memory.py tries all.
"""

import pytest

from no_memory import runner, table

BUFFERS = {
    f"{name}.__buffer__" for name in ("BufferSegment", "BufferSegments", "BufferWithSegments")
}


def test_every_public_name_is_called():
    covered = {call.covers for call in table.make().values()}
    # Before Python 3.12, types do not tell that they have a buffer.
    assert covered == table.public_names() | BUFFERS | {table.IMPORT}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with what makes allocations fail."""
    folder = tmp_path_factory.mktemp("failing")
    try:
        runner.build(folder)
    except runner.UnavailableError as error:
        pytest.skip(str(error))
    return folder


@pytest.mark.parametrize("mode", runner.MODES)
def test_calls(folder, mode):
    reports = list(runner.reports(folder, runner.names(), mode, stride=10))
    assert sum(report.failed for report in reports) > 1000
    assert [str(report) for report in reports if report.problems] == []
