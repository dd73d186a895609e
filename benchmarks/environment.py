"""The environment that measurements run in: our package on libzstd 1.5.7, and other bindings.

A command calls enter() first, and goes on in it, whatever Python it was started by. All that is
built there, libzstd's static library among it, has the same compiler and settings.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "benchmarks"
VENV = BUILD / f"{sys.version_info.major}.{sys.version_info.minor}"
# The source of libzstd 1.5.7; got if it is not there.
SOURCE = Path("build/ci/libzstd")
PARTS = ("MAJOR", "MINOR", "RELEASE")
# Where bootstrap.py puts zstandard 0.25.0.
ORACLE = Path(sys.prefix) / "oracle"
# Where contestants.py builds the extension of bare.c.
BARE = Path(sys.prefix) / "bare"


def bootstrap(venv: Path, *arguments: str) -> None:
    """Bring a virtual environment with our package up to date."""
    script = ROOT / "tools" / "bootstrap.py"
    subprocess.run([sys.executable, script, "--venv", venv, *arguments], check=True)


def enter() -> None:
    """Return in an environment that is up to date; start the script again to be there."""
    if not (ROOT / SOURCE).exists():
        script = ROOT / "tools" / "get_debian_source"
        if subprocess.run([script, "libzstd", ROOT / SOURCE], check=False).returncode:
            sys.exit(f"Please unpack the source of libzstd 1.5.7 as {SOURCE}, and run this again.")
    bootstrap(VENV, "--group=benchmarks", "--oracle", "--", f"-Dzstd_source={SOURCE}")
    if Path(sys.prefix).resolve() != VENV.resolve():
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, *sys.argv])


def build_folder() -> Path:
    """Return the folder that Meson built our package in."""
    folders = list(VENV.glob("build/*/"))
    if len(folders) != 1:
        sys.exit(f"environment: not one build but {len(folders)} in {VENV}: remove it")
    return folders[0]


def described(kind: str) -> Any:
    """Return what Meson tells of the build: its compilers or buildoptions."""
    return json.loads((build_folder() / "meson-info" / f"intro-{kind}.json").read_text())


def libzstd_version() -> str:
    """Return the version of libzstd that our package has in it."""
    header = (ROOT / SOURCE / "lib" / "zstd.h").read_text()
    parts = (re.search(rf"#define ZSTD_VERSION_{part} +(\d+)", header) for part in PARTS)
    return ".".join(part[1] for part in parts if part)


def compiler() -> str:
    """Return the name and version of the compiler that our package is built by."""
    found = described("compilers")["host"]["c"]
    return f"{found['id']} {found['version']}"
