"""The rules of stock: kinds of movements, limits, and how long a forgotten reservation is left to its owner."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

MOST_UNITS = 1_000_000
"""More than this in one batch is a slip of the finger."""
PLENTY = 9_999
"""What is available of a variant of which no stock is kept."""
GRACE = timedelta(minutes=10)
"""Who reserved releases at the limit; the clock frees what its owner left behind this much later."""


class MovementKind(StrEnum):
    """Why the number on hand changed."""

    RECEIPT = "receipt"
    SALE = "sale"
    RETURN = "return"
    COUNT = "count"
    WRITE_OFF = "write_off"
    DISPOSAL = "disposal"
