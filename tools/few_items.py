"""A pytest plugin: of a test with many parameters, take a few that are far from one another.

They differ in values, and hardly in the code that they run. For runs that are slow.
"""

from collections import defaultdict

FEW = 6


def pytest_collection_modifyitems(items, config):
    """Leave out all but a few items of each test."""
    by_test = defaultdict(list)
    for item in items:
        by_test[item.nodeid.partition("[")[0]].append(item)
    kept = set()
    for alike in by_test.values():
        step = max(1, -(-len(alike) // FEW))
        kept.update(item.nodeid for item in alike[::step])
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = [item for item in items if item.nodeid in kept]
