"""Who does work in a community, how much they have in hand, and who would be given an order and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.estate.workorders import rules
from linli.estate.workorders.models import Order, Shift, Worker
from linli.estate.workorders.queries.hands import hands_of
from linli.estate.workorders.rules import Skill
from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, WorkOrderId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 200


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """A worker as the desk keeps them; `shifts` are weekday, first and last minute."""

    person: PartyId
    name: str
    skills: tuple[Skill, ...]
    most_open: int | None
    is_away: bool
    open_jobs: int
    shifts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody an order could be given to: the minutes until they could be there, and what stands in the way."""

    person: PartyId
    name: str
    open_jobs: int
    most_open: int
    distance_m: int
    minutes: int
    is_able: bool
    is_on_duty: bool
    has_room: bool
    has_returned_it: bool


@query
def workers(scope: Scope, *, community: CommunityId) -> tuple[WorkerCard, ...]:
    """This will list the workers of a community with what they can do, when, and how much they have in hand."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    rows = list(Worker.objects.within(scope).filter(community=community, left_at__isnull=True).order_by("pk")[:MOST])
    persons = [PartyId(row.person) for row in rows]
    shifts: dict[object, list[tuple[int, int, int]]] = {}
    hours = Shift.objects.within(scope).filter(community=community).order_by("weekday", "start_minute")
    for worker, weekday, start, end in hours.values_list("worker", "weekday", "start_minute", "end_minute")[:5000]:
        shifts.setdefault(worker, []).append((weekday, start, end))
    open_states = [state.value for state in rules.IN_HAND]
    jobs: dict[object, int] = {}
    in_hand = Order.objects.within(scope).filter(assignee__in=persons, state__in=open_states)
    for person in in_hand.values_list("assignee", flat=True)[: MOST * 50]:
        jobs[person] = jobs.get(person, 0) + 1
    names = people.masked_names(SYSTEM, parties=persons) if persons else {}
    return tuple(
        WorkerCard(
            PartyId(row.person),
            names.get(PartyId(row.person), ""),
            tuple(Skill(word) for word in row.skills),
            row.most_open,
            row.is_away,
            jobs.get(row.person, 0),
            tuple(shifts.get(row.pk, ())),
        )
        for row in rows
    )


@query
def workers_at_hand(scope: Scope) -> tuple[tuple[PartyId, str], ...]:
    """This will name everybody who does work in the communities of the asker, by their masked names."""
    rows = Worker.objects.within(scope).filter(left_at__isnull=True).order_by("person")
    persons = [PartyId(each) for each in rows.values_list("person", flat=True).distinct()[:MOST]]
    names = people.masked_names(SYSTEM, parties=persons) if persons else {}
    return tuple(sorted(((each, names.get(each, "")) for each in persons), key=lambda one: one[1]))


@query
def candidates(scope: Scope, *, order: WorkOrderId, at: datetime) -> tuple[Candidate, ...]:
    """This will list whom an order could be given to, the best first, with the reasons that the house would have."""
    row = Order.objects.within(scope).select_related("type").filter(pk=order).first()
    if row is None or row.community not in scope.communities:
        raise NotFound("work order")
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    hands = hands_of(row, terms, at)
    names = people.masked_names(SYSTEM, parties=[hand.person for hand in hands]) if hands else {}
    skill = Skill(row.type.skill)
    found = [
        Candidate(
            hand.person,
            names.get(hand.person, ""),
            hand.open_jobs,
            hand.most_open,
            hand.distance_m,
            rules.choice_of(hand, minutes_a_job=terms.minutes_a_job).minutes,
            rules.is_able(hand, skill),
            hand.is_on_duty,
            hand.open_jobs < hand.most_open,
            hand.has_returned_it,
        )
        for hand in hands
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_able, not one.has_room, one.minutes, one.distance_m)))
