"""mcap records messages in compressed chunks."""

import io

from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

import samples
from programs.table import reads, writes


@writes
def recording() -> bytes:
    file = io.BytesIO()
    writer = Writer(file, chunk_size=20_000, compression=CompressionType.ZSTD)
    writer.start()
    schema = writer.register_schema("line", "text", b"")
    channel = writer.register_channel("lines", "text", schema)
    for time, line in enumerate(samples.text(200_000).splitlines()):
        writer.add_message(channel, time, line, time)
    writer.finish()
    return file.getvalue()


@reads(recording)
def messages(data: bytes) -> object:
    reader = make_reader(io.BytesIO(data), validate_crcs=True)
    return [[message.log_time, message.data] for _, _, message in reader.iter_messages()]
