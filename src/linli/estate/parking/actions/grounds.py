"""What parking stands on: lots and spaces, tariffs from a day on, and the lists."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from linli.estate.parking import rules
from linli.estate.parking.models import Listed, Lot, Session, Space, TariffVersion
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, LotId, PartyId, SpaceId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST, NotDone, Together, missing
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_SPACES = 2_000
MOST_PLACES = 20_000
LONGEST_WORDS = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class LabelTaken(Refusal):
    """Two spaces of a lot would bear one label."""

    says = _("Some of these spaces exist already.")


class StillParked(Refusal):
    """A lot is closed when it is empty."""

    says = _("Cars are still inside.")


class EndedAlready(Refusal):
    """It does not hold any more."""

    says = _("This entry has ended already.")


class TariffOverlaps(Refusal):
    """A tariff from a later day stands already."""

    says = _("A tariff that begins on this day or later stands already.")


@action(needs=May.KEEP_PARKING, private=("name",))
def add_lot(
    scope: Scope,
    *,
    community: CommunityId,
    name: Mapping[str, str],
    temporary_places: int,
    takes_temporary: bool = True,
    at: datetime,
) -> LotId:
    """This will open a car park; its code stands in the QR at the exit."""
    _insist_on(scope, community)
    _check_lot(name, temporary_places)
    lot = Lot.objects.create(
        id=ids.new(),
        community=community,
        company=_company(scope),
        city=places.market_of(community).city,
        name=dict(name),
        code="".join(secrets.choice(_LETTERS) for _n in range(8)),
        takes_temporary=takes_temporary,
        temporary_places=temporary_places,
    )
    return LotId(lot.pk)


@action(needs=May.KEEP_PARKING, private=("name",))
def change_lot(
    scope: Scope, *, lot: LotId, name: Mapping[str, str], temporary_places: int, takes_temporary: bool, at: datetime
) -> None:
    """This will rename a lot, and say how many guests it takes."""
    _check_lot(name, temporary_places)
    row = lot_of(scope, lot)
    row.name, row.temporary_places, row.takes_temporary = dict(name), temporary_places, takes_temporary
    row.save(update_fields=["name", "temporary_places", "takes_temporary"])


@action(needs=May.KEEP_PARKING)
def close_lot(scope: Scope, *, lot: LotId, at: datetime) -> None:
    """This will close an empty lot for good; what happened in it stays."""
    row = lot_of(scope, lot)
    if Session.objects.within(scope).filter(lot=row, state=rules.SessionState.INSIDE.value).exists():
        raise StillParked
    row.closed_at = at
    row.save(update_fields=["closed_at"])


@action(needs=May.KEEP_PARKING)
def add_spaces(
    scope: Scope,
    *,
    lot: LotId,
    labels: Sequence[str],
    kind: rules.SpaceKind,
    mother: SpaceId | None = None,
    at: datetime,
) -> tuple[SpaceId, ...]:
    """This will mark spaces out, all or none; with a mother they stand behind it and go with it."""
    row = lot_of(scope, lot)
    wanted = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if not 0 < len(wanted) <= MOST_SPACES or any(len(label) > 20 for label in wanted):
        raise Invalid("labels", _("Between 1 and {most} labels of at most 20 characters."), most=MOST_SPACES)
    behind = Space.objects.within(scope).filter(pk=mother, lot=row, mother=None).first() if mother else None
    if mother is not None and behind is None:
        raise Invalid("mother", _("There is no such space that others can stand behind."))
    spaces = [
        Space(id=ids.new(), lot=row, community=row.community, label=label, kind=kind.value, mother=behind)
        for label in wanted
    ]
    try:
        with transaction.atomic():
            Space.objects.bulk_create(spaces, batch_size=500)
    except IntegrityError as error:
        raise LabelTaken(field="labels") from error
    return tuple(SpaceId(space.pk) for space in spaces)


@action(needs=May.KEEP_PARKING)
def set_tariff(
    scope: Scope,
    *,
    community: CommunityId,
    tariff: rules.ParkingTariff,
    start_on: date,
    lot: LotId | None = None,
    at: datetime,
) -> UUID:
    """This will have stays that begin from a day on cost this; the version before ends there."""
    _insist_on(scope, community)
    if start_on < places.day_in(community, at):
        raise Invalid("start_on", _("A tariff begins today or later."))
    row = lot_of(scope, lot) if lot else None
    if row is not None and row.community != community:
        raise NotFound("lot")
    versions = TariffVersion.objects.within(scope).filter(community=community, lot=row)
    if versions.filter(start_on__gte=start_on).exists():
        raise TariffOverlaps(field="start_on")
    versions.filter(Q(end_on__isnull=True) | Q(end_on__gt=start_on)).update(end_on=start_on)
    made = TariffVersion.objects.create(
        id=ids.new(),
        community=community,
        lot=row,
        start_on=start_on,
        terms=rules.written_tariff(rules.checked_tariff(tariff)),
        set_at=at,
        set_by=scope.person,
    )
    return made.pk


@action(needs=May.KEEP_PARKING, private=("plate", "reason"))
def list_plate(
    scope: Scope,
    *,
    community: CommunityId,
    plate: str,
    kind: rules.ListKind,
    reason: str,
    days: int | None = None,
    at: datetime,
) -> UUID:
    """This will let a plate in always, or never, for a reason; without days until somebody ends it."""
    _insist_on(scope, community)
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_WORDS:
        raise Invalid("reason", _("Say why, in at most {most} characters."), most=LONGEST_WORDS)
    if days is not None and not 1 <= days <= 3_650:
        raise Invalid("days", _("Between {low} and {high}."), low=1, high=3_650)
    row = Listed.objects.create(
        id=ids.new(),
        community=community,
        kind=kind.value,
        plate=rules.plate(plate).text,
        reason=said,
        start_at=at,
        end_at=None if days is None else at + timedelta(days=days),
        listed_by=scope.person,
    )
    return row.pk


@action(needs=May.KEEP_PARKING)
def unlist_plate(scope: Scope, *, listed: UUID, at: datetime) -> None:
    """This will end an entry of a list now; that it stood there is kept."""
    rows = Listed.objects.within(scope).filter(Q(end_at__isnull=True) | Q(end_at__gt=at), pk=listed)
    if not rows.update(end_at=at):
        raise NotFound("entry")


@action(needs=May.KEEP_PARKING)
def unlist_plates(scope: Scope, *, listed: Sequence[UUID], at: datetime) -> Together:
    """This will end entries of a list now, in one statement; those that have ended already are left."""
    if not 0 < len(listed) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    rows = Listed.objects.within(scope).select_for_update().filter(pk__in=listed).order_by("pk")
    known = dict(rows.values_list("pk", "end_at"))
    holding = [pk for pk, end_at in known.items() if end_at is None or end_at > at]
    Listed.objects.within(scope).filter(pk__in=holding).update(end_at=at)
    ended = [NotDone.because(pk, EndedAlready()) for pk in known if pk not in holding]
    return Together(tuple(holding), (*ended, *missing(listed, known, "entry")))


def lot_of(scope: Scope, lot: LotId) -> Lot:
    """This will give an open lot of the communities that the scope reaches."""
    row = Lot.objects.within(scope).filter(pk=lot, closed_at=None).first()
    if row is None:
        raise NotFound("lot")
    return row


def _company(scope: Scope) -> PartyId:
    if scope.company is None:
        raise NotFound("company")
    return scope.company


def _insist_on(scope: Scope, community: CommunityId) -> None:
    if community not in scope.communities:
        raise NotFound("community")


def _check_lot(name: Mapping[str, str], temporary_places: int) -> None:
    if not name.get("zh") and not name.get("en"):
        raise Invalid("name", _("A lot needs a name."))
    if not 0 <= temporary_places <= MOST_PLACES:
        raise Invalid("temporary_places", _("Between {low} and {high}."), low=0, high=MOST_PLACES)
