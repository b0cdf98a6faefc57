"""What the tests of the JSON face share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linli.faces.openapi import limits


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    """Every test starts with callers who have not asked for anything yet."""
    limits.buckets.cache_clear()
    yield
    limits.buckets.cache_clear()


@pytest.fixture(autouse=True)
def an_inbox(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"
