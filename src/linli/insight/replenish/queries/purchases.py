"""What households that asked bought of goods for the home: by orders, and what they said they bought elsewhere.

The page of a home and the night that teaches and ranks read the same purchases here, so that both speak of one history.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from linli.ground.places.rules import business_day
from linli.insight.replenish import models, rules
from linli.insight.replenish.rules.basket_asking import Bought
from linli.insight.replenish.rules.basket_history import day_number
from linli.kernel.ids import HomeId, ListingId, PartyId, VariantId
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import ShopKind

T = TypeVar("T")
KINDS = ("packaged", "fresh")
"""Meals are chosen anew each time, and have choices of their own."""
REMEMBERED = timedelta(days=400)
MOST_TOLD = 2_000
TOGETHER = 100
"""So many households are read at once."""
MOST_PURCHASES = 500_000
"""So many are looked at together; what more households bought is left for another night's draw."""
_ASKED_ABOUT = 20_000
_MOST_PIECES = 1_000


class Purchase(msgspec.Struct, frozen=True, gc=False):
    """So many of a thing on a day of the community; `listing` is known of what was ordered, `commodity` of the rest."""

    household: UUID
    day: date
    variant: VariantId
    quantity: int
    listing: ListingId | None = None
    commodity: str = ""


def purchases(scope: Scope, households: Sequence[UUID], *, timezone: str, at: datetime) -> tuple[Purchase, ...]:
    """This will give them, what was ordered (the newest first) before what was told; never what is never noted."""
    members = models.Consent.objects.within(scope).filter(household__in=households)
    of = {
        (person, home): household for person, home, household in members.values_list("person", "home", "household_id")
    }
    lines = orders.bought_in_homes(
        scope,
        buyers=[PartyId(person) for person, _home in of],
        homes=[HomeId(home) for _person, home in of],
        since=at - REMEMBERED,
    )
    ordered = [
        Purchase(
            of[line.buyer, line.home],
            business_day(line.completed_at, timezone),
            line.variant,
            line.quantity,
            line.listing,
        )
        for line in lines
        if line.kind in KINDS and not rules.is_never_used(line.title.values())
    ]
    told = models.Elsewhere.objects.within(scope).filter(
        consent__household__in=households, variant__isnull=False, bought_on__gt=(at - REMEMBERED).date()
    )
    rows = told.order_by("-bought_on", "id").values_list(
        "consent__household", "bought_on", "variant", "quantity", "commodity"
    )[: MOST_TOLD * len(households)]
    elsewhere = [
        Purchase(whose, day, VariantId(thing), n, commodity=known) for whose, day, thing, n, known in rows if thing
    ]
    return (*ordered, *elsewhere)


class Gathered:
    """Purchases of one household after the other as columns, in which nobody has a name."""

    def __init__(self) -> None:
        self._columns = [array("i") for _ in range(4)]
        self._products: dict[VariantId, int] = {}
        self._listing: dict[VariantId, ListingId] = {}
        self._commodity: dict[VariantId, str] = {}
        self.households = 0

    def __len__(self) -> int:
        return len(self._columns[0])

    @property
    def products(self) -> tuple[VariantId, ...]:
        """The products in the order of their numbers."""
        return tuple(self._products)

    def add(self, households: Sequence[UUID], bought: Iterable[Purchase], before: date) -> None:
        """This will add what some households bought before a day."""
        number = {household: self.households + nth for nth, household in enumerate(households)}
        for each in bought:
            if each.day >= before:
                continue
            product = self._products.setdefault(each.variant, len(self._products))
            if each.listing:
                self._listing[each.variant] = each.listing
            elif each.commodity:
                self._commodity[each.variant] = each.commodity
            row = (number[each.household], product, day_number(each.day), min(each.quantity, _MOST_PIECES))
            for column, value in zip(self._columns, row, strict=True):
                column.append(value)
        self.households += len(households)

    def told(self, today: date) -> Bought:
        """This will give them to the process beside, each product with its kind: what replaces what."""
        kinds = [self._kind(part) for part in _portions(self.products, _ASKED_ABOUT)]
        types, categories = ([key for part in kinds for key in part[column]] for column in (0, 1))
        return Bought(
            today=day_number(today),
            households=self.households,
            products=tuple(str(variant) for variant in self._products),
            type_of=_numbered(types),
            category_of=_numbered(categories),
            **dict(
                zip(
                    ("household", "product", "day", "quantity"),
                    (column.tobytes() for column in self._columns),
                    strict=True,
                )
            ),
        )

    def _kind(self, variants: Sequence[VariantId]) -> tuple[list[str], list[str]]:
        """The commodity of each (else its listing, else itself), and its category."""
        listings = {self._listing[each] for each in variants if each in self._listing}
        mapped = dict(
            models.Mapped.objects.filter(listing__in=listings).exclude(commodity="").values_list("listing", "commodity")
        )
        category = catalogue.categories_of(variants=variants)
        types = [
            mapped.get(self._listing[each], str(self._listing[each]))
            if each in self._listing
            else self._commodity.get(each, str(each))
            for each in variants
        ]
        return types, [str(category.get(each, "")) for each in variants]


def gathered(scope: Scope, households: Sequence[UUID], *, timezone: str, before: date, at: datetime) -> Gathered:
    """This will gather what households bought before a day, a portion at a time; nothing of a pharmacy."""
    found = Gathered()
    for portion in _portions(households, TOGETHER):
        if len(found) >= MOST_PURCHASES:
            break
        found.add(portion, _ordinary(purchases(scope, portion, timezone=timezone, at=at)), before)
    return found


def _ordinary(bought: tuple[Purchase, ...]) -> list[Purchase]:
    shop_of = catalogue.owners(variants={each.variant for each in bought})
    pharmacies = shops.of_kind(shops=set(shop_of.values()), kind=ShopKind.PHARMACY)
    return [each for each in bought if shop_of.get(each.variant) not in pharmacies]


def _portions(all_of_them: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (all_of_them[begin : begin + size] for begin in range(0, len(all_of_them), size))


def _numbered(keys: list[str]) -> tuple[int, ...]:
    number: dict[str, int] = {}
    return tuple(number.setdefault(key, len(number)) for key in keys)
