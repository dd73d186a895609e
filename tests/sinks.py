"""Sinks: objects with a write() method, which record what reaches them."""


class Sink:
    """Takes all that it is given, and has nothing but write()."""

    def __init__(self):
        self.pieces = []

    def write(self, *arguments):
        (data,) = arguments
        self.pieces.append(data)
        return len(data)

    @property
    def content(self):
        return b"".join(self.pieces)


class File(Sink):
    """Has the other methods of a file, too, and notes their calls along with those of write()."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.closed = False

    def write(self, *arguments):
        self.calls.append("write")
        return super().write(*arguments)

    def flush(self):
        self.calls.append("flush")

    def close(self):
        self.calls.append("close")
        self.closed = True


class Scripted(File):
    """Answers its calls of write() one by one as told, and takes all when nothing is left to tell.

    An answer is how many bytes to take at most, what else to return or, if it is an exception or
    LookupError, what to raise; then nothing is taken.
    """

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)
        self.offered = []

    def write(self, data):
        self.calls.append("write")
        self.offered.append(data)
        answer = self.answers.pop(0) if self.answers else len(data)
        if isinstance(answer, BaseException) or answer is LookupError:
            raise answer
        if type(answer) is int and answer > 0:
            answer = min(answer, len(data))
            self.pieces.append(data[:answer])
        return answer
