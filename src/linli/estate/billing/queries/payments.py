"""A payment on the phone, while it is on its way and when it has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import SubjectKind
from linli.kernel.ids import CollectionId, CommunityId, HomeId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payments import queries as payments
from linli.money.payments.rules import State
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """What is to be paid for a home, and how that goes. `paid` is what it has paid; the rest goes back by itself."""

    collection: CollectionId
    subject: UUID
    kind: SubjectKind | None
    """None where the money goes into a wallet."""
    home: HomeId | None
    amount: Money
    state: State
    expires_at: datetime
    lines: int
    paid: Money | None
    receipt: ReceiptId | None

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class CodePage:
    """A payment that was asked for at the desk by a code: how it goes, and what to scan, by the channel's word."""

    payment: PaymentPage
    community: CommunityId
    codes: dict[str, str]


_BY_CODE = """
    SELECT p.subject, p.subject_kind, p.home, cardinality(p.lines), p.collected_at, r.id, r.amount_minor, p.community
    FROM billing_payment p LEFT JOIN billing_receipt r ON r.collection = p.collection
    WHERE p.collection = %s AND p.taken_by IS NOT NULL AND p.community = ANY(%s::uuid[])
"""
_PAYMENT = """
    SELECT p.subject, p.subject_kind, p.home, cardinality(p.lines), p.collected_at, r.id, r.amount_minor
    FROM billing_payment p LEFT JOIN billing_receipt r ON r.collection = p.collection
    WHERE p.collection = %s AND p.payer = %s
    UNION ALL
    SELECT t.subject, 'home', t.subject, 1, CASE WHEN t.state = 'lapsed' THEN t.asked_at ELSE r.received_at END,
           r.id, r.amount_minor
    FROM billing_term t LEFT JOIN billing_receipt r ON r.id = t.receipt_id
    WHERE t.collection = %s AND t.obligor = %s
    UNION ALL
    SELECT u.id, 'wallet', NULL, 1, u.collected_at, NULL,
           CASE WHEN u.collected_at IS NOT NULL THEN u.amount_minor END
    FROM billing_topup u WHERE u.collection = %s AND u.payer = %s
"""
_DEPOSIT = """
    SELECT d.subject, d.subject_kind, d.home, 1, CASE WHEN d.state <> 'asked' THEN d.asked_at END, NULL,
           CASE WHEN d.collection = %s THEN d.amount_minor END
    FROM billing_deposit d WHERE d.id = %s AND d.obligor = %s
"""
"""A deposit learns its collection when the money is there, so it is found by what the collection is for."""


@query
def payment_page(scope: Scope, *, collection: CollectionId) -> PaymentPage:
    """This will show a payment of bills, of months ahead, into a wallet, or of a deposit to whoever began it."""
    row = sql.fetch_one(_PAYMENT, *(collection, scope.person) * 3)
    if row is None:
        asked_for = payments.collection(SYSTEM, collection=collection).for_
        row = sql.fetch_one(_DEPOSIT, collection, asked_for, scope.person)
    if row is None:
        raise NotFound("payment")
    return _page(collection, row)


@query
def code_page(scope: Scope, *, collection: CollectionId) -> CodePage:
    """This will show a payment that was asked for by a code to the staff of its community."""
    row = sql.fetch_one(_BY_CODE, collection, sql.as_ids(scope.communities))
    if row is None:
        raise NotFound("payment")
    return CodePage(_page(collection, row[:7]), row[7], payments.codes(SYSTEM, collection=collection))


def _page(collection: CollectionId, row: tuple[Any, ...]) -> PaymentPage:
    subject, kind, home, lines, collected_at, receipt, paid = row
    card = payments.collection(SYSTEM, collection=collection)
    return PaymentPage(
        collection,
        subject,
        None if kind == WALLET else SubjectKind(kind),
        home,
        card.amount,
        card.state,
        card.expires_at,
        lines,
        None if collected_at is None else Money(paid or 0),
        receipt,
    )
