"""At the barrier against real PostgreSQL: in once, out when paid, corrected, remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.parking import HOURLY, a_lot
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as billed
from linli.estate.billing.rules import Channel as BilledBy
from linli.estate.billing.rules import Purpose
from linli.estate.parking import actions, queries, rules
from linli.estate.parking.actions import AlreadyInside, AmountChanged, NothingDue
from linli.estate.parking.models import Payment, Session, Vehicle
from linli.estate.parking.rules import Channel, ExitOutcome, ListKind, SpaceKind, StayKind, Why
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import desk_cash, due_from_platform, fee_income, property_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import GUEST, SYSTEM

pytestmark = pytest.mark.django_db
GUEST_CAR, OWN_CAR = "浙A12345", "浙AD54321"


def after(**span):
    return AT + timedelta(**span)


@pytest.fixture
def lot():
    return a_lot()


def book(lot, address):
    return str(ledger.balance(SYSTEM, book=property_book(lot.desk.company), address=address))


def code_of(lot):
    return queries.lot(lot.scope, lot=lot.id, at=AT).code


def stays(lot):
    return Session.objects.inside().filter(lot=lot.id)


class TestWhoMayDriveIn:
    def test_a_guest_comes_in_as_a_guest_and_a_home_on_its_space(self, lot):
        lot.a_resident(OWN_CAR, space="A-001")
        assert lot.enters(OWN_CAR).kind is StayKind.RESIDENT
        guest = lot.enters(" 浙a·123 45")
        assert (guest.kind, guest.plate, guest.label) == (StayKind.TEMPORARY, GUEST_CAR, "PK-260302-0002")

    def test_the_second_car_of_a_home_with_one_space_is_a_guest_and_with_a_child_space_is_not(self, lot):
        home = lot.a_resident(OWN_CAR, space="A-001")
        lot.a_car(home, "浙B88888")
        lot.enters(OWN_CAR)
        second = lot.enters("浙B88888")
        assert (second.kind, second.why) == (StayKind.TEMPORARY, (Why.PLACE_FREE, Why.SPACES_TAKEN))
        mother = lot.a_space("B-001")
        actions.add_spaces(lot.scope, lot=lot.id, labels=["B-001-2"], kind=SpaceKind.SOLD, mother=mother, at=AT)
        other = lot.a_resident("浙C00001")
        lot.a_car(other, "浙C00002")
        actions.hold_space(lot.scope, space=mother, home=other.id, party=other.owner, start_on=AT.date(), at=AT)
        assert [lot.enters(plate).kind for plate in ("浙C00001", "浙C00002")] == [StayKind.RESIDENT] * 2

    def test_a_blocked_plate_stays_out_until_its_day_and_a_guard_may_let_it_in_for_a_reason(self, lot):
        actions.list_plate(
            lot.scope, community=lot.desk.community.id, plate=GUEST_CAR, kind=ListKind.BLOCKED, reason="撞坏道闸",
            days=7, at=AT,
        )  # fmt: skip
        with pytest.raises(actions.NotAdmitted) as refused:
            lot.enters(GUEST_CAR)
        assert refused.value.values["why"] is Why.BLOCKED
        assert not stays(lot).exists()
        assert lot.enters(GUEST_CAR, after(days=7)).kind is StayKind.TEMPORARY
        lot.leaves(GUEST_CAR, after(days=7, minutes=5))
        listed = actions.list_plate(
            lot.scope, community=lot.desk.community.id, plate=GUEST_CAR, kind=ListKind.BLOCKED, reason="again",
            at=after(days=8),
        )  # fmt: skip
        assert lot.enters(GUEST_CAR, after(days=8), despite="救护病人").kind is StayKind.TEMPORARY
        actions.unlist_plate(lot.scope, listed=listed, at=after(days=9))
        assert queries.listed(lot.scope, community=lot.desk.community.id, at=after(days=9)) == ()

    def test_a_full_lot_takes_no_guest_but_its_residents(self):
        lot = a_lot(places=1)
        lot.a_resident(OWN_CAR, space="A-001")
        lot.enters(GUEST_CAR)
        with pytest.raises(actions.NotAdmitted):
            lot.enters("浙B00001")
        assert lot.enters(OWN_CAR).kind is StayKind.RESIDENT

    def test_without_a_tariff_nobody_parks_for_nothing(self):
        lot = a_lot(tariff=None)
        with pytest.raises(actions.NotAdmitted):
            lot.enters(GUEST_CAR)
        with pytest.raises(actions.NobodyPays):
            lot.enters(GUEST_CAR, despite="let him in")
        assert not stays(lot).exists()

    def test_a_car_without_a_plate_gets_a_number(self, lot):
        entered = actions.record_unplated_entry(lot.scope, lot=lot.id, at=AT)
        assert entered.plate.startswith("无牌")
        assert lot.leaves(entered.plate, after(minutes=10)).outcome is ExitOutcome.OUT


class TestOnce:
    def test_a_plate_is_inside_once(self, lot):
        lot.enters(GUEST_CAR)
        with pytest.raises(AlreadyInside):
            lot.enters(GUEST_CAR)
        assert stays(lot).count() == 1

    def test_a_misread_plate_is_corrected_and_what_was_read_is_kept(self, lot):
        lot.a_resident(OWN_CAR, space="A-001")
        entered = lot.enters("浙AD54327")
        assert entered.kind is StayKind.TEMPORARY
        left = lot.leaves(OWN_CAR, after(hours=3))
        assert (left.outcome, left.suggestions) == (ExitOutcome.UNKNOWN, (entered.session,))
        assert actions.correct_plate(lot.scope, session=entered.session, plate=OWN_CAR, at=after(hours=3)) is (
            StayKind.RESIDENT
        )
        assert lot.leaves(OWN_CAR, after(hours=3)).outcome is ExitOutcome.OUT
        row = stays(lot).get()
        assert (row.plate, row.read_as, row.gross_minor) == (OWN_CAR, entered.plate, 0)

    def test_a_correction_to_a_plate_that_is_inside_is_refused(self, lot):
        first = lot.enters(GUEST_CAR)
        lot.enters("浙A12346")
        with pytest.raises(AlreadyInside):
            actions.correct_plate(lot.scope, session=first.session, plate="浙A12346", at=AT)
        assert sorted(stays(lot).values_list("plate", flat=True)) == [GUEST_CAR, "浙A12346"]

    def test_a_stay_that_never_was_is_struck_out_and_its_car_may_come_in(self, lot):
        first = lot.enters(GUEST_CAR)
        actions.void_session(lot.scope, session=first.session, why="没看到出场", at=after(hours=1))
        assert lot.enters(GUEST_CAR, after(hours=1)).session != first.session


class TestPaying:
    def test_within_the_free_minutes_the_barrier_opens(self, lot):
        lot.enters(GUEST_CAR)
        assert lot.leaves(GUEST_CAR, after(minutes=30)).outcome is ExitOutcome.OUT

    def test_the_guard_takes_what_is_due_into_the_companys_cash_and_lets_out(self, lot):
        entered = lot.enters(GUEST_CAR)
        left = lot.leaves(GUEST_CAR, after(hours=2))
        assert (left.outcome, str(left.due)) == (ExitOutcome.PAY, "10.00")
        taken = actions.take_at_gate(
            lot.scope, session=entered.session, amount=left.due, channel=Channel.CASH, at=after(hours=2)
        )
        assert (taken.is_out, taken.label) == (True, "PP-260302-0001")
        row = stays(lot).get()
        assert (row.state, row.gross_minor, row.paid_minor, row.unpaid_minor) == ("left", 1000, 1000, 0)
        assert (book(lot, desk_cash("gate")), book(lot, fee_income("temporary_parking"))) == ("10.00", "-10.00")
        page = queries.stay(lot.scope, session=entered.session, at=after(hours=3))
        assert [(step.kind.value, str(step.amount)) for step in page.steps] == [("stay", "10.00"), ("paid", "-10.00")]
        assert [move.verb for move in page.moves] == ["enter", "leave"]

    def test_what_the_guard_takes_stands_in_the_cash_book_as_in_the_companys_own(self, lot):
        entered = lot.enters(GUEST_CAR)
        lot.leaves(GUEST_CAR, after(hours=2))
        paid = {"session": entered.session, "amount": Money(1000), "channel": Channel.CASH, "at": after(hours=2)}
        actions.take_at_gate(lot.scope, **paid)
        month = {"since": AT.date().replace(day=1), "until": AT.date().replace(day=1)}
        reach = {"communities": lot.scope.communities, **month}
        (sums,), (move,) = queries.money_sums(lot.scope, **reach), queries.money_moves(lot.scope, **reach)
        assert (sums.purpose, sums.channel, sums.came, sums.back) == (
            *(Purpose.PARKING, BilledBy.CASH),
            *(Money(1000), Money.zero),
        )
        own = {"company": lot.desk.company, "community": lot.desk.community.id, **month}
        assert billed.booked_money(lot.scope, **own) == {move.document: move.amount}
        stranger = a_lot()
        assert queries.money_moves(stranger.scope, **reach) == ()

    def test_an_amount_that_is_not_due_any_more_is_refused_and_nothing_is_taken(self, lot):
        entered = lot.enters(GUEST_CAR)
        with pytest.raises(AmountChanged) as refused:
            actions.take_at_gate(
                lot.scope,
                session=entered.session,
                amount=Money(1000),
                channel=Channel.CASH,
                at=after(hours=2, minutes=1),
            )
        assert str(refused.value.values["amount"]) == "15.00"
        assert not Payment.objects.inside().exists()
        assert book(lot, desk_cash("gate")) == "0.00"

    def test_a_forced_exit_is_remembered_and_paid_next_time(self, lot):
        entered = lot.enters(GUEST_CAR)
        assert str(actions.force_exit(lot.scope, session=entered.session, why="抬杆故障", at=after(hours=2))) == "10.00"
        known = queries.at_barrier(lot.scope, lot=lot.id, plate=GUEST_CAR, at=after(days=1))
        assert (known.admission.may_enter, str(known.owes)) == (True, "10.00")
        assert Why.OWES in known.admission.why
        quote = queries.driver_quote(GUEST, code=code_of(lot), plate=GUEST_CAR, at=after(days=1))
        assert quote is not None
        assert str(quote.due) == "10.00"
        actions.take_at_gate(
            lot.scope, session=entered.session, amount=Money(1000), channel=Channel.QR, at=after(days=1)
        )
        assert stays(lot).get().unpaid_minor == 0
        assert book(lot, fee_income("temporary_parking")) == "-10.00"

    def test_a_debtor_is_kept_out_only_where_the_community_says_so(self, lot):
        entered = lot.enters(GUEST_CAR)
        actions.force_exit(lot.scope, session=entered.session, why="left", at=after(hours=2))
        policies.set_policy(
            SYSTEM, word="parking", level="community", place=lot.desk.community.id,
            values={"turns_away_debtors": True}, start_at=AT, at=AT,
        )  # fmt: skip
        with pytest.raises(actions.NotAdmitted):
            lot.enters(GUEST_CAR, after(days=1))
        actions.waive_debt(lot.scope, session=entered.session, why="道闸误放", at=after(days=1))
        assert lot.enters(GUEST_CAR, after(days=1)).kind is StayKind.TEMPORARY


class TestTheDriversPhone:
    def arrives(self, collection, at):
        card = collections.collection(SYSTEM, collection=collection)
        payments.record_bank_transfer(
            SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), at=at
        )
        return actions.record_payment(SYSTEM, payment=card.for_, at=at)

    def ask(self, lot, at, plate=GUEST_CAR):
        return actions.ask_driver(GUEST, code=code_of(lot), plate=plate, at=at)

    def test_nobody_signs_in_and_the_amount_holds_for_the_grace(self, lot):
        lot.enters(GUEST_CAR)
        asked = self.ask(lot, after(minutes=119))
        assert (str(asked.amount), asked.until) == ("10.00", after(minutes=134))
        assert self.ask(lot, after(minutes=120)) == asked
        assert str(self.arrives(asked.collection, after(minutes=122))) == "10.00"
        assert lot.leaves(GUEST_CAR, after(minutes=137)).outcome is ExitOutcome.OUT
        assert book(lot, due_from_platform(lot.desk.community.city)) == "10.00"

    def test_who_stays_beyond_the_grace_pays_the_rest_of_the_whole_stay(self, lot):
        lot.enters(GUEST_CAR)
        self.arrives(self.ask(lot, after(hours=2)).collection, after(hours=2))
        left = lot.leaves(GUEST_CAR, after(hours=2, minutes=16))
        assert (left.outcome, str(left.due)) == (ExitOutcome.PAY, "5.00")

    def test_when_more_is_due_the_old_page_is_closed_and_a_new_amount_asked(self, lot):
        lot.enters(GUEST_CAR)
        first = self.ask(lot, after(minutes=119))
        second = self.ask(lot, after(minutes=121))
        assert str(second.amount) == "15.00"
        assert collections.collection(SYSTEM, collection=first.collection).state.value == "closed"

    def test_what_the_guard_took_meanwhile_goes_back_to_the_driver(self, lot):
        entered = lot.enters(GUEST_CAR)
        asked = self.ask(lot, after(hours=2))
        actions.take_at_gate(
            lot.scope, session=entered.session, amount=Money(1000), channel=Channel.CASH, at=after(hours=2)
        )
        assert self.arrives(asked.collection, after(hours=2, minutes=1)) == Money.zero
        (refund,) = collections.refunds(SYSTEM, collection=asked.collection)
        assert str(refund.amount) == "10.00"
        assert book(lot, fee_income("temporary_parking")) == "-10.00"

    def test_the_same_news_twice_books_once(self, lot):
        lot.enters(GUEST_CAR)
        asked = self.ask(lot, after(hours=2))
        self.arrives(asked.collection, after(hours=2))
        payment = Payment.objects.inside().get()
        assert actions.record_payment(SYSTEM, payment=payment.pk, at=after(hours=2)) == Money.zero

    def test_a_resident_a_stranger_and_nobody_are_answered_alike(self, lot):
        lot.a_resident(OWN_CAR, space="A-001")
        lot.enters(OWN_CAR)
        for plate in (OWN_CAR, "沪C99999"):
            assert queries.driver_quote(GUEST, code=code_of(lot), plate=plate, at=after(hours=5)) is None
            with pytest.raises(NothingDue):
                self.ask(lot, after(hours=5), plate)

    def test_an_amount_that_nobody_paid_lapses(self, lot):
        lot.enters(GUEST_CAR)
        asked = self.ask(lot, after(hours=2))
        payment = collections.collection(SYSTEM, collection=asked.collection).for_
        actions.lapse_payment(SYSTEM, payment=payment, at=after(hours=2, minutes=14))
        assert Payment.objects.inside().get().state == "asked"
        actions.lapse_payment(SYSTEM, payment=payment, at=after(hours=2, minutes=15))
        assert Payment.objects.inside().get().state == "lapsed"
        assert collections.collection(SYSTEM, collection=asked.collection).state.value == "closed"


class TestGroundsAndCars:
    def test_a_home_registers_as_many_cars_as_the_community_allows(self, lot):
        home = lot.a_resident("浙A00001")
        lot.a_car(home, "浙A00002")
        third = lot.a_car(home, "浙A00003")
        with pytest.raises(actions.TooManyVehicles):
            lot.a_car(home, "浙A00004")
        assert Vehicle.objects.inside().filter(home=home.id).count() == 3
        actions.remove_vehicle(home.scope, vehicle=third, at=AT)
        lot.a_car(home, "浙A00004")

    def test_a_plate_belongs_to_one_home_and_the_other_is_not_told_which(self, lot):
        lot.a_resident(OWN_CAR)
        neighbour = lot.desk.a_home()
        with pytest.raises(actions.PlateTaken) as refused:
            lot.a_car(neighbour, OWN_CAR)
        assert refused.value.values == {}

    def test_a_space_is_held_once_at_a_time_and_given_back_from_a_day_on(self, lot):
        one, two = lot.desk.a_home(), lot.desk.a_home()
        space = lot.a_space("A-001", SpaceKind.MONTHLY)
        since = AT.date()
        actions.hold_space(lot.scope, space=space, home=one.id, party=one.owner, start_on=since, at=AT)
        with pytest.raises(actions.SpaceTaken):
            actions.hold_space(
                lot.scope, space=space, home=two.id, party=two.owner, start_on=since + timedelta(days=5), at=AT
            )
        actions.end_holding(lot.scope, space=space, end_on=since + timedelta(days=5), at=AT)
        actions.hold_space(
            lot.scope, space=space, home=two.id, party=two.owner, start_on=since + timedelta(days=5), at=AT
        )
        (row,) = queries.spaces(lot.scope, lot=lot.id, on=since + timedelta(days=6))
        assert row.home == two.id

    def test_a_monthly_space_is_charged_by_billing(self, lot):
        home, space = lot.desk.a_home(), lot.a_space("M-001", SpaceKind.MONTHLY)
        rent = lot.desk.priced(lot.desk.an_item("space_rent"), "fixed", amount="300")
        actions.hold_space(lot.scope, space=space, home=home.id, party=home.owner, start_on=AT.date(), item=rent, at=AT)
        actions.end_holding(lot.scope, space=space, end_on=AT.date() + timedelta(days=30), at=AT)
        billing.draft_month(lot.scope, community=lot.desk.community.id, first_on=AT.date().replace(day=1), at=AT)
        issued = billing.issue_month(
            lot.scope, community=lot.desk.community.id, first_on=AT.date().replace(day=1), at=AT
        )
        assert (issued.lines, str(issued.amount)) == (1, "290.32")  # 30 of 31 days

    def test_the_tariff_of_the_day_of_entry_holds_for_the_stay(self, lot):
        dearer = replace(HOURLY, usual=rules.flat(Money.parse("8.00")), free_minutes=0)
        tomorrow = AT.date() + timedelta(days=1)
        actions.set_tariff(lot.scope, community=lot.desk.community.id, tariff=dearer, start_on=tomorrow, at=AT)
        lot.enters(GUEST_CAR)
        assert str(lot.leaves(GUEST_CAR, after(hours=26)).due) == "40.00"
        lot.enters("浙B00001", after(days=1))
        assert str(lot.leaves("浙B00001", after(days=1, hours=2)).due) == "16.00"
        with pytest.raises(actions.TariffOverlaps):
            actions.set_tariff(lot.scope, community=lot.desk.community.id, tariff=HOURLY, start_on=tomorrow, at=AT)
        assert [row.start_on for row in queries.tariffs(lot.scope, community=lot.desk.community.id)] == [
            tomorrow,
            AT.date(),
        ]

    def test_a_lot_is_closed_when_it_is_empty(self, lot):
        lot.enters(GUEST_CAR)
        with pytest.raises(actions.StillParked):
            actions.close_lot(lot.scope, lot=lot.id, at=AT)
        lot.leaves(GUEST_CAR, after(minutes=1))
        actions.close_lot(lot.scope, lot=lot.id, at=AT)
        assert queries.lots(lot.scope, at=AT) == ()


def test_another_companys_staff_finds_nothing(lot):
    entered, other = lot.enters(GUEST_CAR), a_desk()
    for ask in (
        lambda: queries.at_barrier(other.scope, lot=lot.id, plate=GUEST_CAR, at=AT),
        lambda: actions.record_exit(other.scope, lot=lot.id, plate=GUEST_CAR, at=AT),
        lambda: actions.force_exit(other.scope, session=entered.session, why="mine", at=AT),
        lambda: actions.take_at_gate(
            other.scope, session=entered.session, amount=Money(1), channel=Channel.CASH, at=AT
        ),
        lambda: queries.stay(other.scope, session=entered.session, at=AT),
        lambda: actions.set_tariff(
            other.scope, community=lot.desk.community.id, tariff=HOURLY, start_on=AT.date(), at=AT
        ),
    ):
        with pytest.raises(NotFound):
            ask()
    assert queries.stays(other.scope) == ()
    assert [row.state.value for row in queries.stays(lot.scope)] == ["inside"]


def test_a_plate_that_is_on_no_car_is_refused_at_its_field(lot):
    with pytest.raises(Invalid) as refused:
        lot.enters("浙I12345")
    assert refused.value.field == "plate"


def test_what_nobody_saw_ending_is_forgotten_and_plates_go_after_their_days(lot):
    entered = lot.enters(GUEST_CAR)
    actions.forget_stay(SYSTEM, session=entered.session, at=after(days=90))
    assert stays(lot).get().state == "void"
    erased = actions.erase_plates(SYSTEM, community=lot.desk.community.id, before=after(days=100), at=after(days=465))
    assert erased == 1
    assert stays(lot).get().plate == ""
