"""A small town with a demo in it, started once for all who look around in it with a browser."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from harness.arrivals import A_CODE_EVERY_S
from harness.browser import a_browser
from harness.demos import Shown, own_environment
from linli.works.gallery.views import PEOPLE
from linli.works.gallery.visitors import NotLetIn, Visitor


@pytest.fixture(scope="session")
def town() -> Iterator[tuple[Shown, str]]:
    folder = Path(tempfile.mkdtemp(prefix="linli-faces-"))
    folder.chmod(0o711)
    shown = Shown(folder, own_environment())
    try:
        yield shown, shown.ready().rstrip("/")
    finally:
        shown.stop(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def let_in(town: tuple[Shown, str]) -> Callable[[str], Visitor]:
    """Signs one of the demo's people in, once for all tests: a phone gets one code a minute."""
    _, house = town
    known: dict[str, Visitor] = {}

    def of(who: str) -> Visitor:
        if who not in known:
            visitor = Visitor(house)
            try:
                visitor.signs_in(PEOPLE[who])
            except NotLetIn:  # a journey has just asked for a code for the same phone
                time.sleep(A_CODE_EVERY_S)
                visitor.signs_in(PEOPLE[who])
            known[who] = visitor
        return known[who]

    return of


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser
