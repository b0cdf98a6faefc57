"""What the night of next baskets reads, city by city: what there is to learn from, and whose baskets to order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from linli.insight.replenish import models
from linli.insight.replenish.queries.purchases import gathered
from linli.insight.replenish.rules.basket import LEAST_ORDERS
from linli.insight.replenish.rules.basket_asking import BASKET_VERSION, AskLesson, AskRanks, BasketLesson
from linli.kernel.ids import CityId, CommunityId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope

TAUGHT_BY = 3_000
"""So many households of a city teach, drawn evenly from all that asked."""
RANKED_TOGETHER = 1_000
AGAIN_AFTER = timedelta(days=3)
"""Who has bought nothing since is put in order again after so long: what was not due may be by then."""

_TO_RANK = """
    SELECT h.id FROM replenish_household AS h
    JOIN replenish_state AS w ON w.household_id = h.id AND w.commodity = ''
    LEFT JOIN replenish_basket_rank AS r ON r.household_id = h.id
    WHERE h.community = %s AND (%s::uuid IS NULL OR h.id > %s::uuid) AND w.purchases >= %s
        AND (r.household_id IS NULL OR r.version <> %s OR w.last_on >= r.ranked_on OR r.ranked_on <= %s)
    ORDER BY h.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ToRank:
    """Some households of a community to be put in order, and their `variants` by the numbers in the answer."""

    households: tuple[UUID, ...]
    variants: tuple[VariantId, ...]
    ask: AskRanks


@query
def basket_lesson(scope: Scope, *, city: CityId) -> BasketLesson | None:
    """This will give what a city's last night learnt; nothing of another version, or what is broken."""
    _insist_inside(scope)
    rows = models.BasketLesson.objects.filter(city=city, version=BASKET_VERSION)
    body = rows.values_list("body", flat=True).first()
    try:
        return decoding.convert(body, BasketLesson) if body else None
    except msgspec.ValidationError:
        return None


@query
def basket_material(
    scope: Scope, *, communities: Sequence[CommunityId], timezone: str, today: date, at: datetime
) -> AskLesson | None:
    """This will give what households of a city that asked have bought, as much as can be learnt from at once."""
    _insist_inside(scope)
    rows = sql.fetch(
        "SELECT id FROM replenish_household WHERE community = ANY(%s::uuid[]) ORDER BY md5(id::text) LIMIT %s",
        list(communities),
        TAUGHT_BY,
    )
    found = gathered(scope, [row[0] for row in rows], timezone=timezone, before=today, at=at)
    return AskLesson(found.told(today)) if len(found) else None


@query
def baskets_to_rank(
    scope: Scope,
    *,
    community: CommunityId,
    after: UUID | None,
    timezone: str,
    today: date,
    lesson: BasketLesson,
    at: datetime,
) -> ToRank | None:
    """This will give the next households of a community that have bought since their last time, or waited long."""
    _insist_inside(scope)
    rows = sql.fetch(
        _TO_RANK, community, after, after, LEAST_ORDERS, BASKET_VERSION, today - AGAIN_AFTER, RANKED_TOGETHER
    )
    if not rows:
        return None
    households = tuple(row[0] for row in rows)
    found = gathered(scope, households, timezone=timezone, before=today, at=at)
    return ToRank(households[: found.households], found.products, AskRanks(found.told(today), lesson))


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied
