"""The desk keeps its venues."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.venues import rules
from linli.estate.venues.models import Venue
from linli.estate.venues.rules import VenueDraft
from linli.ground.files import actions as files
from linli.kernel import ids
from linli.kernel.ids import CommunityId, FileId, VenueId
from linli.kernel.money import Money
from linli.kernel.names import in_languages
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_PRICE = Money(1_000_000)


@action(needs=May.KEEP_VENUES)
def keep_venue(
    scope: Scope, *, community: CommunityId, draft: VenueDraft, venue: VenueId | None = None, at: datetime
) -> VenueId:
    """This will add a venue, or change one; bookings that stand keep their slot and their price."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    hours = rules.checked(draft.hours)
    name, text = in_languages(draft.name, most=60), in_languages(draft.text, most=2000)
    if not name:
        field = "name_en" if draft.name.get("en", "").strip() and not draft.name.get("zh", "").strip() else "name_zh"
        raise Invalid(field, _("Please write a name of at most {most} characters."), most=60)
    if text is None:
        raise Invalid("text_zh", _("Please write at most {most} characters."), most=2000)
    if not 1 <= draft.capacity <= 1000:
        raise Invalid("capacity", _("Between 1 and {most}."), most=1000)
    if not Money.zero <= draft.price <= MOST_PRICE:
        raise Invalid("price", _("Between {least} and {most}."), least=Money.zero, most=MOST_PRICE)
    if not Money.zero <= draft.deposit <= MOST_PRICE:
        raise Invalid("deposit", _("Between {least} and {most}."), least=Money.zero, most=MOST_PRICE)
    mine = Venue.objects.within(scope).filter(community=community, retired_at__isnull=True)
    others = mine.exclude(pk=venue) if venue else mine
    taken = {
        (language, called) for other in others.values_list("name", flat=True) for language, called in other.items()
    }
    for language, called in name.items():
        if (language, called) in taken:
            raise Invalid(f"name_{language}", _("Another venue here is called so."))
    values: Any = {
        "name": name,
        "text": text,
        "capacity": draft.capacity,
        "weekdays": sorted(hours.weekdays),
        "opens_min": hours.opens_min,
        "closes_min": hours.closes_min,
        "slot_min": hours.slot_min,
        "price_minor": draft.price.minor,
        "deposit_minor": draft.deposit.minor,
    }
    if venue is None:
        row = Venue.objects.create(id=ids.new(), community=community, company=scope.company, **values)
        return VenueId(row.pk)
    if not mine.filter(pk=venue).update(**values):
        raise NotFound("venue")
    return venue


@action(needs=May.KEEP_VENUES, private=("file_name", "content"))
def add_venue_picture(scope: Scope, *, venue: VenueId, file_name: str, content: bytes, at: datetime) -> FileId:
    """This will keep a picture of a venue, drawn anew, instead of the one that it had."""
    row = _held(scope, venue)
    uploads, before = [(file_name, content)], row.picture
    (row.picture,) = files.keep_files(scope, uploads=uploads, field="picture", most=1, purpose="venue_picture", at=at)
    row.save(update_fields=["picture"])
    _let_go(before, at)
    return FileId(row.picture)


@action(needs=May.KEEP_VENUES)
def remove_venue_picture(scope: Scope, *, venue: VenueId, at: datetime) -> None:
    """This will show a venue without a picture."""
    row = _held(scope, venue)
    before, row.picture = row.picture, None
    row.save(update_fields=["picture"])
    _let_go(before, at)


@action(needs=May.KEEP_VENUES)
def retire_venue(scope: Scope, *, venue: VenueId, at: datetime) -> None:
    """This will close a venue to new bookings for good; those that stand are kept."""
    if not Venue.objects.within(scope).filter(pk=venue, retired_at__isnull=True).update(retired_at=at):
        raise NotFound("venue")


def _held(scope: Scope, venue: VenueId) -> Venue:
    row = Venue.objects.within(scope).select_for_update().filter(pk=venue, retired_at__isnull=True).first()
    if row is None:
        raise NotFound("venue")
    return row


def _let_go(picture: UUID | None, at: datetime) -> None:
    if picture is not None:
        files.discard_files(SYSTEM, files=[FileId(picture)], at=at)
