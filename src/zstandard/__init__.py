"""Zstandard compression (RFC 8878) by libzstd.

Every name of the C extension zstandard.backend_c is a name of this package.
"""

import os as _os

# 0.25.0 chose among several backends; the values that led to the one in C still do.
_policy = _os.environ.get("PYTHON_ZSTANDARD_IMPORT_POLICY", "default")
if _policy not in ("default", "cext", "cffi_fallback"):
    raise ImportError(
        f"PYTHON_ZSTANDARD_IMPORT_POLICY is {_policy!r}, and zstandard has only its backend in C: "
        "unset it, or use default, cext or cffi_fallback"
    )

from zstandard.backend_c import *  # noqa: E402, F403
from zstandard.backend_c import __version__ as __version__  # noqa: E402

backend = "cext"
