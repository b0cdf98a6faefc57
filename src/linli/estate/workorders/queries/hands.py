"""The workers of a community as the choice sees them: able to what, on duty or not, how much in hand, how far away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
    SELECT o.id, w.person, w.skills, w.most_open, w.last_given_at,
        NOT w.is_away AND (NOT EXISTS (SELECT FROM workorders_shift AS s WHERE s.worker_id = w.id)
            OR EXISTS (SELECT FROM workorders_shift AS s WHERE s.worker_id = w.id AND s.weekday = c.weekday
                       AND s.start_minute <= c.minute AND c.minute < s.end_minute)),
        (SELECT count(*) FROM workorders_order AS h WHERE h.assignee = w.person AND h.state = ANY(%s)),
        (SELECT h.home FROM workorders_order AS h WHERE h.assignee = w.person AND h.arrived_at IS NOT NULL
            AND h.community = w.community ORDER BY h.arrived_at DESC LIMIT 1),
        EXISTS (SELECT FROM workorders_move AS m WHERE m.of_id = o.id AND m.verb = 'return' AND m.person = w.person)
    FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS c (community, weekday, minute)
    JOIN workorders_worker AS w ON w.community = c.community AND w.left_at IS NULL
        AND (%s::uuid IS NULL OR w.person = %s)
    JOIN workorders_order AS o ON o.community = c.community AND o.id = ANY(%s)
    ORDER BY w.id, o.id LIMIT %s
"""


def hold_workers(communities: Collection[UUID], person: PartyId | None = None) -> None:
    """This will lock the workers of communities, or one person there, so that what they have in hand stands still.

    In the order of their ids, and always after the orders that are given: nobody waits crosswise.
    """
    rows = Worker.objects.inside().filter(community__in=communities, left_at__isnull=True).order_by("pk")
    if person is not None:
        rows = rows.filter(person=person)
    list(rows.select_for_update().values_list("pk", flat=True)[:MOST_WORKERS])


def hands_of(
    row: Order, terms: rules.WorkOrderPolicy, at: datetime, person: PartyId | None = None
) -> tuple[rules.Hand, ...]:
    """This will describe the workers of an order's community as they stand now; three statements for all of them."""
    return hands_of_many((row,), {row.community: terms}, at, person).get(row.pk, ())


def hands_of_many(
    rows: Sequence[Order], terms: Mapping[UUID, rules.WorkOrderPolicy], at: datetime, person: PartyId | None
) -> dict[UUID, tuple[rules.Hand, ...]]:
    """This will describe the workers of each order's community, or one of them, as each order sees them.

    Three statements, however many orders; of several orders it is asked for one person.
    """
    open_states = [state.value for state in rules.IN_HAND]
    times = [_weekday_and_minute(community, at) for community in terms]
    orders = {row.pk: row for row in rows}
    found = sql.fetch(
        _HANDS, open_states, list(terms), [weekday for weekday, _minute in times], [minute for _day, minute in times],
        person, person, list(orders), MOST_WORKERS,
    )  # fmt: skip
    homes = {HomeId(each[7]) for each in found if each[7]} | {HomeId(row.home) for row in rows if row.home}
    middles = {card.id: (card.lat, card.lon) for card in places.communities(ids=[CommunityId(each) for each in terms])}
    where = places.positions(homes)
    hands: dict[UUID, list[rules.Hand]] = defaultdict(list)
    for of, who, skills, most_open, last_given_at, on_duty, open_jobs, last, returned in found:
        row = orders[of]
        middle = middles[CommunityId(row.community)]
        job = where.get(HomeId(row.home), middle) if row.home else middle
        hands[of].append(
            rules.Hand(
                person=PartyId(who),
                skills=frozenset(Skill(word) for word in skills),
                open_jobs=open_jobs,
                most_open=most_open or terms[row.community].most_open_jobs,
                distance_m=distance_m(*(where.get(last, middle) if last else middle), *job),
                is_on_duty=on_duty,
                has_returned_it=returned,
                last_given_at=last_given_at,
            )
        )
    return {of: tuple(each) for of, each in hands.items()}


def _weekday_and_minute(community: UUID, at: datetime) -> tuple[int, int]:
    local = at.astimezone(ZoneInfo(places.market_of(CommunityId(community)).timezone))
    return local.weekday(), local.hour * 60 + local.minute
