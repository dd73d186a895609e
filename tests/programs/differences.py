"""Where programs do otherwise than with 0.25.0, as is meant; by the heading in the page."""

from oracle.differences import Meant

CUT_SHORT = "ZstdEOFError: *the input of # bytes ends within a frame"

DIFFERENCES = {
    "Input that ends within a frame": (
        Meant(
            (
                *("fsspec.read(frames.cut_*)", "kafka.decode(frames.cut_*)"),
                "smart_open.read(frames.cut_*)",
            ),
            *("# bytes of *", CUT_SHORT),
            *("b''", CUT_SHORT),
        ),
        Meant(("*.read_in_pieces(frames.cut_*)",), "None", CUT_SHORT),
        # It reads through a BufferedReader, which drops what was left for the read that failed.
        Meant(("smart_open.read_in_pieces(frames.cut_*)",), "# bytes of *", "# bytes of *"),
        # 0.25.0 has it make a table of what there is.
        Meant(
            ("pandas.read_csv(frames.cut_short)", "pandas.read_csv_by_python(frames.cut_short)"),
            *("[*", CUT_SHORT),
        ),
        Meant(
            ("pandas.read_csv_in_chunks(frames.cut_short)",),
            *("# bytes of *", "# bytes of *"),
            *("None", CUT_SHORT),
        ),
        # These fail with 0.25.0, too, for what they miss.
        Meant(("conda_package_streaming.*(*.package_cut_short)",), "ReadError: *", CUT_SHORT),
        Meant(("pandas.read_csv*(frames.cut_in_header)",), "EmptyDataError: *", CUT_SHORT),
        Meant(("pandas.read_json(frames.cut_*)",), "ValueError: *", CUT_SHORT),
        Meant(("pandas.read_pickle(frames.cut_in_header)",), "EOFError: *", CUT_SHORT),
    ),
    "Content before a fault": (
        Meant(("*.read_in_pieces(frames.wrong_checksum)",), "# bytes of *", "300000 bytes of *"),
    ),
    "seek()": (Meant(("fsspec.seek_back(fsspec.binary)",), "OSError: *backwards", "(100, b'*')"),),
}
