"""What runs out soon in the demo: its resident has asked to be told, and a standing order is due already."""

from __future__ import annotations

from datetime import datetime

from linli.ground.places import queries as places
from linli.insight.replenish import actions, queries
from linli.spine.scope import SYSTEM, Scope
from linli.works.demo.town import RESIDENT_PHONE
from linli.works.demo.wishing import buyer

EVERY_D = 2
"""So often that the town's short past makes it due."""


def fill(now: datetime) -> None:
    """This will have the demo's resident ask to be told what runs out."""
    resident = buyer(RESIDENT_PHONE, now)
    if resident is not None:
        ask(resident, now)


def ask(resident: Scope, now: datetime) -> None:
    """This will ask for the resident's first home, and let a standing order fall due where something was bought."""
    actions.begin(resident, home=resident.homes[0], shares=False, at=now)
    known = [card for card in queries.my_page(resident).known if card.can_stand]
    if not known:
        return
    actions.begin_standing(resident, home=known[0].home, commodity=known[0].commodity, every_days=EVERY_D, at=now)
    for community in resident.communities:
        today = places.day_in(community, now)
        portion = queries.portion(SYSTEM, community=community, after=None, today=today)
        actions.propose(SYSTEM, community=community, households=portion.households, found=(), at=now)
