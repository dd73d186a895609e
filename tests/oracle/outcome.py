"""What a call gave, in a form that pickles and compares."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """What was returned, as text."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Error:
    """What was raised."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True)
class Packed:
    """What was returned, being compressed data: other versions of libzstd may give other bytes."""

    data: bytes

    def __str__(self) -> str:
        return describe(self.data)


@dataclass(frozen=True)
class Native:
    """What was returned, as text, being what other versions of libzstd may give otherwise."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Aftermath:
    """What a call gave after a failure that the implementations go on from in different ways."""

    outcome: "Outcome"

    def __str__(self) -> str:
        return f"after failure: {self.outcome}"


Outcome = Value | Error | Packed | Native | Aftermath | list["Outcome"] | dict[str, "Outcome"]


def describe(value: object) -> str:
    """Return the value's repr, without an address; of long bytes a digest."""
    if isinstance(value, bytes) and len(value) > 200:
        return f"{len(value)} bytes of SHA-256 {hashlib.sha256(value).hexdigest()}"
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def outcome_of(value: object) -> Outcome:
    """Return the outcome that a returned value is."""
    if isinstance(value, Value | Error | Packed | Native | Aftermath):
        return value
    if isinstance(value, list):
        return [outcome_of(item) for item in value]
    if isinstance(value, dict):
        return {str(key): outcome_of(item) for key, item in value.items()}
    return Value(describe(value))


def result_of(call: Callable[[], object]) -> object:
    """Return what a call returns, or the Error that it raises."""
    try:
        return call()
    except (NameError, SyntaxError):
        raise  # the case is wrong, and would be so with any implementation
    except Exception as error:  # noqa: BLE001
        return Error(type(error).__qualname__, str(error))


def attempt(call: Callable[[], object]) -> Outcome:
    """Return the outcome of a call."""
    return outcome_of(result_of(call))
