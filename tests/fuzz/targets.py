"""All targets, by name."""

from fuzz import api, decompression, dictionaries, headers, round_trip, segments

TARGETS = {
    name: target
    for module in (decompression, headers, dictionaries, segments, round_trip, api)
    for name, target in module.TARGETS.items()
}
