"""Many at once: the steps that a shop has taken with its orders since it was last heard of, written in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from linli.kernel.ids import OrderId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import MOST, NotDone, Together, missing, sorted_out
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.carried import tell_ready
from linli.trade.orders.actions.deliver import insist_own_delivery
from linli.trade.orders.actions.fulfil import GoodsGone, write_finished
from linli.trade.orders.actions.held import HeldOrder, hold, step, take
from linli.trade.orders.events import OrderFact

MOST_TOGETHER = 500
_IN_ORDER = (rules.OrderVerb.ACCEPT, rules.OrderVerb.PREPARE, rules.OrderVerb.FINISH, rules.OrderVerb.DISPATCH)
_TELLS: dict[rules.OrderVerb, type[OrderFact]] = {
    rules.OrderVerb.ACCEPT: events.OrderAccepted,
    rules.OrderVerb.PREPARE: events.OrderBegun,
    rules.OrderVerb.FINISH: events.OrderReady,
    rules.OrderVerb.DISPATCH: events.OrderDispatched,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step of one order and when it was taken: accept, prepare, finish or dispatch."""

    order: OrderId
    verb: rules.OrderVerb
    at: datetime


@action(needs=May.FULFIL_ORDER)
def catch_up(scope: Scope, *, taken: Sequence[Taken], at: datetime) -> None:
    """This will write down steps that a shop took with many orders, each at its own instant: all of them or none.

    It is the way in of a counter that works through a pile, or that was out of reach for a while: one statement for
    each verb, however many orders there are.
    """
    if len(taken) > MOST_TOGETHER:
        raise Invalid("taken", _("At most {most} steps at once."), most=MOST_TOGETHER)
    for nth, each in enumerate(taken):
        if each.verb not in _IN_ORDER or each.at > at:
            raise Invalid(f"taken.{nth}", _("This step is not one that a shop has taken."))
    held = _hold_all(scope, {each.order for each in taken})
    for verb in _IN_ORDER:
        now = [each for each in taken if each.verb is verb]
        if now:
            _take_all(scope, held, verb, now)


@action(needs=May.FULFIL_ORDER)
def take_step_with_many(scope: Scope, *, orders: Sequence[OrderId], verb: rules.OrderVerb, at: datetime) -> Together:
    """This will take one step, accept, prepare or finish, with each of a shop's orders that is open to it.

    Orders of which goods have expired meanwhile are left; the others are written in one statement.
    """
    if verb not in _IN_ORDER[:3] or not 0 < len(orders) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    held = {each.id: each for each in hold(sorted(set(orders))) if scope.is_inside or each.shop == scope.shop}

    def check(order: HeldOrder) -> OrderId:
        rules.ORDER_LIFE.after(order.state, verb)
        return order.id

    ready, refused = sorted_out(held.values(), _of, check)
    while ready:
        try:
            with transaction.atomic():
                _take_all(scope, dict(held), verb, [Taken(order=each, verb=verb, at=at) for each in ready])
            break
        except GoodsGone as gone:
            spoilt = [each for each in ready if _holds(held[each], gone)] or ready
            refused += [NotDone.because(each, GoodsGone()) for each in spoilt]
            ready = [each for each in ready if each not in spoilt]
    return Together(tuple(ready), (*refused, *missing(orders, held, "order")))


def _of(order: HeldOrder) -> OrderId:
    return order.id


def _holds(order: HeldOrder, gone: GoodsGone) -> bool:
    return any(str(line.variant) == gone.values.get("variant") for line in order.lines)


def _hold_all(scope: Scope, orders: set[OrderId]) -> dict[OrderId, HeldOrder]:
    held = {each.id: each for each in hold(sorted(orders))}
    mine = scope.is_inside or (scope.shop is not None and all(each.shop == scope.shop for each in held.values()))
    if not mine or len(held) < len(orders):
        raise NotFound("order")
    return held


def _take_all(scope: Scope, held: dict[OrderId, HeldOrder], verb: rules.OrderVerb, taken: Sequence[Taken]) -> None:
    steps, facts = [], []
    for each in taken:
        order = held[each.order]
        if verb is rules.OrderVerb.DISPATCH:
            insist_own_delivery(order)
        made = step(scope, order, verb, at=each.at)
        steps.append(made)
        if verb in _TELLS:
            facts.append(order.told(_TELLS[verb], each.at))
        held[each.order] = replace(order, state=made.state, version=order.version + 1, due_at=made.due_at)
    if verb is not rules.OrderVerb.FINISH:
        take(steps, facts)
        return
    for shop in sorted({held[each.order].shop for each in taken}):
        theirs = {each.order for each in taken if held[each.order].shop == shop}
        write_finished([s for s in steps if s.order in theirs], [fact for fact in facts if fact.order in theirs], shop)
    for each in taken:
        tell_ready(held[each.order], each.at)
