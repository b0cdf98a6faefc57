"""One sheet brings a community along: a diff first, then all of it or nothing, repeatable, undone as a batch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.budget import statements
from harness.payments_words import as_the_house
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as charged
from linli.estate.billing.actions.paid_ahead import CreditUsed
from linli.estate.billing.actions.taking_over import Charged
from linli.estate.billing.rules import Channel
from linli.estate.intake import actions, queries
from linli.estate.intake.actions import SheetRefused
from linli.estate.metering import actions as metering
from linli.estate.metering import queries as meters
from linli.estate.metering.actions import WasRead
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import OPENING_BALANCE, prepaid_fee, property_book
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
HEADING = "楼栋,单元,房号,建筑面积,人口,姓名,手机,身份,收费项目,期初欠费,电表号,电表读数"
ROWS = (
    "3,1,501,89.37,3,王芳,13755500001,业主,property_fee,128.50,E-501,1203",
    "3,1,501,,,李强,13755500002,家属,,,,",
    "3,1,502,76.80,2,赵敏,13755500003,,property_fee,,E-502,88",
    "4,,101,120,,,,,,,,",
)


def sheet(*rows, heading=HEADING):
    return "\n".join([heading, *rows]).encode("gb18030")


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def item(desk):
    return desk.priced(desk.an_item("property_fee"), price="2.85")


def taking(desk, *rows, **given):
    return {"community": desk.community.id, "file_name": "homes.csv", "content": sheet(*rows, **given), "at": AT}


def counts(desk):
    """How much there is of everything that a sheet may bring."""
    of = desk.community.id
    charged.assigned_homes(desk.scope, community=of, on=AT.date())
    return {
        "homes": len(places.doors(of)),
        "people": len(as_the_house("SELECT 1 FROM people_residency WHERE community_id = %s", of)),
        "persons": len(as_the_house("SELECT 1 FROM people_contact WHERE phone LIKE %s", "+8613755500%")),
        "assigned": sum(
            len(homes) for homes in charged.assigned_homes(desk.scope, community=of, on=AT.date()).values()
        ),
        "opened": charged.opened(desk.scope, community=of),
        "meters": len(meters.meters(desk.scope, community=of)),
        "facts": len(charged.facts_of(desk.scope, community=of)),
        "batches": len(queries.batches(desk.scope, community=of)),
    }


NOTHING = {
    "homes": 0, "people": 0, "persons": 0, "assigned": 0, "opened": {}, "meters": 0, "facts": 0, "batches": 0
}  # fmt: skip


def test_a_sheet_is_looked_at_first_and_that_changes_nothing(desk, item):
    seen = actions.preview_sheet(desk.scope, **taking(desk, *ROWS))
    assert (seen.rows, seen.new, seen.changed, seen.same, seen.errors) == (4, 3, 1, 0, ())
    assert seen.counts == {"facts": 2, "homes": 3, "items": 2, "meters": 2, "openings": 1, "persons": 3}
    assert counts(desk) == NOTHING


def test_a_sheet_brings_homes_people_fees_debts_and_meters(desk, item):
    taken = actions.take_over(desk.scope, **taking(desk, *ROWS))
    found = counts(desk)
    home = places.doors(desk.community.id)[("3", "1", "501")]
    assert (found["homes"], found["people"], found["assigned"], found["meters"], found["facts"]) == (3, 3, 2, 2, 2)
    assert found["opened"] == {home: Money.parse("128.50")}
    assert [(one.name, one.kind) for one in people.household(SYSTEM, home=home, at=AT)] == [
        ("王芳", "owner"),
        ("李强", "family"),
    ]
    book = property_book(desk.company)
    assert str(ledger.balance(SYSTEM, book=book, address=OPENING_BALANCE)) == "-128.50"
    (batch,) = queries.batches(desk.scope, community=desk.community.id)
    assert (batch.id, batch.rows, batch.state) == (taken.batch, 4, "taken")


def test_readings_carry_the_day_on_which_they_were_taken(desk):
    heading, said = "楼栋,单元,房号,电表号,电表读数,抄表日期", "3,1,501,E-501,1203,2026-02-28"
    late = actions.preview_sheet(desk.scope, **taking(desk, said.replace("2026-02-28", "2026-03-03"), heading=heading))
    assert [(error.row, error.column) for error in late.errors] == [(2, "read_on")]
    actions.take_over(desk.scope, **taking(desk, said, heading=heading))
    (meter,) = meters.meters(desk.scope, community=desk.community.id)
    assert (meter.start_on, meter.last_on, meter.last) == (date(2026, 2, 28), date(2026, 2, 28), (Decimal(1203),))


def test_the_same_sheet_twice_changes_nothing(desk, item):
    actions.take_over(desk.scope, **taking(desk, *ROWS))
    before = counts(desk)
    seen = actions.preview_sheet(desk.scope, **taking(desk, *ROWS))
    assert (seen.new, seen.changed, seen.same) == (0, 0, 4)
    assert actions.take_over(desk.scope, **taking(desk, *ROWS)) == actions.Taken(None, {})
    assert counts(desk) == before


def test_a_corrected_sheet_changes_what_it_says_otherwise_and_nothing_else(desk, item):
    actions.take_over(desk.scope, **taking(desk, *ROWS))
    fixed = (ROWS[0].replace("89.37,3", "90.10,4"), *ROWS[1:])
    seen = actions.preview_sheet(desk.scope, **taking(desk, *fixed))
    (change,) = seen.changes
    assert (change.row, change.door, change.status) == (2, "3-1-501", "changed")
    assert [(each.column, each.before, each.now) for each in change.what] == [
        ("area_m2", "89.37", "90.1"),
        ("persons", "3", "4"),
    ]
    assert (seen.counts["areas"], seen.counts["facts"]) == (1, 1)
    taken = actions.take_over(desk.scope, **taking(desk, *fixed))
    home = places.doors(desk.community.id)[("3", "1", "501")]
    assert places.home(home).area_m2 == Decimal("90.10")
    actions.undo_batch(desk.scope, batch=taken.batch, at=AT)
    assert places.home(home).area_m2 == Decimal("89.37")
    assert charged.facts_of(desk.scope, community=desk.community.id)[home].persons == 3


AHEAD = (
    "3,1,501,89.37,3,王芳,13755500001,业主,property_fee,-60,,",
    "3,1,502,76.80,2,赵敏,13755500003,,property_fee,128.50,,",
    "4,1,101,50,1,周杰,13755500004,,,(20.50),,",
)


@pytest.fixture
def ahead(desk, item):
    """A batch whose first home had paid 60.00 ahead, whose second owed, and whose third names no fee item."""
    return actions.take_over(desk.scope, **taking(desk, *AHEAD))


def kept_of(desk, home):
    return charged.account_page(desk.scope, subject=home).kept


def test_what_a_home_had_paid_ahead_is_its_credit_and_stands_in_the_companys_book(desk, ahead):
    doors = places.doors(desk.community.id)
    first, second, third = (doors[door] for door in (("3", "1", "501"), ("3", "1", "502"), ("4", "1", "101")))
    assert counts(desk)["opened"] == {first: Money(-6000), second: Money(12850), third: Money(-2050)}
    assert (kept_of(desk, first), kept_of(desk, second), kept_of(desk, third)) == (Money(6000), Money(0), Money(2050))
    book = property_book(desk.company)
    (owner,) = people.household(SYSTEM, home=first, at=AT)
    assert str(ledger.balance(SYSTEM, book=book, address=prepaid_fee(first, owner.party))) == "-60.00"
    assert str(ledger.balance(SYSTEM, book=book, address=OPENING_BALANCE)) == "-48.00"
    assert charged.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()
    assert (
        charged.received_sums(
            desk.scope, communities=[desk.community.id], since=AT.date().replace(day=1), until=AT.date().replace(day=1)
        )
        == ()
    )
    (kept,) = charged.my_credit(Scope(person=owner.party, role=Role.RESIDENT, communities=(desk.community.id,)))
    assert (kept.subject, kept.amount) == (first, Money(6000))


def test_the_preview_shows_it_below_zero_and_the_same_sheet_twice_changes_nothing(desk, item):
    seen = actions.preview_sheet(desk.scope, **taking(desk, *AHEAD))
    assert (seen.errors, seen.counts["openings"]) == ((), 3)
    said = [each for change in seen.changes for each in change.what if each.word == "opening"]
    assert [(each.before, each.now) for each in said] == [("", "-60.00"), ("", "128.50"), ("", "-20.50")]
    assert counts(desk) == NOTHING
    actions.take_over(desk.scope, **taking(desk, *AHEAD))
    before = counts(desk)
    assert actions.take_over(desk.scope, **taking(desk, *AHEAD)) == actions.Taken(None, {})
    other = actions.preview_sheet(desk.scope, **taking(desk, AHEAD[0].replace("-60", "-61")))
    assert [(error.row, error.column) for error in other.errors] == [(2, "opening")]
    assert counts(desk) == before


def test_it_pays_the_next_bill_by_itself_and_what_was_used_is_not_undone(desk, item, ahead):
    home = places.doors(desk.community.id)[("3", "1", "501")]
    desk.issued(date(2026, 4, 1))
    (bill, *_rest) = charged.bills(desk.scope, communities=[desk.community.id], on=AT.date(), homes=[home])
    page = charged.bill_page(desk.scope, bill=bill.bill)
    assert [(paid.channel, paid.amount) for paid in page.paid_by] == [(Channel.TAKEN_OVER, Money(6000))]
    assert kept_of(desk, home) == Money.zero
    assert charged.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()
    before = counts(desk)
    with pytest.raises(CreditUsed) as refused:
        actions.undo_batch(desk.scope, batch=ahead.batch, at=AT)
    assert "1 homes have used" in str(refused.value)
    assert counts(desk) == before


def test_credit_that_was_not_used_is_undone_with_its_batch(desk, item, ahead):
    actions.undo_batch(desk.scope, batch=ahead.batch, at=AT)
    assert counts(desk) == NOTHING | {"batches": 1}
    assert str(ledger.balance(SYSTEM, book=property_book(desk.company), address=OPENING_BALANCE)) == "0.00"
    assert charged.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()
    assert actions.take_over(desk.scope, **taking(desk, *AHEAD)).counts == ahead.counts


def test_no_invoice_is_asked_over_money_of_the_books_before(desk, item, ahead):
    home = places.doors(desk.community.id)[("3", "1", "501")]
    desk.issued(date(2026, 4, 1))
    (owner,) = people.household(SYSTEM, home=home, at=AT)
    resident = Scope(person=owner.party, role=Role.RESIDENT, communities=(desk.community.id,))
    (receipt,) = charged.my_receipts(resident)
    with pytest.raises(Invalid) as refused:
        billing.ask_invoice(resident, receipts=[receipt.receipt], title="王芳", at=AT)
    assert refused.value.field == "receipts"


def test_every_wrong_cell_is_named_and_half_a_sheet_is_taken_over_by_nobody(desk, item):
    wrong = (
        ROWS[0],
        "3,1,503,abc,2,赵敏,13755500003,,property_fee,,,",
        "3,1,504,76.80,2,赵敏,12,,no_such_fee,,,",
        "3,1,505,76.80,,,,,property_fee,-5.005,,",
        "3,1,506,76.80,,,,,property_fee,50,,",
        "3,1,507,,,,,,,,E-501,1",
        "3,1,501,70,,,,,,,,",
    )
    seen = actions.preview_sheet(desk.scope, **taking(desk, *wrong))
    cells = [(error.row, error.column) for error in seen.errors]
    assert sorted(cells) == [
        (3, "area_m2"),
        (4, "items"),
        (4, "phone"),
        (5, "opening"),
        (6, "opening"),
        (7, "electricity_meter"),
        (8, "area_m2"),
    ]
    assert [error.column for error in seen.errors if error.row == 4].count("opening_item") == 0
    with pytest.raises(SheetRefused):
        actions.take_over(desk.scope, **taking(desk, *wrong))
    assert counts(desk) == NOTHING


def test_the_item_of_an_opening_balance_is_named_once_where_it_is_wrong(desk, item):
    """No item of the row exists: its cell is wrong, and not the empty one of the opening balance as well."""
    seen = actions.preview_sheet(desk.scope, **taking(desk, "3,1,504,76.80,2,赵敏,13755500004,,no_such_fee,50,,"))
    assert [(error.row, error.column) for error in seen.errors] == [(2, "items")]


def test_a_batch_is_undone_and_leaves_nothing_behind(desk, item):
    taken = actions.take_over(desk.scope, **taking(desk, *ROWS))
    actions.undo_batch(desk.scope, batch=taken.batch, at=AT)
    assert counts(desk) == NOTHING | {"batches": 1}
    assert str(ledger.balance(SYSTEM, book=property_book(desk.company), address=OPENING_BALANCE)) == "0.00"
    with pytest.raises(WrongState):
        actions.undo_batch(desk.scope, batch=taken.batch, at=AT)
    again = actions.take_over(desk.scope, **taking(desk, *ROWS))
    assert again.counts == taken.counts


def test_an_undo_takes_back_only_what_its_own_batch_made(desk, item):
    actions.take_over(desk.scope, **taking(desk, ROWS[0]))
    before = counts(desk)
    second = actions.take_over(desk.scope, **taking(desk, *ROWS))
    actions.undo_batch(desk.scope, batch=second.batch, at=AT)
    assert counts(desk) == before | {"batches": 2}


def test_what_was_built_upon_is_not_undone_and_the_reason_is_said(desk, item):
    taken = actions.take_over(desk.scope, **taking(desk, *ROWS))
    home = places.doors(desk.community.id)[("3", "1", "501")]
    meter = meters.meters(desk.scope, community=desk.community.id, words="E-502")[0].id
    later = AT.replace(day=3)
    metering.take_reading(desk.scope, meter=meter, shown=[Decimal(90)], read_on=later.date(), at=later)
    before = counts(desk)
    with pytest.raises(WasRead):
        actions.undo_batch(desk.scope, batch=taken.batch, at=later)
    assert counts(desk) == before
    billing.take_payment(desk.scope, subject=home, amount=Money.parse("100.00"), channel=Channel.CASH, at=later)
    with pytest.raises(Charged):
        actions.undo_batch(desk.scope, batch=taken.batch, at=later)


def test_another_companys_community_and_batch_do_not_exist(desk, item):
    other = a_desk()
    with pytest.raises(NotFound):
        actions.preview_sheet(other.scope, **taking(desk, *ROWS))
    taken = actions.take_over(desk.scope, **taking(desk, *ROWS))
    with pytest.raises(NotFound):
        actions.undo_batch(other.scope, batch=taken.batch, at=AT)
    assert queries.batches(other.scope, community=desk.community.id) == ()


def test_a_thousand_homes_take_no_more_statements_than_ten(desk, item):
    def sent(first, number):
        rows = [
            f"{first},1,{n},80,2,业主{n},139{first:02}{n:06},业主,property_fee,10,E{first}-{n},{n}"
            for n in range(1, number + 1)
        ]
        with statements() as seen:
            actions.take_over(desk.scope, **taking(desk, *rows))
        return len(seen)

    few = sent(11, 10)
    assert sent(12, 1000) <= few + 4


def test_the_empty_sheet_can_be_filled_in_and_taken_over(desk, item):
    for in_chinese in (True, False):
        heading = queries.template(in_chinese=in_chinese).decode("utf-8-sig").strip()
        seen = actions.preview_sheet(desk.scope, **taking(desk, "9,1,101", heading=heading))
        assert (seen.new, seen.errors) == (1, ())
