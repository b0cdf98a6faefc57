"""The locker of the demo's first community, in which an order and a parcel of the visitor lie."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.parcels import actions as parcels
from linli.ground.policies import actions as policies
from linli.kernel.ids import CommunityId, ParcelId, TaskId
from linli.reach.lockers import actions as lockers
from linli.reach.lockers.rules import Size
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.rules import DeliveryPolicy, DropOff

_LABEL, _MACHINE = "A", "demo-7"
_COMPARTMENTS = {Size.SMALL: 6, Size.MEDIUM: 4, Size.LARGE: 2}
_PLACES = (DropOff.DOOR, DropOff.SHELF, DropOff.LOCKER, DropOff.DESK)


def stand(desk: Scope, community: CommunityId, *, at: datetime) -> None:
    """This will put up the cabinet and let residents choose it."""
    lockers.keep_cabinet(
        desk, community=community, label=_LABEL, machine=_MACHINE, compartments=_COMPARTMENTS, at=at
    )  # fmt: skip
    values = {"drop_offs": [place.value for place in _PLACES]}
    policies.set_policy(
        SYSTEM, word=DeliveryPolicy.word, level="community", place=community, values=values, start_at=at, at=at
    )


def leave_order(courier: Scope, task: TaskId, *, at: datetime) -> bool:
    """This will have a courier put an order into the cabinet, and tell whether it lies there."""
    opened = delivery.open_compartment(courier, task=task, size=Size.SMALL, at=at)
    if opened.instead is not None:
        return False
    delivery.put_in_locker(courier, task=task, at=at + timedelta(minutes=1))
    return True


def leave_parcel(desk: Scope, parcel: ParcelId, *, at: datetime) -> None:
    """This will have the drop-off point put a parcel into the cabinet; where there is none, it stays on its shelf."""
    try:
        parcels.open_compartment(desk, parcel=parcel, size=Size.MEDIUM, at=at)
    except parcels.NoCompartment:
        return
    parcels.put_in_locker(desk, parcel=parcel, at=at + timedelta(minutes=1))
