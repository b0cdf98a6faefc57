"""What must be refused clearly, fault by fault: the place is named, and the world stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import AT, a_person
from builders.assembly import CLOSES, YES, a_vote
from builders.billing import SINCE, a_desk
from builders.metering import a_meter, at
from linli.estate.assembly.actions import voting
from linli.estate.assembly.models import Cast
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.settling import MonthClosed
from linli.estate.billing.actions.tariffs import HoldsFrom
from linli.estate.billing.models import BankLine, DraftLine, Line, Receipt, TariffVersion
from linli.estate.billing.rules.collecting import Fit
from linli.estate.intake import actions as intake
from linli.estate.metering.rules import Kind, ReadingState
from linli.ground.people import actions as people
from linli.ground.people.actions.homes import AlreadyResident
from linli.ground.places import queries as places
from linli.kernel.ids import BillId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
CASH = rules.Channel.CASH


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("3-1-501")


def drafted(desk, month=MARCH):
    actions.draft_month(desk.scope, community=desk.community.id, first_on=month, at=AT)
    return list(DraftLine.objects.inside().order_by("id"))


def issued(desk, home, amount="100"):
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount=amount), home)
    drafted(desk)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    return Line.objects.inside().get(subject=home.id)


def test_a_formula_that_fails_is_refused_at_its_letter(desk):
    draft = rules.TariffDraft(formula="home.area / (home.floor - 1)")
    with pytest.raises(Invalid) as refused:
        actions.set_tariff(desk.scope, item=desk.an_item(), draft=draft, start_on=SINCE, at=AT)
    assert refused.value.field == "formula"
    assert refused.value.values["at"] == draft.formula.index("-")
    assert not TariffVersion.objects.inside().exists()


def test_a_gap_of_tariffs_stops_the_line_with_its_first_day_and_bills_nothing(desk, home):
    item = desk.an_item()
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "10"})
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2026, 3, 10), at=AT)
    desk.charged(item, home)
    stopped = next(line for line in drafted(desk) if line.stop)
    assert (stopped.stop, stopped.about, stopped.amount_minor) == ("gap", "2026-03-01", 0)


def test_tariffs_that_overlap_are_refused_by_their_day(desk):
    item = desk.an_item()
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "10"})
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=MARCH, at=AT)
    with pytest.raises(HoldsFrom) as refused:
        actions.set_tariff(desk.scope, item=item, draft=draft, start_on=MARCH - timedelta(days=10), at=AT)
    assert (refused.value.field, refused.value.values["day"]) == ("start_on", MARCH.isoformat())
    assert [row.start_on for row in TariffVersion.objects.inside()] == [MARCH]


def test_negative_usage_waits_for_a_person_and_is_billed_as_nothing_else(desk, home):
    meter = a_meter(desk, home)
    draft = rules.TariffDraft(
        preset="usage",
        parameters={"price": "1", "surcharge": "0"},
        terms=rules.Terms(meter=Kind.COLD_WATER.value),
    )
    item = desk.an_item()
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=SINCE, at=AT)
    desk.charged(item, home)
    meter.reads(500, date(2026, 2, 25))
    assert meter.reads(400, date(2026, 3, 25)) is ReadingState.WAITING
    given = {"community": desk.community.id, "first_on": MARCH, "at": at(date(2026, 3, 26))}
    actions.draft_month(desk.scope, **given)
    (line,) = DraftLine.objects.inside()
    assert (line.stop, line.about, line.amount_minor) == ("waiting", meter.label, 0)
    with pytest.raises(ValueError, match="negative"):
        rules.tiered(rules.Tiers(tiers=(rules.Tier(None, Decimal(1)),)), 0, -1, 0)


def test_one_owner_twice_at_a_time_is_refused_and_of_two_owners_one_owes_each_day(desk, home):
    with pytest.raises(AlreadyResident):
        people.move_in(SYSTEM, party=home.owner, home=home.id, kind="owner", start_on=MARCH, at=AT)
    people.move_in(SYSTEM, party=a_person(), home=home.id, kind="owner", start_on=date(2026, 3, 10), at=AT)
    line = issued(desk, home)
    assert (line.obligor, line.amount_minor) == (home.owner, 10_000)


def test_a_payment_to_a_closed_month_is_refused_by_its_day(desk, home):
    line = issued(desk, home)
    actions.close_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT + timedelta(days=31))
    assert places.day_in(desk.community.id, AT).month == MARCH.month
    with pytest.raises(MonthClosed) as refused:
        actions.take_payment(desk.scope, subject=home.id, amount=Money(10_000), channel=CASH, at=AT)
    assert refused.value.values["day"] == places.day_in(desk.community.id, AT).isoformat()
    line.refresh_from_db()
    assert (line.paid_minor, Receipt.objects.inside().count()) == (0, 0)


def test_a_bank_line_that_matches_nothing_or_two_bills_waits_for_a_person(desk, home):
    other = desk.a_home("3-1-502")
    item = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(item, home, other)
    drafted(desk)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    rows = "date,amount,payer,memo,reference\n2026-04-02,100.00,somebody,,A1\n2026-04-02,3.21,somebody,rent,A2"
    actions.import_bank_lines(desk.scope, file_name="bank.csv", content=rows.encode(), at=AT)
    found = {str(each.amount): each.suggested for each in queries.bank_lines(desk.scope)}
    assert found["100.00"].fit is Fit.SEVERAL
    assert set(found["100.00"].subjects) == {home.id, other.id}
    assert (found["3.21"].fit, found["3.21"].subjects) == (Fit.NONE, ())
    assert {row.state for row in BankLine.objects.inside()} == {"waiting"}
    assert not Receipt.objects.inside().exists()


def test_a_strangers_bill_does_not_exist(desk, home):
    bill = BillId(issued(desk, home).bill_id)
    neighbour, other = desk.a_home("3-1-502"), a_desk()
    for scope in (neighbour.scope, other.scope):
        with pytest.raises(NotFound):
            queries.bill_page(scope, bill=bill)
    with pytest.raises(NotFound):
        actions.take_payment(other.scope, subject=home.id, amount=Money(1), channel=CASH, at=AT)
    assert not Receipt.objects.inside().exists()


def test_an_import_with_half_its_rows_wrong_names_each_cell_and_takes_none(desk):
    head = "building,unit,home,area_m2"
    rows = [head, "3,1,501,89.37", "3,1,502,abc", "3,1,503,76.80", "3,1,504,-4"]
    given = {"community": desk.community.id, "file_name": "homes.csv", "content": "\n".join(rows).encode(), "at": AT}
    seen = intake.preview_sheet(desk.scope, **given)
    assert sorted((error.row, error.column) for error in seen.errors) == [(3, "area_m2"), (5, "area_m2")]
    with pytest.raises(intake.SheetRefused):
        intake.take_over(desk.scope, **given)
    assert places.doors(desk.community.id) == {}


def test_a_vote_after_the_closing_is_refused_and_does_not_count(desk, home):
    vote = a_vote(desk)
    with pytest.raises(voting.VotingClosed):
        vote.cast(home.scope, YES, at=CLOSES)
    assert not Cast.objects.inside().exists()
