"""Slots: their places are held with a checkout, kept when it is paid, freed when it ends; the clock closes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError
from psycopg import Error

from linli.kernel.ids import CheckoutId, OrderId, SlotId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Slot, SlotMove

_FULL, _OVER = "LD001", "LD002"
MOST_REASON = 500


class SlotFull(Refusal):
    """Somebody else took the last place. `axis` says of what: the runs, a gate, a lift."""

    says = _("The last place in this slot has just been taken. Please choose another one.")


class KitchenFull(Refusal):
    """The kitchen has as much before it as it can do."""

    says = _("The kitchen has no room for this at that time. Please order a little later.")


class CutOff(Refusal):
    """The slot is not ordered any more."""

    says = _("This slot can no longer be ordered. Please choose another one.")


class OutsideZones(Refusal):
    """No zone has the community in it."""

    says = _("Our couriers do not come to this community yet. You can fetch your goods at the shop.")


@action(needs=May.PLACE_ORDER)
def hold_slots(_scope: Scope, *, held: rules.Holding, at: datetime) -> None:
    """This will hold all places of a checkout, or refuse with what is full and hold nothing."""
    with refusing():
        sql.fetch("SELECT delivery_hold_slots(%s, %s)", sql.as_json(held), at)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def keep_slots(_scope: Scope, *, orders: Sequence[OrderId]) -> None:
    """This will take the time limit off what paid orders hold."""
    sql.fetch("SELECT delivery_keep(%s::uuid[])", sql.as_ids(orders))


@action(needs=May.PLACE_ORDER)
def release_slots(_scope: Scope, *, orders: Sequence[OrderId]) -> int:
    """This will free what orders hold and tell how many places that were; freeing twice frees once."""
    row = sql.fetch_one("SELECT delivery_release(%s::uuid[])", sql.as_ids(orders))
    return int(row[0]) if row else 0


@action(needs=May.RUN_CLOCKS)
def release_overdue(_scope: Scope, *, limit_at: datetime, most: int) -> int:
    """This will free what its checkout left behind, and tell how many places that were."""
    row = sql.fetch_one("SELECT delivery_release_overdue(%s, %s)", limit_at, most)
    return int(row[0]) if row else 0


@action(needs=May.RUN_CLOCKS)
def close_slot(scope: Scope, *, slot: SlotId, at: datetime) -> bool:
    """This will close a slot whose cut-off is over: nobody holds a new place in it. Tells whether it was open."""
    row = Slot.objects.select_for_update().filter(pk=slot).first()
    if row is None or row.state != rules.SlotState.OPEN or row.cut_off_at > at:
        return False
    _take(scope, row, rules.SlotVerb.CLOSE, why="", at=at)
    return True


@action(needs=May.KEEP_ZONES, private=("why",))
def call_off_slot(scope: Scope, *, slot: SlotId, why: str, at: datetime) -> None:
    """This will offer a slot no longer, for storm or want of couriers; what is ordered in it is still brought."""
    row = Slot.objects.select_for_update(of=("self",)).select_related("zone").filter(pk=slot).first()
    if row is None or scope.city not in (None, row.zone.city):
        raise NotFound("slot")
    _take(scope, row, rules.SlotVerb.CALL_OFF, why=why[:MOST_REASON], at=at)


def _take(scope: Scope, row: Slot, verb: rules.SlotVerb, *, why: str, at: datetime) -> None:
    state = rules.SLOT_LIFE.after(rules.SlotState(row.state), verb)
    Slot.objects.filter(pk=row.pk).update(state=state.value)
    SlotMove.objects.create(
        slot=row, verb=verb.value, after=state.value, role=scope.role.value, person=scope.person, why=why, moved_at=at
    )


@contextmanager
def refusing() -> Iterator[None]:
    """This will put into words what the database refuses around any SQL function that holds slots."""
    try:
        yield
    except DatabaseError as error:
        if refused := refusal(error):
            raise refused from error
        raise


def refusal(error: BaseException) -> Refusal | None:
    """This will make the refusal of what `delivery_hold_slots` raised; None for what it did not."""
    cause = error.__cause__
    if not isinstance(cause, Error):
        return None
    axis, _colon, subject = (cause.diag.message_detail or "").partition(":")
    if cause.sqlstate == _OVER:
        return CutOff(field="window")
    if cause.sqlstate == _FULL and axis == rules.Axis.KITCHEN:
        return KitchenFull(field=f"shops.{subject}", shop=subject)
    if cause.sqlstate == _FULL:
        return SlotFull(field="window", axis=axis)
    return None


def orders_of(holder: CheckoutId) -> list[OrderId]:
    """This will list the orders of a checkout that hold anything."""
    rows = sql.fetch('SELECT DISTINCT "order" FROM delivery_hold WHERE holder = %s LIMIT 200', holder)
    return [OrderId(row[0]) for row in rows]
