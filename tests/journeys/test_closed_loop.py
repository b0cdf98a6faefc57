"""The closed loop: neighbours order from two shops, pay, fetch, and change their minds; everybody gets the exact share.

The sums are worked out by hand here. Shop A sells rice at 12.80 for a commission of 8 %, of which the property company
has 40 %; shop B sells tea at 33.33 for 5 %, of which the company has 20 %; a courier
brings it for 4.00.

| order | what becomes of it | merchant | company | platform | courier |
|---|---|---|---|---|---|
| A: 3 rice, 38.40 | fetched: commission 3.07, company 1.23 | 35.33 | 1.23 | 1.84 | |
| B: 2 tea, 66.66 + 4.00 | brought: commission 3.33, company 0.67 | 63.33 | 0.67 | 2.66 | 4.00 |
| A: 1 rice, 12.80 | refused | | | | |
| A: 2 rice, 25.60 | cancelled by its buyer | | | | |
| A: 2 rice, 25.60 | fetched: commission 2.05, company 0.82 | 23.55 | 0.82 | 1.23 | |
| ... of which 12.80 | given back later: commission 1.03, company 0.41 | -11.77 | -0.41 | -0.62 | |
| A: 1 rice, 12.80 | dropped, and paid all the same: back by itself | | | | |
| | | 110.44 | 2.31 | 5.11 | 4.00 |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from builders import a_community, a_company, a_home, a_listing, a_person, a_shop
from builders.orders import Order, climb
from builders.places import Home
from builders.shops import Listing
from harness.databases import OwnDatabase
from harness.pages_over_http import serving_pages, until
from harness.payments_words import PSP, balance, facts
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import platform_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payments.gateways.embedded.driver import Driver, ProviderProcess
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import State, provider_day
from linli.money.payouts import actions as payouts
from linli.money.payouts import queries as payout_queries
from linli.money.payouts.rules import PayoutState
from linli.spine.scope import SYSTEM, Role
from linli.trade.orders import actions, tasks
from linli.trade.orders.rules import Fulfilment, OrderState, RefundAsk
from linli.trade.shops import actions as shops
from linli.works.doctor.examination import PARTS

pytestmark = pytest.mark.slow

A, B = 0, 1
DAYS = 10


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Street:
    """Two shops, three neighbours and their property company, and a provider that speaks HTTP."""

    listings: tuple[Listing, Listing]
    homes: tuple[Home, Home, Home]
    company: PartyId
    courier: PartyId
    driver: Driver

    @property
    def city(self) -> CityId:
        return self.homes[0].community.city

    @property
    def merchants(self) -> tuple[PartyId, PartyId]:
        return self.listings[A].shop.merchant, self.listings[B].shop.merchant

    def stands(self, address: str) -> int:
        return balance(self.city, address)

    def place(self, nth: int, *wanted: tuple[int, int]) -> tuple[Order, ...]:
        """This will have a neighbour order so many of each listing in one call, and go to the provider's page."""
        home = self.homes[nth]
        lines = [actions.Asked(variant=self.listings[which].variant, quantity=n) for which, n in wanted]
        placed = actions.order_now(home.scope, lines=lines, home=home.id, at=now())
        payments.begin_payment(home.scope, collection=placed.collection, channel="wechat", at=now())
        return tuple(
            Order(order, placed.checkout, placed.collection, self.listings[which].shop, home.scope, placed.total, now())
            for order, (which, _n) in zip(placed.orders, wanted, strict=True)
        )

    def pay(self, order: Order) -> None:
        """This will pay at the provider and wait for its call-back."""
        self.driver.pay(str(order.collection), occurred_at=now())
        until(lambda: state_of(order) is State.COLLECTED)
        climb(now())


def state_of(order: Order) -> State:
    return payment_queries.collection(SYSTEM, collection=order.collection).state


@pytest.fixture
def street(own_database: OwnDatabase, tmp_path: Path) -> Iterator[Street]:
    community, company = a_community(), a_company()
    people.entrust_community(
        SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=now() - timedelta(days=1)
    )
    first = a_shop(community=community, commission_bp=800, property_share_bp=4000).open_around_the_clock()
    second = a_shop(community=community, commission_bp=500, property_share_bp=2000).open_around_the_clock()
    second.delivering(fee="4.00")
    listings = (a_listing(shop=first, price="12.80", stock=50), a_listing(shop=second, price="33.33", stock=50))
    courier = a_person("小赵")
    people.grant_role(SYSTEM, party=courier, role=Role.COURIER, level=Level.CITY, place=community.city, at=now())
    shops.entrust_delivery(second.scope, shop=second.id, courier=courier, at=now())
    for payee in (first.merchant, second.merchant, company, courier):
        payouts.set_receiver(SYSTEM, payee=payee, name="老王", account="6222", bank="ICBC", at=now())
    one, two, three = (a_home(community=community).with_owner() for _ in range(3))
    with (
        serving_pages() as pages,
        ProviderProcess(home=tmp_path, callback_url=f"{pages}/callbacks/payments/{PSP}/", pace=0.1) as provider,
        serving(PSP, provider.gateway()),
    ):
        yield Street(listings, (one, two, three), company, courier, provider.driver())


def live(street: Street) -> None:
    """This will let the neighbours do everything in the table above, up to the last refund's confirmation."""
    rice, tea = street.place(0, (A, 3), (B, 2))
    assert (rice.total, tea.page.fulfilment) == (Money(10906), Fulfilment.SHOP_DELIVERY)
    street.pay(rice)
    rice.later(seconds=1).accepted().ready().handed_over()
    tea.later(seconds=1).accepted().ready().dispatched().handed_over()

    (refused,) = street.place(1, (A, 1))
    street.pay(refused)
    actions.refuse_order(refused.shop.scope, order=refused.id, reason="sold_out", at=now())

    (cancelled,) = street.place(2, (A, 2))
    street.pay(cancelled)
    actions.cancel_order(cancelled.buyer, order=cancelled.id, at=now())

    (kept,) = street.place(1, (A, 2))
    street.pay(kept)
    done = kept.later(seconds=1).accepted().ready().handed_over()
    half = RefundAsk(line=kept.lines[0].line, quantity=1)
    actions.grant_refund(kept.shop.scope, order=kept.id, lines=[half], reason="one was torn", at=done.at)

    (dropped,) = street.place(2, (A, 1))
    actions.cancel_checkout(dropped.buyer, checkout=dropped.checkout, at=now())
    street.driver.pay(str(dropped.collection), occurred_at=now())
    until(lambda: len(facts("payments.CollectedTooLate")) == 1)

    climb(now())
    payments.send_refunds(at=now() + timedelta(minutes=10))
    until(lambda: payment_queries.refunds(SYSTEM, waiting_only=True) == ())
    climb(now())
    assert [order.state for order in (rice, tea, refused, cancelled, kept, dropped)] == [
        OrderState.COMPLETED, OrderState.COMPLETED, OrderState.REFUSED, OrderState.CANCELLED, OrderState.COMPLETED,
        OrderState.CANCELLED,
    ]  # fmt: skip
    assert (state_of(dropped), state_of(kept)) == (State.CLOSED, State.PARTLY_REFUNDED)


def pay_out(street: Street, *, at: datetime) -> None:
    """This will end the holds, draw what is free of everybody and send it."""
    tasks.run_out(at=at)
    climb(at)
    payouts.release_holds(SYSTEM, at=at)
    assert len(payouts.draw_payouts(SYSTEM, city=street.city, at=at, minimum=Money(1))) == 4
    payouts.send_payouts(at=at)
    until(lambda: {card.state for card in payout_queries.payouts(SYSTEM)} == {PayoutState.ACCEPTED})


def reconcile(street: Street, *, since: date, at: datetime) -> None:
    """This will read the provider's bill and the bank's file of every day."""
    for day in (since + timedelta(days=n) for n in range(DAYS)):
        assert payments.fetch_bills(day=day, at=at) == 0
        payouts.fetch_bank_file(day=day, city=street.city, source=PSP, at=at)
    climb(at)


def test_from_the_baskets_to_a_bank_account_that_agrees_to_the_fen(street: Street):
    began = now()
    live(street)
    merchant_a, merchant_b = street.merchants
    pending = {
        f"merchant_pending:{merchant_a}": -(3533 + 2355 - 1177),
        f"merchant_pending:{merchant_b}": -6333,
        f"property_pending:{street.company}:{street.homes[0].community.id}": -(123 + 67 + 82 - 41),
        f"delivery_payable:{street.courier}": -400,
        "platform_commission": -(184 + 266 + 123 - 62),
        "refund_in_transit:embedded": 0,
        # What the provider holds; its fees come off with the bill, but what it returned of them it has said already.
        "psp_clearing:embedded": 3840 + 7066 + 2560 - 1280 + (8 + 15 + 8 + 8),
    }
    assert {address: street.stands(address) for address in pending} == pending

    free = began + timedelta(days=8)
    pay_out(street, at=free)
    reconcile(street, since=provider_day(began), at=free + timedelta(days=2))

    paid = {merchant_a: 4711, merchant_b: 6333, street.company: 231, street.courier: 400}
    cards = payout_queries.payouts(SYSTEM, city=street.city)
    assert {card.payee: card.amount.minor for card in cards} == paid
    assert {card.state for card in cards} == {PayoutState.SETTLED}
    for payee, minor in paid.items():
        statement = payout_queries.statement(SYSTEM, payee=payee, period=Period(began, free))
        assert (statement.earned - statement.taken_back).minor == minor
        assert sum(line.amount.minor for line in statement.lines) == minor

    assert payment_queries.differences(SYSTEM) == ()
    assert payout_queries.bank_differences(SYSTEM) == ()
    whole = ledger.trial_balance(SYSTEM, book=platform_book(street.city), at=free + timedelta(days=30))
    assert whole.total == Money.zero
    left = {node.word: node.balance.minor for c in whole.classes for node in c.children if node.balance}
    # The provider takes 0.6 % of each charge, and gives it back in proportion to what is refunded.
    fees = 65 + 15 - 8
    assert left == {"bank": 511 - fees, "psp_fees": fees, "platform_commission": -511}
    said = {part: [f for f in ask(free) if not f.ok] for part, ask in PARTS.items() if part != "installation"}
    assert {part: findings for part, findings in said.items() if findings} == {}
