"""The platform's books: trial balances, other people's money, and what does not agree."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Instant, Listed, Query
from linli.kernel.ids import CityId
from linli.kernel.money import Money
from linli.money.ledger import queries as ledger
from linli.money.ledger.queries import Safeguarding, TrialBalance
from linli.money.ledger.rules import platform_book
from linli.money.payments import queries as payments
from linli.money.payments.queries import DifferenceCard
from linli.spine.may import May
from linli.spine.scope import Role


class UpTo(Query):
    """Up to an instant, or to now."""

    at: Instant | None = None


class Differences(Query):
    open_only: bool = True
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class Trial(msgspec.Struct):
    """`total` is zero, or something has got around the database."""

    balance: TrialBalance
    total: Money


@endpoint(
    "GET",
    "cities/<uuid:city>/trial-balance",
    role=Role.PLATFORM,
    needs=May.READ_LEDGER,
    summary="Sum a city's book by account.",
)
def show_trial_balance(request: ApiRequest, city: CityId, query: UpTo) -> Trial:
    made = ledger.trial_balance(request.scope, book=platform_book(city), at=query.at or request.at)
    return Trial(made, made.total)


@endpoint(
    "GET",
    "cities/<uuid:city>/safeguarding",
    role=Role.PLATFORM,
    needs=May.READ_LEDGER,
    summary="Compare what a city's book holds with what it owes to others.",
)
def show_safeguarding(request: ApiRequest, city: CityId) -> Safeguarding:
    return ledger.safeguarding(request.scope, city=city)


@endpoint(
    "GET",
    "differences",
    role=Role.PLATFORM,
    needs=May.RECONCILE,
    summary="List what does not agree with provider and bank.",
)
def list_differences(request: ApiRequest, query: Differences) -> Listed[DifferenceCard]:
    return Listed(payments.differences(request.scope, open_only=query.open_only, limit=query.limit))
