"""What a community was promised of its own, told so that another may be served alike."""

from __future__ import annotations

from datetime import date

from linli.estate.workorders.models import Sla
from linli.estate.workorders.rules import Minutes, OwnPromise, Way
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.pieces import Piece
from linli.spine.scope import Scope

MOST = 200


@query
def template_of(scope: Scope, *, community: CommunityId, on: date) -> tuple[Piece, ...]:
    """This will list the types of work for which a community has hours of its own on a day; the company's hold
    everywhere."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    rows = Sla.objects.within(scope).filter(
        community=community, type__company=scope.company, type__retired_at=None, start_on__lte=on
    )
    last = rows.select_related("type").order_by("type__nth", "type", "-start_on").distinct("type__nth", "type")
    return tuple(Piece("promise", row.type.word, row.type.name, promise_of(row)) for row in last[:MOST])


def promise_of(row: Sla) -> OwnPromise:
    """This will read a row of promises."""
    minutes = Minutes(accept=row.accept_minutes, arrive=row.arrive_minutes, finish=row.finish_minutes)
    return OwnPromise(minutes, Way(row.way) if row.way else None)
