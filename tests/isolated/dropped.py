"""A writer that is dropped with a frame open is warned of, and disturbs nothing else."""

import gc
import sys
import warnings

from makers import CONTENT, FRAME, File, Shut

import zstandard as z

c, d = z.ZstdCompressor(), z.ZstdDecompressor()


def compression_writer():
    writer = c.stream_writer(File())
    writer.write(CONTENT)
    return writer


def decompression_writer():
    writer = d.stream_writer(File())
    writer.write(FRAME[:12])
    return writer


def blocked_writer():
    writer = d.stream_writer(Shut())
    try:
        writer.write(FRAME)
    except BlockingIOError:
        return writer
    raise AssertionError("nothing is pending")


class Sub(z.ZstdCompressionWriter):
    pass


def writer_of_subclass():
    writer = Sub(c, File())
    writer.write(CONTENT)
    return writer


for make in (compression_writer, decompression_writer, blocked_writer, writer_of_subclass):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
        assert len(caught) == 1, f"{len(caught)} warnings"
        assert caught[0].category is ResourceWarning
        assert "unclosed writer, whose output is not all written: <" in str(caught[0].message)
        assert caught[0].source is not None
        assert not caught[0].source.closed
        caught.clear()
        gc.collect()

        # While an exception is on its way, this passes.
        for _ in range(10):
            try:
                [make()].index("nothing")
            except ValueError as error:
                assert "not in list" in str(error)  # noqa: PT017
            else:
                raise AssertionError("an exception was lost")
        assert len(caught) == 10

    # As an error, it is one that nobody can catch.
    reported = []
    sys.unraisablehook = lambda report, reported=reported: reported.append(report.exc_type)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make()
    assert reported == [ResourceWarning]
    sys.unraisablehook = sys.__unraisablehook__
