"""A resident with two shops round the corner, whose pages are asked at `AT`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page

from builders import AT
from builders.corner import Corner, a_corner
from harness.browser import a_tab
from harness.databases import OwnDatabase
from harness.served import Served, serving
from harness.visitors import Visitor
from linli.faces.shell import dispatch, doorway


@pytest.fixture(autouse=True)
def the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture(autouse=True)
def files_of_its_own(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def corner(db: None) -> Corner:
    return a_corner()


@pytest.fixture(params=["en", "zh-CN"])
def resident(request: pytest.FixtureRequest, corner: Corner, visitor: Visitor) -> Client:
    """The owner of the corner's home, once in each language."""
    return visitor(corner.scope, locale=request.param)


@pytest.fixture
def served(own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Served]:
    """The house for a browser."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with serving(monkeypatch) as found:
        yield found


@pytest.fixture
def screen() -> Iterator[Page]:
    """A phone in English."""
    with a_tab() as page:
        yield page
