"""Refunds by line: granted by the shop, asked by the buyer, answered, disputed, decided, or settled by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import LineId, OrderId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.buyer_words import tell_repaid
from linli.trade.orders.actions.cancel import end_unserved
from linli.trade.orders.actions.held import HeldOrder, hold_for_buyer, hold_for_shop
from linli.trade.orders.actions.reasons import reason_of
from linli.trade.orders.actions.refund_words import tell_disputed, tell_given, tell_rejected, tell_shop
from linli.trade.orders.actions.repay import Repayment, repay
from linli.trade.orders.models import Move, Refund, RefundLine

REFUNDABLE = frozenset(rules.ORDER_LIFE.states) - rules.ORDER_LIFE.ends - {rules.OrderState.PLACED}
"""Paid, and not over."""


class RefundsOver(Refusal):
    """The order is not paid, or the time for refunds has passed."""

    says = _("Nothing of this order can be refunded now.")


class RefundAskedAlready(Refusal):
    """One request at a time."""

    says = _("You have already asked for a refund of this order; please wait for the answer.")


class NotRefundable(Refusal):
    """More than is left, or something that was not sold."""

    says = _("This cannot be refunded: {why}.")
    status = 422


class TakenByAnother(Refusal):
    """Two people do not decide the same at once."""

    says = _("Somebody else works on this. Take it over first.")


@action(needs=May.REFUND_ORDER, private=("reason",))
def grant_refund(
    scope: Scope,
    *,
    order: OrderId,
    lines: Sequence[rules.RefundAsk],
    reason: str,
    with_fee: bool = False,
    restock: bool = False,
    at: datetime,
) -> RefundId:
    """This will give money back for lines of an order, by units or by amounts, on the shop's or the platform's word.

    Before completion it comes out of the order's escrow, afterwards from everyone who earned of it, in proportion.
    `restock`: what was packed came back and can be sold again.
    """
    said = reason_of(reason)
    held = hold_for_shop(scope, order)
    back = replace(_repayment(held, lines, with_fee, said), restock=restock)
    _give(scope, held, back, at=at)
    return back.refund


@action(needs=May.REQUEST_REFUND, private=("reason",))
def request_refund(
    scope: Scope,
    *,
    order: OrderId,
    lines: Sequence[rules.RefundAsk],
    reason: str,
    with_fee: bool = False,
    at: datetime,
) -> RefundId:
    """This will ask the shop for money back; it has to answer in time, or the platform decides."""
    said = reason_of(reason)
    held = hold_for_buyer(scope, order)
    back = _repayment(held, lines, with_fee, said)
    if Refund.objects.inside().filter(order_id=order, state__in=rules.OPEN_REFUNDS).exists():
        raise RefundAskedAlready
    limits = policy(scope, rules.OrderPolicy, at=at, community=held.community, city=held.city)
    Refund.objects.create(
        id=back.refund,
        order_id=order,
        shop=held.shop,
        buyer=held.buyer,
        state=rules.RefundState.ASKED,
        reason=said,
        with_fee=with_fee,
        asked_by=scope.person,
        amount_minor=back.amount.minor,
        fee_minor=back.fee.minor,
        due_at=at + timedelta(hours=limits.reply_hours),
        asked_at=at,
    )
    RefundLine.objects.bulk_create(
        [
            RefundLine(
                refund_id=back.refund,
                line_id=line.line,
                quantity=line.quantity,
                amount_minor=line.amount.minor,
                by_amount=line.line in back.by_amount,
            )
            for line in back.lines
        ]
    )
    _note(scope, order, back.refund, "ask", rules.RefundState.ASKED, said, at)
    tell(held.told(events.RefundAsked, at, refund=back.refund, amount=back.amount))
    return back.refund


@action(needs=May.REQUEST_REFUND)
def withdraw_refund(scope: Scope, *, refund: RefundId, at: datetime) -> None:
    """This will take a request for a refund back."""
    held, row = held_refund(scope, refund, of_buyer=True)
    _settle(scope, held, row, rules.RefundVerb.WITHDRAW, "", at)


@action(needs=May.REFUND_ORDER, private=("reason",))
def answer_refund(
    scope: Scope, *, refund: RefundId, grant: bool, reason: str = "", restock: bool = False, at: datetime
) -> None:
    """This will answer a request for the shop: grant it, or decline with a reason; then the platform decides."""
    held, row = held_refund(scope, refund)
    if grant:
        _give(scope, held, replace(_asked_again(held, row), restock=restock), at=at, row=row)
        return
    said = reason_of(reason)
    state = rules.REFUND_LIFE.after(rules.RefundState(row.state), rules.RefundVerb.DECLINE)
    _dispute(scope, held, row, state, rules.RefundVerb.DECLINE, said, at)
    tell_disputed(held, is_answered=True, at=at)


@action(needs=May.REFUND_ORDER, private=("reason",))
def decide_refund(scope: Scope, *, refund: RefundId, grant: bool, reason: str, at: datetime) -> None:
    """This will decide a disputed request for the platform, unless somebody else there works on it."""
    if not scope.is_inside:
        raise NotFound("refund")
    said = reason_of(reason)
    held, row = held_refund(scope, refund)
    if row.state != rules.RefundState.DISPUTED:
        rules.REFUND_LIFE.after(rules.RefundState(row.state), rules.RefundVerb.REJECT)
    if row.taken_by not in (None, scope.person):
        raise TakenByAnother
    if grant:
        _give(scope, held, replace(_asked_again(held, row), said=said), at=at, row=row)
    else:
        _settle(scope, held, row, rules.RefundVerb.REJECT, said, at)
        tell_rejected(held, at)


@action(needs=May.RUN_CLOCKS)
def lapse_refund(scope: Scope, *, refund: RefundId, at: datetime) -> bool:
    """This will go on with a request that nobody answered: to the platform first, then in the buyer's favour."""
    held, row = held_refund(scope, refund)
    if row.due_at is None or row.due_at > at:
        return False
    state = rules.REFUND_LIFE.after(rules.RefundState(row.state), rules.RefundVerb.LAPSE)
    if state is rules.RefundState.DISPUTED:
        _dispute(scope, held, row, state, rules.RefundVerb.LAPSE, "unanswered", at)
        tell_disputed(held, is_answered=False, at=at)
        return True
    back = _still_there(held, row)
    if back is None:
        _settle(scope, held, row, rules.RefundVerb.REJECT, "refunded_otherwise", at)
    else:
        _give(scope, held, replace(back, verb=rules.RefundVerb.LAPSE), at=at, row=row)
    return True


@action(needs=May.RUN_CLOCKS)
def mark_repaid(scope: Scope, *, refunds: Sequence[RefundId], at: datetime) -> None:
    """This will note that the money of granted refunds is back with the buyer, and tell them; safe to say twice."""
    repay_ = (rules.RefundState.GRANTED, rules.RefundVerb.REPAY)
    rows = sql.fetch(
        "WITH r AS (UPDATE orders_refund SET state = %s WHERE id = ANY(%s::uuid[]) AND state = %s"
        " RETURNING id, order_id, buyer, amount_minor), m AS (INSERT INTO orders_move"
        " (order_id, refund_id, verb, state, role, why, moved_at)"
        " SELECT order_id, id, %s, %s, %s, '', %s FROM r)"
        " SELECT r.buyer, o.number, r.amount_minor FROM r JOIN orders_order AS o ON o.id = r.order_id ORDER BY r.id",
        rules.REFUND_LIFE.moves[repay_],
        list(refunds),
        repay_[0],
        repay_[1],
        rules.REFUND_LIFE.moves[repay_],
        scope.role.value,
        at,
    )
    tell_repaid(rows, at)


def _repayment(held: HeldOrder, lines: Sequence[rules.RefundAsk], with_fee: bool, reason: str) -> Repayment:
    if held.state not in REFUNDABLE:
        raise RefundsOver
    try:
        found = rules.refund_lines(held.sold_lines, lines)
    except rules.NotRefundable as error:
        raise NotRefundable(field=f"lines.{error.nth}", why=error.reason) from error
    back = Repayment(
        refund=RefundId(ids.new()),
        lines=found,
        fee=held.fee_left if with_fee else Money.zero,
        reason=reason,
        by_amount=frozenset(ask.line for ask in lines if ask.amount is not None),
    )
    if not back.amount:
        raise Invalid("lines", _("Say what shall be given back."))
    return back


def _asked_again(held: HeldOrder, row: Refund) -> Repayment:
    """What a request comes to now: other refunds may have been granted since it was asked."""
    return _of_request(row, _repayment(held, _asks(row), row.with_fee, row.reason))


def _still_there(held: HeldOrder, row: Refund) -> Repayment | None:
    """What is left to give back of a request that the clock grants; None where it has all gone back meanwhile."""
    asks = rules.clipped(held.sold_lines, _asks(row))
    if not asks and not (row.with_fee and held.fee_left):
        return None
    return _of_request(row, _repayment(held, asks, row.with_fee, row.reason))


def _asks(row: Refund) -> list[rules.RefundAsk]:
    return [
        rules.RefundAsk(line=LineId(each.line_id), amount=Money(each.amount_minor))
        if each.by_amount
        else rules.RefundAsk(line=LineId(each.line_id), quantity=each.quantity)
        for each in RefundLine.objects.inside().filter(refund_id=row.id).order_by("id")
    ]


def _of_request(row: Refund, back: Repayment) -> Repayment:
    asker = PartyId(row.asked_by) if row.asked_by else None
    return replace(back, refund=RefundId(row.id), said="", asked_by=asker, asked_at=row.asked_at)


def _give(scope: Scope, held: HeldOrder, back: Repayment, *, at: datetime, row: Refund | None = None) -> None:
    """Before completion an order of which nothing is left to pay for ends: every unit and its whole fee go back."""
    if row is not None:
        rules.REFUND_LIFE.after(rules.RefundState(row.state), back.verb)
    kept = Money.total(line.sold.left for line in held.lines) - Money.total(line.amount for line in back.lines)
    if held.is_completed or kept:
        repay(scope, held, back, at=at)
        tell_given(held, back.amount, at=at)
        if scope.shop is None:
            tell_shop(held, back.amount, at=at)
        return
    fact = held.told(events.OrderCancelled, at, by=rules.Canceller.SHOP.value)
    lines = rules.everything_left(held.sold_lines)
    whole = replace(back, lines=lines, fee=held.fee_left, by_amount=frozenset(), frees_goods=False)
    end_unserved(scope, held, rules.OrderVerb.CANCEL, why=back.reason, told=fact, at=at, back=whole)
    if scope.shop is None:
        tell_shop(held, whole.amount, at=at)


def held_refund(scope: Scope, refund: RefundId, *, of_buyer: bool = False) -> tuple[HeldOrder, Refund]:
    """A request of the asker's shop (or purchase), with its order under lock; any other does not exist for them."""
    order = sql.fetch_one("SELECT order_id FROM orders_refund WHERE id = %s", refund)
    if order is None:
        raise NotFound("refund")
    held = (hold_for_buyer if of_buyer else hold_for_shop)(scope, order[0])
    return held, Refund.objects.inside().get(pk=refund)


def _dispute(
    scope: Scope,
    held: HeldOrder,
    row: Refund,
    state: rules.RefundState,
    verb: rules.RefundVerb,
    why: str,
    at: datetime,
) -> None:
    limits = policy(scope, rules.OrderPolicy, at=at, community=held.community, city=held.city)
    Refund.objects.inside().filter(pk=row.pk).update(state=state, due_at=at + timedelta(hours=limits.decide_hours))
    _note(scope, held.id, RefundId(row.id), verb, state, why, at)


def _settle(scope: Scope, held: HeldOrder, row: Refund, verb: rules.RefundVerb, why: str, at: datetime) -> None:
    state = rules.REFUND_LIFE.after(rules.RefundState(row.state), verb)
    Refund.objects.inside().filter(pk=row.pk).update(state=state, due_at=None, settled_at=at)
    _note(scope, held.id, RefundId(row.id), verb, state, why, at)


def _note(
    scope: Scope, order: OrderId, refund: RefundId, verb: str, state: rules.RefundState, why: str, at: datetime
) -> None:
    Move.objects.create(
        order_id=order,
        refund_id=refund,
        verb=verb,
        state=state,
        role=scope.role.value,
        person=scope.person,
        why=why,
        moved_at=at,
    )
