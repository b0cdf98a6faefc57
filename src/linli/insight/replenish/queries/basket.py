"""The next basket of a home that asked: what it buys again and again, and what many neighbours buy and it never has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from linli.ground.places import queries as places
from linli.ground.places.rules import business_day
from linli.insight.replenish import models, rules
from linli.insight.replenish.queries.purchases import KINDS, MOST_TOLD, purchases
from linli.insight.replenish.rules.basket_asking import BASKET_VERSION
from linli.kernel.ids import CommunityId, HomeId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import Liked
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import ShopKind
from linli.trade.stock import queries as stock

REPEATS, EXPLORES = 10, 4
RANKED = timedelta(days=8)
"""An older order of what was bought is let go: nights have failed to renew it."""
LATELY = timedelta(days=28)
LEAST_HOMES = 3
"""What fewer homes bought is not told to anybody: it would tell of them."""
MOST_LIKED = 60
MOST_SHOPS = 200


@dataclass(frozen=True, slots=True)
class RepeatSlot:
    """A thing that the home buys again and again, with the reason: how often, about every how many days, when last."""

    variant: VariantId
    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    label: dict[str, str]
    price: Money
    quantity: int
    times: int
    every_days: int | None
    last_on: date


@dataclass(frozen=True, slots=True)
class ExploreSlot:
    """A thing that the home has never bought and that so many homes of the community bought in the last four weeks."""

    variant: VariantId
    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    label: dict[str, str]
    price: Money
    homes: int


@dataclass(frozen=True, slots=True)
class NextBasket:
    """Both kinds of slots, never mixed. `visits`: on so many days something was bought; from three on it repeats.

    `learnt_from`: what past baskets of so many homes have taught puts the first kind in order; none: habit alone does.
    """

    home: HomeId
    community: CommunityId
    is_asked: bool
    visits: int
    repeat: tuple[RepeatSlot, ...] = ()
    explore: tuple[ExploreSlot, ...] = ()
    learnt_from: int = 0


@dataclass(frozen=True, slots=True)
class _Bought:
    """What is known of a household: its days, how many of a thing it takes, and the listings it knows."""

    days: tuple[tuple[int, tuple[str, ...]], ...]
    quantity: dict[VariantId, int]
    listings: frozenset[ListingId]


@query
def next_basket(scope: Scope, *, home: HomeId, at: datetime) -> NextBasket:
    """This will propose the next basket of a home, to whoever asked to be told for it; no shop can buy a place in it.

    What it buys again is ranked as the night has learnt it, or by its own habit; what is new by how many homes bought
    it. No price, no offer and no shop is a sign.
    """
    if home not in scope.homes:
        raise NotFound("home")
    consents = models.Consent.objects.within(scope).select_related("household__basket_rank")
    consent = consents.filter(home=home).first()
    if consent is None:
        return NextBasket(home, places.home(home).community, is_asked=False, visits=0)
    community = CommunityId(consent.household.community)
    bought, liked = _material(SYSTEM, household=consent.household_id, community=community, at=at)
    today = business_day(at, places.market_of(community).timezone)
    rank = _rank(consent.household, bought, today)
    found = rules.usual_basket(bought.days, most=rules.CANDIDATES if rank else 3 * REPEATS)
    habits = {
        VariantId(UUID(each.product)): each for each in (rules.reordered(found, rank.variants) if rank else found)
    }
    new = {each.variant: each for each in liked if each.listing not in bought.listings}
    there = _offered(community, [*habits, *new], at)
    bought_of = _commodities_bought(consent.household_id, today, there.values())
    wanted = {variant: each for variant, each in there.items() if not bought_of.get(each.listing)}
    repeat = [_repeat(each, wanted[key], bought.quantity[key]) for key, each in habits.items() if key in wanted]
    explore = [
        _explore(each, there[key]) for key, each in new.items() if key in there and there[key].listing not in bought_of
    ]
    slots = tuple(repeat[:REPEATS]), tuple(explore[:EXPLORES])
    return NextBasket(home, community, True, len(bought.days), *slots, learnt_from=rank.homes if rank else 0)


def _rank(household: models.Household, bought: _Bought, today: date) -> models.BasketRank | None:
    """The order that a night has learnt, while it speaks of all that was bought; what came since waits for the next."""
    rank: models.BasketRank | None = getattr(household, "basket_rank", None)
    if rank is None or rank.version != BASKET_VERSION or not rank.variants or rank.ranked_on <= today - RANKED:
        return None
    last = bought.days[-1][0] if bought.days else 0
    return rank if last < rank.ranked_on.toordinal() else None


@query
def _material(
    scope: Scope, *, household: UUID, community: CommunityId, at: datetime
) -> tuple[_Bought, tuple[Liked, ...]]:
    """As the house, for orders are their buyers': what the household's members bought, who share or are one, and what
    many homes of the community did."""
    liked = orders.liked_nearby(
        scope, community=community, kinds=KINDS, since=at - LATELY, least_homes=LEAST_HOMES, limit=MOST_LIKED
    )
    return _bought(scope, household, community, at), liked


def _bought(scope: Scope, household: UUID, community: CommunityId, at: datetime) -> _Bought:
    timezone = places.market_of(community).timezone
    days: dict[int, list[str]] = defaultdict(list)
    quantity: dict[VariantId, int] = {}
    listings: set[ListingId] = set()
    for each in purchases(scope, [household], timezone=timezone, at=at):
        days[each.day.toordinal()].append(str(each.variant))
        quantity.setdefault(each.variant, each.quantity)
        if each.listing:
            listings.add(each.listing)
    in_order = tuple(sorted((day, tuple(those)) for day, those in days.items()))
    return _Bought(in_order, quantity, frozenset(listings))


def _offered(community: CommunityId, variants: Sequence[VariantId], at: datetime) -> dict[VariantId, PricedVariant]:
    """What can be bought now, without choices to be made; nothing of a pharmacy, and nothing that is never used."""
    if not variants:
        return {}
    priced = catalogue.prices(community=community, variants=variants)
    left = stock.available(variants=list(priced), at=at)
    near = shops.shops_near(community=community, at=at, limit=MOST_SHOPS)
    pharmacies = {card.shop for card in near if card.kind is ShopKind.PHARMACY}
    return {
        variant: each
        for variant, each in priced.items()
        if left.get(variant, 0)
        and each.kind.value in KINDS
        and each.shop not in pharmacies
        and not each.groups
        and not rules.is_never_used([*each.name.values(), *each.label.values()])
    }


def _commodities_bought(household: UUID, today: date, of: Iterable[PricedVariant]) -> dict[ListingId, bool]:
    """The listings of commodities that the household buys, of whatever brand, and whether it said that there is enough
    of one, or never to ask."""
    rows = sql.fetch(
        "SELECT m.listing, s.is_refused OR coalesce(s.put_off_until > %s, false) FROM replenish_mapped AS m"
        " JOIN replenish_state AS s ON s.commodity = m.commodity"
        " WHERE m.listing = ANY(%s::uuid[]) AND s.household_id = %s AND m.commodity <> '' LIMIT %s",
        today,
        [each.listing for each in of],
        household,
        MOST_TOLD,
    )
    return {ListingId(listing): is_silent for listing, is_silent in rows}


def _repeat(habit: rules.Habit, priced: PricedVariant, quantity: int) -> RepeatSlot:
    return RepeatSlot(
        variant=priced.variant,
        listing=priced.listing,
        shop=priced.shop,
        name=priced.name,
        label=priced.label,
        price=priced.price,
        quantity=quantity,
        times=habit.times,
        every_days=habit.every_d,
        last_on=date.fromordinal(habit.last_day),
    )


def _explore(liked: Liked, priced: PricedVariant) -> ExploreSlot:
    return ExploreSlot(
        variant=priced.variant,
        listing=priced.listing,
        shop=priced.shop,
        name=priced.name,
        label=priced.label,
        price=priced.price,
        homes=liked.homes,
    )
