"""`linli bench next-baskets`: what a city's night of next baskets costs, from its orders in the database."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import LiteralString

import psycopg

from linli.ground.places import queries as known_places
from linli.insight.replenish import actions, queries
from linli.insight.replenish.rules.basket_asking import BasketLesson
from linli.kernel.ids import CommunityId
from linli.spine.scope import SYSTEM
from linli.works.bench import estate, replenish_night, soundness
from linli.works.bench.house import House
from linli.works.bench.report import Figure, Report
from linli.works.bench.spent import Spent, spent

LEAST_HOMES = 600
"""Of fewer too few judge, no learner serves and no home is put in order."""


def bench(house: House, *, homes: int) -> Report:
    """This will settle so many homes with their orders, let the city learn of them, and put each home in order."""
    homes, at, settling = max(homes, LEAST_HOMES), datetime.now(UTC), time.monotonic()
    communities = replenish_night.settle(house, homes=homes, commodities=[], at=at)
    timezone = known_places.market_of(communities[0]).timezone
    today = known_places.day_in(communities[0], at)
    for community in communities:
        _sold(house, community, at)
    settled_s = time.monotonic() - settling
    soundness.gather_statistics(house.superuser_url)
    night = _Night(timezone, today, at)
    begun, began = spent(), time.monotonic()
    with estate.watching_memory() as grown:
        lesson, drawn = _lesson(house, communities, night)
        learnt, learnt_s = spent(), time.monotonic() - began
        used, ranked = [learnt], list[int]()
        for community in communities:
            ranked.append(_ranked(community, lesson, night))
            used.append(spent())
    took_s, learning, ranking = time.monotonic() - began, learnt - begun, used[-1] - learnt
    tenth = max(len(communities) // 10, 1)
    return Report(
        name="next-baskets",
        parameters={"homes": homes, "communities": len(communities), "durable": "on"},
        figures={
            "orders": _count(house, "SELECT count(*) FROM orders_order"),
            "lines": _count(house, "SELECT count(*) FROM orders_line"),
            "settled_s": round(settled_s, 1),
            "taught_by": lesson.households,
            "lines_taught": drawn,
            "judges": lesson.judges,
            "of_a_basket_by_habit": round(lesson.by_habit, 3),
            "of_a_basket_by_learner": round(lesson.by_learner, 3),
            "learning_s": round(learnt_s, 1),
            **_by_part("learning", learning),
            "ranked": sum(ranked),
            "ranking_s": round(took_s - learnt_s, 1),
            **_by_part("ranking", ranking),
            "ranking_cpu_us_a_home": ranking.us_each(sum(ranked)),
            "first_tenth_cpu_us_a_home": (used[tenth] - used[0]).us_each(sum(ranked[:tenth])),
            "last_tenth_cpu_us_a_home": (used[-1] - used[-1 - tenth]).us_each(sum(ranked[-tenth:])),
            "process_mib": round(grown.process_mib, 1),
            "engine_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
            "backend_mib": round(grown.backend_mib, 1),
            "kib_of_ranks_a_home": round(_count(house, _RANKS_SIZE) / 1024 / homes, 2),
        },
        limit={"process_mib": 400, "engine_mib": 2048, "backend_mib": 400},
        ratio=None,
        note="A first night, in which every home is put in order. The engine is a process for each portion.",
        checks={
            "what_was_learnt_is_better_than_habit": lesson.learner is not None,
            "every_home_is_in_order": sum(ranked) == homes == _count(house, _IN_ORDER),
            "the_same_night_again_puts_nobody_in_order": _ranked(communities[0], lesson, night) == 0,
        },
    )


_RANKS_SIZE = "SELECT pg_total_relation_size('replenish_basket_rank')"
_IN_ORDER = "SELECT count(*) FROM replenish_basket_rank WHERE cardinality(variants) > 0"


@dataclass(frozen=True, slots=True)
class _Night:
    timezone: str
    today: date
    at: datetime


def _lesson(house: House, communities: tuple[CommunityId, ...], night: _Night) -> tuple[BasketLesson, int]:
    """As the timed task learns, from the same doors; with how many lines of purchases were learnt from."""
    material = queries.basket_material(
        SYSTEM, communities=communities, timezone=night.timezone, today=night.today, at=night.at
    )
    if material is None:
        raise RuntimeError("nobody has bought anything")
    lesson = actions.learn_baskets(material)
    actions.keep_basket_lesson(SYSTEM, city=house.town.city, lesson=lesson, learnt_on=night.today, at=night.at)
    return lesson, len(material.bought.day) // 4


def _ranked(community: CommunityId, lesson: BasketLesson, night: _Night) -> int:
    return actions.rank_baskets(community, timezone=night.timezone, today=night.today, lesson=lesson, at=night.at)


def _sold(house: House, community: CommunityId, at: datetime) -> None:
    told = {
        "community": community,
        "city": house.town.city,
        "shop": house.town.shop,
        "merchant": house.town.merchant.person,
        "variants": list(house.town.variants),
        "goods": len(house.town.variants),
        "at": at,
    }
    with psycopg.connect(house.superuser_url) as link:
        link.execute(files(__package__).joinpath("next_baskets.sql").read_bytes(), told)


def _by_part(what: str, cpu: Spent) -> dict[str, Figure]:
    return {
        f"{what}_process_cpu_s": round(cpu.process_s, 2),
        f"{what}_engine_cpu_s": round(cpu.engine_s, 2),
        f"{what}_database_cpu_s": round(cpu.database_s, 2),
    }


def _count(house: House, question: LiteralString) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        row = link.execute(question).fetchone()
    return int(row[0]) if row else 0
