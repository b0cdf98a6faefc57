"""What every verb on parcels does: hold them, have them leave, tell whom they are for. Private to the actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.parcels import events, models, rules
from linli.estate.parcels.rules import ParcelState, ParcelVerb
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, ParcelId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import MOST
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.lockers import actions as lockers
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


def locked(scope: Scope, parcel: ParcelId) -> models.Parcel:
    """This will hold one parcel of the asker's communities."""
    row = models.Parcel.objects.within(scope).select_for_update().filter(id=parcel).first()
    if row is None:
        raise NotFound("parcel")
    return row


def locked_many(scope: Scope, parcels: Sequence[ParcelId]) -> list[models.Parcel]:
    """This will hold many, as far as they are of the asker's communities."""
    if not 0 < len(parcels) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    return list(models.Parcel.objects.within(scope).select_for_update().filter(id__in=parcels).order_by("id"))


def leave(scope: Scope, row: models.Parcel, verb: ParcelVerb, at: datetime, by_code: bool | None = None) -> None:
    """This will have a held parcel leave: nobody has a code for it any more, nor a compartment."""
    life, states = rules.PARCEL_LIFE, ParcelState
    moves.take(
        models.ParcelMove,
        row,
        verb,
        life=life,
        states=states,
        scope=scope,
        at=at,
        left_at=at,
        remind_at=None,
        by_code=by_code,
    )
    handover.handover_close(scope, fors=[row.id], at=at)
    lockers.free(SYSTEM, subject=row.id, at=at)
    tell(events.ParcelLeft(parcel=ParcelId(row.id), community=CommunityId(row.community), state=row.state, at=at))


def say(rows: Sequence[models.Parcel], template: str, at: datetime) -> None:
    """One message a person and shelf, however many parcels lie there for them; the code stands on the phone alone."""
    said: dict[tuple[str, int], list[PartyId]] = defaultdict(list)
    for_whom: dict[tuple[UUID, str], int] = defaultdict(int)
    for row in rows:
        for person in row.people:
            for_whom[(person, row.shelf)] += 1
    for (person, shelf), number in for_whom.items():
        said[(shelf, number)].append(PartyId(person))
    for (shelf, number), to in said.items():
        values = {"n": str(number), "shelf": shelf or "-"}
        notify.queue_messages(SYSTEM, to=to, template=template, values=values, at=at)


def policies_of(scope: Scope, rows: Sequence[models.Parcel], at: datetime) -> dict[UUID, rules.ParcelPolicy]:
    """This will look up the terms of the communities that parcels lie in, each once."""
    held = {row.community for row in rows}
    return {one: policy(scope, rules.ParcelPolicy, at=at, community=CommunityId(one)) for one in held}


def id_of(row: models.Parcel) -> UUID:
    """This will tell which parcel a held one is."""
    return row.id
