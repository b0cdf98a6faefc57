"""The workers of a community as the choice sees them: able to what, on duty or not, how much in hand, how far away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.workorders import rules
from linli.estate.workorders.models import Order, Worker
from linli.estate.workorders.rules import Skill
from linli.ground.places import queries as places
from linli.ground.places.rules import distance_m
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.spine import sql

MOST_WORKERS = 200

_HANDS = """
    SELECT w.person, w.skills, w.most_open, w.last_given_at,
        NOT w.is_away AND (NOT EXISTS (SELECT FROM workorders_shift AS s WHERE s.worker_id = w.id)
            OR EXISTS (SELECT FROM workorders_shift AS s WHERE s.worker_id = w.id AND s.weekday = %s
                       AND s.start_minute <= %s AND %s < s.end_minute)),
        (SELECT count(*) FROM workorders_order AS o WHERE o.assignee = w.person AND o.state = ANY(%s)),
        (SELECT o.home FROM workorders_order AS o WHERE o.assignee = w.person AND o.arrived_at IS NOT NULL
            AND o.community = w.community ORDER BY o.arrived_at DESC LIMIT 1),
        EXISTS (SELECT FROM workorders_move AS m WHERE m.of_id = %s AND m.verb = 'return' AND m.person = w.person)
    FROM workorders_worker AS w
    WHERE w.community = %s AND w.left_at IS NULL AND (%s::uuid IS NULL OR w.person = %s)
    ORDER BY w.id LIMIT %s
"""


def hold_workers(community: UUID, person: PartyId | None = None) -> None:
    """This will lock the workers of a community, or one of them, so that what they have in hand stands still.

    In the order of their ids, and always after the order that is given: nobody waits crosswise.
    """
    rows = Worker.objects.inside().filter(community=community, left_at__isnull=True).order_by("pk")
    if person is not None:
        rows = rows.filter(person=person)
    list(rows.select_for_update().values_list("pk", flat=True)[:MOST_WORKERS])


def hands_of(
    row: Order, terms: rules.WorkOrderPolicy, at: datetime, person: PartyId | None = None
) -> tuple[rules.Hand, ...]:
    """This will describe the workers of an order's community as they stand now; three statements for all of them."""
    community = CommunityId(row.community)
    local = at.astimezone(ZoneInfo(places.market_of(community).timezone))
    minute = local.hour * 60 + local.minute
    open_states = [state.value for state in rules.IN_HAND]
    rows = sql.fetch(
        _HANDS, local.weekday(), minute, minute, open_states, row.pk, community, person, person, MOST_WORKERS
    )
    homes = {HomeId(each[6]) for each in rows if each[6]} | ({HomeId(row.home)} if row.home else set())
    card = places.community(community)
    where = places.positions(homes)
    middle = (card.lat, card.lon)
    job = where.get(HomeId(row.home), middle) if row.home else middle
    return tuple(
        rules.Hand(
            person=PartyId(who),
            skills=frozenset(Skill(word) for word in skills),
            open_jobs=open_jobs,
            most_open=most_open or terms.most_open_jobs,
            distance_m=distance_m(*(where.get(last, middle) if last else middle), *job),
            is_on_duty=on_duty,
            has_returned_it=returned,
            last_given_at=last_given_at,
        )
        for who, skills, most_open, last_given_at, on_duty, open_jobs, last, returned in rows
    )
