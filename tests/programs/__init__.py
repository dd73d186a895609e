"""Real programs doing their zstd work, with this package and with the release it replaces."""
