"""The parameters of compression as a table, for tests of them."""

import zstandard

BOUNDS = zstandard.compression_bounds()
LACKS_SPLITTER_LEVEL = zstandard.ZSTD_VERSION < (1, 5, 7)
# A value between the bounds that is not the one by default.
VALUES = {
    "format": 1,
    "compression_level": 7,
    "window_log": 20,
    "hash_log": 15,
    "chain_log": 16,
    "search_log": 3,
    "min_match": 5,
    "target_length": 99,
    "strategy": zstandard.STRATEGY_LAZY,
    "write_content_size": 0,
    "write_checksum": 1,
    "write_dict_id": 1,
    "job_size": 1 << 20,
    "overlap_log": 5,
    "force_max_window": 1,
    "enable_ldm": 1,
    "ldm_hash_log": 15,
    "ldm_min_match": 32,
    "ldm_bucket_size_log": 2,
    "ldm_hash_rate_log": 5,
    "threads": 2,
    "target_cblock_size": 2000,
    "rsyncable": 1,
    "force_attach_dict": 2,
    "literal_compression_mode": 2,
    "src_size_hint": 5000,
    "enable_dedicated_dict_search": 1,
    "use_block_splitter": 2,
    "use_row_match_finder": 2,
    "deterministic_ref_prefix": 1,
    "prefetch_cdict_tables": 1,
    "max_block_size": 5000,
} | ({} if LACKS_SPLITTER_LEVEL else {"block_splitter_level": 3})
NAMES = [*VALUES, "block_splitter_level"] if LACKS_SPLITTER_LEVEL else list(VALUES)
POSITIONAL = NAMES[: NAMES.index("threads") + 1]
# What the attributes are where nothing is set: 0 but for these.
PLAIN = dict.fromkeys(NAMES, 0) | {"compression_level": 3, "write_content_size": 1}
# What stands for "not set", where that is not what is read then.
NOT_SET = {"compression_level": 0, "strategy": -1, "overlap_log": -1, "ldm_hash_rate_log": -1}
FROM_LEVEL = NAMES[NAMES.index("window_log") : NAMES.index("strategy") + 1]


def values_of(parameters):
    return {name: getattr(parameters, name) for name in NAMES}
