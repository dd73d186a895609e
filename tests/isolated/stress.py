"""Each type shared by 16 threads that call whatever it has at random: results are right, and whole.

STRESS_SECONDS says for how long [2], STRESS_SEED repeats the choices of another run, which prints
its own, and STRESS_TYPES names types, to try those only.
"""

import contextlib
import os
import random
import sys
import threading
import time

from makers import types
from uses import coders, constants, streams

import parallel
import zstandard as z

SUBJECTS = [
    value
    for module in (coders, streams, constants)
    for value in vars(module).values()
    if getattr(value, "kind", None) is not None and value.__module__ == module.__name__
]
THREADS = 16
CALLS = 25
SECONDS = float(os.environ.get("STRESS_SECONDS", "2"))
SEED = os.environ.get("STRESS_SEED") or str(random.SystemRandom().randrange(10**6))
NAMES = os.environ.get("STRESS_TYPES", "").split()
sys.setswitchinterval(1e-5)


def share(kind, turn):
    """Have threads use a new object at random; the last of them drops it."""
    subject = kind(random.Random(f"{SEED} {kind.__name__} {turn}"))
    uses, others = subject.calls()
    all_have_it = threading.Barrier(THREADS)

    def work(number):
        chance = random.Random(f"{SEED} {kind.__name__} {turn} {number}")
        shared = subject.shared
        all_have_it.wait(parallel.DEADLINE)
        subject.shared = None
        for _ in range(CALLS):
            # Mostly what has arguments, or a result to check.
            use = chance.choice(others if others and chance.random() < 0.2 else uses)
            with contextlib.suppress(subject.refused):
                use(shared, chance)

    parallel.in_threads(work, THREADS)
    subject.check()


assert {kind.kind for kind in SUBJECTS} == {*types(), z.backend_c}, "a type is left out"
print(f"STRESS_SEED={SEED}", flush=True)
subjects = [kind for kind in SUBJECTS if not NAMES or kind.__name__ in NAMES]
end = time.monotonic() + SECONDS
rounds = 0
while rounds == 0 or time.monotonic() < end:
    for kind in subjects:
        try:
            share(kind, rounds)
        except BaseException:
            print(f"failed: {kind.__name__}, round {rounds}", flush=True)
            raise
    rounds += 1
print(f"{rounds} rounds of {len(subjects)} subjects")
