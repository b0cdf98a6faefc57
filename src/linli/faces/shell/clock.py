"""The faces' clock: the one place where pages learn what time it is; beneath them, time arrives as `at`."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This will give the moment at which a request is answered."""
    return datetime.now(UTC)
