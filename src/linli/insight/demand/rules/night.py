"""The night's work: what each shop will sell, of all its communities together and of each alone.

Neighbouring shops teach each other: goods of one kind share their days, and those of one category among them weekdays,
trend and how far days stray, so that a shop with few sales of its own is not left to its own noise. What stands in no
category is taken for one of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.insight.demand.rules.factors import Feast
from linli.insight.demand.rules.forecast import foretell
from linli.insight.demand.rules.sales import Sales, gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HORIZON_D = 14
LEAST_SOLD = 5
"""Nothing is foretold of what has hardly ever been sold."""
KEPT_D = 400
"""Older sales are let go."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Sold:
    """A day's sales of a variant in a community."""

    shop: UUID
    variant: UUID
    community: UUID
    kind: str
    day: date
    quantity: int
    category: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The quantiles of the days to come of a variant, of all communities or of one."""

    shop: UUID
    variant: UUID
    community: UUID | None
    kind: str
    days: tuple[tuple[float, ...], ...]


def tell(sold: Sequence[Sold], last_on: date, feasts: Sequence[Feast] = ()) -> tuple[Told, ...]:
    """This will foretell every variant that was sold often enough, together and, where there are several, alone."""
    sold = [each for each in sold if last_on - timedelta(days=KEPT_D) < each.day <= last_on]
    together = _tell(sold, last_on, feasts, alone=False)
    places: dict[UUID, set[UUID]] = {}
    for each in sold:
        places.setdefault(each.variant, set()).add(each.community)
    several = [each for each in sold if len(places[each.variant]) > 1]
    return (*together, *_tell(several, last_on, feasts, alone=True))


def _tell(sold: Sequence[Sold], last_on: date, feasts: Sequence[Feast], *, alone: bool) -> tuple[Told, ...]:
    """A series is a shop's variant (in a community); its item is its category, and its shop's rhythm is its own."""
    if not sold:
        return ()
    keys = [(each.shop, each.variant, each.kind, each.community if alone else None) for each in sold]
    units: dict[tuple[UUID, UUID, str, UUID | None], int] = {}
    for key, each in zip(keys, sold, strict=True):
        units[key] = units.get(key, 0) + each.quantity
    category = {each.variant: each.category for each in sold}
    known = [key for key, total in units.items() if total >= LEAST_SOLD]
    told = []
    for kind in sorted({key[2] for key in known}):
        of_kind = [key for key in known if key[2] == kind]
        number = {key: place for place, key in enumerate(of_kind)}
        rows = [(number[key], each) for key, each in zip(keys, sold, strict=True) if key in number]
        sales = _sales(rows, [key[0] for key in of_kind], [category[key[1]] for key in of_kind], last_on)
        days = foretell(sales, HORIZON_D, feasts).tolist()
        told += [
            Told(shop, variant, community, kind, tuple(tuple(round(q, 3) for q in day) for day in days[place]))
            for place, (shop, variant, _, community) in enumerate(of_kind)
        ]
    return tuple(told)


def _sales(
    rows: Sequence[tuple[int, Sold]], shops: Sequence[UUID], items: Sequence[UUID | None], last_on: date
) -> Sales:
    import numpy as np

    series = np.array([row for row, _ in rows], dtype=np.int64)
    day = np.array([(each.day - _EPOCH).days for _, each in rows], dtype=np.int64)
    quantity = np.array([each.quantity for _, each in rows], dtype=np.float64)
    # Each series is gathered by its number, so that the answers stand in the same order.
    sales = gather(series, np.zeros_like(series), day, quantity, last_day=(last_on - _EPOCH).days)
    return Sales(_numbered(shops), _numbered(items), sales.sold, sales.is_open, sales.first_day)


def _numbered(ids: Sequence[UUID | None]) -> NDArray[np.int64]:
    import numpy as np

    number = {each: place for place, each in enumerate(dict.fromkeys(ids))}
    return np.array([number[each] for each in ids], dtype=np.int64)
