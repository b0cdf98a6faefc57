"""A price before the work: told to who asked, agreed to or declined on their phone, or left to lapse."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from linli.estate.workorders import events, queries, rules
from linli.estate.workorders.actions.held import MOST_WHY, hold_asked, hold_own, said, step, told_of
from linli.estate.workorders.models import Material, Order, Quote
from linli.estate.workorders.rules import QuoteState, QuoteVerb, WorkVerb
from linli.ground.places.queries import day_in
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST_PRICE = Money(100_000_00)


class NobodyToAgree(Refusal):
    """There is no home to charge, or nobody who could agree."""

    says = _("Nobody could agree to a price here: this was not asked for by a resident for their home.")


class UnderWarranty(Refusal):
    """What was paid for is put right for nothing."""

    says = _("This was done and charged on {day}; it is under warranty and costs nothing.")


@action(needs=May.DO_WORK, private=("what",))
def quote_work(scope: Scope, *, order: WorkOrderId, labour: Money, what: str = "", at: datetime) -> Money:
    """This will tell who asked what it costs, labour and the materials noted, and stop the clock until they answer."""
    row = hold_own(scope, order)
    if row.home is None or row.raised_by is None:
        raise NobodyToAgree
    if not Money.zero <= labour <= MOST_PRICE:
        raise Invalid("labour", _("Between {least} and {most}."), least=Money.zero, most=MOST_PRICE)
    _insist_on_no_warranty(scope, row, at)
    materials = Money.total(
        rules.Material(name, Decimal(quantity), Money(unit)).amount
        for name, quantity, unit in Material.objects.within(scope)
        .filter(order=row)
        .values_list("name", "quantity", "unit_minor")[: rules.MOST_MATERIALS]
    )
    amount = labour + materials
    if not Money.zero < amount <= MOST_PRICE:
        raise Invalid("labour", _("What costs nothing needs no price: finish the work."))
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    due_at = at + timedelta(hours=terms.quote_hours)
    step(scope, row, WorkVerb.QUOTE, at=at, until=due_at)
    Quote.objects.create(
        order=row,
        community=row.community,
        labour_minor=labour.minor,
        materials_minor=materials.minor,
        amount_minor=amount.minor,
        what=said(what, MOST_WHY, field="what"),
        state=QuoteState.OFFERED.value,
        quoted_by=scope.person,
        quoted_at=at,
        due_at=due_at,
    )
    tell(told_of(events.QuoteOffered, row, at, amount=amount))
    values = {"number": row.number, "amount": str(amount)}
    notify.queue_message(SYSTEM, to=PartyId(row.raised_by), template="work_quoted", values=values, at=at)
    return amount


@action(needs=May.RAISE_WORK_ORDER)
def agree_to_quote(scope: Scope, *, order: WorkOrderId, amount: Money, at: datetime) -> None:
    """This will agree to the price that was shown; another one than that is not agreed to."""
    row = hold_asked(scope, order)
    quote = _answer(scope, row, QuoteVerb.AGREE, at, amount)
    step(scope, row, WorkVerb.AGREE, at=at, price_minor=quote.amount_minor)


@action(needs=May.RAISE_WORK_ORDER, private=("why",))
def decline_quote(scope: Scope, *, order: WorkOrderId, why: str = "", at: datetime) -> None:
    """This will say no to a price; the worker leaves it as it is, or quotes another."""
    row = hold_asked(scope, order)
    _answer(scope, row, QuoteVerb.DECLINE, at)
    step(scope, row, WorkVerb.DECLINE, at=at, why=said(why))


@action(needs=May.RUN_CLOCKS)
def lapse_quote(scope: Scope, *, order: WorkOrderId, at: datetime) -> int:
    """This will take a price that was not answered in time for declined; safe to repeat."""
    row = Order.objects.within(scope).select_for_update().filter(pk=order, due_at__lte=at).first()
    if row is None or row.state != rules.WorkState.QUOTED:
        return 0
    _answer(scope, row, QuoteVerb.LAPSE, at)
    step(scope, row, WorkVerb.LAPSE, at=at)
    return 1


def _answer(scope: Scope, row: Order, verb: QuoteVerb, at: datetime, amount: Money | None = None) -> Quote:
    quote = Quote.objects.within(scope).filter(order=row, state=QuoteState.OFFERED.value).first()
    if quote is None or (amount is not None and quote.amount_minor != amount.minor):
        raise NotFound("price")
    quote.state = rules.QUOTE_LIFE.after(QuoteState(quote.state), verb).value
    quote.answered_at, quote.answered_by = at, scope.person
    quote.save(update_fields=["state", "answered_at", "answered_by"])
    return quote


def _insist_on_no_warranty(scope: Scope, row: Order, at: datetime) -> None:
    """Work of this order that was charged, or of the same type at the same home, is put right for nothing."""
    held = queries.warranty(scope, order=WorkOrderId(row.pk), at=at)
    if held is not None:
        raise UnderWarranty(day=day_in(CommunityId(row.community), held.charged_at).isoformat())
