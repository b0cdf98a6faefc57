"""Paying for a stay: at the gate into the company's own cash, or by the driver's phone without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.parking import events, rules
from linli.estate.parking.actions.stays import end_stay, held_session
from linli.estate.parking.models import Lot, Payment, Session
from linli.estate.parking.queries import barrier
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CollectionId, CommunityId, ParkingSessionId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    Draft,
    Leg,
    credit,
    debit,
    desk_cash,
    due_from_platform,
    fee_income,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.money.payments.actions import PayPage
from linli.reach.notify import actions as notify
from linli.spine.action import action, errand
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "parking"
INCOME = "temporary_parking"
SHORTEST_PATIENCE = timedelta(minutes=5)
"""A payment page stays open at least so long, however short the grace of a tariff is."""


class AmountChanged(Refusal):
    """Time went on between looking and paying."""

    says = _("{amount} is due now. Please look again.")


class NothingDue(Refusal):
    """There is nothing to pay (any more)."""

    says = _("Nothing is to be paid under this plate here.")


class OnItsWay(Refusal):
    """A payment was made a moment ago and has not been booked yet."""

    says = _("A payment for this stay is on its way. Please wait a moment.")


@dataclass(frozen=True, slots=True)
class TakenAtGate:
    """Money taken by hand, with the number of its slip, and whether the car is out."""

    payment: UUID
    label: str
    amount: Money
    is_out: bool


@dataclass(frozen=True, slots=True)
class DriverPayment:
    """What a driver is asked to pay, and until when this amount holds."""

    collection: CollectionId
    amount: Money
    until: datetime


@action(needs=May.RUN_BARRIER)
def take_at_gate(
    scope: Scope,
    *,
    session: ParkingSessionId,
    amount: Money,
    channel: rules.Channel,
    desk: str = "gate",
    lets_out: bool = True,
    at: datetime,
) -> TakenAtGate:
    """This will take what is due in cash, by card or by code, and let the car out; or take what an old stay owes."""
    if channel is rules.Channel.ONLINE:
        raise Invalid("channel", _("This is not taken by hand."))
    row = held_session(scope, session)
    fee = barrier.fee_of(row, at)
    is_inside = row.state == rules.SessionState.INSIDE
    due = fee.due if is_inside else Money(row.unpaid_minor)
    if not due:
        raise NothingDue
    if amount != due:
        raise AmountChanged(field="amount", amount=due)
    payment = _arrived(scope, row, amount, channel, desk, at)
    _post(payment, row, debit(desk_cash(desk), amount), at)
    if not is_inside:
        _settle_debt(row, amount)
    elif lets_out:
        end_stay(scope, row, barrier.fee_of(row, at), rules.SessionVerb.LEAVE, "", at)
    return TakenAtGate(payment.pk, payment.label, amount, is_inside and lets_out)


@action(needs=May.ANYONE, private=("plate", "code"))
def ask_driver(scope: Scope, *, code: str, plate: str, at: datetime) -> DriverPayment:
    """This will ask whoever stands at the lot of the QR to pay what is due under a plate; nobody has to sign in.

    The amount holds for the minutes of grace; asked again within them it is the same.
    """
    return _ask(SYSTEM, code=code, plate=rules.plate(plate).text, payer=scope.person, at=at)


@errand
def pay_as_driver(scope: Scope, *, code: str, plate: str, channel: str, return_url: str, at: datetime) -> PayPage:
    """This will bring a driver to the provider's page. The house begins the payment: a driver may be nobody here."""
    asked = ask_driver(scope, code=code, plate=plate, at=at)
    return payments.begin_payment(SYSTEM, collection=asked.collection, channel=channel, return_url=return_url, at=at)


@action(needs=May.RUN_CLOCKS, private=("plate", "code"))
def _ask(scope: Scope, *, code: str, plate: str, payer: PartyId | None, at: datetime) -> DriverPayment:
    lot = Lot.objects.inside().filter(code=code, closed_at=None).first()
    found = barrier.payable(lot, plate) if lot is not None else None
    if lot is None or found is None:
        raise NothingDue
    row = held_session(scope, ParkingSessionId(found.pk))
    due = barrier.fee_of(row, at).due if row.left_at is None else Money(row.unpaid_minor)
    if not due:
        raise NothingDue
    asked = Payment.objects.inside().filter(session=row, state=rules.PaymentState.ASKED.value).first()
    if asked is not None and asked.collection is not None:
        collection = CollectionId(asked.collection)
        if asked.due_at > at and asked.amount_minor == due.minor:
            return DriverPayment(collection, due, asked.due_at)
        if not payments.close_collection(scope, collection=collection, why="asked again", at=at):
            raise OnItsWay
        _lapse(asked)
    tariff = rules.read_tariff(row.tariff.terms) if row.tariff else barrier.NO_TARIFF
    grace = timedelta(minutes=tariff.grace_minutes)
    return _asked(scope, row, due, payer, at, at + max(grace, SHORTEST_PATIENCE))


def _asked(
    scope: Scope, row: Session, due: Money, payer: PartyId | None, at: datetime, until: datetime
) -> DriverPayment:
    community = CommunityId(row.community)
    market = places.market_of(community)
    payment = _new_payment(row, due, rules.Channel.ONLINE, at, until)
    collection = CollectionId(ids.new())
    payment.collection = collection
    payment.save(force_insert=True)
    payments.request_collection(
        scope,
        collection=collection,
        purpose=PURPOSE,
        for_=payment.pk,
        city=market.city,
        payer=payer,
        amount=due,
        legs=(credit(property_fee_collected(PartyId(row.company), community), due),),
        expires_at=until,
        at=at,
        currency=market.currency,
    )
    return DriverPayment(collection, due, until)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_payment(scope: Scope, *, payment: UUID, at: datetime) -> Money:
    """This will book a driver's payment that arrived, once; what was paid otherwise meanwhile goes back by itself."""
    asked = Payment.objects.within(scope).select_for_update().filter(pk=payment).first()
    if asked is None or asked.state != rules.PaymentState.ASKED or asked.collection is None:
        return Money.zero
    row = held_session(scope, ParkingSessionId(asked.session_id))
    arrived = Money(asked.amount_minor)
    is_inside = row.state == rules.SessionState.INSIDE
    due = barrier.fee_of(row, asked.up_to).due if is_inside else Money(row.unpaid_minor)
    kept = min(arrived, due)
    asked.state = rules.PAYMENT_LIFE.after(rules.PaymentState.ASKED, rules.PaymentVerb.ARRIVE).value
    asked.arrived_at, asked.kept_minor = at, kept.minor
    asked.save(update_fields=["state", "arrived_at", "kept_minor"])
    city = places.market_of(CommunityId(row.community)).city
    if kept:
        _post(asked, row, debit(due_from_platform(city), kept), at)
    if kept and not is_inside:
        _settle_debt(row, kept)
    if kept < arrived:
        payments.request_refund(
            scope,
            refund=RefundId(ids.new()),
            collection=CollectionId(asked.collection),
            amount=arrived - kept,
            legs=(
                debit(
                    property_fee_collected(PartyId(row.company), CommunityId(row.community)),
                    arrived - kept,
                ),
            ),
            document=f"parking_payment:{asked.pk}",
            at=at,
        )
        _tell_goes_back(CollectionId(asked.collection), arrived - kept, at)
    return kept


@action(needs=May.RECORD_PAYMENT_EVENTS)
def tell_goes_back(scope: Scope, *, collection: CollectionId, amount: Money, at: datetime) -> None:
    """This will tell who paid a stay or a booking twice or too late that it goes back; who paid without a sign-in is
    not known."""
    _tell_goes_back(collection, amount, at)


def _tell_goes_back(collection: CollectionId, amount: Money, at: datetime) -> None:
    payer = collections.collection(SYSTEM, collection=collection).payer
    if payer is not None:
        notify.queue_message(SYSTEM, to=payer, template="payment_goes_back", values={"amount": str(amount)}, at=at)


@action(needs=May.RUN_CLOCKS)
def lapse_payment(scope: Scope, *, payment: UUID, at: datetime) -> None:
    """This will stop waiting for a payment whose minutes are over; what still arrives goes back by itself."""
    row = Payment.objects.within(scope).select_for_update().filter(pk=payment).first()
    if row is None or row.state != rules.PaymentState.ASKED or row.due_at > at or row.collection is None:
        return
    if payments.close_collection(scope, collection=CollectionId(row.collection), why="expired", at=at):
        _lapse(row)


def _lapse(row: Payment) -> None:
    row.state = rules.PAYMENT_LIFE.after(rules.PaymentState(row.state), rules.PaymentVerb.LAPSE).value
    row.save(update_fields=["state"])


def _new_payment(row: Session, amount: Money, channel: rules.Channel, at: datetime, until: datetime) -> Payment:
    community = CommunityId(row.community)
    return Payment(
        id=ids.new(),
        label=next_label("PP", place=community, day=places.day_in(community, at)),
        session=row,
        community=community,
        company=row.company,
        channel=channel.value,
        state=rules.PAYMENT_LIFE.birth.value,
        amount_minor=amount.minor,
        up_to=at,
        asked_at=at,
        due_at=until,
    )


def _arrived(scope: Scope, row: Session, amount: Money, channel: rules.Channel, desk: str, at: datetime) -> Payment:
    """Money taken by hand is asked for and there at once."""
    payment = _new_payment(row, amount, channel, at, at)
    payment.state = rules.PAYMENT_LIFE.after(rules.PaymentState.ASKED, rules.PaymentVerb.ARRIVE).value
    payment.desk, payment.taken_by, payment.arrived_at, payment.kept_minor = desk, scope.person, at, amount.minor
    payment.save(force_insert=True)
    return payment


def _settle_debt(row: Session, amount: Money) -> None:
    row.unpaid_minor -= amount.minor
    row.paid_minor += amount.minor
    row.save(update_fields=["unpaid_minor", "paid_minor"])


def _post(payment: Payment, row: Session, came: Leg, at: datetime) -> None:
    """In the company's book: where the money is, against the income of temporary parking."""
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"parking_paid:{payment.pk}",
            book=property_book(PartyId(row.company)),
            currency=places.market_of(CommunityId(row.community)).currency,
            document=f"parking_payment:{payment.pk}",
            kind="parking_paid",
            at=at,
            legs=(came, credit(fee_income(INCOME), came.amount)),
        ),
    )
    tell(
        events.ParkingPaid(
            session=ParkingSessionId(row.pk),
            community=CommunityId(row.community),
            payment=payment.pk,
            amount=came.amount,
            at=at,
        )
    )
