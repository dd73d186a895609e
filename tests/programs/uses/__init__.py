"""What the programs do with zstd: a file each, whose functions stand in the table."""

import importlib
import pkgutil


def load() -> None:
    """Import all files, and the programs with them."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
