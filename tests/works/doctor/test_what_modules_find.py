"""Every module finds what is broken in its own rows: each row is broken behind the walls, named, and mended again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from builders import AT, a_listing, a_shop
from builders.orders import an_order
from harness.databases import Databases, OwnDatabase, django_on
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.money.payments import queries as payments
from linli.money.payouts import actions as payout_actions
from linli.money.payouts import queries as payouts
from linli.spine.findings import Finding
from linli.spine.scope import GUEST, SYSTEM
from linli.trade.orders import actions, queries, tasks
from linli.trade.stock import queries as stock
from linli.works.doctor.examination import PARTS

LATER = AT + timedelta(days=8)
NOW = LATER + timedelta(minutes=5)
MODULES = ("ledger", "payments", "payouts", "stock", "orders")


@pytest.fixture(scope="module")
def town(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """Two orders that were completed and whose payouts are drawn, one that is paid, one whose refund is on its way."""
    database = databases.clone()
    with django_db_blocker.unblock(), django_on(database):
        rice, tea = (a_listing(stock=20, shop=a_shop().open_around_the_clock()) for _ in range(2))
        for listing in (rice, tea):
            an_order(listing, 3).completed()
            payout_actions.set_receiver(
                SYSTEM, payee=listing.shop.merchant, name="老王", account="6222", bank="ICBC", at=AT
            )
        tasks.run_out(at=LATER)
        payout_actions.release_holds(SYSTEM, at=LATER)
        for listing in (rice, tea):
            city = listing.shop.community.city
            payout_actions.draw_payouts(SYSTEM, city=city, at=LATER, minimum=Money(1))
        an_order(rice, 2, at=LATER).paid()
        refused = an_order(tea, 1, at=LATER).paid()
        actions.refuse_order(refused.shop.scope, order=refused.id, reason="sold_out", at=refused.at)
        yield database
    databases.drop(database.name)


def wrong() -> dict[str, list[Finding]]:
    """This will ask every module, and keep what it says is wrong."""
    said = {part: [finding for finding in PARTS[part](NOW) if not finding.ok] for part in MODULES}
    return {part: findings for part, findings in said.items() if findings}


@dataclass(frozen=True)
class Case:
    """What somebody with the superuser's key does to the rows, how it is undone, and what is found meanwhile."""

    part: str
    invariant: str
    harm: str
    cure: str
    words: str


PAID = "(SELECT id FROM orders_order WHERE state = 'paid')"
CASES = (
    Case(
        "stock",
        "What is reserved is what orders hold",
        "UPDATE stock_level SET reserved = reserved + 1 WHERE reserved = 2",
        "UPDATE stock_level SET reserved = reserved - 1 WHERE reserved = 3",
        "3 are reserved, and orders hold 2",
    ),
    Case(
        "stock",
        "What is on hand is what the stock book says",
        "UPDATE stock_level SET on_hand = on_hand + 1 WHERE reserved = 2",
        "UPDATE stock_level SET on_hand = on_hand - 1 WHERE reserved = 2",
        "18 are on hand, and the stock book says 17",
    ),
    Case(
        "stock",
        "What is left of a batch is what its movements left",
        "UPDATE stock_batch SET remaining = 7 WHERE id = (SELECT min(id::text)::uuid FROM stock_batch)",
        "UPDATE stock_batch SET remaining = 17 WHERE remaining = 7",
        "7 remain, and its movements left 17",
    ),
    Case(
        "payments",
        "Every collection is captured at most once, and whole",
        "INSERT INTO payments_event (collection_id, source, external_id, kind, outcome, reference, provider_reference,"
        " address, amount_minor, fee_minor, currency, effect, occurred_at, recorded_at)"
        " SELECT collection_id, source, 'again', kind, outcome, reference, provider_reference, address, amount_minor,"
        " fee_minor, currency, effect, occurred_at, recorded_at FROM payments_event WHERE effect = 'collected' LIMIT 1",
        "DELETE FROM payments_event WHERE external_id = 'again'",
        "in 2 captures",
    ),
    Case(
        "payments",
        "Money on its way back is the sum of the refunds that are not confirmed",
        "UPDATE payments_refund SET amount_minor = amount_minor + 1",
        "UPDATE payments_refund SET amount_minor = amount_minor - 1",
        "12.80 on its way back through embedded, and refunds of 12.81 wait",
    ),
    Case(
        "payments",
        "Refunds arrive in time",
        "UPDATE payments_refund SET requested_at = requested_at - interval '4 days'",
        "UPDATE payments_refund SET requested_at = requested_at + interval '4 days'",
        "of 12.80 through embedded is requested since 2026-03-06",
    ),
    Case(
        "payments",
        "Nothing differs between the bills and the books",
        "INSERT INTO payments_difference (id, source, day, kind, reference, in_suspense_minor, detail, state, how,"
        " opened_at) VALUES (gen_random_uuid(), 'embedded', '2026-03-02', 'LOCAL_MISSING', 'ch-9', 0, '', 'open', '',"
        " now())",
        "DELETE FROM payments_difference",
        "LOCAL_MISSING on 2026-03-02 at embedded: ch-9",
    ),
    Case(
        "payments",
        "What stands on suspense is explained by open differences",
        "INSERT INTO payments_difference (id, city, source, day, kind, reference, in_suspense_minor, detail, state,"
        " how, opened_at) SELECT gen_random_uuid(), city, 'embedded', '2026-03-02', 'LOCAL_MISSING', 'ch-9', 500, '',"
        " 'open', '', now() FROM payments_collection LIMIT 1",
        "DELETE FROM payments_difference",
        "has 0.00 on suspense, and its open differences explain 5.00",
    ),
    Case(
        "payouts",
        "Payouts arrive in time",
        "UPDATE payouts_payout SET drawn_at = drawn_at - interval '8 days'",
        "UPDATE payouts_payout SET drawn_at = drawn_at + interval '8 days'",
        "is drawn; it was drawn on 2026-03-02T02:00+00:00",
    ),
    Case(
        "payouts",
        "Every line is in one payout only",
        "INSERT INTO payouts_claim (payout_id, line_id, minor) SELECT p.id, c.line_id, 0 FROM payouts_payout AS p"
        " JOIN payouts_claim AS c ON c.payout_id <> p.id LIMIT 1",
        "DELETE FROM payouts_claim WHERE minor = 0",
        "is in 2 payouts",
    ),
    Case(
        "payouts",
        "What was taken back of a line is the sum of its reversals",
        "UPDATE payouts_line SET reversed_minor = 7 WHERE id = (SELECT min(id) FROM payouts_line)",
        "UPDATE payouts_line SET reversed_minor = 0 WHERE reversed_minor = 7",
        "says that 0.07 was taken back, and its reversals sum to 0.00",
    ),
    Case(
        "payouts",
        "Money on its way to payees is what their payouts and the bank say",
        "UPDATE payouts_payout SET gross_minor = gross_minor + 1, amount_minor = amount_minor + 1",
        "UPDATE payouts_payout SET gross_minor = gross_minor - 1, amount_minor = amount_minor - 1",
        "and payouts of 35.34 wait for the bank",
    ),
    Case(
        "orders",
        "The escrow of an order that ended, or was not paid, is empty",
        f"UPDATE orders_order SET state = 'cancelled' WHERE id = {PAID}",
        "UPDATE orders_order SET state = 'paid' WHERE state = 'cancelled'",
        "is cancelled and 25.60 is left in its escrow",
    ),
    Case(
        "orders",
        "The escrow of a paid order holds what was not given back",
        f"UPDATE orders_line SET refunded_minor = 100 WHERE order_id = {PAID}",
        f"UPDATE orders_line SET refunded_minor = 0 WHERE order_id = {PAID}",
        "holds 25.60 instead of 24.60",
    ),
    Case(
        "orders",
        "The payees of an order earned what its lines still say",
        "UPDATE payouts_line SET amount_minor = amount_minor + 308 WHERE id = (SELECT min(id) FROM payouts_line)",
        "UPDATE payouts_line SET amount_minor = amount_minor - 308 WHERE id = (SELECT min(id) FROM payouts_line)",
        "earned 38.41, which is not between 35.33 and 38.40",
    ),
    Case(
        "orders",
        "Every order has told its fact",
        "UPDATE spine_fact SET kind = 'orders.Lost' WHERE body ->> 'checkout' = (SELECT checkout_id::text FROM"
        " orders_order WHERE state = 'paid') AND kind = 'orders.CheckoutPlaced'",
        "UPDATE spine_fact SET kind = 'orders.CheckoutPlaced' WHERE kind = 'orders.Lost'",
        "was placed and nobody was told",
    ),
    Case(
        "orders",
        "No order waits beyond its deadline",
        "UPDATE orders_order SET due_at = due_at - interval '1 day' WHERE state = 'paid'",
        "UPDATE orders_order SET due_at = due_at + interval '1 day' WHERE state = 'paid'",
        "is paid, and its time was up at 2026-03-09",
    ),
)


def test_a_town_that_nobody_touched_is_well(town: OwnDatabase):
    assert wrong() == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.invariant)
def test_what_is_broken_behind_the_walls_is_found_and_named(town: OwnDatabase, case: Case):
    with town.connect_as_superuser() as link:
        link.execute("SET session_replication_role = replica")  # with every trigger asleep
        changed = link.execute(case.harm).rowcount
        try:
            found = wrong()
        finally:
            link.execute(case.cure)
    assert changed > 0
    by_name = {finding.invariant: finding for finding in found.pop(case.part)}
    assert case.words in " ".join(map(str, by_name.pop(case.invariant).details))
    assert (found, set(by_name) <= {"Nothing differs between the bills and the books"}) == ({}, True)
    assert wrong() == {}


@pytest.mark.django_db
def test_nobody_but_the_house_may_look():
    for ask in (
        lambda: payments.check(GUEST, at=AT),
        lambda: payouts.check(GUEST, at=AT),
        lambda: stock.check(GUEST),
        lambda: queries.check(GUEST, at=AT),
    ):
        with pytest.raises(Denied):
            ask()
