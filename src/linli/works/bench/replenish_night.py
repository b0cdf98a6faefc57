"""`linli bench replenish-night`: what a night of foretelling costs, community by community from the database."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

import numpy as np
import psycopg

from linli.ground.places import actions as places
from linli.ground.places import queries as known_places
from linli.insight.replenish import actions, queries
from linli.insight.replenish.rules.asking import AskStudy
from linli.kernel.ids import CommunityId
from linli.spine.scope import SYSTEM
from linli.works.bench import estate, replenish_pairs, soundness
from linli.works.bench.house import House
from linli.works.bench.report import Report
from linli.works.bench.spent import spent

HOMES_OF_ONE = 2_000
"""In a community; also as many households as a portion has."""
COMMODITIES = 10
"""That a home buys and asks about."""


def bench(house: House, *, homes: int) -> Report:
    """This will settle so many homes that asked to be told, and foretell and propose for all of them once."""
    at, settling = datetime.now(UTC), time.monotonic()
    keys = [each.key for each in queries.taxonomy() if each.is_proposed][:COMMODITIES]
    communities = settle(house, homes=homes, commodities=keys, at=at)
    settled_s = time.monotonic() - settling
    _studied(at)
    soundness.gather_statistics(house.superuser_url)
    told, used, began = list[_Told](), [spent()], time.monotonic()
    with estate.watching_memory() as grown:
        for community in communities:
            told.append(_community(community, at))
            used.append(spent())
    took_s, cpu = time.monotonic() - began, used[-1] - used[0]
    pairs, proposed = sum(each.pairs for each in told), sum(each.proposed for each in told)
    tenth = max(len(communities) // 10, 1)
    return Report(
        name="replenish-night",
        parameters={"homes": homes, "communities": len(communities), "commodities": COMMODITIES, "durable": "on"},
        figures={
            "pairs": pairs,
            "proposed": proposed,
            "settled_s": round(settled_s, 1),
            "took_s": round(took_s, 1),
            "process_cpu_s": round(cpu.process_s, 2),
            "engine_cpu_s": round(cpu.engine_s, 2),
            "database_cpu_s": round(cpu.database_s, 2),
            "cpu_us_per_pair": cpu.us_each(pairs),
            "first_tenth_us_per_pair": (used[tenth] - used[0]).us_each(sum(each.pairs for each in told[:tenth])),
            "last_tenth_us_per_pair": (used[-1] - used[-1 - tenth]).us_each(sum(each.pairs for each in told[-tenth:])),
            "process_mib": round(grown.process_mib, 1),
            "engine_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
            "backend_mib": round(grown.backend_mib, 1),
            "database_kib_a_home": round(_size(house) / 1024 / homes, 2),
        },
        limit={"process_mib": 400, "engine_mib": 400, "backend_mib": 400},
        ratio=None,
        note="Ends with proposals committed and their messages waiting. The engine is a process for each portion.",
        checks={
            "every_pair_was_foretold": pairs == homes * COMMODITIES,
            "every_proposal_is_kept": _count(house, "open") == proposed,
            "something_is_proposed_but_not_everything": 0 < proposed < pairs,
            "the_same_night_again_proposes_nothing": _community(communities[0], at).proposed == 0,
        },
    )


@dataclass(frozen=True, slots=True)
class _Told:
    pairs: int
    proposed: int


def _community(community: CommunityId, at: datetime) -> _Told:
    """As the timed task does it, from the same doors."""
    today, after = known_places.day_in(community, at), None
    pairs = proposed = 0
    while (portion := queries.portion(SYSTEM, community=community, after=after, today=today)).households:
        after = portion.households[-1]
        actions.end_for_absent(SYSTEM, households=portion.households, on=today, at=at)
        found = actions.foretell(portion.ask, portion.pairs) if portion.ask else ()
        pairs += len(found)
        proposed += actions.propose(SYSTEM, community=community, households=portion.households, found=found, at=at)
    return _Told(pairs, proposed)


def settle(house: House, *, homes: int, commodities: list[str], at: datetime) -> tuple[CommunityId, ...]:
    """This will write so many homes that asked, with a state of each commodity and one of all that they buy."""
    name = {"zh": "测速里", "en": "Bench Lane"}
    district = places.add_district(SYSTEM, city=house.town.city, name=name, at=at)
    ground = files(__package__).joinpath("replenish_night.sql").read_bytes()
    communities = []
    with psycopg.connect(house.superuser_url) as link:
        for begin in range(0, homes, HOMES_OF_ONE):
            called = {word: f"{text} {begin}" for word, text in name.items()}
            community = places.add_community(
                SYSTEM, district=district, name=called, lat=30.2, lon=120.2, address="1", at=at
            )
            some = min(HOMES_OF_ONE, homes - begin)
            today = known_places.day_in(community, at)
            told = {"homes": some, "community": community, "at": at, "today": today, "commodities": commodities}
            link.execute(ground, told)
            link.commit()
            communities.append(community)
    return tuple(communities)


def _studied(at: datetime) -> None:
    """Teach by purchases drawn at random, so that the night runs with what a week's study leaves."""
    bought = replenish_pairs.purchases(np.random.default_rng(20260301))
    keys = tuple(each.key for each in queries.taxonomy())
    material = AskStudy(
        today=replenish_pairs.TODAY,
        commodities=keys,
        household=bought.household.tolist(),
        commodity=(bought.commodity % len(keys)).tolist(),
        day=bought.day.tolist(),
    )
    actions.keep_study(SYSTEM, studied=actions.study(material), households=len(set(material.household)), at=at)


def _count(house: House, state: str) -> int:
    return _asked(house, "SELECT count(*) FROM replenish_proposal WHERE state = %s", state)


def _size(house: House) -> int:
    return _asked(house, "SELECT pg_database_size(current_database())")


def _asked(house: House, sql: str, *values: str) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        row = link.execute(sql, values).fetchone()
    return int(row[0]) if row else 0
