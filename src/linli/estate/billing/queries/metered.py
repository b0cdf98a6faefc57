"""What was metered of the subjects of a portion, asked in a few statements, as drafting needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.rules.expressions import decimal_text
from linli.estate.metering import queries as metering
from linli.estate.metering.rules import Gap, Kind, Usage
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.spine.scope import Scope

_STOPS = {
    Gap.NO_METER: rules.Stop.NO_READING,
    Gap.NO_READING: rules.Stop.NO_READING,
    Gap.WAITING: rules.Stop.WAITING,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be known of one assignment: whose usage of which kind, in which days, for which item and bill.

    `kind` is empty where the subject is a meter itself. `pool_from` are the month and the day with which the pool of
    the bill began, where it did so with an earlier bill. Without an `item` it is asked of days alone, for no bill.
    """

    subject: UUID
    kind: str
    days: rules.Days
    item: UUID | None = None
    month: date | None = None
    held_from: date = date.min
    pool_from: tuple[date, date] | None = None


def pool_start(pool: rules.Pool, day: date) -> date:
    """This will give the first day of the pool that a day lies in."""
    if pool is rules.Pool.YEAR:
        return day.replace(month=1, day=1)
    if pool is rules.Pool.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1)


def used(
    scope: Scope,
    community: CommunityId,
    asked: Iterable[Asked],
    persons: Mapping[UUID, int | None],
    at: datetime,
) -> dict[Asked, rules.Used | rules.Stopped]:
    """This will tell what each was metered, or why it cannot be told; two statements for a kind and a run of days."""
    wanted = list(dict.fromkeys(asked))
    now = _usage(scope, community, [(each, each.days, each.month) for each in wanted], at, whole=True)
    pools = [
        (each, rules.Days(from_on, each.days.start), month)
        for each in wanted
        if each.pool_from is not None and (from_on := each.pool_from[1]) < each.days.start
        for month in each.pool_from[:1]
    ]
    before = _usage(scope, community, pools, at, whole=False)
    return {each: _used(now[each], before.get(each), persons.get(each.subject)) for each in wanted}


def _usage(
    scope: Scope,
    community: CommunityId,
    asked: Sequence[tuple[Asked, rules.Days, date | None]],
    at: datetime,
    *,
    whole: bool,
) -> dict[Asked, Usage]:
    """The usage of many, one statement for those of a kind, an item and days; not `whole`, before the bill of each."""
    groups: dict[tuple[str, UUID | None, rules.Days, date | None, date | None], list[Asked]] = defaultdict(list)
    for each, days, month in asked:
        groups[(each.kind, each.item, days, month, None if whole else each.month)].append(each)
    found: dict[Asked, Usage] = {}
    for (kind, item, days, month, before), those in groups.items():
        use = None
        if item is not None and month is not None:
            use = metering.Use(item, month, {each.subject: each.held_from for each in those}, before)
        told: dict[Any, Usage] = {}
        if kind:
            told |= metering.usage(
                scope,
                community=community,
                kind=Kind(kind),
                homes=[HomeId(each.subject) for each in those],
                start=days.start,
                end=days.end,
                at=at,
                use=use,
                whole=whole,
            )
        else:
            told |= metering.meter_usage(
                scope,
                community=community,
                meters=[MeterId(each.subject) for each in those],
                start=days.start,
                end=days.end,
                at=at,
                use=use,
                whole=whole,
            )
        found |= {each: told[each.subject] for each in those}
    return found


def _used(now: Usage, before: Usage | None, persons: int | None) -> rules.Used | rules.Stopped:
    if now.gap is not None:
        return rules.Stopped(_STOPS[now.gap], now.about)
    if before is not None and before.gap is Gap.WAITING:
        return rules.Stopped(rules.Stop.WAITING, before.about)
    return rules.Used(
        quantity=Fraction(now.quantity),
        before=Fraction(before.quantity) if before is not None else Fraction(0),
        price=_price(now),
        persons=persons,
        bands={band: Fraction(quantity) for band, quantity in now.by_register().items()},
        readings=tuple(
            rules.ReadingShare(
                meter=segment.label,
                register=segment.register,
                start=_plain(segment.start),
                start_on=segment.start_on,
                end=_plain(segment.end),
                end_on=segment.end_on,
                factor=_plain(segment.factor),
                quantity=_plain(segment.quantity),
                is_estimate=segment.is_estimate,
                meter_id=str(segment.meter),
            )
            for segment in now.segments
        ),
    )


def _price(now: Usage) -> Fraction | None:
    """The price that the readings carry, weighed by usage where they carry several; None where one carries none."""
    priced = [(segment.quantity, segment.price) for segment in now.segments]
    if any(price is None for _quantity, price in priced):
        return None
    prices = {price for _quantity, price in priced}
    if len(prices) == 1 or not now.quantity:
        return Fraction(max(price for price in prices if price is not None))
    return sum((Fraction(q) * Fraction(p) for q, p in priced if p is not None), Fraction(0)) / Fraction(now.quantity)


def _plain(value: object) -> str:
    return decimal_text(Fraction(str(value)))
