"""`linli bench workorders`: raising work orders through the action, beside pgbench's own transaction on plain tables.

The transaction is the one that pgbench runs unless told otherwise (three updates, a select, an insert; prepared,
statement by statement), as durable as the house. The house raises orders from a community for each client, as they come
from many communities at a time; that all come from one, whose labels count up, is measured and told as well.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

import psycopg

from linli.estate.workorders import actions as workorders
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.bench import bank
from linli.works.bench.crowd import Start, gather
from linli.works.bench.house import House
from linli.works.bench.report import Figure, Report

LIMIT: dict[str, Figure] = {"ratio": 0.15}
WARM = 5
_FIRST_PHONE = 19_700_000_000

_WHOLE = """
    SELECT (SELECT count(*) FROM workorders_order) AS orders,
        (SELECT count(*) FROM workorders_move WHERE verb = 'raise') AS moves,
        (SELECT count(*) FROM spine_fact WHERE kind = 'workorders.WorkOrderRaised') AS facts,
        (SELECT count(*) FROM (SELECT community FROM workorders_order GROUP BY community
            HAVING max(right(number, -10)::int) <> count(*)) AS gap) AS gaps
"""


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will bank on plain tables and raise orders through the house, and divide."""
    at = datetime.now(UTC)
    bank.prepare(house.superuser_url)
    residents = [_settle(SYSTEM, phone=str(_FIRST_PHONE + n), at=at) for n in range(clients)]
    bare = gather(bank.work, [(house.superuser_url, nth) for nth in range(clients)], seconds=seconds)
    apart = gather(_raise, [(one,) for one in residents], seconds=seconds, in_house=True)
    together = gather(_raise, [(residents[0],)] * clients, seconds=seconds, in_house=True)
    per_s = {
        "pgbench_per_s": sum(bare.said) / bare.seconds,
        "orders_per_s": sum(done for done, _ in apart.said) / apart.seconds,
        "orders_of_one_community_per_s": sum(done for done, _ in together.said) / together.seconds,
    }
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        orders, moves, facts, gaps = link.execute(_WHOLE).fetchone() or (0, 0, 0, 0)
    return Report(
        name="workorders",
        parameters={"seconds": seconds, "clients": clients, "durable": "on"},
        figures={
            **{name: round(value, 1) for name, value in per_s.items()},
            "cpu_ms_per_order_python": round(median(ms for _, ms in apart.said), 2),
            "ratio_of_one_community": round(per_s["orders_of_one_community_per_s"] / per_s["pgbench_per_s"], 4),
        },
        limit=LIMIT,
        ratio=round(per_s["orders_per_s"] / per_s["pgbench_per_s"], 4),
        checks={
            "every_order_has_its_first_move": orders == moves > 0,
            "every_order_was_told": orders == facts,
            "no_label_is_missing": gaps == 0,
        },
    )


def _raise(start: Start, resident: Scope) -> tuple[int, float]:
    """So many orders of one resident, and the CPU milliseconds that each cost in this process."""
    community, home = resident.communities[0], resident.homes[0]
    for _ in range(WARM):
        _raise_one(resident, community, home)
    done, until, used = 0, start(), time.process_time()
    while time.monotonic() < until:
        _raise_one(resident, community, home)
        done += 1
    return done, (time.process_time() - used) * 1000 / max(1, done)


def _raise_one(resident: Scope, community: CommunityId, home: HomeId) -> None:
    workorders.raise_work_order(resident, community=community, home=home, words="The tap drips.", at=datetime.now(UTC))


@action(needs=May.KEEP_PLACES, private=("phone",))
def _settle(scope: Scope, *, phone: str, at: datetime) -> Scope:
    """A community of its own with a company, a home and who lives there."""
    both = {"zh": f"测速 {phone}", "en": f"Bench {phone}"}
    city = places.add_city(scope, name=both, timezone="Asia/Shanghai", currency="CNY", at=at)
    district = places.add_district(scope, city=city, name=both, at=at)
    community = places.add_community(scope, district=district, name=both, lat=30.2, lon=120.1, address="1", at=at)
    rows: Sequence[places.HomeRow] = (places.HomeRow("1", "1", "101", Decimal("89.37")),)
    (home,) = places.add_homes(scope, community=community, rows=rows, at=at)
    (person,) = people.register_people(scope, rows=[PersonRow("R", phone, home, "owner", at.date(), "en")], at=at)
    company = people.register_organisation(scope, name=f"Bench {ids.new()}", at=at)
    people.entrust_community(scope, community=community, company=company, start_on=at.date(), at=at)
    workorders.add_default_types(scope, company=company, at=at)
    return Scope(role=Role.RESIDENT, person=person, city=city, communities=(community,), homes=(home,))
