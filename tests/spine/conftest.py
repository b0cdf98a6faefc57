"""A tiny module of the house for the spine's own tests: it writes audit rows, the only table every checkout has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from linli.spine import outbox

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(autouse=True)
def only_our_reactions() -> Iterator[None]:
    """Reactions subscribed by a test are forgotten after it."""
    before = {kind: list(heard) for kind, heard in outbox._reactions.items()}
    yield
    outbox._reactions.clear()
    outbox._reactions.update(before)
