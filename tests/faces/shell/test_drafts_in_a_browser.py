"""What is typed outlives a dropped network, a reload and a refusal, and is gone once it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page

from harness.browser import a_tab
from harness.pages_over_http import pages_of_a_test, serving_pages
from linli.faces.shell.pages import Registry, see_other
from linli.faces.shell.requests import PublicRequest
from linli.kernel.refusals import Refusal

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LETTER = """{% extends "shell/plain.jinja" %}{% block title %}Letter{% endblock %}{% block content %}
{% call ui.form(url("public:letter")) %}{{ ui.field(request, "words", "Words", kind="long") }}
{{ ui.field(request, "place", "Place", value="here") }}{{ ui.field(request, "code", "Code", kind="code") }}
{{ ui.field(request, "account", "Account", autocomplete="off") }}{{ ui.button("Send") }}{% endcall %}{% endblock %}"""
LONG = "The lift of building 3 stands still since this morning."


class Busy(Refusal):
    says = "Not now."


@dataclass
class Desk:
    """Takes letters."""

    url: str = ""
    taken: list[str] = field(default_factory=list)
    is_busy: bool = False


@pytest.fixture
def desk(settings, monkeypatch) -> Iterator[Desk]:
    made, registry = Desk(), Registry()

    @registry.page("public", "GET", "letter/")
    def letter(request: PublicRequest) -> HttpResponse:
        return request.render("test/letter.jinja")

    @registry.page("public", "POST", "letter/", asks="public:letter")
    def take(request: PublicRequest) -> HttpResponse:
        if made.is_busy:
            raise Busy
        made.taken.append(request.form.text("words", most=200))
        return see_other("public:letter")

    @registry.page("public", "GET", "note/")
    def note(request: PublicRequest) -> HttpResponse:
        return request.render("test/note.jinja")

    @registry.page("public", "POST", "note/answer/", name="note-answer", asks="public:note")
    def answer(request: PublicRequest) -> HttpResponse:
        if made.is_busy:
            raise Busy
        return request.render("test/note.jinja")

    pages_of_a_test(
        settings, monkeypatch, registry, letter=LETTER, note=LETTER.replace("public:letter", "public:note-answer")
    )
    with serving_pages() as house:
        made.url = f"{house}/letter/"
        yield made


@pytest.fixture
def tab() -> Iterator[Page]:
    with a_tab() as page:
        yield page


def write(tab: Page, desk: Desk) -> None:
    tab.goto(desk.url)
    tab.locator("[name=words]").fill(LONG)
    tab.locator("[name=code]").fill("123456")
    tab.locator("[name=account]").fill("6222000011112222")


def send(tab: Page) -> None:
    tab.get_by_role("button", name="Send").click()


def stands(tab: Page, name: str) -> str:
    return tab.locator(f"[name={name}]").input_value()


def test_without_a_network_it_says_so_keeps_all_and_sends_it_later_once(desk: Desk, tab: Page):
    write(tab, desk)
    tab.context.set_offline(True)
    send(tab)
    tab.get_by_role("alert").get_by_text("what you typed is kept").wait_for()
    assert (stands(tab, "words"), stands(tab, "code")) == (LONG, "123456")
    assert desk.taken == []
    tab.context.set_offline(False)
    with tab.expect_navigation():
        send(tab)
    assert desk.taken == [LONG]
    assert stands(tab, "words") == ""
    assert tab.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_reload_brings_back_what_was_typed_but_no_code_and_no_account(desk: Desk, tab: Page):
    write(tab, desk)
    assert "6222" not in tab.evaluate("JSON.stringify(sessionStorage)")
    assert "123456" not in tab.evaluate("JSON.stringify(sessionStorage)")
    tab.goto(desk.url)
    tab.get_by_role("status").get_by_text("is back").wait_for()
    assert [stands(tab, name) for name in ("words", "place", "code", "account")] == [LONG, "here", "", ""]


def test_what_was_emptied_again_does_not_come_back(desk: Desk, tab: Page):
    write(tab, desk)
    tab.locator("[name=words]").fill("")
    tab.goto(desk.url)
    assert stands(tab, "words") == ""
    assert tab.get_by_text("is back").count() == 0


def test_what_was_refused_comes_back(desk: Desk, tab: Page):
    write(tab, desk)
    desk.is_busy = True
    with tab.expect_navigation():
        send(tab)
    tab.get_by_text("Not now.").first.wait_for()
    tab.goto(desk.url)
    assert stands(tab, "words") == LONG
    assert desk.taken == []


def test_what_was_answered_where_it_was_sent_to_does_not_come_back(desk: Desk, tab: Page):
    note = desk.url.replace("letter", "note")
    for is_busy, comes_back in ((True, LONG), (False, "")):
        desk.is_busy = is_busy
        tab.goto(note)
        tab.locator("[name=words]").fill(LONG)
        with tab.expect_navigation():
            send(tab)
        tab.goto(note)
        assert stands(tab, "words") == comes_back
