"""A month from its first draft to its lock, led by one page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from harness.budget import statements_of_pages
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Month
from linli.estate.billing.rules import Step
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
FIRST_ON = AT.date().replace(day=1)


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    desk = a_desk()
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), desk.a_home("2-1-301"))
    return desk


def next_of(desk, at=AT):
    from linli.estate.billing.rules import next_step

    guide = queries.month_guide(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=at)
    return next_step(guide.stages)


def test_the_page_leads_from_the_draft_to_the_lock(visitor, desk, monkeypatch):
    office, here = visitor(desk.scope), f"/p/charging/{desk.community.id}/2026-03/"
    guide = f"{here}guide/"
    assert next_of(desk) is Step.DRAFT
    assert office.get(guide).status_code == 200
    drafted = office.post(
        "/p/charging/draft/", {"community": str(desk.community.id), "month": "2026-03", "guided": "1"}
    )
    assert (drafted.status_code, drafted["Location"]) == (303, guide)
    assert next_of(desk) is Step.ISSUE
    assert office.post(f"{here}issue/", {"guided": "1"})["Location"] == guide
    assert next_of(desk) is Step.TELL
    month = Month.objects.inside().get().pk
    actions.tell_obligors(SYSTEM, month=month, community=desk.community.id, first_on=FIRST_ON, at=AT)
    assert next_of(desk) is None
    for early in (here, guide):
        assert f"{here}closing/" not in office.get(early).content.decode()
    assert office.post(f"{here}closing/", {"guided": "1"}).status_code == 409
    over = AT + timedelta(days=30)
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: over)
    assert next_of(desk, over) is Step.CLOSE
    assert "100.00" in office.get(guide).content.decode()
    assert f"{here}closing/" in office.get(here).content.decode()
    assert office.post(f"{here}closing/", {"guided": "1"})["Location"] == guide
    assert next_of(desk, over) is None


def test_the_page_keeps_its_budget_and_is_for_this_desk_alone(visitor, desk):
    guide = f"/p/charging/{desk.community.id}/2026-03/guide/"
    actions.draft_month(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=AT)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=FIRST_ON, at=AT)
    for locale in ("en", "zh-CN"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), {guide: 12}) == {guide: 12}
    assert visitor(a_desk().scope).get(guide).status_code == 404
