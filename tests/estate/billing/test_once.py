"""Charges outside the month: homes, spaces and contracts, once for what they are for, payable like any line."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_company, a_person
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.once import ChargedOtherwise, NobodyToCharge
from linli.estate.billing.actions.settling import MonthClosed
from linli.estate.billing.events import LinePaid
from linli.estate.billing.models import Bill, Line, Receipt
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import fee_income, fee_receivable, prepaid_fee, property_book
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
TITLE = {"zh": "换锁", "en": "A new lock"}
MARCH = date(2026, 3, 1)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def repair(desk):
    return actions.ensure_item(desk.scope, community=desk.community.id, word="repair", name=TITLE, at=AT)


def charged(desk, item, subject, amount="80.00", *, source="work_order:1", **given):
    return actions.charge_once(
        desk.scope,
        community=desk.community.id,
        subject=subject,
        item=item,
        amount=Money.parse(amount),
        title=TITLE,
        source=source,
        at=AT,
        **given,
    )


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def told(kind):
    return [body for (body,) in sql.fetch("SELECT body::text FROM spine_fact WHERE kind = %s ORDER BY id", kind)]


def test_a_repair_is_charged_to_the_owner_once_with_a_number_and_stands_in_the_book(desk, repair):
    home = desk.a_home()
    line = charged(desk, repair, home.id, steps=[rules.StepShare(quantity="1", price="80", amount="80")])
    assert charged(desk, repair, home.id) == line
    (row,) = Line.objects.inside().filter(subject=home.id)
    assert (row.kind, row.amount_minor, row.obligor, row.home, row.source) == (
        "once",
        8000,
        home.owner,
        home.id,
        "work_order:1",
    )
    assert row.reason["title"] == TITLE
    assert row.reason["steps"] == [{"quantity": "1", "price": "80", "amount": "80"}]
    bill = Bill.objects.inside().get(pk=row.bill_id)
    assert (bill.number, bill.month_id) == (f"C{AT.year}-000001", None)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "80.00"
    assert book_of(desk, fee_income("repair")) == "-80.00"


def test_the_same_occasion_at_another_price_is_refused_and_nothing_changes(desk, repair):
    home = desk.a_home()
    charged(desk, repair, home.id)
    with pytest.raises(ChargedOtherwise):
        charged(desk, repair, home.id, "90.00")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "80.00"
    charged(desk, repair, home.id, source="work_order:2")
    assert Bill.objects.inside().get(home=home.id, number__endswith="-000002")


def test_an_item_of_a_word_is_made_once(desk, repair):
    again = actions.ensure_item(desk.scope, community=desk.community.id, word="repair", name={"en": "Else"}, at=AT)
    assert again == repair
    with pytest.raises(NotFound):
        actions.ensure_item(a_desk().scope, community=desk.community.id, word="repair", name=TITLE, at=AT)


def test_paying_it_wholly_is_told_to_who_charged_it_and_paying_a_part_is_not(desk, repair):
    home = desk.a_home()
    line = charged(desk, repair, home.id)
    pay = {"subject": home.id, "channel": rules.Channel.CASH, "at": AT}
    actions.take_payment(desk.scope, amount=Money.parse("79.99"), **pay)
    assert told(LinePaid.kind) == []
    actions.take_payment(desk.scope, amount=Money.parse("0.01"), **pay)
    (fact,) = told(LinePaid.kind)
    assert f'"line": {line}' in fact
    assert '"source": "work_order:1"' in fact


def test_cancelling_credits_what_is_open_and_keeps_what_was_paid_for_bills_to_come(desk, repair):
    home = desk.a_home()
    line = charged(desk, repair, home.id)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("30.00"), channel=rules.Channel.CASH, at=AT)
    actions.cancel_charge(desk.scope, source="work_order:1", why="Done under guarantee", at=AT)
    actions.cancel_charge(desk.scope, source="work_order:1", why="Done under guarantee", at=AT)
    row = Line.objects.inside().get(pk=line)
    assert (row.amount_minor, row.paid_minor, row.credited_minor) == (8000, 0, 8000)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert book_of(desk, fee_income("repair")) == "0.00"
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "-30.00"
    receipt = Receipt.objects.inside().get(home=home.id)
    assert (receipt.rest_minor, receipt.keeper) == (3000, home.owner)


def test_a_space_and_a_contract_owe_what_their_obligor_owes(desk, repair):
    tenant, home = PartyId(a_person()), desk.a_home()
    space = uuid4()
    with pytest.raises(NobodyToCharge):
        charged(desk, repair, space, kind=rules.SubjectKind.SPACE)
    charged(desk, repair, space, kind=rules.SubjectKind.SPACE, home=home.id, obligor=tenant)
    assert book_of(desk, fee_receivable(space, tenant)) == "80.00"
    taken = actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse("50.00"), channel=rules.Channel.CASH, at=AT
    )
    assert str(taken.paid) == "50.00"
    taken = actions.take_payment(
        desk.scope, subject=space, amount=Money.parse("40.00"), channel=rules.Channel.CASH, at=AT
    )
    assert (str(taken.paid), str(taken.kept)) == ("30.00", "10.00")
    assert book_of(desk, fee_receivable(space, tenant)) == "0.00"
    assert book_of(desk, prepaid_fee(space, tenant)) == "-10.00"


def test_a_contract_is_drafted_and_issued_with_the_month_and_owed_by_its_obligor(desk):
    rent = desk.priced(desk.an_item("rent"), "rent", rent="0")
    shop, contract = a_company(), uuid4()
    given = {"item": rent, "community": desk.community.id, "subject": contract, "obligor": shop}
    actions.assign_subject(
        desk.scope,
        **given,
        kind=rules.SubjectKind.CONTRACT,
        start_on=date(2026, 3, 16),
        parameters={"rent": "3100"},
        at=AT,
    )
    march = {"community": desk.community.id, "first_on": MARCH, "at": AT}
    assert str(actions.draft_month(desk.scope, **march).amount) == "1600.00"
    actions.issue_month(desk.scope, **march)
    assert book_of(desk, fee_receivable(contract, shop)) == "1600.00"
    actions.end_assignment(desk.scope, item=rent, subject=contract, end_on=date(2026, 4, 1), at=AT)
    april = march | {"first_on": date(2026, 4, 1)}
    assert actions.draft_month(desk.scope, **april).lines == 0


def test_nothing_is_charged_on_a_day_of_a_closed_month(desk, repair):
    home = desk.a_home()
    march = desk.issued(AT.date().replace(day=1))
    actions.close_month(desk.scope, **march | {"at": AT + timedelta(days=31)})
    with pytest.raises(MonthClosed):
        charged(desk, repair, home.id)
    assert Line.objects.inside().filter(subject=home.id).count() == 0


def test_strangers_charge_and_cancel_nothing(desk, repair):
    home, other = desk.a_home(), a_desk()
    charged(desk, repair, home.id)
    with pytest.raises(NotFound):
        actions.cancel_charge(other.scope, source="work_order:1", why="mine", at=AT)
    with pytest.raises(NotFound):
        actions.charge_once(
            other.scope,
            community=desk.community.id,
            subject=home.id,
            item=repair,
            amount=Money(1),
            title=TITLE,
            source="x",
            at=AT,
        )
    with pytest.raises(NotFound):
        charged(desk, repair, other.a_home().id)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "80.00"


def test_months_stand_beside_a_months_bill_and_not_beside_a_repairs(desk, repair):
    home = desk.a_home_owing("300.00", since=MARCH)
    charged(desk, repair, home.id)
    pages = [queries.bill_page(home.scope, bill=card.bill) for card in queries.my_bills(home.scope)]
    assert {page.lines[0].kind: bool(page.earlier) for page in pages} == {"once": False, "charge": True}
