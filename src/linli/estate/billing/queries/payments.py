"""A payment on the phone, while it is on its way and when it has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.billing.rules import SubjectKind
from linli.kernel.ids import CollectionId, HomeId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payments import queries as payments
from linli.money.payments.rules import State
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """What is to be paid for a home, and how that goes. `paid` is what it has paid; the rest goes back by itself."""

    collection: CollectionId
    subject: UUID
    kind: SubjectKind
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


_PAYMENT = """
    SELECT p.subject, p.subject_kind, p.home, cardinality(p.lines), p.collected_at, r.id, r.amount_minor
    FROM billing_payment p LEFT JOIN billing_receipt r ON r.collection = p.collection
    WHERE p.collection = %s AND p.payer = %s
"""


@query
def payment_page(scope: Scope, *, collection: CollectionId) -> PaymentPage:
    """This will show a payment to whoever began it."""
    row = sql.fetch_one(_PAYMENT, collection, scope.person)
    if row is None:
        raise NotFound("payment")
    subject, kind, home, lines, collected_at, receipt, paid = row
    card = payments.collection(SYSTEM, collection=collection)
    return PaymentPage(
        collection,
        subject,
        SubjectKind(kind),
        home,
        card.amount,
        card.state,
        card.expires_at,
        lines,
        None if collected_at is None else Money(paid or 0),
        receipt,
    )
