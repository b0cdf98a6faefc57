"""Cabinets kept by the desk; compartments taken, opened, found in trouble, and free again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.lockers import gateways, rules
from linli.reach.lockers.gateways import CabinetFailed
from linli.reach.lockers.models import Cabinet, Compartment
from linli.reach.lockers.queries import Lies
from linli.reach.lockers.rules import Door, Size, Trouble
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_LABEL, MOST_MACHINE = 12, 60
_log = structlog.get_logger()
_FREE = {"subject": None, "taken_at": None, "shut_at": None, "due_at": None}
_TAKE = """
    UPDATE lockers_compartment AS t SET subject = %s, taken_at = %s, due_at = %s
    FROM lockers_cabinet AS b WHERE b.id = t.cabinet_id AND t.id = (
        SELECT c.id FROM lockers_compartment AS c JOIN lockers_cabinet AS m ON m.id = c.cabinet_id
        WHERE c.community = %s AND c.size >= %s AND c.subject IS NULL AND c.broken_at IS NULL
            AND m.closed_at IS NULL AND NOT m.id = ANY (%s::uuid[])
        ORDER BY c.size, c.nth, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED)
    RETURNING t.id, b.id, b.machine, b.label, t.nth, t.size
"""


class CabinetKnown(Refusal):
    """A machine stands in one place, and two cabinets of a community are not called the same."""

    says = _("A cabinet of this name or machine is kept already.")


class StillInside(Refusal):
    """Something lies in the cabinet."""

    says = _("Something still lies in this cabinet. Please take it out first.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A compartment that is somebody's now."""

    compartment: UUID
    cabinet: UUID
    machine: str
    nth: int
    spot: str
    size: Size


@action(needs=May.RUN_PARCELS)
def keep_cabinet(
    scope: Scope,
    *,
    community: CommunityId,
    label: str,
    machine: str,
    compartments: Mapping[Size, int],
    at: datetime,
) -> UUID:
    """This will put up a cabinet with so many compartments of each size, numbered from the smallest."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    label, machine = label.strip(), machine.strip()
    for name, text, most in (("label", label, MOST_LABEL), ("machine", machine, MOST_MACHINE)):
        if not 0 < len(text) <= most:
            raise Invalid(name, _("Please write between 1 and {most} characters"), most=most)
    sizes = [size for size in Size for _nth in range(compartments.get(size, 0))]
    if not 0 < len(sizes) <= rules.MOST_COMPARTMENTS:
        raise Invalid("compartments", _("Between 1 and {most} compartments."), most=rules.MOST_COMPARTMENTS)
    try:
        with transaction.atomic():
            row = Cabinet.objects.create(
                id=ids.new(), community=community, label=label, machine=machine,
                sign=f"{secrets.randbelow(10_000):04}", kept_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise CabinetKnown(field="label") from None
    Compartment.objects.bulk_create(
        Compartment(cabinet=row, community=community, nth=nth, size=size.rank) for nth, size in enumerate(sizes, 1)
    )
    return row.pk


@action(needs=May.RUN_PARCELS)
def close_cabinet(scope: Scope, *, cabinet: UUID, at: datetime) -> None:
    """This will take an empty cabinet away; nothing is put into it any more."""
    row = Cabinet.objects.within(scope).select_for_update().filter(pk=cabinet, closed_at__isnull=True).first()
    if row is None:
        raise NotFound("cabinet")
    doors = list(Compartment.objects.within(scope).select_for_update().filter(cabinet=row))
    if any(door.subject for door in doors):
        raise StillInside
    row.closed_at = at
    row.save(update_fields=["closed_at"])


@action(needs=May.DELIVER_ORDER)
def take(
    scope: Scope,
    *,
    community: CommunityId,
    subject: UUID,
    size: Size,
    without: Sequence[UUID] = (),
    at: datetime,
) -> Taken | None:
    """This will take the smallest free compartment that fits, once for each thing; None where there is none.

    Call as the house, with the thing held: `without` are cabinets that did not answer just now.
    """
    hours = policy(SYSTEM, rules.LockerPolicy, at=at, community=community).hours
    row = sql.fetch_one(_TAKE, subject, at, at + timedelta(hours=hours), community, size.rank, sql.as_ids(without))
    if row is None:
        return None
    compartment, cabinet, machine, label, nth, rank = row
    return Taken(compartment, cabinet, machine, nth, rules.spot_of(label, nth), rules.size_of(rank))


@action(needs=May.DELIVER_ORDER)
def note_shut(scope: Scope, *, subject: UUID, at: datetime) -> None:
    """This will note that a thing is in and its door shut; nothing where it is in no compartment."""
    Compartment.objects.inside().filter(subject=subject, shut_at__isnull=True).update(shut_at=at)


@action(needs=May.DELIVER_ORDER)
def note_trouble(scope: Scope, *, compartment: UUID, trouble: Trouble, at: datetime) -> None:
    """This will give back a compartment that did not open to have something put in; a stuck one nobody gets again."""
    rows = Compartment.objects.inside().filter(pk=compartment, shut_at__isnull=True)
    rows.update(**_FREE, **({"broken_at": at} if trouble is Trouble.STUCK else {}))


@action(needs=May.DELIVER_ORDER)
def note_stuck(scope: Scope, *, compartment: UUID, at: datetime) -> None:
    """This will put a compartment out of order whose door kept in what lies there, which stays its."""
    Compartment.objects.inside().filter(pk=compartment, broken_at__isnull=True).update(broken_at=at)


@action(needs=May.DELIVER_ORDER)
def free(scope: Scope, *, subject: UUID, at: datetime) -> None:
    """This will free the compartment of what lies in none any more; again, nothing happens."""
    Compartment.objects.inside().filter(subject=subject).update(**_FREE)


@action(needs=May.RUN_PARCELS)
def mend(scope: Scope, *, compartment: UUID, at: datetime) -> None:
    """This will give a compartment that was out of order to others again."""
    row = _held(scope, compartment)
    row.broken_at = None
    row.save(update_fields=["broken_at"])


@action(needs=May.RUN_PARCELS)
def empty(scope: Scope, *, compartment: UUID, at: datetime) -> None:
    """This will note that somebody looked into a compartment of which nobody said that something is in: it is empty."""
    row = _held(scope, compartment)
    if row.shut_at is not None:
        raise StillInside
    for name, value in _FREE.items():
        setattr(row, name, value)
    row.save(update_fields=list(_FREE))


def _held(scope: Scope, compartment: UUID) -> Compartment:
    row = Compartment.objects.within(scope).select_for_update().filter(pk=compartment).first()
    if row is None:
        raise NotFound("compartment")
    return row


@errand
def open_door(*, machine: str, nth: int) -> Trouble | None:
    """This will open a door, or tell what is wrong."""
    try:
        gateways.cabinets().open(machine, nth)
    except CabinetFailed as failed:
        _log.warning("door_not_opened", machine=machine, nth=nth, why=str(failed)[:120])
        return failed.trouble
    return None


@errand
def open_full(*, lies: Lies, at: datetime) -> bool:
    """This will open the door behind which a thing lies, and tell whether it did.

    One that is stuck is out of order from now on, whatever becomes of what lies there.
    """
    trouble = open_door(machine=lies.machine, nth=lies.nth)
    if trouble is Trouble.STUCK:
        note_stuck(SYSTEM, compartment=lies.compartment, at=at)
    return trouble is None


@errand
def see_door(*, machine: str, nth: int) -> Door | Trouble:
    """This will look whether a door is shut."""
    try:
        return gateways.cabinets().door(machine, nth)
    except CabinetFailed as failed:
        _log.warning("door_not_seen", machine=machine, nth=nth, why=str(failed)[:120])
        return failed.trouble
