"""Check the heap types of a C extension: their life cycle, and that errors of its init are seen.

    heap_type_check.py [--json] PATH...     files, or folders that are searched for *.c and *.h
    heap_type_check.py --rules              what is checked

Prints FILE:LINE: RULE: MESSAGE (TYPES) and exits with 1 if there is a finding, 0 if there is none,
2 if it is called wrongly. It checks every type that is made from a PyType_Spec.

It reads the text, and does not run the preprocessor: macros of the files are expanded, headers of
others are not read, and of #if branches within functions the first counts. It follows helpers,
casts, local variables and embedded structs, but not pointers to functions. Statements count in the
order of the text, whatever their conditions: what is done under a condition is taken to be done.
A comment `heap_type_check: allow RULE` on the line of a finding, or above it, allows it.

Parts that are reached through more than one pointer are left out, and so is what PyMemberDef or
PyArg_Parse*() may store. A field counts as holding a reference if the files drop it or can be seen
to take one; as harmless to the collector if they store nothing but bytes, str or numbers in it.
"""

import argparse
import sys
from pathlib import Path

from heap_types.check import check
from heap_types.project import source_files
from heap_types.report import RULES, as_json, as_text


def main(arguments: list[str] | None = None) -> int:
    """Run the check; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rules", action="store_true", help="print what is checked")
    options = parser.parse_args(arguments)
    if options.rules:
        print("\n".join(f"{rule:24} {text}" for rule, text in RULES.items()))
        return 0
    if not options.paths:
        parser.error("there is no PATH to check")
    missing = [str(path) for path in options.paths if not path.exists()]
    if missing:
        parser.error(f"not found: {', '.join(missing)}")
    files = source_files(options.paths)
    if not files:
        parser.error("there are no C files")
    types, findings = check(files)
    print((as_json if options.json else as_text)(types, findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
