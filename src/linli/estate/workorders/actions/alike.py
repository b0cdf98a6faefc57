"""A community is promised what another one is: hours for types of work taken over, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from linli.estate.workorders.models import Sla, Type
from linli.estate.workorders.rules import OwnPromise
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, UsedSince
from linli.spine.scope import Scope

_COLUMNS = ("accept_minutes", "arrive_minutes", "finish_minutes", "way")


@action(needs=May.KEEP_WORK_RULES, private=("pieces",))
def take_over_template(
    scope: Scope, *, community: CommunityId, pieces: Sequence[Piece], start_on: date, at: datetime
) -> tuple[Made, ...]:
    """This will promise a community the same hours from a day on; what was raised before keeps its promise."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    asked = {piece.key: piece.content for piece in pieces}
    types = Type.objects.within(scope).filter(company=scope.company, word__in=asked, retired_at=None)
    known = {row.word: row for row in types}
    if len(known) < len(asked):
        raise NotFound("type")
    standing = Sla.objects.within(scope).filter(community=community, type__in=known.values(), start_on=start_on)
    before = {row.type_id: {name: getattr(row, name) for name in _COLUMNS} for row in standing}
    Sla.objects.bulk_create(
        [
            Sla(id=ids.new(), community=community, type=known[word], start_on=start_on, **_columns(promise))
            for word, promise in asked.items()
        ],
        update_conflicts=True,
        unique_fields=["community", "type", "start_on"],
        update_fields=list(_COLUMNS),
    )
    made = standing.all().select_related("type").order_by("type__nth")
    return tuple(Made("promise", row.type.word, str(row.pk), before.get(row.type_id)) for row in made)


@action(needs=May.KEEP_WORK_RULES, private=("made",))
def take_back_template(scope: Scope, *, community: CommunityId, made: Sequence[Made], at: datetime) -> None:
    """This will take such promises back; what they replaced holds again, and what was raised keeps its own."""
    rows = Sla.objects.within(scope).filter(community=community, pk__in=[each.row for each in made])
    found = {str(row.pk): row for row in rows}
    if missing := [each for each in made if each.row not in found]:
        raise UsedSince(name=missing[0].key)
    rows.filter(pk__in=[each.row for each in made if each.before is None]).delete()
    again = []
    for each in made:
        if each.before is not None:
            row = found[each.row]
            for name in _COLUMNS:
                setattr(row, name, each.before[name])
            again.append(row)
    Sla.objects.within(scope).bulk_update(again, _COLUMNS)


def _columns(promise: OwnPromise) -> dict[str, Any]:
    minutes = promise.minutes
    return {
        "accept_minutes": minutes.accept,
        "arrive_minutes": minutes.arrive,
        "finish_minutes": minutes.finish,
        "way": promise.way.value if promise.way else "",
    }
