"""Settings of Hypothesis for all tests: some examples while developing, many where CI is set, few
by --hypothesis-profile=few; and fixtures."""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

for name, examples, steps in (("few", 10, 30), ("dev", 100, 30), ("ci", 500, 50)):
    settings.register_profile(
        name,
        deadline=None,
        max_examples=examples,
        print_blob=True,
        stateful_step_count=steps,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish():
    """Leave all that was made so far to itself: tests collect garbage often, and it is much."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def frequent_switches():
    """Have threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)
