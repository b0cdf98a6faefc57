"""Invoices that payers asked for: which wait to be issued, by when, and what each is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.queries.receipts import CARD, ReceiptCard, receipt_card
from linli.estate.billing.rules import InvoiceState
from linli.ground.files import queries as files
from linli.kernel.ids import CommunityId, FileId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """An invoice in a list; `number` is that of the paper, once it is issued."""

    invoice: UUID
    community: CommunityId
    payer: PartyId
    title: str
    tax_number: str
    amount: Money
    state: InvoiceState
    number: str
    file: FileId | None
    answer: str
    asked_at: datetime
    answer_by: datetime
    decided_by: PartyId | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvoicePage:
    card: InvoiceCard
    receipts: tuple[ReceiptCard, ...]


_CARDS = """
    SELECT id, community, payer, title, tax_number, amount_minor, state, number, file, answer, asked_at, answer_by,
           decided_by, decided_at
    FROM billing_invoice
"""
_CARD = _CARDS + " WHERE community = ANY(%s::uuid[])"


@query
def invoices(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    state: InvoiceState | None = None,
    words: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[InvoiceCard, ...]:
    """This will list invoices, the latest first; by number or a part of their title."""
    if not set(communities) <= set(scope.communities):
        raise NotFound("community")
    rows = sql.fetch(
        _CARD + " AND (%s = '' OR state = %s) AND (%s = '' OR number = %s OR strpos(lower(title), lower(%s)) > 0)"
        " AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s",
        sql.as_ids(communities),
        *(2 * [state.value if state else ""]),
        *(3 * [words.strip()]),
        after,
        after,
        min(limit, MOST),
    )
    return tuple(_card(row) for row in rows)


@query
def invoice_page(scope: Scope, *, invoice: UUID) -> InvoicePage:
    """This will show an invoice with the receipts that it is over."""
    row = sql.fetch_one(_CARD + " AND id = %s", sql.as_ids(scope.communities), invoice)
    if row is None:
        raise NotFound("invoice")
    receipts = sql.fetch(
        CARD + " WHERE r.id = ANY((SELECT receipts FROM billing_invoice WHERE id = %s)::uuid[]) ORDER BY r.id", invoice
    )
    return InvoicePage(_card(row), tuple(receipt_card(each) for each in receipts))


@query
def my_invoice(scope: Scope, *, receipt: ReceiptId) -> InvoiceCard | None:
    """This will show the invoice that the person who asks asked for over a receipt last, None where they never did."""
    row = sql.fetch_one(
        _CARDS + " WHERE payer = %s AND receipts @> ARRAY[%s]::uuid[] ORDER BY id DESC LIMIT 1", scope.person, receipt
    )
    return None if row is None else _card(row)


@query
def invoice_file(scope: Scope, *, invoice: UUID, at: datetime) -> str:
    """This will sign a word that opens the file of an invoice, for its payer and for the staff of its community."""
    row = sql.fetch_one(
        "SELECT file FROM billing_invoice WHERE id = %s AND (payer = %s OR community = ANY(%s::uuid[]))",
        *(invoice, scope.person, sql.as_ids(scope.communities if scope.company is not None else ())),
    )
    if row is None or row[0] is None:
        raise NotFound("invoice")
    return files.link(SYSTEM, file=FileId(row[0]), at=at)


def _card(row: tuple[Any, ...]) -> InvoiceCard:
    id_, community, payer, title, tax_number, amount, state, *rest = row
    return InvoiceCard(
        id_, CommunityId(community), PartyId(payer), title, tax_number, Money(amount), InvoiceState(state), *rest
    )
