"""The table of frames in files that -l shows, as the zstd command shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard
from zstandard import ZstdError
from zstandard.cli.coding import UNKNOWN_DATA, not_zstd
from zstandard.cli.errors import FileError, blame
from zstandard.cli.messages import human
from zstandard.cli.names import STANDARD
from zstandard.cli.sources import open_source
from zstandard.cli.targets import STANDARD_OUTPUT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zstandard import FrameInfo
    from zstandard.cli.arguments import Options
    from zstandard.cli.messages import Messages

_HEADING = "Frames  Skips  Compressed  Uncompressed  Ratio  Check  Filename"
_RULE = "-" * 65


@dataclass
class _Summary:
    """What a row of the table tells; the content's size is None if a frame does not state it."""

    name: str
    frames: int = 0
    skips: int = 0
    compressed: int = 0
    content: int | None = 0
    check: str = "None"

    def add_content(self, size: int | None) -> None:
        self.content = None if size is None or self.content is None else self.content + size

    def add_frame(self, info: FrameInfo) -> None:
        self.frames += 1
        self.skips += info.is_skippable
        self.compressed += info.compressed_size
        self.add_content(info.content_size)
        if info.has_checksum:
            self.check = "XXH64"

    def row(self) -> str:
        content = "" if self.content is None else human(self.content)
        ratio = "" if self.content is None else f"{self.content / self.compressed:5.3f}"
        return (
            f"{self.frames:6}  {self.skips:5}  {human(self.compressed)}  {content:>12}  "
            f"{ratio:>5}  {self.check:>5}  {self.name}"
        )


def list_files(options: Options, messages: Messages) -> bool:
    """Write the table to standard output, row by row; return whether all files could be listed."""
    names = options.files or [STANDARD]
    summaries = []
    _write(_HEADING)
    for name in names:
        try:
            summary = _summary(name, options)
        except FileError as error:
            messages.error(error)
        else:
            summaries.append(summary)
            _write(summary.row())
    if len(names) > 1 and summaries:
        _write(_RULE)
        _write(_total(summaries).row())
    return len(summaries) == len(names)


def _write(line: str) -> None:
    # A name need not be text.
    STANDARD_OUTPUT.write(f"{line}\n".encode(errors="surrogateescape"))


def _summary(name: str, options: Options) -> _Summary:
    with (
        open_source(name, force=options.force, special=True) as source,
        blame(source.name),
        open(source.descriptor, "rb", buffering=0, closefd=False) as file,
    ):
        summary = _Summary(source.name)
        try:
            for info in zstandard.list_frames(file):
                summary.add_frame(info)
        except ZstdError as error:
            if error.name != UNKNOWN_DATA:
                raise
            raise ZstdError(not_zstd(summary.compressed)) from error
        if summary.frames == 0:
            raise ZstdError("is empty")
        return summary


def _total(summaries: Iterable[_Summary]) -> _Summary:
    summaries = list(summaries)
    total = _Summary(f"{len(summaries)} files")
    for summary in summaries:
        total.frames += summary.frames
        total.skips += summary.skips
        total.compressed += summary.compressed
        total.add_content(summary.content)
    total.check = "XXH64" if all(summary.check == "XXH64" for summary in summaries) else ""
    return total
