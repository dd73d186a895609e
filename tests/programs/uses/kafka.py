"""kafka-python compresses batches of records."""

from kafka.codec import zstd_decode, zstd_encode
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder

import samples
from programs.table import reads, writes
from programs.uses.frames import ALL

ZSTD = 4
LINES = samples.text(50_000).splitlines()


@writes
def payload() -> bytes:
    return zstd_encode(samples.text(100_000))


@writes
def batches() -> bytes:
    data = bytearray()
    for start in range(0, len(LINES), 100):
        builder = MemoryRecordsBuilder(2, ZSTD, 1_000_000, start)
        for number, line in enumerate(LINES[start : start + 100]):
            builder.append(1_700_000_000_000 + number, b"%d" % number, line, [("name", b"value")])
        builder.close()
        data += builder.buffer()
    return bytes(data)


@reads(payload, *ALL)
def decode(data: bytes) -> object:
    return zstd_decode(data)


@reads(batches)
def read_batches(data: bytes) -> object:
    found = []
    records = MemoryRecords(data)
    while (batch := records.next_batch()) is not None:
        rows = [[r.offset, r.timestamp, r.key, r.value, str(r.headers)] for r in batch]
        found.append([batch.compression_type, batch.validate_crc(), *rows])
    return found
