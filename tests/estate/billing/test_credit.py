"""What is kept of payments pays the bills to come, in the community's order, to the fen."""

from datetime import date
from uuid import uuid4

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from linli.estate.billing import actions, rules
from linli.estate.billing.events import LinePaid
from linli.estate.billing.models import Allocation, Line, Receipt
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import fee_receivable, prepaid_fee, property_book
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
TITLE = {"zh": "停车卡", "en": "Card"}


@pytest.fixture
def desk():
    return a_desk()


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def prepaid(desk, subject, payer, amount):
    taken = actions.take_payment(
        desk.scope, subject=subject, amount=Money.parse(amount), channel=rules.Channel.CASH, payer=payer, at=AT
    )
    return Receipt.objects.inside().get(pk=taken.receipt)


def issued(desk, month=3):
    desk.issued(date(2026, month, 1))


def test_what_is_kept_pays_new_bills_at_issue_and_the_rest_is_kept_on(desk):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home, other = desk.a_home(), desk.a_home()
    desk.charged(fee, home, other)
    first, second = prepaid(desk, home.id, home.owner, "60.00"), prepaid(desk, home.id, home.owner, "90.00")
    issued(desk)
    (line,) = Line.objects.inside().filter(subject=home.id)
    assert (line.amount_minor, line.paid_minor) == (10000, 10000)
    paid = Allocation.objects.inside().filter(line=line).order_by("receipt_id")
    assert [(each.receipt_id, each.amount_minor) for each in paid] == [(first.pk, 6000), (second.pk, 4000)]
    assert Receipt.objects.inside().get(pk=second.pk).rest_minor == 5000
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "-50.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert book_of(desk, fee_receivable(other.id, other.owner)) == "100.00"


def test_only_who_owns_what_is_kept_is_paid_for(desk):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home, stranger = desk.a_home(), PartyId(a_person())
    desk.charged(fee, home)
    prepaid(desk, home.id, stranger, "60.00")
    issued(desk)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"
    assert book_of(desk, prepaid_fee(home.id, stranger)) == "-60.00"


def test_it_pays_one_occasion_as_well_and_tells_so(desk):
    home = desk.a_home()
    prepaid(desk, home.id, home.owner, "60.00")
    card = actions.ensure_item(desk.scope, community=desk.community.id, word="card", name=TITLE, at=AT)
    given = {"community": desk.community.id, "subject": home.id, "item": card, "title": TITLE, "at": AT}
    actions.charge_once(desk.scope, **given, amount=Money.parse("20.00"), source="card:1")
    actions.charge_once(desk.scope, **given, amount=Money.parse("50.00"), source="card:2")
    assert [row.paid_minor for row in Line.objects.inside().filter(subject=home.id).order_by("id")] == [2000, 4000]
    ((told,),) = sql.fetch("SELECT body ->> 'source' FROM spine_fact WHERE kind = %s", LinePaid.kind)
    assert told == "card:1"


def test_a_home_pays_its_own_lines_first_then_those_of_its_space(desk):
    parking = desk.priced(desk.an_item("parking"), "fixed", amount="80")
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home, space = desk.a_home(), uuid4()
    desk.charged(fee, home)
    actions.assign_subject(
        desk.scope,
        item=parking,
        community=desk.community.id,
        subject=space,
        kind=rules.SubjectKind.SPACE,
        obligor=home.owner,
        home=home.id,
        start_on=date(2020, 1, 1),
        at=AT,
    )
    prepaid(desk, home.id, home.owner, "130.00")
    issued(desk)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert book_of(desk, fee_receivable(space, home.owner)) == "50.00"
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "0.00"
