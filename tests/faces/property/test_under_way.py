"""Long work at the desk: small work answers at once, longer work is followed, found again, stopped and taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from harness.budget import statements_of_pages
from harness.visitors import a_worker_at_hand, part
from linli.estate.billing import actions as billing
from linli.faces.shell import long_work, sheets
from linli.ground.chores.models import Chore
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
FIRST_ON = AT.date().replace(day=1)


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    desk = a_desk()
    item = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(item, *(desk.a_home(f"2-1-30{n}") for n in range(4)))
    billing.draft_month(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=AT)
    return desk


@pytest.fixture
def _nobody_at_work(visitor, monkeypatch):
    monkeypatch.setattr(long_work, "PATIENCE_S", 0.0)


def issue(desk) -> str:
    return f"/p/charging/{desk.community.id}/2026-03/issue/"


def text(response) -> str:
    return response.content.decode()


def test_small_work_answers_as_if_the_page_had_done_it(visitor, desk):
    answer = visitor(desk.scope).post(issue(desk), {}, follow=True)
    assert answer.redirect_chain == [(f"/p/charging/{desk.community.id}/2026-03/", 303)]
    assert "4 bills went out." in text(answer)


@pytest.mark.usefixtures("_nobody_at_work")
def test_longer_work_is_followed_and_found_again(visitor, desk):
    client = visitor(desk.scope)
    here = client.post(issue(desk), {})["Location"]
    for where, block in (("/p/under-way/", "pieces"), (here, "piece")):
        assert client.get(where, headers=part(block)).status_code == 200  # each look at it by itself
    assert here.startswith("/p/under-way/")
    page = text(client.get(here))
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page, "it moves without scripts too"
    assert client.post(issue(desk), {})["Location"] == here, "pressed twice it is one piece of work"
    colleague = visitor(replace(desk.scope, person=a_person()))
    assert colleague.post(issue(desk), {})["Location"] == here
    assert here in text(colleague.get("/p/under-way/"))
    a_worker_at_hand()
    done = text(client.get(here))
    assert "4 bills went out." in done
    assert f"/p/charging/{desk.community.id}/2026-03/" in done
    assert 'http-equiv="refresh"' not in done
    assert visitor(a_desk().scope).get(here).status_code == 404
    guard = visitor(replace(desk.scope, person=a_person(), duty=Duty.GUARD))
    assert guard.get(here).status_code == 404
    assert here not in text(guard.get("/p/under-way/"))


@pytest.mark.usefixtures("_nobody_at_work")
def test_the_menu_counts_what_was_asked_for_and_not_looked_at_since(visitor, desk):
    client, counted = visitor(desk.scope, locale="en"), '<span class="place-count">1</span>'
    today = statements_of_pages(client, ["/p/"])
    here = client.post(issue(desk), {})["Location"]
    assert counted in text(client.get("/p/"))
    assert statements_of_pages(client, ["/p/"]) == today, "the figure costs no statement"
    assert counted in text(client.get("/p/under-way/")), "it still runs"
    colleague = visitor(replace(desk.scope, person=a_person()), locale="en")
    colleague.cookies = client.cookies
    assert counted not in text(colleague.get("/p/")), "who sits there next asked for nothing"
    a_worker_at_hand()
    assert counted in text(client.get("/p/")), "it has ended, and nobody has seen it"
    client.get(here)
    assert counted not in text(client.get("/p/"))


@pytest.mark.usefixtures("_nobody_at_work")
def test_it_can_be_stopped_and_a_refusal_says_why_and_where(visitor, desk):
    client = visitor(desk.scope)
    here = client.post(issue(desk), {})["Location"]
    assert client.post(f"{here}stop/", {}).status_code == 303
    assert "It was stopped. Nothing of it happened." in text(client.get(here))
    closing = client.post(f"/p/charging/{desk.community.id}/2026-03/closing/", {})["Location"]
    a_worker_at_hand()
    refused = text(client.get(closing))
    assert "“close” is not possible now" in refused
    assert f"/p/charging/{desk.community.id}/2026-03/" in refused


def test_a_refusal_in_time_is_said_on_the_page_that_asked(visitor, desk):
    client = visitor(desk.scope)
    answer = client.post(f"/p/charging/{desk.community.id}/2026-03/closing/", {})
    assert answer.status_code == 409
    assert "“close” is not possible now" in text(answer)


@pytest.mark.parametrize("form", ["", "csv"])
def test_a_list_too_long_to_wait_for_is_made_by_the_worker_for_whoever_asked_alone(visitor, desk, monkeypatch, form):
    billing.issue_month(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=AT)
    client = visitor(desk.scope, locale="en")
    address = f"/p/bills/sheet/?community={desk.community.id}&form={form}"
    at_once = client.get(address)
    monkeypatch.setattr(sheets, "AT_ONCE", 3)
    file = client.get(address)["Location"]
    assert file.endswith("/file/")
    made = client.get(file, follow=True)
    assert made.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]
    if form:
        assert made.content == at_once.content
        assert made.content.count(b"\n") == 5
    colleague = visitor(replace(desk.scope, person=a_person()))
    assert colleague.get(file).status_code == 404
    assert file not in text(colleague.get("/p/under-way/"))


@pytest.mark.usefixtures("_nobody_at_work")
def test_a_list_is_made_with_the_rights_of_whoever_asked(visitor, desk, monkeypatch):
    billing.issue_month(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=AT)
    monkeypatch.setattr(sheets, "AT_ONCE", 3)
    here = visitor(desk.scope).get(f"/p/bills/sheet/?community={desk.community.id}")["Location"]
    row = Chore.objects.inside().get()
    row.asker |= {"duty": "guard"}
    row.save()
    a_worker_at_hand()
    assert "There is no such" in text(visitor(desk.scope).get(here))


def test_the_pages_keep_their_budgets(visitor, desk):
    client = visitor(desk.scope)
    client.post(issue(desk), {})
    (chore,) = Chore.objects.inside().values_list("pk", flat=True)
    budgets = {"/p/under-way/": 4, f"/p/under-way/{chore}/": 3}
    assert statements_of_pages(client, budgets) == budgets
