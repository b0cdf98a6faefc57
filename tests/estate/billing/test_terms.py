"""Months paid ahead are covered, never billed twice; what is not used goes back, and the book follows each fen."""

from datetime import date, timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from harness.payments_words import told_of_money_going_back
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.issuing import NothingDrafted
from linli.estate.billing.actions.term_ending import MonthFirst, NothingLeft
from linli.estate.billing.models import Line, Month, Term
from linli.estate.billing.queries.term_prices import ChargedAlready, NotPaidAhead
from linli.ground.people import actions as people
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import (
    GIFT_MONTHS,
    desk_cash,
    fee_income,
    fee_receivable,
    fee_wallet,
    prepaid_term,
    property_book,
)
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
CASH = rules.Channel.CASH
LOCKED, REPRICED = rules.TermPrice.LOCKED, rules.TermPrice.REPRICED
MARCH = date(2026, 3, 1)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home()


@pytest.fixture
def fee(desk, home):
    item = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(item, home)
    return item


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def agrees(desk):
    return queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()


def offered(desk, fee, *, months=2, gifts=1, price=LOCKED):
    return actions.offer_term(
        desk.scope, community=desk.community.id, item=fee, months=months, gifts=gifts, price=price, at=AT
    )


def bought(desk, home, fee, first_on=MARCH, **offer):
    return actions.take_term(
        desk.scope, offer=offered(desk, fee, **offer), home=home.id, first_on=first_on, channel=CASH, at=AT
    )


def issued(desk, month):
    given = {"community": desk.community.id, "first_on": date(2026, month, 1), "at": AT}
    actions.draft_month(desk.scope, **given)
    return actions.issue_month(desk.scope, **given)


def lines_of(home):
    rows = Line.objects.inside().filter(subject=home.id).order_by("start_on", "id")
    return [(row.start_on.month, row.amount_minor, row.paid_minor) for row in rows]


def costs(desk, fee, amount, since):
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": amount})
    actions.set_tariff(desk.scope, item=fee, draft=draft, start_on=since, at=AT)


def test_a_locked_term_covers_its_months_whatever_comes_and_the_gift_costs_nothing(desk, home, fee):
    term = bought(desk, home, fee)
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "-200.00"
    costs(desk, fee, "130", date(2026, 4, 1))
    for month in (3, 4, 5, 6):
        issued(desk, month)
    assert lines_of(home) == [(3, 10000, 10000), (4, 10000, 10000), (5, 0, 0), (6, 13000, 0)]
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "0.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "130.00"
    assert book_of(desk, GIFT_MONTHS) == "100.00"
    assert book_of(desk, fee_income("property_fee")) == "-430.00"
    page = queries.term_page(home.scope, term=term)
    assert [(m.first_on.month, str(m.planned), str(m.costs), str(m.used)) for m in page.months] == [
        (3, "100.00", "100.00", "100.00"),
        (4, "100.00", "100.00", "100.00"),
        (5, "0.00", "100.00", "0.00"),
    ]
    assert str(page.card.gifts) == "100.00"
    assert agrees(desk)


def test_a_repriced_term_is_used_up_by_what_months_cost_and_the_difference_is_open(desk, home, fee):
    term = bought(desk, home, fee, gifts=0, price=REPRICED)
    costs(desk, fee, "130", date(2026, 4, 1))
    issued(desk, 3)
    issued(desk, 4)
    assert lines_of(home) == [(3, 10000, 10000), (4, 13000, 10000)]
    page = queries.term_page(desk.scope, term=term)
    assert [str(month.difference) for month in page.months] == ["0.00", "30.00"]
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "30.00"
    assert agrees(desk)


def test_what_a_cheaper_tariff_leaves_goes_into_the_wallet_for_fees(desk, home, fee):
    bought(desk, home, fee, gifts=0, price=REPRICED)
    costs(desk, fee, "80", date(2026, 4, 1))
    issued(desk, 3)
    issued(desk, 4)
    assert actions.end_terms(SYSTEM, limit=10, at=AT) == 1
    assert actions.end_terms(SYSTEM, limit=10, at=AT) == 0
    assert book_of(desk, fee_wallet(desk.community.id, home.owner, "property")) == "-20.00"
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "0.00"
    assert agrees(desk)


def test_a_month_is_sold_once_and_only_before_it_goes_out(desk, home, fee):
    issued(desk, 2)
    with pytest.raises(ChargedAlready):
        bought(desk, home, fee, first_on=date(2026, 2, 1))
    offer = offered(desk, fee, months=3, gifts=0)
    given = {"offer": offer, "home": home.id, "channel": CASH, "at": AT}
    actions.take_term(desk.scope, first_on=MARCH, **given)
    with pytest.raises(ChargedAlready):
        actions.take_term(desk.scope, first_on=date(2026, 5, 1), **given)
    assert book_of(desk, desk_cash("front")) == "300.00"


def test_a_draft_that_was_made_before_a_term_is_made_again(desk, home, fee):
    month = {"community": desk.community.id, "first_on": MARCH, "at": AT}
    actions.draft_month(desk.scope, **month)
    bought(desk, home, fee)
    with pytest.raises(NothingDrafted):
        actions.issue_month(desk.scope, **month)
    assert Month.objects.inside().get().state == "open"
    issued(desk, 3)
    assert lines_of(home) == [(3, 10000, 10000)]


def test_what_is_metered_or_not_charged_cannot_be_paid_ahead(desk, home, fee):
    other = desk.priced(desk.an_item("other"), "fixed", amount="5")
    with pytest.raises(NotPaidAhead):
        bought(desk, home, other)
    with pytest.raises(Invalid):
        offered(desk, fee, months=2, gifts=3)
    assert not Term.objects.inside().exists()


def test_what_is_not_used_goes_back_month_by_month_and_the_gift_is_lost(desk, home, fee):
    term = bought(desk, home, fee, months=3, gifts=1)
    issued(desk, 3)
    back = actions.return_term(desk.scope, term=term, since=date(2026, 5, 1), channel=CASH, why="asked for it", at=AT)
    assert str(back) == "100.00"
    page = queries.term_page(desk.scope, term=term)
    assert [(m.first_on.month, str(m.returned), m.is_over) for m in page.months] == [
        (3, "0.00", False),
        (4, "0.00", False),
        (5, "100.00", True),
        (6, "0.00", True),
    ]
    assert (page.card.state, page.card.end_on) == (rules.TermState.HELD, date(2026, 5, 1))
    for month in (4, 5, 6):
        issued(desk, month)
    assert lines_of(home) == [(3, 10000, 10000), (4, 10000, 10000), (5, 10000, 0), (6, 10000, 0)]
    with pytest.raises(NothingLeft):
        actions.return_term(desk.scope, term=term, channel=CASH, why="again", at=AT)
    assert book_of(desk, desk_cash("front")) == "200.00"
    assert agrees(desk)


def test_all_of_a_term_may_go_back_the_way_it_came(desk, home, fee):
    offer = offered(desk, fee)
    collection = actions.begin_term(home.scope, offer=offer, home=home.id, first_on=MARCH, at=AT)
    card = collections.collection(SYSTEM, collection=collection)
    assert str(card.amount) == "200.00"
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=card.amount, line="1", at=AT)
    term = Term.objects.inside().get(collection=collection).pk
    actions.record_term(SYSTEM, term=term, at=AT)
    actions.record_term(SYSTEM, term=term, at=AT)
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "-200.00"
    back = actions.return_term(desk.scope, term=term, channel=rules.Channel.ONLINE, why="moves", at=AT)
    assert str(back) == "200.00"
    assert Term.objects.inside().get(pk=term).state == "returned"
    with pytest.raises(WrongState):
        actions.return_term(desk.scope, term=term, channel=CASH, why="again", at=AT)
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "0.00"
    assert agrees(desk)


def test_money_for_months_that_went_out_meanwhile_goes_back_by_itself(desk, home, fee):
    offer = offered(desk, fee)
    collection = actions.begin_term(home.scope, offer=offer, home=home.id, first_on=MARCH, at=AT)
    issued(desk, 3)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=Money.parse("200.00"), line="1", at=AT
    )
    term = Term.objects.inside().get(collection=collection).pk
    actions.record_term(SYSTEM, term=term, at=AT)
    assert Term.objects.inside().get(pk=term).state == "lapsed"
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "0.00"
    assert lines_of(home) == [(3, 10000, 0)]
    assert told_of_money_going_back(home.owner) == ["200.00"]


def sold(desk, home, on):
    """The home changes hands; gives the buyer."""
    buyer = a_person()
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=on, at=AT)
    people.move_in(SYSTEM, party=buyer, home=home.id, kind="owner", start_on=on, at=AT)
    actions.cut_terms(SYSTEM, home=home.id, person=home.owner, cut_on=on, at=AT)
    return buyer


def test_a_sale_cuts_the_term_and_the_buyer_owes_their_own_days(desk, home, fee):
    term = bought(desk, home, fee, months=3, gifts=1)
    buyer = sold(desk, home, date(2026, 3, 11))
    with pytest.raises(MonthFirst):
        actions.hand_on_term(desk.scope, term=term, at=AT)
    issued(desk, 3)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert book_of(desk, fee_receivable(home.id, buyer)) == "67.74"
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "-267.74"
    made = actions.hand_on_term(desk.scope, term=term, at=AT)
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "0.00"
    assert book_of(desk, prepaid_term(home.id, buyer)) == "-267.74"
    for month in (4, 5, 6):
        issued(desk, month)
    assert lines_of(home)[2:] == [(4, 10000, 10000), (5, 10000, 10000), (6, 0, 0)]
    actions.end_terms(SYSTEM, limit=10, at=AT)
    assert Term.objects.inside().get(pk=made).state == "ended"
    assert book_of(desk, fee_wallet(desk.community.id, buyer, "property")) == "-67.74"
    assert agrees(desk)


def test_who_sold_gets_the_rest_back_and_what_nobody_decides_goes_into_their_wallet(desk, home, fee):
    term = bought(desk, home, fee, months=2, gifts=0)
    sold(desk, home, date(2026, 4, 1))
    issued(desk, 3)
    later = AT + timedelta(days=31)
    assert actions.end_terms(SYSTEM, limit=10, at=AT + timedelta(days=29)) == 0
    assert actions.end_terms(SYSTEM, limit=10, at=later) == 1
    assert book_of(desk, fee_wallet(desk.community.id, home.owner, "general")) == "-100.00"
    assert Term.objects.inside().get(pk=term).state == "ended"
    issued(desk, 4)
    assert lines_of(home) == [(3, 10000, 10000), (4, 10000, 0)]
    assert agrees(desk)


def test_strangers_and_neighbours_find_nothing(desk, home, fee):
    term = bought(desk, home, fee)
    other = a_desk()
    for scope in (other.scope, desk.a_home().scope):
        with pytest.raises(NotFound):
            queries.term_page(scope, term=term)
    with pytest.raises(NotFound):
        actions.return_term(other.scope, term=term, channel=CASH, why="mine", at=AT)
    with pytest.raises(NotFound):
        actions.begin_term(
            desk.a_home().scope,
            offer=offered(desk, fee, months=1, gifts=0),
            home=home.id,
            first_on=date(2026, 7, 1),
            at=AT,
        )
    assert book_of(desk, prepaid_term(home.id, home.owner)) == "-200.00"


def test_a_term_that_nobody_pays_lapses(desk, home, fee):
    actions.begin_term(home.scope, offer=offered(desk, fee), home=home.id, first_on=MARCH, at=AT)
    assert actions.lapse_terms(SYSTEM, limit=10, at=AT + timedelta(days=1)) == 0
    assert actions.lapse_terms(SYSTEM, limit=10, at=AT + timedelta(days=2)) == 1
    assert Term.objects.inside().get().state == "lapsed"
