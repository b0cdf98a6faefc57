"""What only a browser can tell: the content policy holds, scripts help, and everything works without them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page

from harness import axe
from harness.browser import PHONE, a_browser
from harness.pages_over_http import pages_of_a_test, serving_pages
from linli.faces.shell.pages import Registry
from linli.faces.shell.requests import PublicRequest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def house(settings) -> Iterator[str]:
    """The shell's own pages, served; none of those asked here needs the database."""
    from linli.config.wsgi import application

    settings.SHOW_GALLERY = True
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with serving_pages(application) as address:
        yield address


@pytest.fixture
def tabs() -> Iterator[object]:
    with a_browser() as browser:
        yield lambda **options: _tab(browser, options)


def _tab(browser, options: dict[str, object]) -> Page:
    seen = {"viewport": PHONE, "locale": "en-GB", **options}
    tab = browser.new_context(**seen).new_page()
    tab.complaints = []
    tab.on("console", lambda said: tab.complaints.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    return tab


def test_the_gallery_breaks_no_policy_and_fits_a_phone(house: str, tabs):
    tab = tabs()
    tab.goto(house + "/gallery/")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert tab.evaluate("typeof htmx.version") == "string"
    assert tab.complaints == []


SHOWN_TWICE = frozenset({"landmark-unique"})
"""The gallery shows a landmark once for each of its examples; a page has it once."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_in_any_component(house: str, tabs, language: str, theme: str):
    tab = tabs(locale=language, color_scheme=theme)
    tab.goto(house + "/gallery/")
    assert axe.faults(tab, but=SHOWN_TWICE) == []


@pytest.mark.parametrize("where", ["/", "/sign-in/", "/nowhere/"])
def test_axe_finds_nothing_before_the_sign_in(house: str, tabs, where: str):
    tab = tabs()
    tab.goto(house + where)
    assert axe.faults(tab) == []


def test_the_stepper_counts_between_its_limits(house: str, tabs):
    tab = tabs()
    tab.goto(house + "/gallery/")
    tab.get_by_role("button", name="One more").click()
    assert tab.locator("quantity-stepper input").input_value() == "3"
    for _press in range(5):
        tab.get_by_role("button", name="One less").click()
    assert tab.locator("quantity-stepper input").input_value() == "0"


_LINES_OF_A_WORD = """(link) => {
  const text = link.firstChild, said = text.data, spans = said.split("、");
  return spans.map((word) => {
    const range = document.createRange(), start = said.indexOf(word);
    range.setStart(text, start); range.setEnd(text, start + word.length);
    return new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size;
  });
}"""


@pytest.mark.parametrize("large", [False, True])
def test_a_counter_of_several_words_breaks_between_them_and_never_within_one(house: str, tabs, large: bool):
    tab = tabs(locale="zh-CN")
    tab.goto(house + "/gallery/")
    tab.evaluate("(large) => document.documentElement.classList.toggle('large-text', large)", large)
    name = tab.locator(".counter-tile-link", has_text="装修、搬迁、放行").first
    assert name.evaluate(_LINES_OF_A_WORD) == [1, 1, 1]


_TABLE_OF_MANY = """() => {
  const room = document.querySelector(".table-room"), body = room.querySelector("tbody");
  body.replaceChildren(Object.assign(document.createElement("tr"), { innerHTML: "<td>待取件</td>".repeat(9) }));
  return [...body.querySelectorAll("td")].map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length;
  });
}"""


def test_a_table_of_many_columns_scrolls_on_a_phone_and_does_not_write_its_cells_downwards(house: str, tabs):
    tab = tabs(locale="zh-CN")
    tab.goto(house + "/gallery/")
    assert tab.evaluate(_TABLE_OF_MANY) == [1] * 9
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_a_sheet_opens_and_closes(house: str, tabs):
    tab = tabs()
    tab.goto(house + "/gallery/")
    tab.locator("[popovertarget=refuse-example]").first.click()
    assert tab.get_by_role("dialog").is_visible()
    tab.keyboard.press("Escape")
    assert tab.locator("#refuse-example").is_hidden()


def test_language_and_text_size_work_without_scripts(house: str, tabs):
    tab = tabs(java_script_enabled=False)
    tab.goto(house + "/sign-in/")
    tab.get_by_role("button", name="中文").click()
    assert tab.get_by_role("heading", level=1).inner_text() == "登录"
    tab.get_by_role("button", name="大字").click()
    assert tab.locator("html.large-text").count() == 1


def test_the_keyboard_reaches_the_content_first(house: str, tabs):
    tab = tabs()
    tab.goto(house + "/sign-in/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip-link"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.name") == "phone"


ASKING = """kind => {
    const around = document.createElement(kind);
    around.className = "htmx-request";
    around.innerHTML = "<button class='button'>Send</button>";
    document.body.append(around);
    return getComputedStyle(around.firstChild).opacity;
}"""


def test_a_part_that_looks_by_itself_does_not_dim_its_buttons_and_a_form_that_is_sent_does(house: str, tabs):
    tab = tabs()
    tab.goto(house + "/sign-in/")
    assert tab.evaluate(ASKING, "div") == "1"
    assert float(tab.evaluate(ASKING, "form")) < 1


LIVE = """{% extends "shell/plain.jinja" %}{% block title %}Count{% endblock %}{% block content %}
<div {{ ui.live("count", url("public:count"), every_s=1) }}>
{% block count %}<b>{{ n }}</b><input name="note">{% endblock %}</div>
{% endblock %}"""


def test_a_live_part_follows_keeps_what_is_typed_and_costs_nothing_when_unchanged(
    house: str, tabs, settings, monkeypatch
):
    counted = {"n": 1}
    registry = Registry()

    @registry.page("public", "GET", "count/")
    def count(request: PublicRequest) -> HttpResponse:
        return request.render("test/count.jinja", **counted)

    pages_of_a_test(settings, monkeypatch, registry, count=LIVE)
    tab = tabs()
    statuses = []
    tab.on(
        "response", lambda answer: statuses.append(answer.status) if answer.request.resource_type == "fetch" else None
    )
    tab.goto(house + "/count/")
    tab.locator("input[name=note]").fill("kept")
    tab.wait_for_timeout(3500)
    assert statuses[0] == 200
    assert set(statuses[1:]) == {304}
    counted["n"] = 2
    tab.locator("b", has_text="2").wait_for(timeout=5000)
    assert tab.locator("input[name=note]").input_value() == "kept"
    assert tab.complaints == []
