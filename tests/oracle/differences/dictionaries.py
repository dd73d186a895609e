"""Differences in dictionaries, their training and chains of frames."""

from oracle.differences.meant import Meant

NUMBERS_OUT_OF_RANGE = ("2**31", "2**32", "2**64")

DIFFERENCES = {
    "k and d of a dictionary": (
        Meant(
            ("CD(FULL, *=*).*", "CD(FULL, 0, 5, 6).k, *", "steps(CD(FULL), '__init__(*"),
            "TypeError: *",
            "*",
        ),
        # What follows from it.
        Meant(("steps(CD(FULL), '__init__(*",), "b''", "b'abc'", "0", "5", "0", "6"),
    ),
    "Prefixes": (
        Meant(
            ("len(CD(FULL, 3))", "len(CD(FULL, dict_type=3))"),
            "ValueError: invalid dictionary load mode: 3; must use DICT_TYPE_* constants",
            "4126",
        ),
    ),
    "Numbers for dictionaries": (
        Meant(("len(CD(FULL, *2**#*))",), "*", "OverflowError: *"),
        Meant(
            tuple(f"trained(1000, *, *={value})" for value in NUMBERS_OUT_OF_RANGE),
            "*",
            "OverflowError: *",
        ),
        Meant(
            ("trained(1000, *, dict_id=2**32)",),
            "[*",
            "ValueError: dict_id must be from 0 to 4294967295, not *",
        ),
        Meant(
            ("trained(-1, *)", "trained(*, *=-1)"),
            "*",
            "ValueError: *, not -1",
        ),
    ),
    "Dictionaries without data": (
        Meant(
            ("CD.__new__(CD).*()", "CD.__new__(CD).precompute_compress(3)"),
            "*",
            "ValueError: the dictionary has no data: *",
        ),
    ),
    "Copies of dictionaries": (
        Meant(
            (
                "pickle.*(pickle.dumps(CD(FULL), #))*",
                "pickle.dumps(CD(FULL), #)",
                "copy.*copy(CD(FULL))",
            ),
            "*",
            "*",
        ),
    ),
    "What is no dictionary": (
        Meant(
            ("C(dict_data=*).compress*",),
            "b'*",
            "ZstdError: unable to digest the dictionary *: Dictionary is corrupted: *",
            'b"*',
            "ZstdError: unable to digest the dictionary *: Dictionary is corrupted: *",
            "ZstdError: error ending compression stream: Allocation error : not enough memory",
            "ZstdError: unable to digest the dictionary *: Dictionary is corrupted: *",
        ),
    ),
    "precompute_compress(compression_params=None)": (
        Meant(
            ("CD(FULL).precompute_compress(*None)",),
            "TypeError: precompute_compress() argument 2 must be *",
            "None",
            "TypeError: precompute_compress() argument 2 must be *",
            "ValueError: must specify one of level or compression_params",
        ),
    ),
    "Skippable frames in a chain": (
        Meant(
            ("D().decompress_content_dict_chain(*SKIPPABLE*)",),
            "b'*'",
            "ValueError: chunk # is not a valid zstd frame",
        ),
    ),
}
