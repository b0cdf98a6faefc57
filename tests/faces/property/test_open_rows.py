"""Months of late fees are one row before whoever takes money or waives; names are masked until somebody looks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from builders import AT, a_person
from builders.billing import SINCE, a_desk
from builders.metering import at
from linli.estate.billing import actions, rules
from linli.estate.billing.models import Line, Waiver
from linli.faces.shell.open_rows import spread
from linli.ground.people import queries as people
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, month, 28) for month in range(2, 10)]


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes five charges of January, and eight months of late fees for each: forty lines of fees."""
    home = desk.a_home("3-1-501")
    for word in ("property_fee", "lift", "lighting", "refuse", "repair_fund"):
        late = rules.LateRule(rate=Decimal("0.0005"))
        draft = rules.TariffDraft(preset="fixed", parameters={"amount": "100"}, terms=rules.Terms(late=late))
        item = actions.add_item(desk.scope, word=word, name={"zh": word, "en": word}, at=AT)
        actions.set_tariff(desk.scope, item=item, draft=draft, start_on=SINCE, at=AT)
        desk.charged(item, home)
    january = {"community": desk.community.id, "first_on": date(2026, 1, 1), "at": at(date(2026, 1, 2))}
    actions.draft_month(desk.scope, **january)
    actions.issue_month(desk.scope, **january)
    for night in MONTHS:
        actions.accrue_late_fees(SYSTEM, at=at(night))
    return home


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def fees(home):
    return Line.objects.inside().filter(home=home.id, kind="late_fee").order_by("id")


def boxes(client, where):
    return re.findall(r'name="lines" value="([\d,]+)"', client.get(where).content.decode())


@pytest.mark.parametrize("form", ["payment", "waiver", "plan"])
def test_forty_lines_of_late_fees_are_a_row_for_each_item(clerk, home, form):
    assert fees(home).count() == 40
    found = boxes(clerk, f"/p/accounts/{home.id}/{form}/")
    assert sorted(len(each.split(",")) for each in found) == [1] * 5 + [8] * 5


def test_a_row_that_is_ticked_at_the_till_pays_all_its_lines(clerk, home):
    where = f"/p/accounts/{home.id}/payment/"
    row = next(each for each in boxes(clerk, where) if "," in each)
    lines = [int(line) for line in row.split(",")]
    owed = Money(sum(Line.objects.inside().filter(pk__in=lines).values_list("amount_minor", flat=True)))
    money = {"amount": str(owed), "channel": "cash", "lines": row, "payer": home.owner}
    assert clerk.post(where, money).status_code == 303
    paid = Line.objects.inside().filter(home=home.id, paid_minor__gt=0)
    assert {line.pk for line in paid} == set(lines)
    assert all(line.paid_minor == line.amount_minor for line in paid)
    assert clerk.post(where, money | {"lines": f"{row},x"}).status_code == 422


def test_a_part_of_a_row_is_waived_from_its_oldest_line_on(clerk, home):
    where = f"/p/accounts/{home.id}/waiver/"
    row = next(each for each in boxes(clerk, where) if "," in each)
    lines = [int(line) for line in row.split(",")]
    first, second = (Line.objects.inside().get(pk=line).amount_minor for line in lines[:2])
    amount = Money(first + second - 1)
    form = {"lines": row, f"amount.{lines[0]}": str(amount), "why": "The lift stood still"}
    assert clerk.post(where, form).status_code == 303
    asked = Waiver.objects.inside().get(subject=home.id)
    assert (asked.lines, asked.minors) == (lines[:2], [first, second - 1])


def test_what_is_divided_over_lines_comes_to_what_was_said():
    opens = {1: Money(100), 2: Money(50), 3: Money(25)}
    assert list(spread(Money(120), (1, 2, 3), opens)) == [(1, Money(100)), (2, Money(20))]
    assert list(spread(Money(400), (1, 2, 3), opens)) == [(1, Money(100)), (2, Money(50)), (3, Money(250))]
    assert list(spread(Money(5), (1,), opens)) == [(1, Money(5))]


def test_names_on_bills_are_masked_and_who_looks_at_one_is_written_down(desk, home, clerk):
    name = people.names(SYSTEM, parties=[home.owner])[home.owner]
    bill = Line.objects.inside().filter(home=home.id)[0].bill_id
    for where in ("/p/bills/", f"/p/bills/{bill}/", "/p/bills/sheet/?form=csv"):
        shown = clerk.get(where).content.decode()
        assert name not in shown, where
        assert people.names(desk.scope, parties=[home.owner])[home.owner] in shown, where
    assert clerk.post(f"/p/bills/{bill}/obligor/", {}).status_code == 422
    assert read_by(desk) == []
    looked = clerk.post(f"/p/bills/{bill}/obligor/", {"why_name": "To print her paper"})
    assert looked.status_code == 200
    assert name in looked.content.decode()
    assert read_by(desk) == [(desk.scope.person, {"subject": str(home.owner), "why": "To print her paper"})]


def test_who_may_not_read_personal_data_and_strangers_see_no_name(visitor, desk, home):
    bill = Line.objects.inside().filter(home=home.id)[0].bill_id
    for scope in (replace(desk.scope, duty=Duty.GUARD, person=a_person()), a_desk().scope):
        assert visitor(scope).post(f"/p/bills/{bill}/obligor/", {"why_name": "Curious"}).status_code == 404
    assert read_by(desk) == []


def read_by(desk):
    rows = sql.fetch("SELECT person, said::text FROM spine_audit WHERE action = 'read.name' ORDER BY id")
    return [(person, sql.from_json(said)) for person, said in rows]
