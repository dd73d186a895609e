"""Calls of this package whose allocations fail, one after the other."""
