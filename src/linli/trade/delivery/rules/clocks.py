"""By when each state of a task has to be left, and whom it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.ground.policies.rules import Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.trade.delivery.rules.asked import Kind, WaitsFor
from linli.trade.delivery.rules.lives import Custody, TaskState


class CourierPolicy(Policy):
    """How long each step of a delivery may take, and what it pays."""

    word = "couriers"
    says = _("How long each step of a delivery may take, and what couriers earn")

    offer_seconds: int = setting(45, low=10, high=600, says=_("Seconds in which a courier answers an offer"))
    assign_minutes: int = setting(3, low=1, high=120, says=_("Minutes in which a ready order has a courier"))
    pooled_lead_minutes: int = setting(
        60, low=5, high=720, says=_("Minutes before its promise by which a pooled order has a courier")
    )
    collect_minutes: int = setting(15, low=1, high=240, says=_("Minutes in which a courier collects ready goods"))
    ride_minutes: int = setting(40, low=5, high=480, says=_("Minutes in which collected goods reach their building"))
    hand_minutes: int = setting(10, low=1, high=120, says=_("Minutes in which goods are handed over at the door"))
    return_minutes: int = setting(90, low=10, high=1440, says=_("Minutes in which goods are back at their shop"))
    vanish_minutes: int = setting(10, low=2, high=120, says=_("Minutes without a sign after which a courier is gone"))
    position_hours: int = setting(12, low=1, high=48, says=_("Hours after which a courier's position is erased"))
    base_pay: Money = setting(Money(150), low=Money(0), says=_("Pay for a stop, shared by the orders left there"))
    order_pay: Money = setting(Money(80), low=Money(0), says=_("Pay for each order handed over"))
    km_pay: Money = setting(Money(60), low=Money(0), says=_("Pay for each kilometre from the shop to the building"))
    return_pay: Money = setting(
        Money(150), low=Money(0), says=_("Pay for goods brought back to their shop that nobody could take")
    )
    least_hourly: Money = setting(Money(0), low=Money(0), says=_("Least pay for an hour of a shift; 0: none"))
    pass_minutes: int = setting(
        30, low=0, high=240, says=_("Minutes beyond its deadline for which a courier's pass opens the gate")
    )
    company_dispatches: bool = setting(True, says=_("A property company may send out its own couriers"))


@dataclass(frozen=True, slots=True)
class Wait:
    """Whom a state waits for, and until when."""

    for_: WaitsFor
    until: datetime | None


NOTHING = Wait(WaitsFor.NOBODY, None)


def wait_of(
    state: TaskState,
    *,
    kind: Kind,
    custody: Custody,
    ready_at: datetime,
    promised_at: datetime,
    policy: CourierPolicy,
    at: datetime,
) -> Wait:
    """This will tell whom a task waits for that reaches a state now, and by when it has to be left."""
    match state:
        case TaskState.TODO if kind is Kind.POOLED:
            soon = at + timedelta(minutes=policy.assign_minutes)
            return Wait(WaitsFor.DISPATCHER, max(soon, promised_at - timedelta(minutes=policy.pooled_lead_minutes)))
        case TaskState.TODO:
            return Wait(WaitsFor.DISPATCHER, max(at, ready_at) + timedelta(minutes=policy.assign_minutes))
        case TaskState.ASSIGNED:
            return Wait(WaitsFor.COURIER, max(at, ready_at) + timedelta(minutes=policy.collect_minutes))
        case TaskState.EN_ROUTE:
            return Wait(WaitsFor.COURIER, max(promised_at, at + timedelta(minutes=policy.ride_minutes)))
        case TaskState.ARRIVED:
            return Wait(WaitsFor.COURIER, at + timedelta(minutes=policy.hand_minutes))
        case TaskState.FAILED | TaskState.CALLED_OFF if custody is Custody.COURIER:
            return Wait(WaitsFor.COURIER, at + timedelta(minutes=policy.return_minutes))
        case TaskState.FAILED if custody is Custody.POINT:
            return Wait(WaitsFor.DISPATCHER, at + timedelta(minutes=policy.return_minutes))
        case _:
            return NOTHING
