"""Where the release that this package replaces is: 0.25.0."""

import os
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("ZSTANDARD_ORACLE", Path(sys.prefix, "oracle"))).resolve()
