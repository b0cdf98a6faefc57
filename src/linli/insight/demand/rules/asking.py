"""A question to the night's engine as plain lists, so that a process beside the worker may be asked it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from linli.insight.demand.rules.factors import Feast
from linli.insight.demand.rules.night import Sold, Told, tell

_EPOCH = date(1970, 1, 1)


class Series(msgspec.Struct, frozen=True, array_like=True):
    """What a shop sold of a variant in a community: days since 1970, and the quantity of each of them."""

    shop: UUID
    variant: UUID
    community: UUID
    kind: str
    days: list[int]
    quantities: list[int]
    category: UUID | None = None


class Asked(msgspec.Struct, frozen=True):
    """Sales up to a day, to be foretold from there."""

    last_on: date
    sold: list[Series]
    feasts: tuple[Feast, ...] = ()


def answer(asked: Asked) -> tuple[Told, ...]:
    """This will foretell every variant that was sold often enough."""
    sold = [
        Sold(each.shop, each.variant, each.community, each.kind, _EPOCH + timedelta(days=day), quantity, each.category)
        for each in asked.sold
        for day, quantity in zip(each.days, each.quantities, strict=True)
    ]
    return tell(sold, asked.last_on, asked.feasts)
