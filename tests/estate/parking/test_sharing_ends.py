"""What ends sharing: a right that is over, a car at the barrier, a person who is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders.clock import AT
from builders.parking import NEIGHBOURS_CAR
from builders.shared_spaces import a_shared_space, clock, escrow, found, is_sound, own, rows, state, told
from linli.estate.parking import actions, queries, reactions, rules, tasks
from linli.estate.parking.rules import ExitOutcome, SpaceBookingState, StayKind, Weekly, Why
from linli.ground.people import actions as people
from linli.ground.people.events import MovedOut
from linli.kernel.money import Money
from linli.money.ledger.rules import fee_income
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return a_shared_space()


class TestTheHoldersRight:
    def test_when_it_ends_free_hours_end_what_runs_is_honoured_and_the_rest_is_refunded_with_a_word(self, shared):
        other = shared.lot.a_resident("浙B20002")
        runs = shared.pay(shared.book(12, 15, at=AT))
        waits = shared.book(15, 17, by=other, plate="浙B20002")
        card, _ = queries.space_booking(other.scope, booking=waits, at=AT)
        assert card.state is SpaceBookingState.HELD
        people.move_out(
            SYSTEM, party=shared.holder.owner, home=shared.holder.id, kind="owner", end_on=AT.date(), at=clock(13)
        )
        moved = MovedOut(
            person=shared.holder.owner, home=shared.holder.id, community=shared.lot.desk.community.id,
            residency="owner", end_on=AT.date(), at=clock(13),
        )  # fmt: skip
        for _nth in range(2):
            reactions.end_sharing(moved)
        assert (state(runs), state(waits)) == ("booked", "called_off")
        assert told(other.owner) == ["space_called_off"]
        assert found(shared, at=clock(13)) == ()
        tasks.share_bookings(at=clock(15))
        assert state(runs) == "shared"
        assert is_sound(clock(18))

    def test_a_right_that_ends_later_ends_later_hours(self, shared):
        times = Weekly(frozenset(range(7)), 20, 22, AT.date())
        offer = actions.offer_space(shared.holder.scope, space=shared.space, times=times, price=Money(500), at=AT)
        tomorrow, after = AT.date() + timedelta(days=1), AT.date() + timedelta(days=2)
        booking = actions.book_space(
            shared.booker.scope, offer=offer, home=shared.booker.id, plate=NEIGHBOURS_CAR,
            start_at=clock(20, days=2), end_at=clock(22, days=2), at=AT,
        )  # fmt: skip
        shared.pay(booking)
        actions.end_holding(shared.lot.scope, space=shared.space, end_on=after, at=AT)
        assert (state(booking), escrow(shared, booking)) == ("called_off", "0.00")
        assert [len(found(shared, day=day)) for day in (tomorrow, after)] == [1, 0]


class TestAtTheBarrier:
    def arrives(self, shared, at):
        return shared.lot.enters(NEIGHBOURS_CAR, at)

    def leaves(self, shared, at):
        left = shared.lot.leaves(NEIGHBOURS_CAR, at)
        return left.outcome, str(left.due)

    def test_a_booked_plate_comes_in_and_goes_for_nothing_more(self, shared):
        shared.pay(shared.book(14, 16))
        known = queries.at_barrier(shared.lot.scope, lot=shared.lot.id, plate=NEIGHBOURS_CAR, at=clock(14))
        assert known.booked == queries.BookedGuest("A-001", clock(14), clock(16))
        entered = self.arrives(shared, clock(14))
        assert (entered.kind, entered.why) == (StayKind.BOOKED, (Why.BOOKED,))
        assert self.leaves(shared, clock(16) + timedelta(minutes=10)) == (ExitOutcome.OUT, "0.00")

    def test_an_unpaid_one_opens_nothing(self, shared):
        shared.book(14, 16)
        assert self.arrives(shared, clock(14)).kind is StayKind.TEMPORARY

    def test_who_leaves_late_pays_for_it_and_the_company_gets_it(self, shared):
        shared.pay(shared.book(14, 16))
        session = self.arrives(shared, clock(14)).session
        late = clock(17) + timedelta(minutes=5)
        assert self.leaves(shared, late) == (ExitOutcome.PAY, "20.00")
        tasks.share_bookings(at=late)
        actions.take_at_gate(
            shared.lot.scope, session=session, amount=Money(2_000), channel=rules.Channel.CASH, at=late
        )
        assert own(shared, fee_income("temporary_parking")) == "-20.00"
        page = queries.stay(shared.lot.scope, session=session, at=late)
        assert [step.kind.value for step in page.steps] == ["overstay", "booked", "paid"]

    def test_who_comes_early_is_a_guest_until_the_hours_begin(self, shared):
        shared.pay(shared.book(14, 16))
        assert self.arrives(shared, clock(12)).kind is StayKind.TEMPORARY
        assert self.leaves(shared, clock(16)) == (ExitOutcome.PAY, "10.00")

    def test_who_found_the_space_occupied_may_drive_out(self, shared):
        booking = shared.pay(shared.book(14, 16))
        self.arrives(shared, clock(14))
        actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14) + timedelta(minutes=5))
        assert self.leaves(shared, clock(14) + timedelta(minutes=35)) == (ExitOutcome.OUT, "0.00")

    def test_a_space_that_is_let_takes_no_second_car(self, shared):
        shared.lot.a_car(shared.holder, "浙A77777")
        shared.pay(shared.book(14, 16))
        entered = shared.lot.enters("浙A77777", clock(14))
        assert (entered.kind, entered.why) == (StayKind.TEMPORARY, (Why.PLACE_FREE,))
        shared.lot.leaves("浙A77777", clock(14) + timedelta(minutes=1))
        assert shared.lot.enters("浙A77777", clock(16)).kind is StayKind.RESIDENT

    def test_a_lot_without_guests_lets_booked_cars_in(self):
        shared = a_shared_space()
        actions.change_lot(
            shared.lot.scope, lot=shared.lot.id, name={"zh": "车库"}, temporary_places=0, takes_temporary=False, at=AT
        )
        shared.pay(shared.book(14, 16))
        assert self.arrives(shared, clock(14)).kind is StayKind.BOOKED


class TestForgetting:
    def test_who_is_erased_leaves_no_plate_and_nothing_shared(self, shared):
        past = shared.pay(shared.book(12, 13))
        tasks.share_bookings(at=clock(13))
        ahead = shared.pay(shared.book(15, 16, at=clock(13)))
        actions.leave_bookings(SYSTEM, booker=shared.booker.owner, at=clock(14))
        actions.forget_person(SYSTEM, person=shared.booker.owner, at=clock(14))
        both = rows().filter(pk__in=[past, ahead]).order_by("start_at")
        assert [(row.plate, row.state) for row in both] == [("", "shared"), ("", "cancelled")]

    def test_what_one_shared_and_booked_can_be_taken_along(self, shared):
        shared.pay(shared.book(12, 14))
        tasks.share_bookings(at=clock(14))
        (offers, _booked) = queries.my_sharing_records(shared.holder.scope)
        assert [(each.space, each.bookings, str(each.earned)) for each in offers] == [("A-001", 1, "8.00")]
        (_offers, booked) = queries.my_sharing_records(shared.booker.scope)
        assert [(each.space, each.plate, str(each.amount)) for each in booked] == [("A-001", NEIGHBOURS_CAR, "10.00")]
