"""Differences in ZstdCompressionParameters."""

from oracle.differences.meant import Meant

DIFFERENCES = {
    "Parameters as values": (
        Meant(
            ("CP()",),
            "<zstandard.backend_c.ZstdCompressionParameters object>",
            "ZstdCompressionParameters()",
        ),
        Meant(
            ("(lambda a, b: (a == a, a == b, *)(CP(), CP())",),
            "(True, False, True, True, True)",
            "(True, True, False, True, True)",
        ),
        Meant(
            ("copy.copy(CP())", "copy.deepcopy(CP())"),
            "TypeError: cannot pickle *",
            "ZstdCompressionParameters()",
        ),
        Meant(
            tuple(f"pickle.dumps(CP(), {protocol})" for protocol in range(6)),
            "TypeError: cannot pickle *",
            "b'*",
        ),
    ),
    "Parameters without `__init__()`": (
        Meant(
            ("settings(CP.__new__(CP, 1, nothing=1))",),
            "death of the process: *",
            "(0, 3, *",
        ),
        Meant(
            ("[p := CP(window_log=12), attempt(lambda: p.__init__(hash_log=99)), *",),
            "(0, 3, 0, *",
            "(0, 3, 12, *",
        ),
    ),
    "Arguments of from_level()": (
        Meant(
            ("CP.from_level(3, 5)", "CP.from_level(3, 5, 7)", "CP.from_level(level=3)"),
            "TypeError: from_level() takes exactly 1 argument (* given)",
            "ZstdCompressionParameters(*",
        ),
        Meant(
            ("settings(CP.from_level(3, dict_size=-*",),
            "SystemError: *returned NULL without setting an exception",
            "OverflowError: dict_size must be a number of bytes, not -1",
            "(0, 3, *",
            "OverflowError: dict_size must be a number of bytes, not -*",
        ),
        Meant(
            ("settings(CP.from_level(3, source_size=2**64-1))",),
            "SystemError: *returned NULL without setting an exception",
            "(0, 3, *",
        ),
        Meant(
            (
                "settings(CP.from_level(3, *_size=Index(*",
                "settings(CP.from_level(3, *_size=Failing*",
            ),
            "TypeError: an integer is required",
            "(0, 3, *",
            "TypeError: an integer is required",
            "OverflowError: *",
            "TypeError: an integer is required",
            "LookupError: no index",
        ),
    ),
    "Estimates of contexts": (
        Meant(
            ("CP(threads=1).estimated_compression_context_size()",),
            "18446744073709551615",
            "ZstdError: libzstd has no estimate of a context with worker threads: threads=1",
        ),
        Meant(
            ("CP(enable_ldm=1).estimated_compression_context_size() > 1_000_000",),
            "death of the process: *",
            "True",
        ),
    ),
    "New parameters": (
        Meant(
            ("settings(CP(*=1))", "settings(CP.from_level(3, *=1))"),
            "TypeError: *keyword argument*",
            "(0, 3, *",
        ),
        Meant(
            ("D(force_ignore_checksum=True).decompress(BAD_CHECKSUM)",),
            "TypeError: *keyword argument*",
            "400 bytes of *",
        ),
        Meant(
            ("z.compression_bounds()*",),
            "AttributeError: *",
            "((10, 31), (0, 1))",
        ),
    ),
}
