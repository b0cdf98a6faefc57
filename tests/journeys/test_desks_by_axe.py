"""Every page of the desks in Chinese and in the dark, as far as one day goes: axe finds nothing, none is too wide."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from harness.browser import DESK
from harness.demos import Shown
from linli.works.gallery.checking import faults_along
from linli.works.gallery.visitors import Visitor
from linli.works.gallery.walking import DESKS, every_page, share_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("every_face"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
SOON_MS = 30_000
SHARES = 7
"""A day looks at one page in so many; each takes a second of a processor's time."""
PLAIN_PAGES = {"merchant": ("/m/", "/m/goods/"), "property": ("/p/", "/p/bills/"), "platform": ("/platform/",)}


def desk_at_night(chromium: Browser, house: str, visitor: Visitor) -> Page:
    context = chromium.new_context(viewport=DESK, locale="zh-CN", color_scheme="dark", service_workers="block")
    context.add_cookies([{"name": name, "value": value, "url": house} for name, value in visitor.cookies.items()])
    context.set_default_timeout(SOON_MS)
    return context.new_page()


@pytest.mark.parametrize("who", DESKS)
def test_axe_finds_nothing_on_the_days_share_of_a_desks_pages_in_chinese_and_dark(
    town: tuple[Shown, str], let_in: Callable[[str], Visitor], chromium: Browser, who: str
):
    """All of them take minutes: each day has its share, and `linli gallery --check` looks at every one."""
    _, house = town
    visitor = let_in(who)
    everything = every_page(visitor, who)
    assert set(PLAIN_PAGES[who]) <= set(everything)
    days_share = share_of(everything, datetime.now(UTC).toordinal(), SHARES)
    page = desk_at_night(chromium, house, visitor)
    assert list(faults_along(page, house, days_share.values())) == []
