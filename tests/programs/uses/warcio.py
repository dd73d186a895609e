"""warcio writes and reads web archives through writers and readers, a frame a record.

It knows no zstd of its own: the archives are laid out as the .warc.zst format has it.
"""

import io
from functools import cache

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import BufferWARCWriter, WARCWriter

import samples
import zstandard
from programs.table import reads, writes

HEADERS = {
    "WARC-Date": "2026-01-02T03:04:05Z",
    "WARC-Record-ID": "<urn:uuid:12345678-feed-1234-beef-123456789012>",
}


def records() -> list[bytes]:
    """Return records as they stand in an archive."""
    builder = RecordBuilder()
    made = []
    for number in range(30):
        writer = BufferWARCWriter(gzip=False)
        status = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], "HTTP/1.0")
        record = builder.create_warc_record(
            f"http://host/{number}",
            "response",
            payload=io.BytesIO(samples.text(3000 * number, number)),
            http_headers=status,
            warc_headers_dict=HEADERS,
        )
        writer.write_record(record)
        made.append(writer.get_contents())
    return made


def contents(file: io.BufferedIOBase) -> object:
    return [
        [
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers.get_header("WARC-Payload-Digest"),
            record.content_stream().read(),
        ]
        for record in ArchiveIterator(file, check_digests="raise")
    ]


@writes
def one_frame() -> bytes:
    packed = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(packed, closefd=False) as file:
        builder = RecordBuilder()
        writer = WARCWriter(file, gzip=False)
        for number in range(20):
            payload = io.BytesIO(samples.noise(2000 * number, number))
            writer.write_record(
                builder.create_warc_record(
                    f"http://host/{number}", "resource", payload, warc_headers_dict=HEADERS
                )
            )
    return packed.getvalue()


@writes
def frame_a_record() -> bytes:
    compressor = zstandard.ZstdCompressor(write_checksum=True)
    return b"".join(compressor.compress(record) for record in records())


@cache
def dictionary() -> object:
    return zstandard.train_dictionary(10_000, [samples.text(2000, seed) for seed in range(200)])


@writes
def with_dictionary() -> bytes:
    """The dictionary comes first, in a skippable frame."""
    packed = dictionary().as_bytes()
    head = b"\x5d\x2a\x4d\x18" + len(packed).to_bytes(4, "little") + packed
    compressor = zstandard.ZstdCompressor(dict_data=dictionary())
    return head + b"".join(compressor.compress(record) for record in records())


@reads(one_frame, frame_a_record)
def read(data: bytes) -> object:
    decompressor = zstandard.ZstdDecompressor()
    with decompressor.stream_reader(io.BytesIO(data), read_across_frames=True) as file:
        return contents(file)


@reads(with_dictionary)
def read_with_dictionary(data: bytes) -> object:
    size = int.from_bytes(data[4:8], "little")
    decompressor = zstandard.ZstdDecompressor(zstandard.ZstdCompressionDict(data[8 : 8 + size]))
    with decompressor.stream_reader(io.BytesIO(data), read_across_frames=True) as file:
        return contents(file)
