"""Cases on zstandard.open(): modes, what may be opened, and what comes of it."""

from collections.abc import Iterator
from itertools import product

MODES = (
    *("r", "rb", "rt", "w", "wb", "wt", "a", "ab", "at", "x", "xb", "xt"),
    *(
        "r+",
        "rb+",
        "r+b",
        "w+",
        "a+b",
        "U",
        "rU",
        "",
        "b",
        "t",
        "br",
        "tr",
        "bw",
        "rbt",
        "rw",
        "wr",
    ),
    *("rr", "z", "R", "RB", " r", "r ", "rbb", "0"),
)
READING = ("r", "rb", "rt")
WRITING = ("w", "wb", "wt", "a", "ab", "at", "x", "xb", "xt")

NAMES = ("f / 'a'", "str(f / 'a')", "bytes(f / 'a')", "Opener(str(f / 'a'))")
NO_NAMES = (
    *("None", "5", "2.5", "[]", "object()", "True", "b'no/such/file'", "'no/such/file'", "''"),
    *("Opener(5)", "SimpleNamespace()", "bytearray(b'a')", "'a\\0b'", "Path('no/such/file')"),
)
# Options, and the modes to try them in.
OPTIONS = (
    *("cctx=C(1)", "dctx=D()", "cctx=C(1), dctx=D()", "cctx=D()", "dctx=C()", "cctx=5", "dctx='x'"),
    *("cctx=None, dctx=None", "cctx=0", "dctx=0", "closefd=True", "closefd=False", "closefd=None"),
    *("encoding='latin-1'", "encoding='utf-16'", "encoding='none'", "encoding=5", "encoding=None"),
    *("encoding='ascii'", "encoding='ascii', errors='ignore'", "errors='replace'", "errors='none'"),
    *("newline=''", "newline='\\r'", "newline='\\r\\n'", "newline='x'", "newline=5", "novel=1"),
    *("encoding='locale'", "closefd='x'", "closefd=0", "dctx=D(max_window_size=2**10)"),
)
TEXT = "'a\\xe9\\nb\\r\\nc'"


def cases() -> Iterator[str]:
    yield from modes()
    yield from names()
    yield from options()
    yield from files()
    yield from appended()
    yield from others()


def modes() -> Iterator[str]:
    for mode in MODES:
        made = "(f / 'a').write_bytes(HELLO)"
        opened = f"type(o := z.open(f / name, {mode!r})).__name__, o.close(), o.closed"
        left = "{p.name: packed(p.read_bytes()) for p in sorted(f.iterdir())}"
        tried = f"attempt(lambda: [{opened}]) for name in ('a', 'new')"
        yield f"in_folder(lambda f: [{made}, [{tried}], {left}][1:])"
        yield f"type(z.open(Source(HELLO), {mode!r})).__name__"
        yield f"type(z.open(Sink(), {mode!r})).__name__"
        yield f"z.open(SimpleNamespace(), {mode!r})"
    for mode in ("None", "5", "b'rb'", "['r']", "object"):
        yield f"z.open(Source(HELLO), {mode})"
        yield f"z.open('no/such/file', {mode})"


def names() -> Iterator[str]:
    for name in NAMES:
        write = f"z.open({name}, 'wb').__enter__()"
        for data in ("b''", "b'abc'", "text(1000)", "noise(200_000)"):
            written = f"(w := {write}).write({data}), w.close(), w.closed"
            read = f"z.open({name}).read(), packed((f / 'a').read_bytes())"
            yield f"in_folder(lambda f: [{written}, {read}])"
        lines = f"(w := z.open({name}, 'w')).write({TEXT}), w.close()"
        yield f"in_folder(lambda f: [{lines}, z.open({name}, 'r').readlines()])"
    for name, mode in product(NO_NAMES, ("'rb'", "'r'", "'wb'")):
        if mode != "'wb'" or "no/such" in name or "'" not in name:
            yield f"z.open({name}, {mode})"


def options() -> Iterator[str]:
    for option in OPTIONS:
        made = "(f / 'a').write_bytes(C().compress('a\\xe9\\nb\\r\\nc\\r'.encode()))"
        opened = f"z.open(f / 'a', mode, {option})"
        run = f"in_folder(lambda f: [{made}, (r := {opened}).read(), r.close()][1:])"
        yield f"each(lambda mode: {run}, ('rb', 'r'))"
        opened = f"z.open(s := Source(C().compress(b'a\\r\\nb\\xff')), mode, {option})"
        run = f"[r := {opened}, *steps(r, 'read()', 'close()', 'closed'), s.log][1:]"
        yield f"each(lambda mode: {run}, ('rb', 'r'))"
        for mode, data in (("wb", "b'a\\nb'"), ("w", TEXT)):
            opened = f"z.open(f / 'a', {mode!r}, {option})"
            content = "D().stream_reader((f / 'a').read_bytes()).read()"
            yield f"in_folder(lambda f: [(w := {opened}).write({data}), w.close(), {content}])"
            calls = f"{f'write({data})'!r}, 'close()', 'closed'"
            opened = f"z.open(s := Sink(), {mode!r}, {option})"
            content = "D().stream_reader(s.data).read()"
            yield f"[w := {opened}, *steps(w, {calls}), s.closed, {content}][1:]"


def files() -> Iterator[str]:
    """Yield cases on file objects that are opened."""
    for mode, closefd in product(READING, ("", ", closefd=True", ", closefd=False")):
        reader = f"z.open(s := Source(HELLO + UNSIZED), {mode!r}{closefd})"
        yield f"[r := {reader}, r.read(), r.close(), r.closed, s.log][1:]"
        yield f"[r := {reader}, r.read(5), r.read(5), r.read(), r.close(), s.log][1:]"
        yield f"[within({reader}, 'read(4)'), s.log]"
        yield f"[within({reader}, error=LookupError('within')), s.log]"
        yield f"within(z.open(io.BytesIO(HELLO), {mode!r}{closefd}), 'readable()', 'read()')"
    for mode, closefd in product(WRITING[::2], ("", ", closefd=True", ", closefd=False")):
        data = "b'abc'" if "b" in mode else "'abc'"
        writer = f"z.open(s := Sink(), {mode!r}{closefd})"
        yield f"[w := {writer}, w.write({data}), w.flush(), w.close(), w.closed, s.log][1:]"
        yield f"[within({writer}, {f'write({data})'!r}), s.log, packed(s.data)]"
        yield f"[within({writer}, {f'write({data})'!r}, error=KeyError('within')), s.log]"
        yield f"[within(z.open(s := io.BytesIO(), {mode!r}{closefd}), 'writable()'), s.closed]"
    for data in (
        "JUNK",
        "HELLO + JUNK",
        "b''",
        "EMPTY",
        "SKIPPABLE + HELLO",
        "HELLO + EMPTY + HELLO",
    ):
        yield f"z.open(io.BytesIO({data})).read()"
        yield f"in_folder(lambda f: [(f / 'a').write_bytes({data}), z.open(f / 'a').read()])"
        for mode in ("rt", "r"):
            yield f"z.open(Source({data}), {mode!r}).read()"
            yield f"[*z.open(Source({data}), {mode!r})]"
    for data in ("HELLO[:14]", "HELLO[:7]", "HELLO + HELLO[:7]"):
        for mode in READING:
            yield f"z.open(io.BytesIO({data}), {mode!r}).read()"
    lines = "C().compress(b'one\\ntwo\\r\\nthree\\rfour')"
    for newline in ("None", "''", "'\\n'", "'\\r'", "'\\r\\n'"):
        opened = f"z.open(io.BytesIO({lines}), 'r', newline={newline})"
        yield f"[*{opened}]"
        yield f"{opened}.readlines()"
        yield f"steps({opened}, *['readline()'] * 3, 'read(2)', 'read()')"
        written = (
            f"w := z.open(s := Sink(), 'w', newline={newline}), w.write('a\\nb\\r\\n'), w.close()"
        )
        yield f"[{written}, D().decompress(s.data, 100)][1:]"
    for call in (
        *("encoding", "errors", "newlines", "line_buffering", "readable()", "writable()"),
        *("seekable()", "isatty()", "fileno()", "name", "tell()", "type(target.buffer).__name__"),
        *("detach().__class__.__name__", "seek(0)", "truncate()", "mode", "closed", "__next__()"),
    ):
        yield f"steps(z.open(Source(HELLO), 'r'), {call!r})"
        yield f"steps(z.open(Sink(), 'w', encoding='ascii', closefd=False), {call!r}, 'close()')"


def appended() -> Iterator[str]:
    """Yield cases on files that are written again."""
    for first, second in product(("wb", "ab", "xb"), repeat=2):
        writes = (
            f"attempt(lambda: [(w := z.open(f / 'a', {mode!r})).write({data}), w.close()])"
            for mode, data in ((first, "b'abc'"), (second, "b'xyz'"))
        )
        run = f"[{', '.join(writes)}, z.open(f / 'a').read(), z.open(f / 'a', 'r').read()]"
        yield f"in_folder(lambda f: {run})"
    for mode in ("w", "a", "x"):
        write = f"(w := z.open(f / 'a', {mode!r})).write('abc'), w.close()"
        yield f"in_folder(lambda f: [{write}, z.open(f / 'a').read()])"
    made = "(f / 'a').write_bytes(HELLO)"
    for mode in ("w", "wb", "x", "xb"):
        closed = f"attempt(lambda: z.open(f / 'a', {mode!r}).close())"
        yield f"in_folder(lambda f: [{made}, {closed}, packed((f / 'a').read_bytes())])"
    yield f"in_folder(lambda f: [{made}, type(z.open(f / 'a').__enter__()).__name__])"
    yield f"in_folder(lambda f: [{made}, within(z.open(f / 'a'), 'read()', 'tell()')])"
    yield f"in_folder(lambda f: [{made}, within(z.open(f / 'a', 'r'), 'read()')])"
    yield "in_folder(lambda f: z.open(f, 'rb'))"
    yield "in_folder(lambda f: z.open(f, 'wb'))"
    yield "in_folder(lambda f: z.open(f / 'no' / 'a', 'wb'))"


def others() -> Iterator[str]:
    yield "z.open()"
    yield "z.open(mode='rb')"
    yield "z.open(filename='no/such/file')"
    yield "z.open(file='no/such/file')"
    yield "z.open(io.BytesIO(HELLO), 'rb', C(), D(), None, None, None, None).read()"
    yield "z.open(io.BytesIO(HELLO), 'rb', C(), D(), None, None, None, None, None)"
    yield "z.open(filename=io.BytesIO(HELLO), mode='rb').read()"
    for options in (
        "cctx=C(19)",
        "cctx=C(write_checksum=True)",
        "cctx=C(write_content_size=False)",
    ):
        opened = f"z.open(s := Sink(), 'wb', {options})"
        yield f"[(w := {opened}).write(b'abc'), w.close(), packed(s.data)]"
    yield "z.open(io.BytesIO(MAGICLESS), dctx=D(format=1)).read()"
    yield "z.open(io.BytesIO(WIDE), dctx=D(max_window_size=2**20)).read()"
    yield "z.open(io.BytesIO(HELLO), 'r', dctx=C())"
    yield "z.open.__name__, z.open.__module__, callable(z.open)"
