"""Questions about demand: by night, what was sold; by day, what a shop should order and mark down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from linli.insight.demand import models, rules
from linli.kernel.ids import CommunityId, ShopId, VariantId
from linli.kernel.refusals import Denied, NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock import queries as stock

SERIES = 5_000
"""So many series (a shop's variant in a community) are read at a time."""
MOST_SHOPS = 20_000
MOST_PROPOSED = 20_000
LIFE_D = {"fresh": 3, "prepared": 1}
"""How long goods of a kind can be sold, where none of their batches says so."""
MOST_LIFE_D = rules.HORIZON_D - 1
NO_DATE_D = 365
USUAL_FILL = 0.9
FILLS = (0.8, 0.9, 0.95, 0.98)


_SERIES = """
    SELECT shop, variant, community, kind, array_agg(day - '1970-01-01'::date), array_agg(quantity)
    FROM demand_sold_day WHERE shop = ANY(%s::uuid[]) AND day > %s AND day <= %s
      AND (%s::uuid IS NULL OR (shop, variant, community, kind) > (%s, %s, %s, %s))
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class BatchAdvice:
    """A batch that is here, and what is proposed off its price (nothing while it will be sold in time)."""

    quantity: int
    expires_on: date | None
    days_left: int
    markdown_bp: int


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What is proposed to have tomorrow of one thing: `usual` is tomorrow's median, `left` what today leaves."""

    variant: VariantId
    told_on: date
    usual: float
    most: float
    left: float
    life_d: int
    point: rules.Point
    batches: tuple[BatchAdvice, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One thing closely: its days, the curve of orders, and with empty shelves what is ordered together and alone."""

    line: OrderLine
    fill: float
    days: tuple[tuple[float, ...], ...]
    curve: tuple[rules.Point, ...]
    together: rules.Point
    alone: tuple[rules.Point, ...]


@query
def communities_counted(scope: Scope, *, communities: Sequence[CommunityId]) -> frozenset[CommunityId]:
    """This will say in which of some communities sales were counted before; for the house itself."""
    _insist_inside(scope)
    found = models.SoldDay.objects.within(scope).filter(community__in=communities).values_list("community", flat=True)
    return frozenset(CommunityId(each) for each in found.distinct()[: len(communities)])


@query
def shops_selling(scope: Scope, *, communities: Sequence[CommunityId]) -> tuple[UUID, ...]:
    """This will list the shops that sold fresh goods in some communities; for the house itself."""
    _insist_inside(scope)
    rows = models.SoldDay.objects.within(scope).filter(community__in=communities).order_by("shop")
    return tuple(rows.values_list("shop", flat=True).distinct()[:MOST_SHOPS])


@query
def sales(scope: Scope, *, shops: Sequence[UUID], last_on: date, feasts: Sequence[rules.Feast] = ()) -> rules.Asked:
    """This will give what some shops sold up to a day, by Linli and over their counters; for the house itself.

    All of it, page by page: shops of a portion teach each other, and none of their series may be missing.
    """
    _insist_inside(scope)
    first, found = last_on - timedelta(days=rules.KEPT_D), list[rules.Series]()
    after: tuple[object, ...] = (None, None, None, None)
    while rows := sql.fetch(_SERIES, list(shops), first, last_on, after[0], *after, SERIES):
        category = catalogue.categories_of(variants={VariantId(row[1]) for row in rows})
        found += [
            rules.Series(shop, variant, community, kind, days, quantities, category.get(variant))
            for shop, variant, community, kind, days, quantities in rows
        ]
        after = rows[-1][:4]
        if len(rows) < SERIES:
            break
    return rules.Asked(last_on, found, tuple(feasts))


@query
def order_lines(
    scope: Scope, *, shop: ShopId, timezone: str, at: datetime, after: VariantId | None = None, limit: int = 30
) -> tuple[OrderLine, ...]:
    """This will propose tomorrow's order of a shop's fresh goods; to the shop and the platform."""
    rows = _forecasts(scope, shop).filter(community=None).order_by("variant")
    if after is not None:
        rows = rows.filter(variant__gt=after)
    told = list(rows[: max(1, min(limit, MOST_PROPOSED))])
    left = stock.batches_left(scope, shop=shop, variants=[VariantId(row.variant) for row in told])
    today = at.astimezone(ZoneInfo(timezone)).date()
    return tuple(
        line
        for row in told
        if (line := _line(row, left.get(VariantId(row.variant), ()), today, timezone, None, USUAL_FILL)) is not None
    )


@query
def item_page(
    scope: Scope,
    *,
    shop: ShopId,
    variant: VariantId,
    timezone: str,
    life_d: int | None,
    fill: float,
    at: datetime,
) -> ItemPage:
    """This will show one thing's curve of orders, its next days and what pooling spares; NotFound when untold."""
    rows = list(_forecasts(scope, shop).filter(variant=variant).order_by("community")[:200])
    together = next((row for row in rows if row.community is None), None)
    today = at.astimezone(ZoneInfo(timezone)).date()
    batches = stock.batches_left(scope, shop=shop, variants=[variant]).get(variant, ())
    line = _line(together, batches, today, timezone, life_d, fill) if together else None
    if together is None or line is None:
        raise NotFound("forecast")
    days = _days_from_tomorrow(together, today)
    kept = rules.aged(_stock(batches, today, timezone), _today(together, today))
    alone = [
        rules.propose(rules.Outlook(_days_from_tomorrow(row, today), (), line.life_d), fill)
        for row in rows
        if row.community is not None
    ]
    bare = rules.propose(rules.Outlook(days, (), line.life_d), fill)
    return ItemPage(line, fill, days[:7], rules.curve(rules.Outlook(days, kept, line.life_d)), bare, tuple(alone))


def _forecasts(scope: Scope, shop: ShopId) -> QuerySet[models.Forecast]:
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    return models.Forecast.objects.within(scope).filter(shop=shop)


def _line(
    row: models.Forecast,
    batches: Sequence[stock.BatchLine],
    today: date,
    timezone: str,
    life_d: int | None,
    fill: float,
) -> OrderLine | None:
    """A forecast that is told too long ago tells nothing."""
    days = _days_from_tomorrow(row, today)
    if not days:
        return None
    life = life_d or _life(row.kind, batches)
    held, until_today = _stock(batches, today, timezone), (_today_of(row, today), *days)
    left = rules.aged(held, until_today[0][0])
    point = rules.propose(rules.Outlook(days, left, life), fill)
    advice = tuple(
        BatchAdvice(
            batch.remaining,
            _last_day(batch, timezone),
            held[place].days_left,
            rules.markdown_bp(until_today, held, place),
        )
        for place, batch in enumerate(batches)
    )
    here = sum(batch.quantity for batch in left)
    return OrderLine(VariantId(row.variant), row.told_on, days[0][0], days[0][-1], here, life, point, advice)


def _days_from_tomorrow(row: models.Forecast, today: date) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(day) for day in row.days[(today - row.told_on).days :])


def _today_of(row: models.Forecast, today: date) -> tuple[float, ...]:
    ago = (today - row.told_on).days - 1
    return tuple(row.days[ago]) if 0 <= ago < len(row.days) else (0.0,) * len(rules.LEVELS)


def _today(row: models.Forecast, today: date) -> float:
    return _today_of(row, today)[0]


def _life(kind: str, batches: Iterable[stock.BatchLine]) -> int:
    """As many days as the newest batch had when it came, or what is usual for the kind."""
    lives = [(batch.received_at, batch.expires_at) for batch in batches if batch.expires_at]
    if not lives:
        return LIFE_D.get(kind, 1)
    received, expires = max(lives, key=lambda each: each[0])
    return min(max(round((expires - received).total_seconds() / 86_400), 1), MOST_LIFE_D)


def _stock(batches: Iterable[stock.BatchLine], today: date, timezone: str) -> tuple[rules.Batch, ...]:
    found = []
    for batch in batches:
        last = _last_day(batch, timezone)
        found.append(rules.Batch(float(batch.remaining), NO_DATE_D if last is None else (last - today).days + 1))
    return tuple(found)


def _last_day(batch: stock.BatchLine, timezone: str) -> date | None:
    """The last day on which a batch may be sold; it expires at that day's midnight, or in the course of it."""
    if batch.expires_at is None:
        return None
    local = batch.expires_at.astimezone(ZoneInfo(timezone))
    is_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return date.fromordinal(local.date().toordinal() - is_midnight)


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied
