"""Keys of machines: issued for one lot and shown once, used instead of a sign-in, revoked at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.parking.actions.grounds import lot_of
from linli.estate.parking.actions.machines import BarrierAnswer, EventKind, record_machine_event
from linli.estate.parking.models import BarrierKey
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, LotId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PREFIX = "llb_"
"""So that a key that was published by mistake is found by those who look for such."""
MOST_KEYS = 20


class KeyNotKnown(Refusal):
    """Wrong, revoked, or of another lot: which of them is nobody's business."""

    says = _("This key does not open this barrier.")
    status = 401


class KeyNotForThis(Refusal):
    """A machine at the entrance does not let cars out."""

    says = _("This key may not tell of this.")
    status = 403


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key in the clear; it is shown once and kept nowhere."""

    key: UUID
    secret: str


@action(needs=May.KEEP_PARKING, private=("name",), shown_once=True)
def issue_key(scope: Scope, *, lot: LotId, name: str, kinds: Collection[EventKind], at: datetime) -> IssuedKey:
    """This will give a machine of a lot a key of its own, for entries, exits, or both."""
    row, called = lot_of(scope, lot), name.strip()
    if not called or len(called) > 40:
        raise Invalid("name", _("Please write a name of at most {most} characters."), most=40)
    if not kinds:
        raise Invalid("kinds", _("Say what the machine sees: cars that come, cars that go, or both."))
    if BarrierKey.objects.within(scope).filter(lot=row, revoked_at=None).count() >= MOST_KEYS:
        raise Invalid("name", _("A lot has at most {most} keys. Revoke one that is not used."), most=MOST_KEYS)
    secret = PREFIX + secrets.token_urlsafe(32)
    made = BarrierKey.objects.create(
        id=ids.new(),
        community=row.community,
        lot=row,
        name=called,
        digest=digest_of(secret),
        tail=secret[-4:],
        kinds=sorted({kind.value for kind in kinds}),
        issued_at=at,
        issued_by=scope.person,
    )
    return IssuedKey(made.pk, secret)


@action(needs=May.KEEP_PARKING)
def revoke_key(scope: Scope, *, key: UUID, at: datetime) -> None:
    """This will make a key worthless from now on."""
    held = BarrierKey.objects.within(scope).filter(pk=key, revoked_at=None)
    if not held.update(revoked_at=at, revoked_by=scope.person):
        raise NotFound("key")


@action(needs=May.ANYONE, private=("key", "plate"), shown_once=True)
def tell_by_key(
    scope: Scope, *, key: str, lot: LotId, event: str, kind: EventKind, plate: str, seen_at: datetime, at: datetime
) -> BarrierAnswer:
    """This will take what a machine saw that proves itself by its lot's key; told again, it is answered the same."""
    _insist_on_key(SYSTEM, key=key, lot=lot, kind=kind, at=at)
    return record_machine_event(SYSTEM, lot=lot, event=event, kind=kind, plate=plate, seen_at=seen_at, at=at)


@action(needs=May.RUN_CLOCKS, private=("key",), shown_once=True)
def _insist_on_key(scope: Scope, *, key: str, lot: LotId, kind: EventKind, at: datetime) -> None:
    row = BarrierKey.objects.within(scope).filter(digest=digest_of(key), lot=lot, revoked_at=None).first()
    if row is None:
        raise KeyNotKnown
    if kind.value not in row.kinds:
        raise KeyNotForThis(field="kind")
    today = places.day_in(CommunityId(row.community), at)
    if row.used_on != today:  # once a day, so that a busy barrier does not write a row for each car
        BarrierKey.objects.within(scope).filter(pk=row.pk).update(used_on=today)


def digest_of(key: str) -> bytes:
    """This will give what is kept of a key. Its letters are chance of 256 bits, so one round is enough."""
    return hashlib.sha256(key.encode()).digest()
