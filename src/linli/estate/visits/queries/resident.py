"""What a resident asks about their guests, and a guest about their pass."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from linli.estate.visits import models, rules
from linli.estate.visits.queries.cards import (
    ArrivalCard,
    PassCard,
    PassingLine,
    PassPage,
    SharedPass,
    arrival_cards,
    newest,
    pass_cards,
    passing_lines,
    why_not_now,
)
from linli.kernel.ids import ArrivalId, CommunityId, VisitPassId
from linli.kernel.refusals import NotFound
from linli.spine import moves, sql
from linli.spine.action import open_query, query
from linli.spine.scope import SYSTEM, Scope

MOST_WAITING = 12


@query
def my_passes(
    scope: Scope, *, at: datetime, only_open: bool = False, after: VisitPassId | None = None, limit: int = 20
) -> tuple[PassCard, ...]:
    """This will list the passes that the asker gave, the newest first."""
    rows = models.Pass.objects.within(scope).filter(_given_by(scope))
    if only_open:
        rows = rows.filter(state="open", ends_at__gt=at)
    return pass_cards(newest(rows, after, limit), at)


@query
def waiting(scope: Scope, *, at: datetime) -> tuple[int, int]:
    """This will count who stands at the gate and wants to come to the asker, and the asker's open passes."""
    rows = sql.fetch(
        "SELECT (SELECT count(*) FROM visits_arrival WHERE people @> ARRAY[%s::uuid] AND state = 'waiting'"
        " AND due_at > %s), (SELECT count(*) FROM visits_pass WHERE inviter = %s AND state = 'open' AND ends_at > %s)",
        scope.person,
        at,
        scope.person,
        at,
    )
    arrivals, passes = rows[0]
    return arrivals, passes


@query
def pass_page(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> PassPage:
    """This will show a pass that the asker gave, with what became of it."""
    row = models.Pass.objects.within(scope).filter(_given_by(scope), id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    passings = _passings_of(SYSTEM, visit_pass=visit_pass)
    return PassPage(pass_cards([row], at)[0], passings, moves.history(models.PassMove, visit_pass, scope=scope))


@query
def my_arrivals(scope: Scope, *, at: datetime) -> tuple[ArrivalCard, ...]:
    """This will list who stands at the gate and wants to come to the asker's home."""
    rows = models.Arrival.objects.within(scope).filter(people__contains=[scope.person], state="waiting", due_at__gt=at)
    return arrival_cards(rows.order_by("id")[:MOST_WAITING], at)


@query
def arrival(scope: Scope, *, arrival: ArrivalId, at: datetime) -> ArrivalCard:
    """This will show one visitor at the gate, to those of the home and to the guard."""
    row = models.Arrival.objects.within(scope).filter(id=arrival).first()
    if row is None:
        raise NotFound("visitor")
    return arrival_cards([row], at)[0]


@open_query
def shared_pass(word: str, *, at: datetime) -> SharedPass:
    """This will show a pass to whoever has its link; the word alone is the permission."""
    visit_pass = rules.read_link(word, settings.SECRET_KEY.encode())
    if visit_pass is None:
        raise NotFound("pass")
    return _shared(SYSTEM, visit_pass=visit_pass, at=at)


@query
def _shared(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> SharedPass:
    row = models.Pass.objects.within(scope).filter(id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    community = CommunityId(row.community)
    return SharedPass(community, row.code, row.window, row.entries, row.entered, why_not_now(row, at))


@query
def gate_token(scope: Scope, *, visit_pass: VisitPassId) -> str:
    """This will sign a pass of the asker's for machines that check it without a network."""
    row = models.Pass.objects.within(scope).filter(_given_by(scope), id=visit_pass, state="open").first()
    if row is None:
        raise NotFound("pass")
    place = rules.place_digest(CommunityId(row.community))
    told = rules.GateToken(visit_pass, place, row.starts_at, row.ends_at, row.entries or 0)
    return rules.gate_token(told, settings.SECRET_KEY.encode())


@query
def _passings_of(scope: Scope, *, visit_pass: VisitPassId) -> tuple[PassingLine, ...]:
    """The log of one pass for its inviter, who does not see the log of the gate."""
    rows = models.Passing.objects.within(scope).filter(visit_pass=visit_pass).exclude(way=rules.Way.TURNED_AWAY)
    return passing_lines(newest(rows, None, 50))


def _given_by(scope: Scope) -> Q:
    return Q(inviter=scope.person) if scope.person else Q(pk__in=[])
