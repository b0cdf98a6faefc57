"""The shapes that components take where a line of words is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One moment of a timeline."""

    label: str
    state: Literal["done", "now", "next", "bad"]
    at: datetime | None = None
    promised: datetime | None = None
    about: str | None = None
