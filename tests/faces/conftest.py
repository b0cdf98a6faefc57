"""What tests of the faces share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.databases import OwnDatabase
from harness.visitors import Visitor, visitors

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from harness.served import Served


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Makes clients that wear a hat: `visitor(scope).get(...)`."""
    return visitors(monkeypatch)


@pytest.fixture
def house(own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> Iterator[Served]:
    """The house over real HTTP, on a database of its own."""
    from harness.served import serving

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.HOME = tmp_path
    with serving(monkeypatch) as served:
        yield served


@pytest.fixture
def phone() -> Iterator[Page]:
    """A tab of a phone that may lose its network."""
    from playwright.sync_api import expect

    from harness.browser import a_tab
    from harness.offline_phone import SOON_MS

    expect.set_options(timeout=SOON_MS)
    with a_tab(within_ms=SOON_MS) as page:
        yield page
