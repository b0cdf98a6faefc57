"""Whose a space is, and until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import SubjectKind
from linli.estate.parking import rules
from linli.estate.parking.actions.offering import end_sharing
from linli.estate.parking.models import Holding, Space
from linli.estate.parking.queries import barrier
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId, SpaceId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class SpaceTaken(Refusal):
    """A space is held once at a time."""

    says = _("{label} is held by somebody on some of these days.")


@action(needs=May.KEEP_PARKING)
def hold_space(
    scope: Scope,
    *,
    space: SpaceId,
    home: HomeId,
    party: PartyId,
    start_on: date,
    end_on: date | None = None,
    item: ItemId | None = None,
    at: datetime,
) -> None:
    """This will give a space, with those behind it, to a home; with an item it is charged every month."""
    row = Space.objects.within(scope).select_related("lot").filter(pk=space, retired_at=None).first()
    if row is None or row.mother_id is not None:
        raise NotFound("space")
    if places.home(home).community != row.community:
        raise Invalid("home", _("This home is in another community."))
    if row.kind not in (rules.SpaceKind.SOLD, rules.SpaceKind.MONTHLY):
        raise Invalid("space", _("Only sold and monthly spaces belong to homes."))
    whole = [row, *Space.objects.within(scope).filter(mother=row, retired_at=None)]
    shared = {"community": row.community, "home": home, "party": party, "start_on": start_on, "end_on": end_on}
    try:
        with transaction.atomic():
            Holding.objects.bulk_create(
                [Holding(id=ids.new(), space=each, item=item, held_at=at, **shared) for each in whole]
            )
    except IntegrityError as error:
        if "parking_holding_days" in str(error):
            raise Invalid("end_on", _("The end has to be after the start.")) from error
        raise SpaceTaken(field="space", label=row.label) from error
    if item is not None:
        billing.assign_subject(
            SYSTEM,
            item=item,
            community=CommunityId(row.community),
            subject=row.pk,
            kind=SubjectKind.SPACE,
            obligor=party,
            home=home,
            start_on=start_on,
            end_on=end_on,
            at=at,
        )


@action(needs=May.KEEP_PARKING)
def end_holding(scope: Scope, *, space: SpaceId, end_on: date, at: datetime) -> None:
    """This will take a space, and those behind it, back from a day on; its monthly charge ends with it, and so
    does what its home shared of it."""
    running = Q(end_on__isnull=True) | Q(end_on__gt=end_on)
    rows = Holding.objects.within(scope).select_for_update(of=("self",)).filter(running, start_on__lt=end_on)
    found = list(rows.filter(Q(space=space) | Q(space__mother=space)))
    if not found:
        raise NotFound("space")
    charged = {row.item for row in found if row.space_id == space and row.item is not None}
    Holding.objects.within(scope).filter(pk__in=[row.pk for row in found]).update(end_on=end_on)
    for item in charged:
        billing.end_assignment(SYSTEM, item=ItemId(item), subject=space, end_on=end_on, at=at)
    ends_at = rules.held_days(end_on, None, barrier.zone_of(CommunityId(found[0].community))).start
    end_sharing(SYSTEM, space=space, home=HomeId(found[0].home), ends_at=ends_at, at=at)
