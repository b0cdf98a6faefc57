"""What other floors hear about policies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.kernel.facts import Fact


class PolicySet(Fact):
    """Settings of a policy were given new values at a place from `start_at` on."""

    word: str
    level: str
    place: UUID | None
    settings: tuple[str, ...]
    start_at: datetime
