"""Waivers: asked by one, decided by another, and a credit line of what was still open."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from linli.estate.billing import actions, rules
from linli.estate.billing.actions.waiving import OwnWaiver, Waive
from linli.estate.billing.models import Line, Waiver
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import fee_income, fee_receivable, property_book, waiver
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def manager(desk):
    return replace(desk.scope, person=a_person())


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for January."""
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    desk.issued(date(2026, 1, 1))
    return home


def line_of(home):
    return Line.objects.inside().get(subject=home.id, kind="charge")


def asked(desk, home, amount=None):
    wish = [Waive(line_of(home).pk, None if amount is None else Money.parse(amount))]
    return actions.ask_waiver(desk.scope, subject=home.id, lines=wish, why="Water damage", at=AT)


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def test_what_another_approves_is_credited_and_costs_the_company(desk, manager, home):
    wish = asked(desk, home, "40.00")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"
    assert str(actions.decide_waiver(manager, waiver=wish, approve=True, at=AT)) == "40.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "60.00"
    assert book_of(desk, waiver("property_fee")) == "40.00"
    assert book_of(desk, fee_income("property_fee")) == "-100.00"
    assert (line_of(home).credited_minor, line_of(home).amount_minor) == (4000, 10000)
    row = Waiver.objects.inside().get(pk=wish)
    assert (row.state, row.asked_by, row.decided_by, row.why) == (
        "approved",
        desk.scope.person,
        manager.person,
        "Water damage",
    )
    with pytest.raises(WrongState):
        actions.decide_waiver(manager, waiver=wish, approve=True, at=AT)


def test_who_asked_may_not_approve_and_nothing_is_waived(desk, home):
    wish = asked(desk, home)
    with pytest.raises(OwnWaiver):
        actions.decide_waiver(desk.scope, waiver=wish, approve=True, at=AT)
    assert Waiver.objects.inside().get(pk=wish).state == "asked"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"


def test_a_refused_waiver_is_kept_with_its_answer(desk, manager, home):
    wish = asked(desk, home)
    assert not actions.decide_waiver(manager, waiver=wish, approve=False, answer="Not our pipe", at=AT)
    row = Waiver.objects.inside().get(pk=wish)
    assert (row.state, row.answer) == ("refused", "Not our pipe")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"


def test_what_was_paid_meanwhile_stays_paid(desk, manager, home):
    wish = asked(desk, home)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("70.00"), channel=rules.Channel.POS, at=AT)
    assert str(actions.decide_waiver(manager, waiver=wish, approve=True, at=AT)) == "30.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"


def test_a_late_fee_is_waived_and_does_not_come_back(desk, manager):
    item = desk.an_item("property_fee")
    late = rules.Terms(late=rules.LateRule(rate=Decimal("0.0005")))
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "100"}, terms=late)
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    home = desk.a_home()
    desk.charged(item, home)
    desk.issued(date(2026, 1, 1))
    actions.accrue_late_fees(SYSTEM, at=AT)
    fee = Line.objects.inside().get(subject=home.id, kind="late_fee")
    wish = actions.ask_waiver(desk.scope, subject=home.id, lines=[Waive(fee.pk)], why="First time", at=AT)
    actions.decide_waiver(manager, waiver=wish, approve=True, at=AT)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"
    actions.accrue_late_fees(SYSTEM, at=AT + timedelta(days=1))
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.05"


def test_more_than_is_open_is_refused_with_its_place(desk, home):
    with pytest.raises(Invalid) as refused:
        asked(desk, home, "100.01")
    assert refused.value.field == "lines.0"
    assert Waiver.objects.inside().filter(subject=home.id).count() == 0


def test_what_nobody_decides_lapses(desk, manager, home):
    wish = asked(desk, home)
    assert actions.lapse_waivers(SYSTEM, at=AT + timedelta(days=14)) == 1
    with pytest.raises(WrongState):
        actions.decide_waiver(manager, waiver=wish, approve=True, at=AT)


def test_strangers_decide_nothing(desk, home):
    wish = asked(desk, home)
    with pytest.raises(NotFound):
        actions.decide_waiver(a_desk().scope, waiver=wish, approve=True, at=AT)
