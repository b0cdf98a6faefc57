"""What the benches of charging stand on: a company with its items and tariffs, and homes that owe them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from threading import Event, Thread

import psycopg
from django.db import connection

from linli.estate.billing import actions as billing
from linli.estate.billing import rules
from linli.ground.people import actions as people
from linli.ground.places import actions as places
from linli.kernel.ids import ItemId, PartyId
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.bench import soundness
from linli.works.bench.house import House

MONTH = date(2026, 1, 1)
SINCE = date(2020, 1, 1)
LOOK_EVERY_S = 0.2
LATE = rules.LateRule(rate=Decimal("0.0005"))
TARIFFS = {
    "property_fee": ("built_area", {"price": "2.85", "surcharge": "0"}),
    "lift": ("built_area", {"price": "0.35", "surcharge": "0"}),
    "lighting": ("built_area", {"price": "0.12", "surcharge": "3"}),
    "refuse": ("fixed", {"amount": "12"}),
    "repair_fund": ("built_area", {"price": "0.25", "surcharge": "0"}),
}
"""Five lines for a home and month."""


def a_desk(house: House, *, homes: int) -> Scope:
    """This will settle so many homes in a community of their own, and give the scope of the company's staff."""
    at = datetime.now(UTC)
    company = people.register_organisation(SYSTEM, name="Bench Estates", at=at)
    name = {"zh": "测速花园", "en": "Bench Gardens"}
    district = places.add_district(SYSTEM, city=house.town.city, name=name, at=at)
    community = places.add_community(SYSTEM, district=district, name=name, lat=30.2, lon=120.2, address="2", at=at)
    people.entrust_community(SYSTEM, community=community, company=company, start_on=SINCE, at=at)
    desk = Scope(
        role=Role.PROPERTY,
        person=PartyId(company),
        city=house.town.city,
        communities=(community,),
        company=PartyId(company),
    )
    items = [_charged(desk, word, at) for word in TARIFFS]
    with psycopg.connect(house.superuser_url) as link:
        link.execute(
            files(__package__).joinpath("estate.sql").read_bytes(),
            {"homes": homes, "community": community, "at": at, "since": SINCE, "items": items},
        )
    soundness.gather_statistics(house.superuser_url)
    return desk


def _charged(desk: Scope, word: str, at: datetime) -> ItemId:
    preset, parameters = TARIFFS[word]
    item = billing.add_item(desk, word=word, name={"zh": word, "en": word}, at=at)
    draft = rules.TariffDraft(preset=preset, parameters=parameters, terms=rules.Terms(late=LATE))
    billing.set_tariff(desk, item=item, draft=draft, start_on=SINCE, at=at)
    return item


@dataclass(slots=True)
class Grown:
    """By how much the memory of their own grew, at most, of this process and of its backend of the database."""

    process_mib: float = 0.0
    backend_mib: float = 0.0


@contextmanager
def watching_memory() -> Iterator[Grown]:
    """This will look again and again at what the work inside the block takes in memory."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    grown, done = Grown(), Event()
    before = {pid: _own_mib(pid) for pid in (os.getpid(), backend)}

    def watch() -> None:
        while not done.wait(LOOK_EVERY_S):
            grown.process_mib = max(grown.process_mib, _own_mib(os.getpid()) - before[os.getpid()])
            grown.backend_mib = max(grown.backend_mib, _own_mib(backend) - before[backend])

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield grown
    finally:
        done.set()
        thread.join()


def backend_cpu_s() -> float:
    """This will tell how much CPU the backend of this connection has used so far."""
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return int(told.split()[0]) / 1e9


def _own_mib(pid: int) -> float:
    """What a process keeps for itself; shared buffers are not its own."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:")), 0.0)
