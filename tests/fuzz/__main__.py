"""Run a target by atheris: PYTHONPATH=tests python -m fuzz TARGET [an option of libFuzzer]...

tools/run_fuzz.py sets up what this wants: a package built for it, and the sanitizers' library.
"""

import sys

import atheris

from fuzz.targets import TARGETS

atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
atheris.Fuzz()
