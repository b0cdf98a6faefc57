"""The money of shared spaces: asked for, held in the booking's escrow, given back whole or shared when it is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.estate.billing import actions as billing
from linli.estate.parking import events, rules
from linli.estate.parking.models import SpaceBooking, SpaceBookingMove
from linli.estate.parking.queries import barrier
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, LotId, PartyId, RefundId, SpaceBookingId
from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, booking_escrow, credit, debit, platform_book, property_fee_collected
from linli.money.payments import actions as payments
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "shared_parking"
INCOME = "shared_parking"
_V = rules.SpaceBookingVerb


def ask(scope: Scope, row: SpaceBooking, at: datetime) -> None:
    """This will ask the booker for one payment into the booking's escrow."""
    amount = Money(row.amount_minor)
    payments.request_collection(
        scope,
        collection=CollectionId(row.collection),
        purpose=PURPOSE,
        for_=row.pk,
        city=CityId(row.city),
        payer=PartyId(row.booker),
        amount=amount,
        legs=(credit(booking_escrow(SpaceBookingId(row.pk)), amount),),
        expires_at=row.pay_by,
        at=at,
        currency=places.market_of(CommunityId(row.community)).currency,
    )


def stop_waiting(row: SpaceBooking, why: str, at: datetime) -> bool:
    """This will wait for the payment no longer; False where it has arrived already."""
    return payments.close_collection(SYSTEM, collection=CollectionId(row.collection), why=why, at=at)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_space_payment(scope: Scope, *, booking: UUID, at: datetime) -> None:
    """This will let a booking stand whose payment arrived, once; one that is given up is waited for no longer, and
    money that comes for it goes back by itself."""
    row = _locked(scope, booking)
    if row is None or row.state != rules.SpaceBookingState.HELD:
        return
    moves.take(
        SpaceBookingMove,
        row,
        _V.PAY,
        life=rules.SPACE_BOOKING_LIFE,
        states=rules.SpaceBookingState,
        scope=scope,
        at=at,
        paid_at=at,
    )
    _say(row, PartyId(row.booker), "space_booked", at, number=row.label)
    _say(row, PartyId(row.holder), "space_let", at)
    _tell(row, at)


def give_back(row: SpaceBooking, at: datetime) -> None:
    """This will put all that was paid for a booking on its way back, once."""
    if row.paid_at is None or row.refund is not None:
        return
    amount, row.refund = Money(row.amount_minor), ids.new()
    row.save(update_fields=["refund"])
    payments.request_refund(
        SYSTEM,
        refund=RefundId(row.refund),
        collection=CollectionId(row.collection),
        amount=amount,
        legs=(debit(booking_escrow(SpaceBookingId(row.pk)), amount),),
        document=f"space_booking:{row.pk}",
        at=at,
    )


@action(needs=May.RUN_CLOCKS)
def share_booking(scope: Scope, *, booking: SpaceBookingId, at: datetime) -> None:
    """This will share what a booking that is over brought: the company's part to its book, the rest as credit for the
    holder's fees. Safe to repeat."""
    row = _locked(scope, booking)
    if row is None or row.state != rules.SpaceBookingState.BOOKED or row.end_at > at:
        return
    community, amount = CommunityId(row.community), Money(row.amount_minor)
    share, earned = rules.parts(amount, row.company_percent)
    document = f"space_shared:{row.pk}"
    company = billing.keep_earned(
        SYSTEM,
        community=community,
        person=PartyId(row.holder),
        earned=earned,
        share=share,
        item=INCOME,
        document=document,
        at=at,
    )
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=document,
            book=platform_book(CityId(row.city)),
            currency=places.market_of(community).currency,
            document=document,
            kind="shared_parking",
            at=at,
            legs=(
                debit(booking_escrow(SpaceBookingId(row.pk)), amount),
                credit(property_fee_collected(company, community), amount),
            ),
        ),
    )
    moves.take(
        SpaceBookingMove,
        row,
        _V.SHARE,
        life=rules.SPACE_BOOKING_LIFE,
        states=rules.SpaceBookingState,
        scope=scope,
        at=at,
        ended_at=at,
        remind_at=None,
        company_minor=share.minor,
    )
    if earned:
        _say(row, PartyId(row.holder), "space_earned", at, amount=str(earned))
    _tell(row, at)


@action(needs=May.RUN_CLOCKS)
def remind_booker(scope: Scope, *, booking: SpaceBookingId, at: datetime) -> None:
    """This will tell a booker that their hours begin soon, once."""
    row = _locked(scope, booking)
    if row is None or row.remind_at is None or row.remind_at > at:
        return
    row.remind_at = None
    row.save(update_fields=["remind_at"])
    if row.state == rules.SpaceBookingState.BOOKED and row.start_at > at:
        _say(row, PartyId(row.booker), "space_soon", at)


def tell_end(row: SpaceBooking, verb: rules.SpaceBookingVerb, at: datetime) -> None:
    """This will tell whom it concerns that a booking ended before it was shared."""
    if verb is _V.CALL_OFF:
        _say(row, PartyId(row.booker), "space_called_off", at)
    if row.paid_at is not None:
        word = "space_reported" if verb is _V.REPORT else "space_free_again"
        _say(row, PartyId(row.holder), word, at)
    _tell(row, at)


def _locked(scope: Scope, booking: UUID) -> SpaceBooking | None:
    rows = SpaceBooking.objects.within(scope).select_for_update(of=("self",)).select_related("space", "lot")
    return rows.filter(pk=booking).first()


def _say(row: SpaceBooking, to: PartyId, template: str, at: datetime, **more: str) -> None:
    zone = barrier.zone_of(CommunityId(row.community))
    start, end = row.start_at.astimezone(zone), row.end_at.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%m-%d %H:%M}"
    values = {"space": row.space.label, "hours": f"{start:%m-%d %H:%M}–{until}", **more}
    notify.queue_message(SYSTEM, to=to, template=template, values=values, at=at)


def _tell(row: SpaceBooking, at: datetime) -> None:
    tell(
        events.SpaceBookingMoved(
            booking=SpaceBookingId(row.pk),
            community=CommunityId(row.community),
            lot=LotId(row.lot_id),
            state=row.state,
            at=at,
        )
    )
