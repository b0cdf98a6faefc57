"""Paying on the phone: the same payments as everything else, paid once whoever is quicker."""

from datetime import date

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import told_of_money_going_back
from linli.estate.billing import actions, reactions
from linli.estate.billing.actions.online import NothingOwed, NotOnline
from linli.estate.billing.models import Line, Payment, Receipt
from linli.estate.billing.rules import Channel
from linli.kernel import ids
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import (
    due_from_platform,
    fee_receivable,
    platform_book,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.money.payments.events import CollectedTooLate
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for March."""
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    desk.issued(date(2026, 3, 1))
    return home


def arrives(desk, collection):
    """The money is there: told as the bank tells it, and carried to billing as the worker carries facts."""
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), at=AT
    )
    return actions.record_payment(SYSTEM, payment=card.for_, at=AT)


def of_company(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def of_platform(desk, address):
    return str(ledger.balance(SYSTEM, book=platform_book(desk.community.city), address=address))


def test_an_owner_pays_what_is_open_and_both_books_say_so(desk, home):
    collection = actions.begin_payment(home.scope, subject=home.id, at=AT)
    assert str(collections.collection(SYSTEM, collection=collection).amount) == "100.00"
    assert str(arrives(desk, collection)) == "100.00"
    assert of_company(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert of_company(desk, due_from_platform(desk.community.city)) == "100.00"
    assert of_platform(desk, property_fee_collected(desk.company, desk.community.id)) == "-100.00"
    receipt = Receipt.objects.inside().get(home=home.id)
    assert (receipt.channel, receipt.payer, receipt.number) == ("online", home.owner, f"R{AT.year}-000001")


def test_the_same_news_twice_pays_once(desk, home):
    collection = actions.begin_payment(home.scope, subject=home.id, at=AT)
    arrives(desk, collection)
    payment = Payment.objects.inside().get(collection=collection)
    assert actions.record_payment(SYSTEM, payment=payment.pk, at=AT) == Money.zero
    assert Receipt.objects.inside().filter(home=home.id).count() == 1


def test_what_the_desk_took_meanwhile_is_given_back_to_who_paid_online(desk, home):
    collection = actions.begin_payment(home.scope, subject=home.id, at=AT)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("60.00"), channel=Channel.CASH, at=AT)
    assert str(arrives(desk, collection)) == "40.00"
    (refund,) = collections.refunds(SYSTEM, collection=collection)
    assert str(refund.amount) == "60.00"
    assert told_of_money_going_back(home.owner) == ["60.00"]
    assert of_platform(desk, property_fee_collected(desk.company, desk.community.id)) == "-40.00"
    assert of_company(desk, fee_receivable(home.id, home.owner)) == "0.00"
    line = Line.objects.inside().get(home=home.id)
    assert (line.amount_minor, line.paid_minor) == (10000, 10000)


def test_two_who_pay_the_same_bill_pay_it_once(desk, home):
    first = actions.begin_payment(home.scope, subject=home.id, at=AT)
    second = actions.begin_payment(home.scope, subject=home.id, at=AT)
    assert str(arrives(desk, first)) == "100.00"
    assert str(arrives(desk, second)) == "0.00"
    (refund,) = collections.refunds(SYSTEM, collection=second)
    assert str(refund.amount) == "100.00"
    assert of_company(desk, due_from_platform(desk.community.city)) == "100.00"
    assert told_of_money_going_back(home.owner) == ["100.00"]


def test_who_paid_the_same_collection_twice_or_too_late_is_told_that_it_goes_back(desk, home):
    collection = actions.begin_payment(home.scope, subject=home.id, at=AT)
    arrives(desk, collection)
    assert told_of_money_going_back(home.owner) == []
    payment = Payment.objects.inside().get(collection=collection).pk
    second = {"collection": collection, "purpose": "bill", "for_": payment, "refund": ids.new(), "why": "twice"}
    reactions.tell_goes_back(CollectedTooLate(**second, amount=Money(10000), at=AT))
    assert told_of_money_going_back(home.owner) == ["100.00"]


def test_nothing_to_pay_is_refused_and_nothing_is_asked_for(desk, home):
    arrives(desk, actions.begin_payment(home.scope, subject=home.id, at=AT))
    with pytest.raises(NothingOwed):
        actions.begin_payment(home.scope, subject=home.id, at=AT)
    assert Payment.objects.inside().filter(home=home.id).count() == 1


def test_a_neighbours_bill_is_not_there(desk, home):
    neighbour = desk.a_home()
    with pytest.raises(NothingOwed):
        actions.begin_payment(neighbour.scope, subject=home.id, at=AT)
    line = Line.objects.inside().get(home=home.id)
    with pytest.raises(NothingOwed):
        actions.begin_payment(neighbour.scope, subject=home.id, lines=(line.pk,), at=AT)
    with pytest.raises(Invalid):
        actions.begin_payment(home.scope, subject=home.id, lines=(line.pk, line.pk + 1), at=AT)


def test_what_only_the_desk_takes_is_not_paid_online(desk):
    fee = desk.priced(desk.an_item(payable_online=False), "fixed", amount="10")
    home = desk.a_home()
    desk.charged(fee, home)
    desk.issued(date(2026, 3, 1))
    with pytest.raises(NotOnline):
        actions.begin_payment(home.scope, subject=home.id, at=AT)


def test_a_part_pays_in_the_order_of_the_community_and_never_more_than_is_open(desk, home):
    """100.00 of March and 100.00 of April: 130 pays March whole and 30 of April, where the oldest goes first."""
    desk.issued(date(2026, 4, 1))
    march, april = Line.objects.inside().filter(home=home.id).order_by("id")
    for wrong in ("0", "-5", "200.01"):
        with pytest.raises(Invalid):
            actions.begin_payment(home.scope, subject=home.id, amount=Money.parse(wrong), at=AT)
    assert not Payment.objects.inside().exists()
    collection = actions.begin_payment(home.scope, subject=home.id, amount=Money.parse("130"), at=AT)
    assert str(collections.collection(SYSTEM, collection=collection).amount) == "130.00"
    assert str(arrives(desk, collection)) == "130.00"
    march.refresh_from_db()
    april.refresh_from_db()
    assert (march.paid_minor, april.paid_minor) == (100_00, 30_00)
    assert of_company(desk, fee_receivable(home.id, home.owner)) == "70.00"


def test_picked_lines_are_paid_in_the_order_in_which_they_were_picked(desk, home):
    desk.issued(date(2026, 4, 1))
    march, april = Line.objects.inside().filter(home=home.id).order_by("id")
    collection = actions.begin_payment(
        home.scope, subject=home.id, lines=(april.pk, march.pk), amount=Money.parse("130"), at=AT
    )
    arrives(desk, collection)
    march.refresh_from_db()
    april.refresh_from_db()
    assert (march.paid_minor, april.paid_minor) == (30_00, 100_00)
