"""A neighbour at every counter of the property company: what they type there, and what others type about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from builders.assembly import CLOSES, YES, a_second_pair_of_eyes, a_vote
from builders.billing import Desk
from builders.clock import AT
from builders.metering import a_meter
from builders.notices import a_notice_draft
from builders.parking import a_lot
from builders.patrols import some_rounds
from builders.pictures import a_picture
from builders.places import Home
from builders.venues import TOMORROW_AT_NINE, a_venue
from harness.looking import rows_of
from linli.estate.assembly import actions as assembly
from linli.estate.billing import actions as billing
from linli.estate.billing.actions import Waive
from linli.estate.billing.rules import Channel, NoteKind
from linli.estate.metering import actions as metering
from linli.estate.metering.models import Reading
from linli.estate.notices import actions as notices
from linli.estate.parcels import actions as parcels
from linli.estate.parcels.rules import Carrier, Scan
from linli.estate.parking import actions as parking
from linli.estate.parking.rules import ListKind
from linli.estate.patrols.rules import Outcome, Seen
from linli.estate.permits import actions as permits
from linli.estate.permits import queries as papers
from linli.estate.permits.rules import Direction, Look, Paper, Work, checks_of
from linli.estate.venues import actions as venues
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLE = {"zh": "装修押金", "en": "Renovation deposit"}


@dataclass(frozen=True)
class Counters:
    """A home of `name`, who types `words` and drives `plate`; the desk types the name."""

    desk: Desk
    home: Home
    name: str
    words: str
    plate: str

    def all(self) -> None:
        """This will go to every counter once."""
        self.money()
        self.meter()
        self.works_and_goods()
        self.car()
        self.court_and_parcel()
        self.vote()

    def money(self) -> None:
        desk, home, name = self.desk, self.home, self.name
        item = desk.an_item()
        lines = [self._charged(item, nth) for nth in range(3)]
        asked = billing.ask_waiver(desk.scope, subject=home.id, lines=[Waive(lines[0])], why=f"{name} is ill", at=AT)
        other = a_second_pair_of_eyes(desk)
        billing.decide_waiver(other, waiver=asked, approve=False, answer=f"{name} has recovered", at=AT)
        billing.credit_line(desk.scope, line=lines[1], why=f"{name} was away", at=AT)
        paid = billing.take_payment(
            desk.scope, subject=home.id, amount=Money(10_00), channel=Channel.CASH, lines=[lines[2]], payer=home.owner,
            at=AT,
        )  # fmt: skip
        billing.refund_line(desk.scope, line=lines[2], channel=Channel.CASH, why=f"{name} paid twice", at=AT)
        billing.note_arrears(
            desk.scope, subject=home.id, kind=NoteKind.CALL, text=f"{name} was out", obligor=home.owner, at=AT
        )
        deposit = billing.ask_deposit(
            desk.scope, community=desk.community.id, subject=home.id, obligor=home.owner, word="renovation",
            title=TITLE, amount=Money(50_00), at=AT,
        )  # fmt: skip
        billing.take_deposit(desk.scope, deposit=deposit, channel=Channel.CASH, at=AT)
        billing.deduct_deposit(
            desk.scope, deposit=deposit, item=item, amount=Money(5_00), why=f"{name} broke a door", at=AT
        )
        again = billing.take_payment(
            desk.scope, subject=home.id, amount=Money(10_00), channel=Channel.CASH, lines=[lines[2]], payer=home.owner,
            at=AT,
        )  # fmt: skip
        assert paid.receipt != again.receipt
        invoice = billing.ask_invoice(home.scope, receipts=[again.receipt], title=self.words, at=AT)
        billing.refuse_invoice(desk.scope, invoice=invoice, answer=f"{name} is no company", at=AT)

    def _charged(self, item, nth: int) -> int:
        return billing.charge_once(
            self.desk.scope, community=self.desk.community.id, subject=self.home.id, obligor=self.home.owner, item=item,
            amount=Money(10_00), title={"zh": "钥匙", "en": "A key"}, source=f"key:{nth}", at=AT,
        )  # fmt: skip

    def meter(self) -> None:
        meter = a_meter(self.desk, self.home)
        photo, then = ("meter.png", a_picture("PNG")), AT + 20 * DAY
        metering.send_reading(
            self.home.scope, meter=meter.id, shown=[Decimal(9)], photo=photo, note=self.words, at=then
        )
        with transaction.atomic():
            sent = rows_of(Reading).get(note=self.words)
        metering.correct_reading(
            self.desk.scope, reading=sent.pk, shown=[Decimal(8)], why=f"{self.name} read another meter", at=then
        )

    def works_and_goods(self) -> None:
        desk, home, name, words = self.desk, self.home, self.name, self.words
        day = AT.date() + 7 * DAY
        permit = permits.ask_permit(
            home.scope, home=home.id, works=[Work.PAINT], text=words, contractor=words, contact=words, start_on=day,
            end_on=day + 7 * DAY, papers={Paper.CONTRACT: [("contract.png", a_picture("PNG"))]}, at=AT,
        )  # fmt: skip
        permits.decide_permit(desk.scope, permit=permit, grant=True, why=f"{name} may", at=AT)
        page = papers.permit_page(desk.scope, permit=permit, at=AT)
        billing.take_deposit(desk.scope, deposit=page.deposit, channel=Channel.CASH, at=AT)
        permits.note_deposit(SYSTEM, permit=permit, at=AT)
        billing.take_payment(desk.scope, subject=home.id, amount=page.fee, channel=Channel.CASH, at=AT)
        permits.note_fee(SYSTEM, permit=permit, at=AT)
        permits.inspect_works(desk.scope, permit=permit, look=Look.VIOLATION, text=f"{name} drills at night", at=AT)
        permits.ask_extension(home.scope, permit=permit, end_on=day + 9 * DAY, why=words, at=AT)
        moved = permits.ask_relocation(
            home.scope, home=home.id, direction=Direction.MOVE_IN, residency="tenant", day=day, name=words,
            phone="13900001111", at=AT,
        )  # fmt: skip
        permits.check_relocation(
            desk.scope, relocation=moved, item=checks_of(Direction.MOVE_IN)[0], note=f"{name} says yes", at=AT
        )
        permits.call_off_relocation(home.scope, relocation=moved, why=words, at=AT)
        permits.ask_release(home.scope, home=home.id, goods=words, carrier=words, at=AT)

    def car(self) -> None:
        lot = a_lot(desk=self.desk)
        plate = self.plate
        stay = lot.enters(plate)
        parking.void_session(lot.scope, session=stay.session, why=f"{self.name} left unseen", at=AT + 3 * HOUR)
        parking.register_vehicle(self.home.scope, home=self.home.id, plate=plate, about=self.words, at=AT + 4 * HOUR)
        listed = parking.list_plate(
            lot.scope,
            community=self.desk.community.id,
            plate=plate,
            kind=ListKind.BLOCKED,
            reason=self.name,
            days=1,
            at=AT,
        )
        parking.unlist_plate(lot.scope, listed=listed, at=AT)

    def court_and_parcel(self) -> None:
        desk, home = self.desk, self.home
        booking = venues.book(home.scope, venue=a_venue(desk), start_at=TOMORROW_AT_NINE, home=home.id, at=AT)
        venues.call_off_booking(desk.scope, booking=booking, why=f"{self.name} may come later", at=AT)
        scans = [Scan("SF777", places.home(home.id).door)]
        taken = parcels.scan_in(
            desk.scope, community=desk.community.id, carrier=Carrier.SF, shelf="A1", scans=scans, at=AT
        )
        parcels.hand_out_seen(desk.scope, parcel=taken.parcels[0], taker=self.name, at=AT)

    def vote(self) -> None:
        vote = a_vote(self.desk)
        vote.cast(self.home.scope, YES)
        vote.closed()
        assembly.note_objection(self.home.scope, meeting=vote.id, text=self.words, at=CLOSES + HOUR)


def as_guard(home: Home, words: str) -> None:
    """This will let the neighbour walk a patrol and look over a draft, as who works there also types."""
    rounds = some_rounds()
    walker = replace(rounds.a_guard(), person=home.owner)
    seen = (Seen("light", outcome=Outcome.FINDING, words=words), Seen("pressure", value=Decimal("0.4")))
    rounds.visits(walker, rounds.sent(), 0, seen=seen)
    draft = notices.write(rounds.scope, community=rounds.desk.community.id, draft=a_notice_draft(), at=AT)
    notices.ask_approval(rounds.scope, notice=draft, at=AT)
    notices.send_back(replace(rounds.scope, person=home.owner), notice=draft, why=words, at=AT)
