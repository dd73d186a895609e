"""Cases on decompress_content_dict_chain(): chains of every length, and with every fault."""

from collections.abc import Iterator
from itertools import product

WRONG = (
    "b''",
    "b'a'",
    "b'abc'",
    "MAGIC",
    "MAGIC + b'a'",
    "JUNK",
    "HELLO[:5]",
    "HELLO[:6]",
    "HELLO[:-1]",
    "HELLO + JUNK",
    "HELLO + HELLO",
    "UNSIZED",
    "EMPTY",
    "EMPTY_UNSIZED",
    "SKIPPABLE",
    "SKIPPABLE_EMPTY",
    "BAD_CHECKSUM",
    "BAD_BLOCK",
    "RESERVED_BLOCK",
    "STATES_LESS",
    "STATES_MORE",
    "DICTIONARY",
    "MAGICLESS",
    "bytearray(HELLO)",
    "memoryview(HELLO)",
    "'abc'",
    "None",
    "3",
    "[]",
)
NO_LIST = ("None", "()", "(HELLO,)", "b'abc'", "'abc'", "{}", "iter([HELLO])", "3", "")


def cases() -> Iterator[str]:
    for count, size in product((1, 2, 3, 10, 50), (1, 100, 3000)):
        contents = f"[text({size}, n) for n in range({count})]"
        yield f"D().decompress_content_dict_chain(chained({contents}))"
    for level in (-5, 1, 9, 19):
        contents = "[text(3000)[n:] for n in range(5)]"
        yield f"D().decompress_content_dict_chain(chained({contents}, level={level}))"
    yield "D().decompress_content_dict_chain(chained([FULL, FULL + b'more']))"
    yield "D().decompress_content_dict_chain(chained([mixed(200_000), mixed(200_001)]))"
    yield "D().decompress_content_dict_chain(frames=[HELLO])"
    yield "D().decompress_content_dict_chain([HELLO], [HELLO])"
    yield "D().decompress_content_dict_chain([])"
    for value in NO_LIST:
        yield f"D().decompress_content_dict_chain({value})"
    for chain in ("[{}]", "[HELLO, {}]", "[{}, HELLO]", "[HELLO, HELLO, {}, HELLO]"):
        for wrong in WRONG:
            yield f"D().decompress_content_dict_chain({chain.format(wrong)})"
    for chain in ("[HELLO]", "[HELLO, CHECKED]", "[JUNK]", "[HELLO, JUNK]"):
        run = "decompress_content_dict_chain(given)"
        yield f"steps(D(), {run!r}, 'decompress(HELLO)', 'decompress(CHECKED)', given={chain})"
    own = "d := CD(FULL), frame := C(dict_data=d).compress(text(3000)), dd := D(dict_data=d)"
    yield f"[{own}, steps(dd, 'decompress(given)', given=frame)][3]"
    for chain in ("[HELLO]", "[HELLO, CHECKED]", "[frame]", "[frame, HELLO]"):
        run = f"dd.decompress_content_dict_chain({chain})"
        yield f"[{own}, attempt(lambda: {run}), steps(dd, 'decompress(given)', given=frame)][3:]"
