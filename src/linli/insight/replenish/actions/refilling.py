"""Visits that fill the bin: agreed to with a yes, sent with goods that are paid for, called off with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.estate.workorders import actions as workorders
from linli.estate.workorders import queries as work
from linli.estate.workorders.rules import WORK_LIFE, Source, WorkVerb
from linli.ground.policies.queries import policy
from linli.insight.replenish import models, rules
from linli.insight.replenish.queries.refills import RefillOffer, refill_offers
from linli.insight.replenish.rules import RefillState, RefillVerb
from linli.kernel import ids
from linli.kernel.ids import CheckoutId, CommunityId, HomeId, OrderId, PartyId, VariantId, WorkOrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import OrderPage
from linli.trade.orders.rules import OrderState

TEMPLATE = "replenish_refill_off"
UNSERVED = frozenset({OrderState.CANCELLED, OrderState.REFUSED})
"""An order may have ended before its payment is heard of here."""
MOST = 500


class NobodyFillsBins(Refusal):
    """The community or its company does not offer it, or the thing stands in no bin."""

    says = _("Nobody can be sent to fill the bin with this here.")


class RefillPriceChanged(Refusal):
    """Another price was agreed to than that of today."""

    says = _("Filling the bin costs {price} now. Please look at it again.")


def insist_on_price(scope: Scope, community: CommunityId, commodity: str, agreed: Money, at: datetime) -> None:
    """This will refuse a visit that is not offered, or not at the price that was shown."""
    offer = refill_offers(scope, communities=[community], at=at).get(community)
    if offer is None or commodity not in rules.REFILLED:
        raise NobodyFillsBins(field="refill")
    if offer.price != agreed:
        raise RefillPriceChanged(field="refill", price=offer.price)


def want_with_proposal(scope: Scope, row: models.Proposal, person: PartyId, agreed: Money, at: datetime) -> None:
    """This will keep that somebody wants the bin filled with what they said yes to."""
    insist_on_price(scope, CommunityId(row.community), row.commodity, agreed, at)
    if row.variant is None:
        raise NobodyFillsBins(field="refill")
    _keep(scope, row, VariantId(row.variant), person, agreed, at, proposal=row)


def want_with_turn(scope: Scope, row: models.Standing, checkout: CheckoutId, at: datetime) -> None:
    """This will keep that the bin is filled with a turn that was ordered by itself, where that was agreed."""
    if row.refill_minor is not None:
        _keep(
            scope, row, VariantId(row.variant), PartyId(row.person), Money(row.refill_minor), at,
            standing=row, checkout=checkout,
        )  # fmt: skip


@action(needs=May.RUN_CLOCKS, private=("paid",))
def send_refills(scope: Scope, *, paid: Sequence[tuple[OrderId, PartyId]], at: datetime) -> int:
    """This will raise a work order for each visit whose goods are paid for, to come when they have come.

    Most orders bring nothing that anybody wants filled in: they cost a share of one look-up. What the company does not
    offer any more as it was agreed is called off, and whoever wanted it is told.
    """
    wanting = _locked(scope, state=RefillState.ASKED, person__in=[buyer for _order, buyer in paid])
    by_person = {row.person for row in wanting}
    sent = 0
    for order, buyer in paid:
        if buyer not in by_person:
            continue
        page = orders.order_page(scope, order=order)
        brought = set() if page.state in UNSERVED else {line.variant for line in page.lines}
        for row in wanting:
            if row.state == RefillState.ASKED and _belongs(row, page, buyer) and row.variant in brought:
                sent += _send(scope, row, page, at)
    return sent


@action(needs=May.RUN_CLOCKS, private=("orders_ended",))
def call_off_refills(scope: Scope, *, orders_ended: Sequence[OrderId], at: datetime) -> int:
    """This will call off the visits for goods that do not come, where nobody has begun; their fact ends them here."""
    rows = _locked(scope, state=RefillState.COMING, order__in=list(orders_ended))
    order_of = {WorkOrderId(row.visit): OrderId(row.order) for row in rows if row.visit and row.order}
    coming = work.comings(scope, orders=order_of)
    over = [visit for visit, each in coming.items() if WORK_LIFE.allows(each.state, WorkVerb.CANCEL)]
    numbers = orders.order_numbers(scope, orders=[order_of[visit] for visit in over]) if over else {}
    for visit in over:
        why = f"{numbers[order_of[visit]]} 已取消 / cancelled"
        workorders.cancel_work(scope, order=visit, why=why, at=at)
    return len(over)


@action(needs=May.RUN_CLOCKS)
def note_visit(scope: Scope, *, visit: WorkOrderId, verb: RefillVerb, at: datetime) -> bool:
    """This will note that a visit was done, called off or begun again; heard twice it changes nothing."""
    (row,) = _locked(scope, visit=visit) or (None,)
    if row is None or not rules.REFILL_LIFE.allows(RefillState(row.state), verb):
        return False
    _take(scope, row, verb, at)
    return True


@action(needs=May.RUN_CLOCKS)
def lapse_refills(scope: Scope, *, at: datetime) -> int:
    """This will forget visits whose goods were not ordered in time, a portion of them, and tell how many."""
    rows = list(
        models.Refill.objects.within(scope)
        .select_for_update(skip_locked=True)
        .filter(state=RefillState.ASKED, due_at__lte=at)
        .order_by("id")[:MOST]
    )
    return moves.take_many(
        models.RefillMove,
        rows,
        RefillVerb.LAPSE,
        life=rules.REFILL_LIFE,
        states=RefillState,
        scope=scope,
        at=at,
    )


def _keep(
    scope: Scope,
    of: models.Proposal | models.Standing,
    variant: VariantId,
    person: PartyId,
    agreed: Money,
    at: datetime,
    proposal: models.Proposal | None = None,
    standing: models.Standing | None = None,
    checkout: CheckoutId | None = None,
) -> None:
    days = policy(scope, rules.ReplenishPolicy, at=at, community=CommunityId(of.community)).answer_days
    row = models.Refill(
        id=ids.new(),
        household_id=of.household_id,
        proposal=proposal,
        standing=standing,
        checkout=checkout,
        community=of.community,
        commodity=of.commodity,
        variant=variant,
        person=person,
        agreed_minor=agreed.minor,
        asked_at=at,
        due_at=at + timedelta(days=days),
    )
    models.Refill.objects.bulk_create([row])
    moves.born(models.RefillMove, row, RefillVerb.ASK.value, scope=scope, at=at)


def _belongs(row: models.Refill, page: OrderPage, buyer: PartyId) -> bool:
    """Whether an order brings what a visit waits for: of the same person, to the same home, and of that turn."""
    same_turn = row.checkout is None or row.checkout == page.checkout_id
    return row.person == buyer and row.household.home == page.home and same_turn


def _send(scope: Scope, row: models.Refill, page: OrderPage, at: datetime) -> int:
    community = CommunityId(row.community)
    offer = refill_offers(scope, communities=[community], at=at).get(community)
    visit = _raised(scope, row, offer, page, at) if offer else None
    if visit is None:
        _take(scope, row, RefillVerb.CALL_OFF, at, order=page.id)
        notify.queue_message(scope, to=PartyId(row.person), template=TEMPLATE, values={}, at=at)
        return 0
    _take(scope, row, RefillVerb.SEND, at, order=page.id, visit=visit)
    return 1


def _raised(scope: Scope, row: models.Refill, offer: RefillOffer, page: OrderPage, at: datetime) -> WorkOrderId | None:
    """The work order, at the price that was agreed; it is wanted when the goods are there."""
    title = next(line.title for line in page.lines if line.variant == VariantId(row.variant))
    try:
        return workorders.raise_work_order(
            scope,
            community=CommunityId(row.community),
            type_id=offer.type,
            home=HomeId(row.household.home),
            words=f"{' / '.join(dict.fromkeys(title.values()))} · {page.number}",
            source=Source.OWNER,
            about=row.proposal_id or row.standing_id,
            on_behalf_of=PartyId(row.person),
            wanted_at=max(at, page.window_end or page.promised_at or at),
            agrees_to=Money(row.agreed_minor),
            at=at,
        )
    except Refusal:
        return None


def _locked(scope: Scope, **which: object) -> list[models.Refill]:
    rows = models.Refill.objects.within(scope).select_related("household").select_for_update(of=("self",))
    return list(rows.filter(**which).order_by("id")[:MOST])


def _take(
    scope: Scope,
    row: models.Refill,
    verb: RefillVerb,
    at: datetime,
    order: OrderId | None = None,
    visit: WorkOrderId | None = None,
) -> None:
    moves.take(
        models.RefillMove,
        row,
        verb,
        life=rules.REFILL_LIFE,
        states=RefillState,
        scope=scope,
        at=at,
        order=order or row.order,
        visit=visit or row.visit,
    )
