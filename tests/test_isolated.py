"""The scripts in tests/isolated, each in a process of its own: one subject a script.

By hand: PYTHONPATH=tests PYTHON tests/isolated/SCRIPT.py. MEMORY_MIB=2048 has memory.py pass that
much through each shape and print what it took; LEAKS_COUNT has leaks.py repeat so often,
INTERPRETERS_ROUNDS own_interpreters.py, and STRESS_SECONDS has stress.py go on for so long.
"""

import os
import pathlib
import subprocess
import sys
import sysconfig

import pytest

FOLDER = pathlib.Path(__file__).parent / "isolated"
HELPERS = {"clearing", "fields", "makers"}
# With what is slower, and where the environment does not say otherwise.
SHORTER = {
    "INTERPRETERS_ROUNDS": "4",
    "LEAKS_COUNT": "1000",
    "MEMORY_MIB": "32",
    "STRESS_SECONDS": "0",
}
IS_SLOW_BUILD = hasattr(sys, "gettotalrefcount") or sysconfig.get_config_var("Py_GIL_DISABLED")
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in HELPERS)


# The debug allocator fills fresh and freed memory: fields left unset and uses after free show. What
# the default one shows beside, it shows once where all is run.
@pytest.mark.parametrize("allocator", ["default", "debug"] if os.environ.get("CI") else ["debug"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_script(script, allocator):
    path = os.pathsep.join(filter(None, (str(FOLDER.parent), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        # Debug builds of Python show ResourceWarning: the subject of two scripts that see to it.
        [
            sys.executable,
            *("-X", "faulthandler", "-W", "ignore::ResourceWarning"),
            FOLDER / f"{script}.py",
        ],
        env={
            **(SHORTER if allocator == "debug" or IS_SLOW_BUILD else {}),
            **os.environ,
            "PYTHONMALLOC": allocator,
            "PYTHONPATH": path,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
