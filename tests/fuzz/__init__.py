"""Targets for a fuzzer: each takes any bytes, works with the package by them, and asserts.

targets.TARGETS has them by name. tools/run_fuzz.py has atheris search for bytes that fail, seeds/
has bytes to begin with, and tests/test_fuzz_seeds.py passes those through without a fuzzer.
"""
