"""A resident's bills: what is owed, one bill with the reason of each line, and a payment asked for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.estate.billing import actions, queries
from linli.estate.billing.queries import Account, BillCard, BillPage
from linli.estate.billing.rules import BillingPolicy
from linli.faces.openapi.counters import insist_offered
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Amount, Body, Listed, Paged, page_of
from linli.kernel.ids import BillId, CollectionId
from linli.spine.scope import Role


class NewBillPayment(Body):
    """What is paid: all that is open for a home (or a space, a contract), or the picked lines of it; with an amount a
    part of that."""

    subject: UUID
    lines: Annotated[tuple[int, ...], Meta(max_length=200)] = ()
    amount: Amount | None = None


class BillPaymentMade(msgspec.Struct):
    collection: CollectionId


class Owing(msgspec.Struct):
    accounts: tuple[Account, ...]


@endpoint("GET", "bills/owed", role=Role.RESIDENT, summary="Tell what the resident owes, home by home.")
def show_owed(request: ApiRequest) -> Owing:
    insist_offered(request, BillingPolicy)
    return Owing(queries.accounts(request.scope, at=request.at))


@endpoint("GET", "bills", role=Role.RESIDENT, summary="List the resident's own bills, the latest first.")
def list_bills(request: ApiRequest, query: Paged) -> Listed[BillCard]:
    insist_offered(request, BillingPolicy)
    after = BillId(query.after) if query.after else None
    rows = queries.my_bills(request.scope, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.bill)


@endpoint(
    "GET",
    "bills/<uuid:bill>",
    role=(Role.RESIDENT, Role.PROPERTY),
    summary="Show a bill, why each of its lines costs what it does, and what was paid of it.",
)
def show_bill(request: ApiRequest, bill: BillId) -> BillPage:
    insist_offered(request, BillingPolicy)
    return queries.bill_page(request.scope, bill=bill)


@endpoint(
    "POST",
    "bill-payments",
    role=Role.RESIDENT,
    status=201,
    summary="Ask for one payment of what is open now. Pay the collection of the answer.",
)
def create_bill_payment(request: ApiRequest, body: NewBillPayment) -> BillPaymentMade:
    insist_offered(request, BillingPolicy)
    collection = actions.begin_payment(
        request.scope,
        subject=body.subject,
        lines=body.lines,
        amount=body.amount.money if body.amount else None,
        at=request.at,
    )
    return BillPaymentMade(collection)
