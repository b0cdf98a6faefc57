"""The night of next baskets: a city's lesson takes the place of the last one, and puts each home's goods in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from linli.insight.replenish import gateways, models
from linli.insight.replenish.queries.baskets_night import baskets_to_rank
from linli.insight.replenish.rules.basket_asking import BASKET_VERSION, AskLesson, BasketLesson, Ranks
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, VariantId
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@errand
def learn_baskets(ask: AskLesson) -> BasketLesson:
    """This will have past baskets studied in a process of its own."""
    return gateways.learn_baskets(ask)


@errand
def rank_baskets(community: CommunityId, *, timezone: str, today: date, lesson: BasketLesson, at: datetime) -> int:
    """This will put the next baskets of a community's homes in order, a portion at a time; gives how many it did.

    Each portion is ordered in a process of its own and kept at once, so that a night that is killed goes on after it.
    """
    after: UUID | None = None
    ranked = 0
    while portion := baskets_to_rank(
        SYSTEM, community=community, after=after, timezone=timezone, today=today, lesson=lesson, at=at
    ):
        after = portion.households[-1]
        ranked += keep_basket_ranks(
            SYSTEM,
            households=portion.households,
            variants=portion.variants,
            ranks=gateways.rank_baskets(portion.ask),
            homes=lesson.households,
            ranked_on=today,
            at=at,
        )
    return ranked


@action(needs=May.RUN_CLOCKS, private=("lesson",))
def keep_basket_lesson(
    scope: Scope, *, city: CityId, lesson: BasketLesson | None, learnt_on: date, at: datetime
) -> None:
    """This will keep what a night has learnt in place of what the last one did; nothing, where nobody asks any more."""
    if lesson is None:
        models.BasketLesson.objects.filter(city=city).delete()
        return
    models.BasketLesson.objects.update_or_create(
        city=city,
        create_defaults=_lesson(lesson, learnt_on, at) | {"id": ids.new()},
        defaults=_lesson(lesson, learnt_on, at),
    )


@action(needs=May.RUN_CLOCKS, private=("households", "variants", "ranks"))
def keep_basket_ranks(
    scope: Scope,
    *,
    households: Sequence[UUID],
    variants: Sequence[VariantId],
    ranks: Ranks,
    homes: int,
    ranked_on: date,
    at: datetime,
) -> int:
    """This will keep the order of what households buy, of those that still ask; `homes` have taught it."""
    there = set(
        models.Household.objects.within(scope)
        .select_for_update()
        .filter(id__in=households)
        .values_list("id", flat=True)
    )
    rows = [
        models.BasketRank(
            household_id=household,
            version=BASKET_VERSION,
            homes=homes,
            variants=[variants[each] for each in products],
            ranked_on=ranked_on,
        )
        for household, products in zip(households, ranks.products, strict=True)
        if household in there
    ]
    models.BasketRank.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["household"],
        update_fields=["version", "homes", "variants", "ranked_on"],
    )
    return len(rows)


@action(needs=May.RUN_CLOCKS)
def forget_basket_ranks(scope: Scope, *, communities: Sequence[CommunityId], at: datetime) -> int:
    """This will let go of the orders of a city that has not learnt enough, or not any more."""
    rows = models.BasketRank.objects.within(scope).filter(household__community__in=communities)
    return rows.delete()[0]


def _lesson(lesson: BasketLesson, learnt_on: date, at: datetime) -> dict[str, object]:
    return {
        "version": lesson.version,
        "households": lesson.households,
        "body": msgspec.to_builtins(lesson),
        "learnt_on": learnt_on,
        "learnt_at": at,
    }
