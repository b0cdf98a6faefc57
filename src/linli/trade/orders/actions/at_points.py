"""Orders that couriers left at a shelf, a locker, a desk or a station: their code, the word to the buyer, handed out.

A code of the shop's counter is worth nothing there: what waits at a community's points has a code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.handover.rules import Redeemed
from linli.spine import sql
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.rules import Care
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.actions.complete import complete_held
from linli.trade.orders.actions.fetching import tell_buyer
from linli.trade.orders.actions.held import HeldOrder, hold, step, take
from linli.trade.orders.models import Move

REMIND = "remind"


class AgeUnseen(Refusal):
    """A code does not say how old somebody is."""

    says = _("This goes to a grown person alone: look at their age, and say so.")


def leave_at_points(
    scope: Scope,
    arrived: Sequence[HeldOrder],
    spots: Mapping[OrderId, str],
    left: Mapping[OrderId, DropOff],
    moments: Mapping[OrderId, datetime],
    *,
    at: datetime,
) -> None:
    """This will show held orders as waiting at their points until their deadline, and tell their buyers.

    `left` says where they lie, which is not where they were asked for if no compartment was free, and
    `moments` when each was left there.
    """
    steps = [step(scope, held, rules.OrderVerb.SHELVE, at=moments.get(held.id, at)) for held in arrived]
    take(steps, [])
    orders = [held.id for held in arrived]
    sql.run(
        "UPDATE orders_order AS o SET spot = n.spot, drop_off = n.place"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n(id, spot, place) WHERE o.id = n.id",
        orders,
        [spots.get(order, "") for order in orders],
        [left.get(held.id, held.drop_off) for held in arrived],
    )
    handover.handover_close(SYSTEM, fors=orders, at=at)
    handover.handover_open(
        SYSTEM,
        fors=orders,
        kinds=["order"] * len(orders),
        places=[held.community for held in arrived],
        due_ats=[each.due_at or at for each in steps],
        at=at,
    )
    for held, each in zip(arrived, steps, strict=True):
        elsewhere = held.drop_off is DropOff.LOCKER and left.get(held.id, held.drop_off) is not DropOff.LOCKER
        tell_buyer("order_left_elsewhere" if elsewhere else "order_left", held, each.due_at or at, at)


@action(needs=May.RUN_PARCELS, private=("code",))
def hand_out_order(scope: Scope, *, order: OrderId, code: str, looked_at_age: bool = False, at: datetime) -> Redeemed:
    """This will hand out what waits at a point of the asker's communities to whoever tells its code.

    What only grown people may have is handed out by who says that they looked at the age of who fetches it. A wrong
    code is an answer and no refusal: its try has to be counted.
    """
    with as_the_house():
        held = next(iter(hold((order,))), None)
        waits = held is not None and held.state is rules.OrderState.AT_PICKUP_POINT
        if held is None or not waits or not (scope.is_inside or held.community in scope.communities):
            raise NotFound("order")
        if not looked_at_age and _is_for_adults(held):
            raise AgeUnseen(field="looked_at_age")
        answer = handover.handover_redeem(SYSTEM, for_=order, code=code, at=at)
        if answer is Redeemed.OK:
            complete_held(scope, [held], why="code", at=at)
    return answer


def _is_for_adults(held: HeldOrder) -> bool:
    found = catalogue.care_of(variants={line.variant for line in held.lines})
    return any(Care.ADULTS in carrying.care for carrying in found.values())


@action(needs=May.RUN_CLOCKS)
def remind_of_orders(scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> int:
    """This will remind buyers once of what waits for them at a point, before its time is up; tells of how many."""
    waiting = [held for held in hold(orders) if held.state is rules.OrderState.AT_PICKUP_POINT]
    known = set(Move.objects.inside().filter(order__in=[held.id for held in waiting], verb=REMIND).values_list("order"))
    due = [held for held in waiting if (held.id,) not in known]
    Move.objects.bulk_create(
        Move(
            order_id=held.id,
            verb=REMIND,
            state=held.state.value,
            role=scope.role.value,
            person=scope.person,
            moved_at=at,
        )
        for held in due
    )
    for held in due:
        tell_buyer("order_waiting", held, held.due_at or at, at)
    return len(due)
