"""All cases: Python expressions in the words of oracle.vocabulary, each its own name."""

from oracle.cases import (
    arguments,
    batch,
    chunkers,
    compression,
    copying,
    decompression,
    frames,
    iterators,
    opening,
    parameters,
    readers,
    segments,
    surface,
    writers,
)

CASES = list(
    dict.fromkeys(
        [
            *surface.cases(),
            *arguments.cases(),
            *compression.cases(),
            *decompression.cases(),
            *frames.cases(),
            *readers.cases(),
            *writers.cases(),
            *iterators.cases(),
            *chunkers.cases(),
            *copying.cases(),
            *opening.cases(),
            *parameters.cases(),
            *segments.cases(),
            *batch.cases(),
        ]
    )
)
