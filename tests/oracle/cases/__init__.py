"""All cases: Python expressions in the words of oracle.vocabulary, each its own name."""

from oracle.cases import (
    arguments,
    batch,
    chains,
    chunkers,
    compression,
    copying,
    decompression,
    dictionaries,
    frames,
    iterators,
    opening,
    parameters,
    readers,
    segments,
    surface,
    training,
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
            *dictionaries.cases(),
            *training.cases(),
            *chains.cases(),
            *segments.cases(),
            *batch.cases(),
        ]
    )
)
