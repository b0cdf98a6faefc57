"""Guests pay for their cars as they do in another community, from a day on; taken back while nobody parked by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from linli.estate.parking.actions.grounds import set_tariff
from linli.estate.parking.models import Session, TariffVersion
from linli.kernel.ids import CommunityId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, UsedSince
from linli.spine.scope import Scope


@action(needs=May.KEEP_PARKING, private=("pieces",))
def take_over_template(
    scope: Scope, *, community: CommunityId, pieces: Sequence[Piece], start_on: date, at: datetime
) -> tuple[Made, ...]:
    """This will have stays in a community cost the same from a day on."""
    if not pieces:
        return ()
    (piece,) = pieces
    versions = TariffVersion.objects.within(scope).filter(community=community, lot=None)
    running = versions.filter(Q(end_on=None) | Q(end_on__gt=start_on)).first()
    before = running and {"tariff": str(running.pk), "end_on": running.end_on and running.end_on.isoformat()}
    made = set_tariff(scope, community=community, tariff=piece.content, start_on=start_on, at=at)
    return (Made(piece.sort, piece.key, str(made), before),)


@action(needs=May.KEEP_PARKING, private=("made",))
def take_back_template(scope: Scope, *, community: CommunityId, made: Sequence[Made], at: datetime) -> None:
    """This will take such a tariff away again; the one before goes on. One by which somebody parked is history."""
    for each in made:
        rows = TariffVersion.objects.within(scope).filter(pk=each.row, community=community, end_on=None)
        if not rows.exists() or Session.objects.within(scope).filter(tariff=UUID(each.row)).exists():
            raise UsedSince(name=each.key)
        rows.delete()
        if each.before:
            until = each.before["end_on"]
            TariffVersion.objects.within(scope).filter(pk=each.before["tariff"]).update(
                end_on=date.fromisoformat(until) if until else None
            )
