"""Statements: what a merchant and a property company earned, line by line, and what was paid out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import MOST_LISTED, Instant, Listed, Paged, Query, page_of
from linli.kernel.ids import LineId, PartyId, PayoutId
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payouts import queries as payouts
from linli.money.payouts.queries import PayoutCard, Statement
from linli.spine.scope import Role
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import CommissionLine
from linli.trade.shops import queries as shops


class OfPeriod(Query):
    """Half-open: `start` belongs to it, `end` does not."""

    start: Instant
    end: Instant
    after: Annotated[int, Meta(ge=0, le=2**62)] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 30


class CommissionsOf(Query):
    start: Instant
    end: Instant
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 30


def _period(query: OfPeriod | CommissionsOf) -> Period[datetime]:
    if query.end < query.start:
        raise Invalid("end", "This ends before it starts.")
    return Period(query.start, query.end)


def _payee(request: ApiRequest) -> PartyId:
    """Whoever is paid: the shop's merchant, or the property company."""
    if request.scope.role is Role.MERCHANT:
        return shops.shop(request.scope, shop=request.shop).merchant
    if request.scope.company is None:
        raise NotFound("company")
    return request.scope.company


@endpoint(
    "GET",
    "statement",
    role=(Role.MERCHANT, Role.PROPERTY),
    summary="Show what was earned and taken back in a period, line by line.",
)
def show_statement(request: ApiRequest, query: OfPeriod) -> Statement:
    return payouts.statement(
        request.scope, payee=_payee(request), period=_period(query), after=query.after, limit=query.limit
    )


@endpoint("GET", "payouts", role=(Role.MERCHANT, Role.PROPERTY), summary="List the payouts, the latest first.")
def list_payouts(request: ApiRequest, query: Paged) -> Listed[PayoutCard]:
    after = PayoutId(query.after) if query.after else None
    rows = payouts.payouts(request.scope, payee=_payee(request), after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.id)


@endpoint(
    "GET",
    "commissions",
    role=Role.PROPERTY,
    summary="List the company's part of each line sold in its communities.",
)
def list_commissions(request: ApiRequest, query: CommissionsOf) -> Listed[CommissionLine]:
    period = _period(query)
    rows = orders.commission_lines(
        request.scope,
        start=period.start,
        end=query.end,
        after=LineId(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    return page_of(rows, query.limit, lambda row: row.line)
