"""What replenishment does by the clock: it foretells each day, studies each week, and learns of baskets each night."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.ground.places import queries as places
from linli.insight.replenish import actions, queries
from linli.insight.replenish.rules.basket_history import day_number
from linli.kernel.ids import CityId, CommunityId
from linli.kernel.refusals import Refusal
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("29 1 * * *")
def propose_due(*, at: datetime) -> int:
    """This will propose what homes need soon, every day at an hour at which people are awake in China (UTC + 8)."""
    return sum(_propose_in(community, at) for community in queries.communities_asking(SYSTEM))


def _propose_in(community: CommunityId, at: datetime) -> int:
    """A portion at a time: whoever has left is let go, the rest is foretold beside this process, then proposed."""
    today = places.day_in(community, at)
    after: UUID | None = None
    proposed = 0
    while (portion := queries.portion(SYSTEM, community=community, after=after, today=today)).households:
        after = portion.households[-1]
        if actions.end_for_absent(SYSTEM, households=portion.households, on=today, at=at):
            portion = queries.portion(SYSTEM, community=community, after=_before(portion.households), today=today)
        found = actions.foretell(portion.ask, portion.pairs) if portion.ask else ()
        proposed += actions.propose(SYSTEM, community=community, households=portion.households, found=found, at=at)
    return proposed


def _let_go(community: CommunityId, at: datetime) -> None:
    """Whose residency is over teaches nothing: their wish ends before anything is learnt."""
    today = places.day_in(community, at)
    after: UUID | None = None
    while households := queries.households_asking(SYSTEM, community=community, after=after):
        after = households[-1]
        actions.end_for_absent(SYSTEM, households=households, on=today, at=at)


def _before(households: tuple[UUID, ...]) -> UUID:
    return UUID(int=households[0].int - 1)


@timed("17 2 * * *")
def place_standing(*, at: datetime) -> int:
    """This will order what standing orders order by themselves, every day at an hour at which shops are open in China.

    What cannot be ordered as agreed asks for a yes. Killed in the middle, the rest is done when it is run again.
    """
    placed = 0
    for standing in queries.standing_due(SYSTEM, at=at):
        try:
            placed += actions.place_turn(SYSTEM, standing=standing, at=at) is not None
        except Refusal as refused:
            actions.ask_about_turn(SYSTEM, standing=standing, why=refused.code, at=at)
    return placed


@timed("11 * * * *")
def lapse_proposals(*, at: datetime) -> int:
    """This will forget unanswered proposals, every hour, until none is left."""
    lapsed = 0
    while (some := actions.lapse(SYSTEM, at=at)) > 0:
        lapsed += some
    return lapsed


@timed("19 * * * *")
def lapse_refills(*, at: datetime) -> int:
    """This will forget visits whose goods were not ordered, every hour, until none is left."""
    lapsed = 0
    while (some := actions.lapse_refills(SYSTEM, at=at)) > 0:
        lapsed += some
    return lapsed


@timed("41 17 * * *")
def rebuild_stale(*, at: datetime) -> int:
    """This will rebuild what decisions about listings have touched, every night, until none is left."""
    rebuilt = 0
    while (some := actions.rebuild_stale(SYSTEM, at=at)) > 0:
        rebuilt += some
    return rebuilt


@timed("53 17 * * 0")
def study_week(*, at: datetime) -> int:
    """This will learn from past purchases once a week, and tell from how many; from nobody's who has left."""
    for community in queries.communities_asking(SYSTEM):
        _let_go(community, at)
    material = queries.study_material(SYSTEM, at=at, today=at.date())
    if material is None or not material.day:
        return 0
    studied = actions.study(material)
    actions.keep_study(SYSTEM, studied=studied, households=len(set(material.household)), at=at)
    return len(material.day)


@timed("7 19 * * *")
def learn_baskets(*, at: datetime) -> int:
    """This will learn from past baskets, city by city, and put those of each home in order, while China sleeps.

    A city learns once a day, and a home that is in order is passed over: killed in the middle, the rest is done when it
    is run again.
    """
    return sum(_learn_city(city.id, city.timezone, at) for city in places.cities())


def _learn_city(city: CityId, timezone: str, at: datetime) -> int:
    communities = [each.id for each in places.communities(city=city)]
    if not communities:
        return 0
    for community in communities:
        _let_go(community, at)
    today = places.day_in(communities[0], at)
    lesson = queries.basket_lesson(SYSTEM, city=city)
    if lesson is None or lesson.today != day_number(today):
        material = queries.basket_material(SYSTEM, communities=communities, timezone=timezone, today=today, at=at)
        lesson = actions.learn_baskets(material) if material else None
        actions.keep_basket_lesson(SYSTEM, city=city, lesson=lesson, learnt_on=today, at=at)
    if lesson is None or lesson.learner is None:
        actions.forget_basket_ranks(SYSTEM, communities=communities, at=at)
        return 0
    return sum(
        actions.rank_baskets(community, timezone=timezone, today=today, lesson=lesson, at=at)
        for community in communities
    )
