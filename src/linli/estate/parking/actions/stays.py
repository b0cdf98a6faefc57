"""Stays: in, out, a plate corrected, a gate opened for a reason, a stay struck out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F

from linli.estate.parking import events, rules
from linli.estate.parking.actions.grounds import LONGEST_WORDS, lot_of
from linli.estate.parking.models import Lot, Session, SessionMove, Stock, VoucherRow
from linli.estate.parking.queries import barrier
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, LotId, ParkingSessionId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope


class AlreadyInside(Refusal):
    """A plate is inside a community once."""

    says = _("This car is inside already. Let it out, or strike the old stay out, first.")


class NotAdmitted(Refusal):
    """The barrier stays closed."""

    says = _("This car may not drive in: {why}.")


class NobodyPays(Refusal):
    """A temporary stay needs a tariff."""

    says = _("No tariff holds today, so nobody can be let in as a guest. Set one first.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A stay that has begun, and why the barrier opened."""

    session: ParkingSessionId
    label: str
    plate: str
    kind: rules.StayKind
    why: tuple[rules.Why, ...]


@dataclass(frozen=True, slots=True)
class Exit:
    """What the exit does: it opens, it waits for money, or nobody of this plate is known to be inside."""

    outcome: rules.ExitOutcome
    session: ParkingSessionId | None = None
    due: Money = Money.zero
    suggestions: tuple[ParkingSessionId, ...] = ()


@action(needs=May.RUN_BARRIER, private=("plate", "despite"))
def record_entry(scope: Scope, *, lot: LotId, plate: str, despite: str = "", at: datetime) -> Entered:
    """This will let a car in. `despite` is the reason of a guard who lets in whom the rule would not."""
    row = lot_of(scope, lot)
    locks.hold(f"parking_lot:{lot}")
    known = barrier.at_barrier(scope, lot=lot, plate=plate, at=at)
    if rules.Why.INSIDE in known.admission.why:
        raise AlreadyInside(field="plate")
    kind, said = known.admission.kind, reason_given(despite) if despite.strip() else ""
    if kind is None:
        if not said:
            raise NotAdmitted(field="plate", why=known.admission.why[0])
        kind = rules.StayKind.TEMPORARY
    return begin_stay(scope, row, known, kind, said, at)


@action(needs=May.RUN_BARRIER, private=("despite",))
def record_unplated_entry(scope: Scope, *, lot: LotId, despite: str = "", at: datetime) -> Entered:
    """This will let a car without a plate in, under a number that its driver is given."""
    row = lot_of(scope, lot)
    inside = set(
        Session.objects.within(scope)
        .filter(community=row.community, state=rules.SessionState.INSIDE.value, plate_kind="unplated")
        .values_list("plate", flat=True)[:9_000]
    )
    free = [text for n in range(10_000) if (text := rules.unplated(n).text) not in inside]
    return record_entry(scope, lot=lot, plate=secrets.choice(free), despite=despite, at=at)


@action(needs=May.RUN_BARRIER, private=("plate",))
def record_exit(scope: Scope, *, lot: LotId, plate: str, at: datetime) -> Exit:
    """This will let a car out if nothing is due; else it tells what is, or which stays may have been meant."""
    row, read = lot_of(scope, lot), rules.plate(plate)
    session = open_session(scope, community=CommunityId(row.community), plate=read.text)
    if session is None:
        near = barrier.suggestions(row.community, read.text)
        return Exit(rules.ExitOutcome.UNKNOWN, suggestions=tuple(each.session for each in near))
    fee = barrier.fee_of(session, at)
    if fee.due:
        return Exit(rules.ExitOutcome.PAY, ParkingSessionId(session.pk), fee.due)
    end_stay(scope, session, fee, rules.SessionVerb.LEAVE, "", at)
    return Exit(rules.ExitOutcome.OUT, ParkingSessionId(session.pk))


@action(needs=May.RUN_BARRIER, private=("why",))
def force_exit(scope: Scope, *, session: ParkingSessionId, why: str, at: datetime) -> Money:
    """This will let a car out that has not paid, for a reason; what it owes is remembered under its plate."""
    row, said = held_session(scope, session), reason_given(why)
    fee = barrier.fee_of(row, at)
    end_stay(scope, row, fee, rules.SessionVerb.FORCE, said, at)
    return fee.due


@action(needs=May.RUN_BARRIER, private=("plate",))
def correct_plate(scope: Scope, *, session: ParkingSessionId, plate: str, at: datetime) -> rules.StayKind:
    """This will give a stay the plate that the car really bears; what it is inside as is decided anew."""
    row, read = held_session(scope, session), rules.plate(plate)
    if row.state != rules.SessionState.INSIDE or read.text == row.plate:
        raise Invalid("plate", _("This is the plate that was read."))
    known = barrier.at_barrier(scope, lot=LotId(row.lot_id), plate=read.text, at=at)
    if known.session is not None:
        raise AlreadyInside(field="plate")
    kind = known.admission.kind if known.admission.kind is not None else rules.StayKind.TEMPORARY
    tariff = row.tariff_id or known.tariff
    if kind is rules.StayKind.TEMPORARY and tariff is None:
        raise NobodyPays
    moves.take(
        SessionMove,
        row,
        rules.SessionVerb.CORRECT,
        life=rules.SESSION_LIFE,
        states=rules.SessionState,
        scope=scope,
        at=at,
        read_as=row.read_as or row.plate,
        plate=read.text,
        plate_kind=read.kind.value,
        home=known.home,
        kind=kind.value,
        tariff_id=tariff,
    )
    return kind


@action(needs=May.RUN_BARRIER, private=("why",))
def void_session(scope: Scope, *, session: ParkingSessionId, why: str, at: datetime) -> None:
    """This will strike out a stay that never was, or whose car left unseen; nothing is owed for it."""
    strike_out(scope, held_session(scope, session), rules.SessionVerb.VOID, reason_given(why), at)


@action(needs=May.KEEP_PARKING, private=("why",))
def waive_debt(scope: Scope, *, session: ParkingSessionId, why: str, at: datetime) -> Money:
    """This will let go of what a stay left owing, for a reason."""
    row, said = held_session(scope, session), reason_given(why)
    if not row.unpaid_minor:
        raise NotFound("debt")
    waived = row.unpaid_minor
    row.waived_minor, row.unpaid_minor = row.waived_minor + waived, 0
    row.save(update_fields=["waived_minor", "unpaid_minor"])
    moves.born(SessionMove, row, "waive", scope=scope, at=at, why=said)
    return Money(waived)


@action(needs=May.RUN_CLOCKS)
def forget_stay(scope: Scope, *, session: ParkingSessionId, at: datetime) -> None:
    """This will close a stay that nobody saw ending within the policy's days."""
    row = held_session(scope, session)
    if row.state == rules.SessionState.INSIDE:
        strike_out(scope, row, rules.SessionVerb.FORGET, "", at)


# ---- what several of them do ----


def open_session(scope: Scope, *, community: CommunityId, plate: str) -> Session | None:
    """This will lock the stay of a plate that goes on."""
    rows = Session.objects.within(scope).select_for_update(of=("self",)).select_related("tariff", "lot")
    return rows.filter(community=community, plate=plate, state=rules.SessionState.INSIDE.value).first()


def held_session(scope: Scope, session: ParkingSessionId) -> Session:
    """This will lock a stay."""
    rows = Session.objects.within(scope).select_for_update(of=("self",)).select_related("tariff", "lot")
    row = rows.filter(pk=session).first()
    if row is None:
        raise NotFound("stay")
    return row


def begin_stay(
    scope: Scope, lot: Lot, known: barrier.AtBarrier, kind: rules.StayKind, said: str, at: datetime
) -> Entered:
    """This will write a stay that begins; the database itself refuses a second one of the plate."""
    if kind is rules.StayKind.TEMPORARY and known.tariff is None:
        raise NobodyPays
    community = CommunityId(lot.community)
    row = Session(
        id=ids.new(),
        label=next_label("PK", place=community, day=places.day_in(community, at)),
        community=community,
        company=lot.company,
        lot=lot,
        plate=known.plate.text,
        plate_kind=known.plate.kind.value,
        kind=kind.value,
        home=known.home,
        tariff_id=known.tariff if kind in rules.CHARGED else None,
        state=rules.SESSION_LIFE.birth.value,
        entered_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "parking_session_once" not in str(error):
            raise
        raise AlreadyInside(field="plate") from error
    moves.born(SessionMove, row, "enter", scope=scope, at=at, why=said)
    session = ParkingSessionId(row.pk)
    tell(events.CarEntered(session=session, community=community, lot=LotId(lot.pk), at=at))
    return Entered(session, row.label, known.plate.text, kind, known.admission.why)


def end_stay(
    scope: Scope, row: Session, fee: rules.ParkingFee, verb: rules.SessionVerb, why: str, at: datetime
) -> None:
    """This will close a stay: what it cost and why, what vouchers bore, and what it leaves owing."""
    moves.take(
        SessionMove,
        row,
        verb,
        life=rules.SESSION_LIFE,
        states=rules.SessionState,
        scope=scope,
        at=at,
        why=why,
        left_at=max(at, row.entered_at),
        gross_minor=fee.gross.minor,
        off_minor=fee.off.minor,
        paid_minor=fee.paid.minor,
        unpaid_minor=fee.due.minor,
        steps=msgspec.to_builtins(fee.steps),
    )
    _use_vouchers(row, fee, at)
    tell(
        events.CarLeft(
            session=ParkingSessionId(row.pk),
            community=CommunityId(row.community),
            lot=LotId(row.lot_id),
            unpaid=fee.due,
            at=at,
        )
    )


def strike_out(scope: Scope, row: Session, verb: rules.SessionVerb, why: str, at: datetime) -> None:
    """This will end a stay without a fee, and give its vouchers back to their givers."""
    moves.take(
        SessionMove,
        row,
        verb,
        life=rules.SESSION_LIFE,
        states=rules.SessionState,
        scope=scope,
        at=at,
        why=why,
        left_at=max(at, row.entered_at),
    )
    _use_vouchers(row, barrier.NOTHING, at)


def _use_vouchers(row: Session, fee: rules.ParkingFee, at: datetime) -> None:
    """A voucher that bore something is used; one that bore nothing goes back to its stock."""
    held = VoucherRow.objects.inside().select_for_update().filter(session=row, state=rules.VoucherState.GIVEN.value)
    worths, given = dict(fee.worths), list(held.order_by("id"))
    for voucher in given:
        worth = worths.get(voucher.pk, Money.zero)
        verb = rules.VoucherVerb.USE if worth else rules.VoucherVerb.END
        voucher.state = rules.VOUCHER_LIFE.after(rules.VoucherState(voucher.state), verb).value
        voucher.worth_minor, voucher.used_at = worth.minor, at
    VoucherRow.objects.inside().bulk_update(given, ["state", "worth_minor", "used_at"])
    back = [voucher.stock_id for voucher in given if not voucher.worth_minor]
    if back:  # a giver gives a stay one voucher at most, so each stock gets one back
        Stock.objects.inside().filter(pk__in=back).update(given=F("given") - 1)


def reason_given(why: str) -> str:
    """This will insist on a reason in words."""
    said = why.strip()
    if not 0 < len(said) <= LONGEST_WORDS:
        raise Invalid("why", _("Say why, in at most {most} characters."), most=LONGEST_WORDS)
    return said
