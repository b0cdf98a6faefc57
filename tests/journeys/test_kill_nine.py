"""Kill -9 in the middle of things: after the restart every order is whole or never was, and the books are at zero."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from pytest_django import DjangoDbBlocker

from builders import a_home, a_listing, a_shop
from builders.orders import climb
from builders.places import Home
from builders.shops import Listing
from harness.callers import access
from harness.databases import Databases, django_on
from harness.payments_words import as_the_house
from harness.running_house import PSP, Client, House, insist
from harness.soundness import all_is_well
from linli.config.postgres.lock import one_process
from linli.ground.policies import actions as policies
from linli.kernel.ids import PayoutId
from linli.kernel.money import Money
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import platform_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payments.gateways.protocol import GatewayUnavailable
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import provider_day
from linli.money.payouts import actions as payouts
from linli.money.payouts import queries as payout_queries
from linli.money.payouts.rules import PayoutState
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions as orders
from linli.trade.orders import queries, tasks

pytestmark = pytest.mark.slow

BUYERS = 3
CHECKOUTS = 5
"""Of each buyer."""
STOCK = 100


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def durable() -> Iterator[Databases]:
    """A server that keeps what it committed; nobody else uses it while it is killed."""
    databases = Databases(durable=True)
    databases.cluster.folder.mkdir(parents=True, exist_ok=True)
    with one_process(databases.cluster.folder / "killed", timeout_s=600), databases.serving():
        yield databases


@pytest.fixture
def house(durable: Databases, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[House]:
    """A running house on an empty database."""
    database = durable.clone()
    with django_db_blocker.unblock(), django_on(database):
        running = House(database, tmp_path)
        try:
            with serving(PSP, running.provider.gateway()):
                running.wait_until_ready()
                yield running
        finally:
            running.stop()
    durable.drop(database.name)


@dataclass
class Street:
    """Two shops, and buyers who order from both of them in one checkout each time."""

    house: House
    listings: tuple[Listing, Listing]
    homes: list[Home]
    tokens: list[str]
    placed: int = 0

    def buy(self, nth: int) -> list[UUID]:
        """This will have one buyer order and pay, again and again, trying until answered; it gives what was ordered."""
        client, found = Client(self.house.url, self.tokens[nth]), []
        lines = [{"variant": str(listing.variant), "quantity": n} for n, listing in enumerate(self.listings, start=1)]
        for checkout in range(CHECKOUTS):
            status, placed = client.call(
                "POST",
                "/api/v1/orders",
                {"home": str(self.homes[nth].id), "lines": lines},
                key=f"order-{nth}-{checkout}",
            )
            assert status == 201, placed
            self.placed += 1
            found += [UUID(order) for order in placed["orders"]]
            where = f"/api/v1/collections/{placed['collection']}/payments"
            assert client.call("POST", where, {"channel": "wechat"})[0] == 201
            insist(partial(self._pay, placed["collection"]))
        return found

    def has_placed(self, most: int) -> bool | None:
        """This will tell whether so many checkouts were answered by now."""
        return self.placed >= most or None

    def _pay(self, reference: str) -> bool | None:
        try:
            return self.house.provider.driver().pay(reference, occurred_at=now()) is not None
        except GatewayUnavailable:
            return None


@pytest.fixture
def street(house: House) -> Street:
    first = a_shop().open_around_the_clock()
    second = a_shop(community=first.community).open_around_the_clock()
    listings = (a_listing(shop=first, price="12.80", stock=STOCK), a_listing(shop=second, price="3.33", stock=STOCK))
    homes = [a_home(community=first.community).with_owner() for _ in range(BUYERS)]
    for shop in (first, second):
        payouts.set_receiver(SYSTEM, payee=shop.merchant, name="老王", account="6222", bank="ICBC", at=now())
    return Street(house, listings, homes, [access(home.scope) for home in homes])


def settle_what_waits(at: datetime) -> None:
    """This will ask for what no call-back told, carry every fact, and have the clock strike, as the worker does."""
    insist(lambda: _nothing_waits(at))


def _nothing_waits(at: datetime) -> bool | None:
    payments.sweep_pending(at=at)
    climb(at)
    tasks.run_out(at=at)
    [(waiting,)] = as_the_house("SELECT count(*) FROM orders_order WHERE state = 'placed'")
    return waiting == 0 or None


def serve_all(street: Street, ids: list[UUID], *, at: datetime) -> None:
    """This will have the shops refuse every fifth order and hand over all the others."""
    merchants = {listing.shop.id: listing.shop.scope for listing in street.listings}
    buyers = {home.owner: home.scope for home in street.homes}
    rows = as_the_house("SELECT id, shop, buyer FROM orders_order WHERE id = ANY(%s::uuid[]) ORDER BY id", ids)
    for nth, (order, shop, buyer) in enumerate(rows):
        if nth % 5 == 0:
            orders.refuse_order(merchants[shop], order=order, reason="sold_out", at=at)
            continue
        orders.accept_order(merchants[shop], order=order, at=at)
        orders.finish_order(merchants[shop], order=order, at=at)
        code = queries.order_page(buyers[buyer], order=order).code
        assert code is not None
        assert orders.hand_over_order(merchants[shop], order=order, code=code, at=at) is Redeemed.OK
    climb(at)


def send_the_money_back(at: datetime) -> None:
    """This will ask the provider for every refund and wait until it has confirmed the last one."""
    payments.send_refunds(at=at + timedelta(seconds=1))
    insist(lambda: payment_queries.refunds(SYSTEM, waiting_only=True) == () or None)
    climb(at)


@pytest.mark.parametrize("part", ["worker", "provider", "web", "postmaster"])
def test_every_order_is_whole_or_never_was(street: Street, part: str):
    house, draw = street.house, Random(part)
    with ThreadPoolExecutor(BUYERS) as pool:
        buying = [pool.submit(street.buy, nth) for nth in range(BUYERS)]
        for nth in (2, 8):
            insist(partial(street.has_placed, nth))
            time.sleep(draw.uniform(0.0, 0.08))
            house.kill(part)
            time.sleep(draw.uniform(0.0, 0.2))
            house.start(part)
        ordered = [order for buyer in buying for order in buyer.result()]
    connection.close()
    assert len(set(ordered)) == len(ordered) == 2 * BUYERS * CHECKOUTS
    assert sorted(row[0] for row in as_the_house("SELECT id FROM orders_order")) == sorted(ordered)

    at = now() + timedelta(seconds=40)
    settle_what_waits(at)
    all_is_well(at)
    due = BUYERS * CHECKOUTS * (1280 + 2 * 333)
    assert books(street) == {"order_escrow": -due, "psp_clearing": due}

    serve_all(street, ordered, at=at)
    send_the_money_back(at)
    all_is_well(at)
    standing = books(street)
    assert (standing.get("order_escrow", 0), standing.get("refund_in_transit", 0)) == (0, 0)
    assert sum(standing.values()) == 0
    assert payments.fetch_bills(day=provider_day(now()), at=at) == 0
    assert as_the_house("SELECT sum(amount_minor) FROM payments_event WHERE effect = 'collected'") == [(due,)]
    sold = as_the_house("SELECT -coalesce(sum(quantity), 0) FROM stock_movement WHERE kind = 'sale'")
    lines = as_the_house(
        "SELECT sum(l.quantity) FROM orders_line AS l JOIN orders_order AS o ON o.id = l.order_id"
        " WHERE o.state = 'completed'"
    )
    assert sold == lines
    assert as_the_house("SELECT sum(on_hand), sum(reserved) FROM stock_level") == [(2 * STOCK - lines[0][0], 0)]


def books(street: Street) -> dict[str, int]:
    """This will read the trial balance of the street's city by word, leaving out what is at zero."""
    book = platform_book(street.homes[0].community.city)
    found = ledger.trial_balance(SYSTEM, book=book, at=now() + timedelta(days=30))
    assert found.total == Money.zero
    return {node.word: node.balance.minor for c in found.classes for node in c.children if node.balance}


_SEND_AND_DIE = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from linli.money.payouts.actions import send_payouts
from linli.money.payouts import gateways

class Dying:
    calls = 0

    def pay_out(self, instruction):
        self.calls += 1
        if sys.argv[1] == "after the claim" and self.calls == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = getattr(gateways, sys.argv[3])().pay_out(instruction)
        if sys.argv[1] == "after the call" and self.calls == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

send_payouts(at=datetime.fromisoformat(sys.argv[2]), gateway=Dying())
"""


def send_and_die(house: House, moment: str, at: datetime, way: str) -> None:
    """This will have a process of its own send what is due, and die at the second payout."""
    done = subprocess.run(
        [sys.executable, "-c", _SEND_AND_DIE, moment, at.isoformat(), way],
        env=house.environment,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


@pytest.mark.parametrize("moment", ["after the claim", "after the call"])
def test_the_same_payout_is_sent_again_and_the_bank_sees_one_transfer(street: Street, moment: str):
    """The sender of payouts dies at the second of them: what it had claimed is called again under the same id."""
    house = street.house
    free, drawn = two_payouts(street)
    send_and_die(house, moment, free, "CustodyTransfers")
    assert as_the_house("SELECT count(*), sum(calls) FROM payouts_payout WHERE calls > 0") == [(2, 2)]

    insist(lambda: _all_accepted(free + timedelta(minutes=5)))
    every_payout_arrived_once(street, drawn, free)


@pytest.mark.parametrize("part", ["worker", "provider", "web", "postmaster"])
def test_a_payout_arrives_once_whoever_is_killed_while_it_is_sent(street: Street, part: str):
    """The call of a payout, its answer, its call-back and its bank file: any of the four may die on the way."""
    house, draw = street.house, Random(f"payout {part}")
    free, drawn = two_payouts(street)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(_send_until_accepted, free + timedelta(minutes=5))
        time.sleep(draw.uniform(0.0, 0.1))
        house.kill(part)
        time.sleep(draw.uniform(0.0, 0.2))
        house.start(part)
        sending.result()
    connection.close()
    every_payout_arrived_once(street, drawn, free)


def two_payouts(street: Street) -> tuple[datetime, tuple[PayoutId, ...]]:
    """This will have a neighbour buy, the shops serve, and a payout of each shop drawn once its hold is over."""
    ordered = street.buy(0)
    settle_what_waits(now() + timedelta(seconds=40))
    serve_all(street, ordered, at=now())
    send_the_money_back(now())
    free = now() + timedelta(days=8)
    tasks.run_out(at=free)
    payouts.release_holds(SYSTEM, at=free)
    drawn = payouts.draw_payouts(SYSTEM, city=street.homes[0].community.city, at=free, minimum=Money(1))
    assert len(drawn) == 2
    return free, drawn


def every_payout_arrived_once(street: Street, drawn: tuple[PayoutId, ...], free: datetime) -> None:
    """This will hold what was drawn against the bank's own file, and the books against zero."""
    house, city, again = street.house, street.homes[0].community.city, free + timedelta(hours=6)
    assert sorted(row[0] for row in as_the_house("SELECT id FROM payouts_payout")) == sorted(drawn)
    all_is_well(free)

    days = sorted({provider_day(free), provider_day(again)})
    said = [line for day in days for line in house.provider.gateway().fetch_bank_file(day) if line.kind == "payout"]
    assert sorted(line.reference for line in said) == sorted(str(payout) for payout in drawn)
    for day in days:
        payouts.fetch_bank_file(day=day, city=city, source=PSP, at=again)
    climb(again)
    assert {card.state for card in payout_queries.payouts(SYSTEM)} == {PayoutState.SETTLED}
    standing = books(street)
    assert (standing.get("payout_in_transit", 0), standing.get("merchant_available", 0)) == (0, 0)
    all_is_well(free)


def _send_until_accepted(at: datetime) -> None:
    """As a worker does: what could not be sent, or found no database to ask, is tried again a while later."""
    looks = count()

    def accepted() -> bool | None:
        try:
            return _all_accepted(at + next(looks) * timedelta(seconds=30))
        except DatabaseError:
            connection.close()
            return None

    try:
        insist(accepted)
    finally:
        connection.close()


def _all_accepted(at: datetime) -> bool | None:
    """The bank's word comes by its answer or by its call-back, whichever is first."""
    payouts.send_payouts(at=at)
    on_the_way = (PayoutState.DRAWN, PayoutState.SENT)
    return not any(card.state in on_the_way for card in payout_queries.payouts(SYSTEM)) or None


@pytest.mark.parametrize("moment", ["after the claim", "after the call", "the payer"])
def test_the_same_share_is_asked_for_again_and_the_provider_pays_it_once(street: Street, moment: str):
    """Whoever dies, sender or payer: each share of a held charge is paid once, and in the end nothing is left over."""
    house, city = street.house, street.homes[0].community.city
    values = {"held_for_split": True, "split_most_bp": 10_000}
    begun = now()
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=begun, at=begun)
    for listing in street.listings:
        merchant = listing.shop.merchant
        payouts.set_split_receiver(SYSTEM, payee=merchant, receiver=str(merchant), at=now())
    ordered = street.buy(0)
    settle_what_waits(now() + timedelta(seconds=40))
    serve_all(street, ordered, at=now())
    send_the_money_back(now())
    free = now() + timedelta(days=8)
    tasks.run_out(at=free)
    payouts.release_holds(SYSTEM, at=free)
    drawn = payouts.draw_payouts(SYSTEM, city=city, at=free)
    assert as_the_house("SELECT DISTINCT way FROM payouts_payout") == [("split",)]
    assert len(drawn) == 2 * CHECKOUTS - 2  # a share for each order that was served
    if moment == "the payer":
        house.kill("provider")
        payouts.send_payouts(at=free, limit=2)
        assert as_the_house("SELECT count(*) FROM payouts_payout WHERE state = 'accepted'") == [(0,)]
        house.start("provider")
    else:
        send_and_die(house, moment, free, "ProviderSplits")
    again = free + timedelta(minutes=5)
    insist(lambda: _all_accepted(again))
    all_is_well(free)

    day = provider_day(free)
    said = [line for line in house.provider.gateway().fetch_bill(day) if line.kind == "split"]
    assert sorted(line.reference for line in said) == sorted(str(payout) for payout in drawn)
    for each in (provider_day(begun), day):
        assert payments.fetch_bills(day=each, at=again) == 0
    assert payouts.match_splits(SYSTEM, source=PSP, day=day, at=again) == len(drawn)
    assert {card.state for card in payout_queries.payouts(SYSTEM)} == {PayoutState.SETTLED}

    late = begun + timedelta(days=29, hours=1)
    assert payments.release_held(at=late) == CHECKOUTS
    assert payments.fetch_bills(day=provider_day(late), at=late) == 0
    payouts.fetch_bank_file(day=provider_day(late) + timedelta(days=1), city=city, source=PSP, at=late)
    standing = books(street)
    left = ("psp_clearing", "payout_in_transit", "merchant_available", "order_escrow", "refund_in_transit", "suspense")
    assert {word: standing.get(word, 0) for word in left} == dict.fromkeys(left, 0)
    assert standing["bank"] == -standing["platform_commission"] - standing["psp_fees"]
    all_is_well(free)
