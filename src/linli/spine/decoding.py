"""Typed JSON, decoded safely by several threads.

msgspec learns what a class looks like when it first meets it, and another thread that meets the same class meanwhile
crashes the process (msgspec 0.22). So classes are met under one lock here, or while modules are imported, which the
web process does before its first thread starts.
"""

from __future__ import annotations

from threading import RLock
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")
_met: dict[Any, msgspec.json.Decoder[Any]] = {}
_meeting = RLock()


def decode(text: bytes | str, shape: type[T]) -> T:
    """This will read JSON as a value of this type, or raise msgspec's error."""
    return cast("T", _decoder(shape).decode(text))


def convert(value: object, shape: type[T], *, strict: bool = True) -> T:
    """This will give plain values their type; not strict, numbers may come as text."""
    _decoder(shape)
    return msgspec.convert(value, shape, strict=strict)


def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    known = _met.get(shape)
    if known is None:
        with _meeting:
            known = _met.setdefault(shape, msgspec.json.Decoder(shape))
    return known
