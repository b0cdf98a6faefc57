"""A community gets the venues of another one, with their hours and prices; taken back while nobody booked them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.venues import rules
from linli.estate.venues.models import Booking, Venue
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.names import called
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, UsedSince
from linli.spine.scope import Scope

_COLUMNS = (
    "name",
    "text",
    "capacity",
    "weekdays",
    "opens_min",
    "closes_min",
    "slot_min",
    "price_minor",
    "deposit_minor",
)


@action(needs=May.KEEP_VENUES, private=("pieces",))
def take_over_template(
    scope: Scope, *, community: CommunityId, pieces: Sequence[Piece], at: datetime
) -> tuple[Made, ...]:
    """This will add such venues to a community, or change those of the same name; bookings keep slot and price."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    drafts = {piece.key: _columns(piece.content) for piece in pieces}
    known = Venue.objects.within(scope).filter(community=community, retired_at__isnull=True)
    standing = {key: row for row in known if (key := called(row.name)) in drafts}
    before = {key: {column: getattr(row, column) for column in _COLUMNS} for key, row in standing.items()}
    for key, row in standing.items():
        for column, value in drafts[key].items():
            setattr(row, column, value)
    Venue.objects.within(scope).bulk_update(standing.values(), _COLUMNS)
    added = Venue.objects.bulk_create(
        Venue(id=ids.new(), community=community, company=scope.company, **columns)
        for key, columns in drafts.items()
        if key not in standing
    )
    rows = [*standing.values(), *added]
    keyed = [(called(row.name), row) for row in rows]
    return tuple(Made("venue", key, str(row.pk), before.get(key)) for key, row in keyed)


@action(needs=May.KEEP_VENUES, private=("made",))
def take_back_template(scope: Scope, *, community: CommunityId, made: Sequence[Made], at: datetime) -> None:
    """This will take such venues away again, or give them back their hours; one that was booked stays."""
    rows = Venue.objects.within(scope).filter(pk__in=[each.row for each in made], community=community)
    found = {str(row.pk): row for row in rows}
    added = [UUID(each.row) for each in made if each.before is None]
    booked = Booking.objects.within(scope).filter(venue__in=added).values_list("venue", flat=True).distinct()
    used = {str(venue) for venue in booked}
    for each in made:
        if each.row not in found or each.row in used:
            raise UsedSince(name=each.key)
    rows.filter(pk__in=added).delete()
    again = []
    for each in made:
        if each.before is not None:
            row = found[each.row]
            for column in _COLUMNS:
                setattr(row, column, each.before[column])
            again.append(row)
    Venue.objects.within(scope).bulk_update(again, _COLUMNS)


def _columns(draft: rules.VenueDraft) -> dict[str, Any]:
    hours = rules.checked(draft.hours)
    return {
        "name": draft.name,
        "text": draft.text,
        "capacity": draft.capacity,
        "weekdays": sorted(hours.weekdays),
        "opens_min": hours.opens_min,
        "closes_min": hours.closes_min,
        "slot_min": hours.slot_min,
        "price_minor": draft.price.minor,
        "deposit_minor": draft.deposit.minor,
    }
