"""All cases: Python expressions in the words of oracle.vocabulary, each its own name."""

from oracle.cases import arguments, compression, decompression, frames, surface

CASES = list(
    dict.fromkeys(
        [
            *surface.cases(),
            *arguments.cases(),
            *compression.cases(),
            *decompression.cases(),
            *frames.cases(),
        ]
    )
)
