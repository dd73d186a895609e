#!/usr/bin/env python3
"""Make a virtual environment with the package built from this tree, installing what that takes.

What is there already is kept: where no source has changed, a run takes a fraction of a second.
"""

import argparse
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"bootstrap: Python 3.11 or newer is needed, and this is {platform.python_version()}")

ROOT = Path(__file__).resolve().parent.parent

# The files that the installed package is made from.
SOURCES = (
    "LICENSE",
    "README.md",
    "meson.build",
    "meson.options",
    "pyproject.toml",
    "src",
    "subprojects/packagefiles",
    "subprojects/zstd.wrap",
)

# The first release of pip that knows dependency groups.
PIP = "pip>=25.1"

# The release that this package replaces; its behaviour is compared with ours.
ORACLE = "zstandard==0.25.0"

COMPILER = "a C compiler"
HEADERS = "Python's headers"
LIBZSTD = "the headers of libzstd 1.5.4 or later"
PKG_CONFIG = "pkg-config"
VENV = "Python's venv and ensurepip"

# How each package manager installs, and its packages for what may be missing. What is not listed
# comes with something that is, or with the system.
X_Y = f"{sys.version_info.major}.{sys.version_info.minor}"
MANAGERS = {
    "apt-get": (
        (
            "apt-get update; DEBIAN_FRONTEND=noninteractive "
            "apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600"
        ),
        {
            COMPILER: "gcc libc6-dev",
            HEADERS: f"python{X_Y}-dev",
            LIBZSTD: "libzstd-dev",
            PKG_CONFIG: "pkg-config",
            VENV: f"python{X_Y}-venv",
        },
    ),
    "dnf": (
        "dnf install -y",
        {
            COMPILER: "gcc",
            HEADERS: f"python{X_Y}-devel",
            LIBZSTD: "libzstd-devel",
            PKG_CONFIG: "pkgconf-pkg-config",
        },
    ),
    "apk": (
        "apk add",
        {
            COMPILER: "gcc musl-dev",
            HEADERS: "python3-dev",
            LIBZSTD: "zstd-dev",
            PKG_CONFIG: "pkgconf",
        },
    ),
    "pacman": (
        "pacman -S --noconfirm --needed",
        {COMPILER: "gcc", LIBZSTD: "zstd", PKG_CONFIG: "pkgconf"},
    ),
    "zypper": (
        "zypper --non-interactive install",
        {
            COMPILER: "gcc",
            HEADERS: f"python{X_Y.replace('.', '')}-devel",
            LIBZSTD: "libzstd-devel",
            PKG_CONFIG: "pkgconf-pkg-config",
        },
    ),
    "brew": ("brew install", {LIBZSTD: "zstd", PKG_CONFIG: "pkgconf"}),
}


def say(text: str) -> None:
    """Report a step as it begins."""
    print(f"bootstrap: {text}", flush=True)


def run(*command: str | Path) -> str:
    """Run a command in silence and return its output."""
    return subprocess.run(
        command, check=True, cwd=ROOT, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
    ).stdout


def system_libzstd() -> str | None:
    """Return the version of the system's libzstd if the build can use it."""
    if not shutil.which("pkg-config"):
        return None
    # The same bound as in src/libzstd/meson.build.
    query = ["pkg-config", "--modversion", "libzstd >= 1.5.4"]
    found = subprocess.run(query, capture_output=True, check=False, text=True)
    return found.stdout.strip() or None


def missing(bundled: bool) -> list[str]:
    """Return what the build needs and the system lacks."""
    needs = []
    if not any(map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang"))):
        needs.append(COMPILER)
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        needs.append(HEADERS)
    if not (find_spec("venv") and find_spec("ensurepip")):
        needs.append(VENV)
    if not bundled and not system_libzstd():
        needs.append(LIBZSTD)
        if not shutil.which("pkg-config"):
            needs.append(PKG_CONFIG)
    return needs


def install(needs: list[str]) -> None:
    """Install what is missing with the system's package manager, as far as that goes."""
    manager = next(filter(shutil.which, MANAGERS), None)
    if manager is None:
        say(f"missing: {', '.join(needs)}; there is no package manager here that this script knows")
        return
    command, packages_for = MANAGERS[manager]
    packages = " ".join(packages_for[need] for need in needs if need in packages_for)
    say(f"missing: {', '.join(needs)}; installing {packages} with {manager}")
    rights = [] if os.geteuid() == 0 or manager == "brew" else ["sudo"]
    try:
        run(*rights, "sh", "-c", f"{command} {packages}")
    except FileNotFoundError:
        say("that takes root's rights, and there is no sudo")
    except subprocess.CalledProcessError as error:
        say(f"that failed:\n{error.stdout}")


def prepare(bundled: bool, unavailable: list[str]) -> list[str]:
    """Provide for what the build needs, save what was unavailable before; return what is not had.

    End the program if that is something that cannot be done without.
    """
    needs = missing(bundled)
    if needs and needs != unavailable:
        install(needs)
        needs = missing(bundled)
        if vital := [need for need in needs if need not in (LIBZSTD, PKG_CONFIG)]:
            sys.exit(f"bootstrap: please install {', '.join(vital)}, then run this again")
        if needs:
            say("so the source of libzstd will be downloaded, and built along")
    return needs


def digest_sources(settings: str) -> str:
    """Return a digest of all that the installed package is made from."""
    digest = hashlib.sha256(settings.encode())
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)} {file.stat().st_size} ".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def identity(python: str | Path) -> str:
    """Return what tells one interpreter from another, for the interpreter of a venv its base's."""
    print_it = "import sys; print(sys.base_prefix, sys.version, sys.abiflags)"
    return run(python, "-c", print_it)


def main() -> None:
    """Bring the virtual environment to the state that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="its folder [.venv]")
    parser.add_argument(
        "--group", action="append", default=[], help="a dependency group of pyproject.toml to add"
    )
    parser.add_argument(
        "--oracle", action="store_true", help="add zstandard 0.25.0, to compare with, in a folder"
    )
    parser.add_argument("setup_args", nargs="*", help="options for meson setup, after --")
    options = parser.parse_args()

    bundled = any(
        argument.startswith(("-Dzstd=bundled", "-Dzstd_source=")) for argument in options.setup_args
    )
    venv = options.venv.resolve()
    python = venv / "bin" / "python"
    record_file = venv / "bootstrap.json"
    record = json.loads(record_file.read_text()) if record_file.exists() else {}

    unavailable = prepare(bundled, record.get("unavailable", []))
    if not python.exists() or identity(python) != identity(sys.executable):
        say(f"making {venv} for Python {platform.python_version()} ({sys.executable})")
        clear = ["--clear"] if (venv / "pyvenv.cfg").exists() else []
        run(sys.executable, "-m", "venv", *clear, venv)
        record = {}
    record["unavailable"] = unavailable

    def step(name: str, key: str, text: str, *arguments: str) -> None:
        """Run pip unless the step was done before, for the same key."""
        if record.get(name) != key:
            say(text)
            run(python, "-m", "pip", *arguments)
            record[name] = key
            record_file.write_text(json.dumps(record))

    step("pip", PIP, f"getting {PIP}, which knows dependency groups", "install", PIP)

    libzstd = None if bundled else system_libzstd()
    origin = f"the system's libzstd {libzstd}" if libzstd else "a libzstd built along"
    settings = json.dumps([options.setup_args, libzstd])
    # A folder of its own for other settings: Meson keeps the options it was first given.
    build = venv / "build" / hashlib.sha256(settings.encode()).hexdigest()[:8]
    step(
        "package",
        digest_sources(settings),
        f"building zstandard with {origin}: its sources or settings are new",
        "install",
        f"-Cbuild-dir={build}",
        *(f"-Csetup-args={argument}" for argument in options.setup_args),
        ".",
    )

    groups = hashlib.sha256(ROOT.joinpath("pyproject.toml").read_bytes()).hexdigest()
    for group in options.group:
        text = f"getting the dependency group {group} of pyproject.toml"
        # Where a release has wheels for some Pythons only, an older one may do for this one.
        step(f"group {group}", groups, text, "install", "--prefer-binary", "--group", group)

    if options.oracle:
        text = f"getting {ORACLE}, which the tests compare with"
        folder = f"--target={venv / 'oracle'}"
        try:
            step("oracle", ORACLE, text, "install", "--only-binary=:all:", folder, ORACLE)
        except subprocess.CalledProcessError:
            say(f"there is no wheel of {ORACLE} for this Python: the comparison will be skipped")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        print(error.stdout, file=sys.stderr)
        sys.exit(f"bootstrap: {shlex.join(map(str, error.cmd))} failed")
