"""Frames that go from one implementation of zstd to another."""
