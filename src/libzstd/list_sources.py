"""Print the C files of the libzstd whose lib/ folder is given, one a line, for Meson."""

import sys
from pathlib import Path

PARTS = ("common", "compress", "decompress", "dictBuilder")

lib = Path(sys.argv[1])
for part in PARTS:
    for source in sorted(lib.joinpath(part).glob("*.c")):
        print(source.as_posix())
