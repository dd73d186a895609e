"""Cases on the functions that read frame headers."""

from collections.abc import Iterator

from oracle.cases.compression import BUFFERS
from oracle.cases.decompression import ALL

FUNCTIONS = (
    "z.frame_content_size({})",
    "z.frame_header_size({})",
    "fields(z.get_frame_parameters({}))",
    "fields(z.get_frame_parameters({}, format=1))",
)

# Headers that vary by a number, and its values.
VARIED = {
    "bytes([n]) * 5": "range(256)",
    "MAGIC + bytes([n]) * 14": "range(256)",
    "skippable(b'abc', n)": "range(16)",
    "header(dict_id=n, dict_id_width=4)": "(0, 1, 255, 2**31, 2**32-1)",
    "header(n, size_width=8)": "(0, 1, 2**32, 2**63-1, 2**63, 2**64-3, 2**64-2, 2**64-1)",
    "header(n, size_width=8, single_segment=True)": "(0, 1, 2**32, 2**63, 2**64-2, 2**64-1)",
    "header(window=n) + raw_block(b'abc')": "range(256)",
}


def cases() -> Iterator[str]:
    for function in FUNCTIONS:
        for data in ALL:
            yield f"each(lambda n: {function.format(f'{data}[n:]')}, (0, 4))"
            yield f"each(lambda n: {function.format(f'{data}[:n]')}, range(20))"
            flip = function.format(f"flipped({data}[:18].ljust(18), n)")
            yield f"each(lambda n: {flip}, range(8 * 18))"
        for buffer in ("memoryview(HELLO)", *BUFFERS):
            yield function.format(buffer)
        for data, values in VARIED.items():
            yield f"each(lambda n: {function.format(data)}, {values})"
    yield "90_000 < z.estimate_decompression_context_size() < 110_000"
