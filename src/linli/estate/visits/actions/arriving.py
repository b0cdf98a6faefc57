"""Somebody stands at the gate without a pass: the home is asked, and answers within minutes or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.visits import events, models, rules
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import ArrivalId, CommunityId, HomeId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


class NobodyToAsk(Refusal):
    """Nobody of the home can be asked on the phone."""

    says = _("Nobody of this home is on Linli. Please ring at the door.")


class NoArrivals(Refusal):
    """The community does not register visitors without a pass."""

    says = _("Visitors without a pass are not registered here.")


class TooLate(Refusal):
    """The minutes in which the home could answer, or the visitor come in, are over."""

    says = _("This took too long. The visitor has to be registered again.")


@action(needs=May.CHECK_VISITORS, private=("guest_name", "guest_phone", "plate"))
def register_arrival(
    scope: Scope,
    *,
    home: HomeId,
    purpose: rules.Purpose,
    gate: str = "",
    guest_name: str = "",
    guest_phone: str = "",
    plate: str = "",
    at: datetime,
) -> ArrivalId:
    """This will note who stands at the gate and ask those who live behind the door."""
    card = places.home(home)
    if card.community not in scope.communities:
        raise NotFound("home")
    rule = policy(scope, rules.VisitPolicy, at=at, community=card.community)
    if not rule.takes_arrivals:
        raise NoArrivals
    day = places.day_in(card.community, at)
    lives = people.lived_in(scope, homes=(home,), since=day, until=day + timedelta(days=1)).get(home, ())
    asked = rules.who_answers((person, kind) for person, kind, _days in lives)
    if not asked:
        raise NobodyToAsk
    row = models.Arrival(
        id=ids.new(),
        community=card.community,
        home=home,
        gate=gate,
        purpose=purpose.value,
        guest_name=guest_name.strip()[: rules.LONGEST_NAME],
        guest_phone=guest_phone.strip()[: rules.LONGEST_PHONE],
        plate=rules.plate_of(plate)[: rules.LONGEST_PLATE],
        people=list(asked),
        registered_at=at,
        due_at=at + timedelta(minutes=rule.answer_minutes),
        forget_at=at + timedelta(days=rule.retention_days),
    )
    models.Arrival.objects.bulk_create([row])
    moves.born(models.ArrivalMove, row, rules.ArrivalVerb.REGISTER.value, scope=scope, at=at)
    said = {"door": card.door, "minutes": str(rule.answer_minutes)}
    notify.queue_messages(SYSTEM, to=asked, template="visitor_waiting", values=said, at=at)
    tell(events.ArrivalRegistered(arrival=ArrivalId(row.id), community=card.community, home=home, at=at))
    return ArrivalId(row.id)


@action(needs=May.INVITE_VISITORS)
def answer_arrival(scope: Scope, *, arrival: ArrivalId, allow: bool, at: datetime) -> None:
    """This will say whether the visitor may come in; the first of the home who answers decides."""
    rows = models.Arrival.objects.within(scope).select_for_update()
    row = rows.filter(id=arrival, people__contains=[scope.person]).first()
    if row is None:
        raise NotFound("visitor")
    if row.state == rules.ArrivalState.WAITING and at >= row.due_at:
        raise TooLate
    community = CommunityId(row.community)
    rule = policy(scope, rules.VisitPolicy, at=at, community=community)
    verb = rules.ArrivalVerb.ALLOW if allow else rules.ArrivalVerb.REFUSE
    _take(scope, row, verb, at, due_at=at + timedelta(minutes=rule.enter_minutes))
    tell(events.ArrivalAnswered(arrival=arrival, community=community, allowed=allow, at=at))


@action(needs=May.CHECK_VISITORS)
def let_arrival_in(scope: Scope, *, arrival: ArrivalId, at: datetime) -> None:
    """This will note that a visitor whom the home allowed came in."""
    row = _at_gate(scope, arrival)
    if row.state == rules.ArrivalState.ALLOWED and at >= row.due_at:
        raise TooLate
    _take(scope, row, rules.ArrivalVerb.ENTER, at)
    community, home = CommunityId(row.community), HomeId(row.home)
    models.Passing.objects.create(
        community=community,
        home=home,
        arrival=row,
        gate=row.gate,
        way=rules.Way.IN.value,
        guard=scope.person,
        passed_at=at,
    )
    tell(
        events.VisitorPassed(visit_pass=None, arrival=arrival, community=community, home=home, way=rules.Way.IN, at=at)
    )


@action(needs=May.CHECK_VISITORS)
def withdraw_arrival(scope: Scope, *, arrival: ArrivalId, at: datetime) -> None:
    """This will note that the visitor went away."""
    _take(scope, _at_gate(scope, arrival), rules.ArrivalVerb.WITHDRAW, at)


def _at_gate(scope: Scope, arrival: ArrivalId) -> models.Arrival:
    row = models.Arrival.objects.within(scope).select_for_update().filter(id=arrival).first()
    if row is None:
        raise NotFound("visitor")
    return row


def _take(scope: Scope, row: models.Arrival, verb: rules.ArrivalVerb, at: datetime, **changes: datetime) -> None:
    life, states = rules.ARRIVAL_LIFE, rules.ArrivalState
    moves.take(models.ArrivalMove, row, verb, life=life, states=states, scope=scope, at=at, why="", **changes)
