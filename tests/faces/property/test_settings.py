"""The desk's settings: found, explained, changed from a day on after a look at what that does, and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_person
from builders.billing import a_desk
from harness.budget import budget
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.estate.parcels.rules import ParcelPolicy
from linli.faces.property.policy_effects import GOING_ON
from linli.ground.policies import actions, queries
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
TOMORROW = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def office(visitor, desk):
    return visitor(replace(desk.scope, person=a_person("王经理"), duty=Duty.MANAGER))


def text(answer) -> str:
    return answer.content.decode()


def held(desk, cls=BillingPolicy, at=AT):
    queries.forget()
    return queries.policy(SYSTEM, cls, at=at, community=desk.community.id)


def address(desk, setting="billing/reminder_days"):
    return f"/p/policies/{setting}/", f"?where=community:{desk.community.id}"


def test_the_page_begins_with_counters_and_subjects_and_opens_one_within_its_budget(office, desk):
    actions.set_policy(
        SYSTEM, word="parcels", level="city", place=desk.community.city, values={"keep_days": 12}, start_at=AT, at=AT
    )
    with budget(5):
        page = text(office.get("/p/policies/"))
    assert "Days after which a parcel goes back to its carrier" not in page
    line = page.partition("How parcels are kept and for how long</a>")[2].partition("</tr>")[0]
    assert '<td class="figure">1</td>' in line  # one of its settings is not built in
    assert page.index("How parcels are kept") < page.index(
        "How long each step of an order may take"
    )  # what the company sets first
    with budget(5):
        opened = text(office.get("/p/policies/?about=parcels"))
    row = opened.partition("Days after which a parcel goes back to its carrier")[2].partition("</tr>")[0]
    assert ">12<" in row
    assert "<td>city</td>" in row
    assert "Minutes in which the shop accepts a paid order" not in opened
    assert "Minutes in which the shop accepts a paid order" in text(office.get("/p/policies/?about=parcels&q=accepts"))
    assert "No setting is like this." in text(office.get("/p/policies/?about=unicorns"))


def test_settings_are_searched_and_narrowed(office, desk):
    found = text(office.get("/p/policies/?q=parcel+carrier"))
    assert "Days after which a parcel goes back to its carrier" in found
    assert "Days in which a waiver that was asked for is decided" not in found
    assert "No setting is like this." in text(office.get("/p/policies/?q=unicorn"))
    actions.set_policy(
        desk.scope, word="parcels", level="community", place=desk.community.id, values={"keep_days": 9},
        start_at=TOMORROW, at=AT,
    )  # fmt: skip
    coming = text(office.get("/p/policies/?only=coming"))
    assert "Days after which a parcel goes back to its carrier" in coming
    assert "Days after which a parcel is reminded of" not in coming
    assert "No setting is like this." in text(office.get("/p/policies/?only=here"))


def test_a_change_is_looked_at_set_from_a_day_on_and_withdrawn(office, desk):
    where, place = address(desk, "parcels/keep_days")
    wish = {"keep_days": "15", "start_at": TOMORROW.date().isoformat()}
    seen = text(office.post(f"{where}preview/{place}", wish))
    assert "What this changes" in seen
    assert ">10<" in seen
    assert ">15<" in seen
    assert held(desk, ParcelPolicy, AT + timedelta(days=2)).keep_days == 10
    assert office.post(where + place, wish).status_code == 303
    assert held(desk, ParcelPolicy).keep_days == 10
    assert held(desk, ParcelPolicy, AT + timedelta(days=2)).keep_days == 15
    page = text(office.get(where + place))
    assert "王经理" in page
    withdrawal = page.partition("/withdrawals/")[2].partition("/")[0]
    assert office.post(f"{where}withdrawals/{withdrawal}/{place}").status_code == 303
    assert held(desk, ParcelPolicy, AT + timedelta(days=2)).keep_days == 10
    assert "withdrawn" in text(office.get(where + place))


def test_several_values_are_typed_with_commas_and_a_bad_one_is_refused_at_its_field(office, desk):
    where, place = address(desk)
    assert office.post(where + place, {"reminder_days": "5， 20,40"}).status_code == 303
    assert held(desk).reminder_days == (5, 20, 40)
    answer = office.post(f"{where}preview/{place}", {"reminder_days": "5, soon"})
    assert answer.status_code == 422
    assert "whole numbers, with commas" in text(answer).partition('id="reminder_days-wrong"')[2].partition("</p>")[0]
    assert office.post(where + place, {"inherit": "1"}).status_code == 303
    assert held(desk).reminder_days == (3, 15, 30)


def test_a_preview_of_reminders_tells_how_many_homes_they_would_reach(office, desk, monkeypatch):
    late = {3: 7, 10: 2}
    monkeypatch.setattr(billing, "homes_late", lambda _scope, *, days, **_given: late[days])
    where, place = address(desk)
    seen = text(office.post(f"{where}preview/{place}", {"reminder_days": "10,20"}))
    assert "Now 7 homes are late enough to be reminded." in seen
    assert "Then 2 homes are late enough to be reminded." in seen


def test_a_preview_of_the_order_of_payments_shows_an_example(office, desk):
    where, place = address(desk, "billing/first")
    seen = text(office.post(f"{where}preview/{place}", {"first": "priority"}))
    now, _, then = seen.partition("Now that pays:")[2].partition("Then it pays:")
    assert "the late fee ¥5.00" in now
    assert "water ¥300.00, January&#39;s property fee ¥5.00" in then


def test_a_preview_of_closing_a_counter_says_what_is_kept(office, desk):
    where, place = address(desk, "parcels/is_offered")
    seen = text(office.post(f"{where}preview/{place}", {}))
    assert "The counter disappears from the residents&#39; phones" in seen
    assert "Nothing is under way at this counter." in seen
    assert held(desk, ParcelPolicy).is_offered is True


@pytest.mark.parametrize("word", sorted(GOING_ON))
def test_every_counter_tells_what_is_under_way_when_it_is_closed(office, desk, word):
    where, place = address(desk, f"{word}/is_offered")
    assert "Nothing is under way at this counter." in text(office.post(f"{where}preview/{place}", {}))


def test_the_sheet_names_every_setting_with_its_source(office, desk):
    content = text(office.get("/p/policies/file/?form=csv"))
    line = next(line for line in content.splitlines() if "parcels.keep_days" in line)
    assert line.startswith("How parcels are kept and for how long,Days after which a parcel goes back to its carrier")
    assert ",10,built in," in line


def test_what_the_platform_settles_is_shown_and_not_set(office, desk):
    where, place = address(desk, "orders/accept_minutes")
    page = text(office.get(where + place))
    assert "The platform settles this." in page
    assert "Set it here" not in page
    assert office.post(where + place, {"accept_minutes": "30"}).status_code == 404


def test_a_guard_and_a_stranger_change_nothing(visitor, desk):
    where, place = address(desk, "parcels/keep_days")
    guard = visitor(replace(desk.scope, person=a_person(), duty=Duty.GUARD))
    stranger = visitor(a_desk().scope)
    for client in (guard, stranger):
        assert client.post(where + place, {"keep_days": "20"}).status_code == 404
    assert held(desk, ParcelPolicy).keep_days == 10
