"""A signal ends the command, and nothing half-done stays behind."""

import contextlib
import os
import signal
import subprocess

import pytest
from command import SAMPLE, compressed, decompressed, names, start, wait_for_temporary

from zstandard.cli import coding, main

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.fixture(autouse=True)
def _interruptible():
    # What a shell starts in the background ignores SIGINT, and so does what that starts.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def end_by(number, process):
    """Send a signal, and again where it came just before a read, which Python then begins."""
    for _ in range(30):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(1)
    return None


@pytest.mark.parametrize(
    ("number", "mode"),
    [*((number, "-z") for number in STATUS), (signal.SIGTERM, "-d")],
)
def test_a_signal_leaves_nothing(number, mode, tmp_path):
    with start(mode, "-o", "target", cwd=tmp_path) as process:
        process.stdin.write(compressed(SAMPLE)[:1000])
        process.stdin.flush()
        wait_for_temporary(tmp_path)
        assert end_by(number, process) == STATUS[number]
        assert (process.stdout.read(), process.stderr.read()) == (b"", b"")
    assert names(tmp_path) == []


def test_a_signal_leaves_an_old_target_as_it_is(tmp_path):
    (tmp_path / "target").write_bytes(b"precious")
    with start("-f", "-o", "target", cwd=tmp_path) as process:
        wait_for_temporary(tmp_path)
        assert end_by(signal.SIGTERM, process) == 143
    assert names(tmp_path) == ["target"]
    assert (tmp_path / "target").read_bytes() == b"precious"


def ignore_hangup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_an_ignored_signal_stays_ignored(tmp_path):
    with start("-o", "target", cwd=tmp_path, preexec_fn=ignore_hangup) as process:
        wait_for_temporary(tmp_path)
        process.send_signal(signal.SIGHUP)
        process.communicate(b"data", timeout=30)
    assert process.returncode == 0
    assert decompressed((tmp_path / "target").read_bytes()) == b"data"


def test_a_second_signal_does_not_disturb_the_cleaning_up(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"x")
    before = [signal.getsignal(number) for number in STATUS]
    close = os.close
    closed = []

    def compress(*_arguments, **_options):
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("the signal has no effect")
        yield

    def close_under_fire(descriptor):
        closed.append(descriptor)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        close(descriptor)

    monkeypatch.setattr(coding, "compress", compress)
    monkeypatch.setattr(os, "close", close_under_fire)
    assert main(["--rm", str(tmp_path / "file")]) == 143
    assert len(closed) == 2
    assert names(tmp_path) == ["file"]
    assert [signal.getsignal(number) for number in STATUS] == before
