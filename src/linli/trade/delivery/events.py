"""What happened on the way. Ids only: whose goods they are stands behind the walls."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CityId, OfferId, OrderId, PartyId, RunId, TaskId


class TaskAssigned(Fact):
    """A courier has an order to carry."""

    task: TaskId
    order: OrderId
    courier: PartyId


class TaskTakenBack(Fact):
    """An order has no courier any more; the goods are still at their shop."""

    task: TaskId
    order: OrderId
    courier: PartyId


class GoodsTaken(Fact):
    """A courier has collected the goods."""

    task: TaskId
    order: OrderId
    courier: PartyId


class TaskDone(Fact):
    """The goods were handed over, or left where they were asked for; `proof` says by what it is known.

    `spot` is where exactly they lie, as the courier read it from the shelf; `drop_off` where they were left, which is
    not where they were asked for if every locker was taken.
    """

    task: TaskId
    order: OrderId
    courier: PartyId
    proof: str
    spot: str = ""
    drop_off: str = ""


class TaskFailed(Fact):
    """The goods could not be handed over."""

    task: TaskId
    order: OrderId
    courier: PartyId
    reason: str


class GoodsReturned(Fact):
    """Goods that were not handed over are back at their shop."""

    task: TaskId
    order: OrderId
    courier: PartyId


class RunOffered(Fact):
    """A run is offered to a courier until a deadline."""

    offer: OfferId
    run: RunId
    courier: PartyId
    city: CityId
