"""Sources to read and sinks to write, which keep account of how they are called."""

import io
from itertools import groupby


class Recorder:
    """An object of the other side; the named methods of it fail."""

    def __init__(self, fails: str = "") -> None:
        self.fails = fails.split()
        self.log: list[str] = []
        self.closed = False

    def called(self, name: str, *arguments: object, **keywords: object) -> None:
        """Note a call."""
        described = [*map(repr, arguments), *(f"{key}={keywords[key]!r}" for key in keywords)]
        self.log.append(f"{name}({', '.join(described)})")
        if name in self.fails:
            raise LookupError(f"of {name}")

    def calls(self, first: int = 0) -> list[str]:
        """Return the calls from that number on, equal ones that follow each other as one."""
        runs = [(call, len(list(run))) for call, run in groupby(self.log[first:])]
        return [f"{count} * {call}" if count > 1 else call for call, count in runs]

    def flush(self, *arguments: object, **keywords: object) -> None:
        self.called("flush", *arguments, **keywords)

    def close(self, *arguments: object, **keywords: object) -> None:
        self.closed = True
        self.called("close", *arguments, **keywords)


class Source(Recorder):
    """A file with the data, which gives at most so many bytes at once."""

    def __init__(self, data: bytes, most: int | None = None, fails: str = "") -> None:
        super().__init__(fails)
        self.file = io.BytesIO(data)
        self.most = most

    def read(self, *arguments: int, **keywords: int) -> bytes:
        self.called("read", *arguments, **keywords)
        size = arguments[0] if arguments else -1
        return self.file.read(size if self.most is None else min(size, self.most))


class Answers(Recorder):
    """Both a source and a sink, which gives these answers and then nothing; errors it raises."""

    def __init__(self, *answers: object) -> None:
        super().__init__()
        self.answers = iter(answers)

    def answer(self, otherwise: object) -> object:
        answer = next(self.answers, otherwise)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def read(self, *arguments: object) -> object:
        self.called("read", *arguments)
        return self.answer(b"")

    def write(self, data: bytes) -> object:
        self.called("write", len(data))
        return self.answer(len(data))


class Sink(Recorder):
    """A file to write, which keeps what it is given."""

    def __init__(self, fails: str = "") -> None:
        super().__init__(fails)
        self.data = b""

    def write(self, *arguments: bytes, **keywords: bytes) -> int:
        shown = [len(piece) if type(piece) is bytes else piece for piece in arguments]
        self.called("write", *shown, **keywords)
        self.data += arguments[0]
        return len(arguments[0])

    def fileno(self, *arguments: object, **keywords: object) -> int:
        self.called("fileno", *arguments, **keywords)
        return 123
