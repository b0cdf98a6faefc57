"""A page that listens changes within a second without looking; without the live process it looks by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from playwright.sync_api import Page

from harness.browser import a_tab
from harness.databases import OwnDatabase
from harness.live_process import Live, ring
from harness.pages_over_http import pages_of_a_test, serving_pages
from linli.faces.shell.pages import Registry
from linli.faces.shell.requests import PublicRequest
from linli.kernel import ids

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP, OTHER = ids.new(), ids.new()
COUNT = """{% extends "shell/plain.jinja" %}{% block title %}Count{% endblock %}{% block content %}
<div {{ ui.live("count", url("public:count"), every_s=every_s, hears=hears(shop)) }}>
{% block count %}<b>{{ n }}</b>{% endblock %}</div>
<div {{ ui.live("other", url("public:count"), every_s=900, hears=hears(other), awake=True) }}>
{% block other %}<i>{{ n }}</i>{% endblock %}</div>{% endblock %}"""


@dataclass
class Counter:
    """A page about a number, and how often each of its parts was asked for."""

    every_s: float = 900
    n: int = 1
    asked: list[str] = field(default_factory=list)
    url: str = ""
    fails: bool = False
    house: WSGIApplication = field(default=lambda *_: [])
    """Made once it is known where the live process is: pages say so."""


@pytest.fixture
def counter(own_database: OwnDatabase, settings, monkeypatch) -> Iterator[Counter]:
    counted, registry = Counter(), Registry()

    @registry.page("public", "GET", "count/")
    def count(request: PublicRequest) -> HttpResponse:
        counted.asked.append(request.htmx.target if request.htmx else "page")
        if counted.fails:
            return HttpResponse("<h1>Something broke</h1>", status=500)
        return request.render("test/count.jinja", n=counted.n, every_s=counted.every_s, shop=SHOP, other=OTHER)

    pages_of_a_test(settings, monkeypatch, registry, count=COUNT)
    with serving_pages(lambda *call: counted.house(*call)) as house:
        counted.url = f"{house}/count/"
        yield counted


@pytest.fixture
def live(counter: Counter, own_database: OwnDatabase, settings, tmp_path: Path) -> Iterator[Live]:
    made = Live(own_database, tmp_path / "log", web_port=urlsplit(counter.url).port)
    settings.LIVE_AT = f":{made.port}/live/"
    counter.house = get_wsgi_application()
    yield made
    made.stop()


@pytest.fixture
def tab() -> Iterator[Page]:
    with a_tab() as page:
        yield page


def shows(tab: Page, n: int, *, within_ms: int, tag: str = "b") -> None:
    tab.locator(tag, has_text=str(n)).wait_for(timeout=within_ms)


def listen(tab: Page, counter: Counter) -> None:
    with tab.expect_response(lambda answer: "/live/" in answer.url):
        tab.goto(counter.url)
    tab.wait_for_timeout(1500)  # both parts have asked once, when the stream was opened
    assert sorted(counter.asked) == ["count", "other", "page"]


def test_what_is_rung_changes_within_a_second_and_nothing_else_is_asked(counter: Counter, live: Live, tab: Page):
    listen(tab, counter)
    counter.n = 2
    ring(live.own, SHOP)
    shows(tab, 2, within_ms=1000)
    assert tab.locator("i").inner_text() == "1"
    assert sorted(counter.asked) == ["count", "count", "other", "page"]


def test_ten_bells_at_once_are_two_looks(counter: Counter, live: Live, tab: Page):
    listen(tab, counter)
    for counter.n in range(2, 12):
        ring(live.own, SHOP)
    shows(tab, 11, within_ms=2500)
    assert counter.asked.count("count") <= 4


def test_while_the_live_process_is_away_the_page_looks_and_then_listens_again(counter: Counter, live: Live, tab: Page):
    counter.every_s = 1
    listen(tab, counter)
    assert counter.asked.count("count") == 1  # a page that hears does not look every second
    live.stop()
    counter.n = 2
    shows(tab, 2, within_ms=5000)
    with tab.expect_response(lambda answer: "/live/" in answer.url, timeout=20_000):
        live.start()
    tab.wait_for_timeout(1500)
    looks = counter.asked.count("count")
    counter.n = 3
    ring(live.own, SHOP)
    shows(tab, 3, within_ms=1000)
    assert counter.asked.count("count") == looks + 1


def test_without_a_live_process_the_page_says_nothing_and_looks(counter: Counter, settings, tab: Page):
    settings.LIVE_AT = ""
    counter.house = get_wsgi_application()
    counter.every_s = 1
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text))
    tab.goto(counter.url)
    counter.n = 2
    shows(tab, 2, within_ms=5000)
    assert complaints == []
    assert tab.locator("[data-hears]").count() == 0


def test_a_look_that_fails_leaves_what_stood_there(counter: Counter, settings, tab: Page):
    settings.LIVE_AT = ""
    counter.house = get_wsgi_application()
    counter.every_s = 1
    tab.goto(counter.url)
    counter.fails = True
    with tab.expect_response(lambda answer: answer.status == 500):
        pass
    tab.wait_for_timeout(300)
    assert tab.locator("b").inner_text() == "1"
    assert tab.locator("h1", has_text="broke").count() == 0
    counter.fails, counter.n = False, 2
    shows(tab, 2, within_ms=5000)


def test_a_token_that_holds_no_longer_is_fetched_anew(counter: Counter, live: Live, tab: Page):
    tab.add_init_script("Math.random = () => 0")
    tab.route("**/live/**", lambda route: route.fulfill(status=403), times=1)
    tab.goto(counter.url)
    with tab.expect_response(lambda answer: "/live/" in answer.url and answer.status == 200, timeout=20_000):
        pass
    assert counter.asked.count("page") == 2
    counter.n = 2
    ring(live.own, SHOP)
    shows(tab, 2, within_ms=2000)
