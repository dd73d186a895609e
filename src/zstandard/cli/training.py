"""Training of a dictionary, for which each file is a sample."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from zstandard import ZstdError
from zstandard.cli.errors import blame
from zstandard.cli.names import STANDARD
from zstandard.cli.sources import open_source
from zstandard.cli.targets import open_target, refuse_source

if TYPE_CHECKING:
    from zstandard import ZstdCompressionDict
    from zstandard.cli.arguments import Options
    from zstandard.cli.sources import Source
    from zstandard.cli.targets import Target

SAMPLE_SIZE = 128 * 1024
_DEFAULT_NAME = "dictionary"

# The name of libzstd's error for samples that are too few or too small.
_TOO_LITTLE = "Src size is incorrect"


@dataclass(frozen=True)
class Trained:
    """What has become of the samples."""

    target: Target
    dictionary: ZstdCompressionDict
    samples: int


def train(options: Options) -> Trained:
    """Write a dictionary made of all the files; FileError if that fails, or one cannot be read."""
    output = _DEFAULT_NAME if options.output is None else options.output
    samples = []
    for name in options.files:
        with open_source(name, force=options.force, special=options.force) as source:
            _refuse_sample(output, source)
            samples.append(_sample(source))
    with open_target(output, None, named=True, force=options.force) as target:
        with blame(output):
            dictionary = _trained(samples, options)
        target.write(dictionary.as_bytes())
    return Trained(target, dictionary, len(samples))


def _refuse_sample(output: str, source: Source) -> None:
    with blame(output):
        if output != STANDARD and Path(output).exists():
            refuse_source(output, Path(output).stat(), source)


def _sample(source: Source) -> bytes:
    # As the zstd command has it, a large file is represented by its beginning.
    data = b""
    while len(data) < SAMPLE_SIZE and (more := source.read()):
        data += more
    return data[:SAMPLE_SIZE]


def _trained(samples: list[bytes], options: Options) -> ZstdCompressionDict:
    try:
        return zstandard.train_dictionary(
            options.maxdict,
            samples,
            # What the zstd command has by default, however many threads there are.
            d=8,
            steps=4,
            dict_id=options.dict_id,
            level=options.level,
            threads=options.threads or -1,
        )
    except ZstdError as error:
        if error.name != _TOO_LITTLE:
            raise
        size = sum(map(len, samples))
        raise ZstdError(
            f"{len(samples)} samples of {size} bytes in all are too few to train a dictionary; "
            "give a FILE for each of a hundred or more"
        ) from error
