"""Spaces shared by the hour: held once, paid at once, shared to the fen, given back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.parking import NEIGHBOURS_CAR, a_lot
from builders.shared_spaces import (
    a_shared_space,
    clock,
    escrow,
    found,
    is_sound,
    own,
    platforms,
    rows,
    shares_spaces,
    state,
    told,
)
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as bills
from linli.estate.billing.actions.wallet_moves import NotInWallet
from linli.estate.billing.rules import Bucket
from linli.estate.billing.rules import Channel as Way
from linli.estate.parking import actions, queries, tasks
from linli.estate.parking.models import SpaceOffer
from linli.estate.parking.rules import ListKind, Weekly
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger.rules import (
    due_from_platform,
    fee_income,
    fee_wallet,
    property_fee_collected,
)
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MONDAY = AT.date()


@pytest.fixture
def shared():
    return a_shared_space()


class TestOffering:
    def test_neighbours_find_the_hours_and_the_holder_not_their_own(self, shared):
        (hours,) = found(shared)
        assert (hours.space, str(hours.price), hours.start_at, hours.end_at) == ("A-001", "5.00", clock(12), clock(18))
        assert found(shared, shared.holder) == ()
        assert len(queries.my_space_offers(shared.holder.scope, at=AT)) == 1

    def test_what_is_booked_is_not_found_and_the_running_hour_still_is(self, shared):
        shared.book(14, 16)
        assert [(each.start_at, each.end_at) for each in found(shared)] == [
            (clock(12), clock(14)),
            (clock(16), clock(18)),
        ]
        later = found(shared, at=clock(16) + timedelta(minutes=40))
        assert [(each.start_at, each.end_at) for each in later] == [(clock(16), clock(18))]

    def test_the_cheapest_comes_first(self, shared):
        other = shared.lot.a_resident("浙B20002", space="B-001")
        (space,) = queries.my_parking(other.scope, on=AT.date()).spaces
        times = Weekly(frozenset({0}), 8, 20, AT.date())
        actions.offer_space(other.scope, space=space.space, times=times, price=Money(300), at=AT)
        assert [(each.space, str(each.price)) for each in found(shared)] == [("B-001", "3.00"), ("A-001", "5.00")]
        assert [each.space for each in found(shared, day=AT.date() + timedelta(days=7))] == ["B-001"]

    def test_a_stranger_and_who_has_no_right_offer_nothing(self, shared):
        times = Period(clock(20), clock(22))
        for scope in (shared.booker.scope, a_lot().a_resident("浙C00001").scope):
            with pytest.raises(NotFound):
                actions.offer_space(scope, space=shared.space, times=times, price=Money(500), at=AT)
        with pytest.raises(NotFound):
            actions.withdraw_offer(shared.booker.scope, offer=shared.offer, at=AT)
        assert rows(SpaceOffer).filter(withdrawn_at=None).count() == 1

    def test_prices_lie_within_the_band_and_hours_have_one_price(self, shared):
        for price in (Money(299), Money(801)):
            with pytest.raises(Invalid) as refused:
                actions.offer_space(
                    shared.holder.scope, space=shared.space, times=Period(clock(20), clock(22)), price=price, at=AT
                )
            assert refused.value.field == "price"
        with pytest.raises(actions.OffersCollide):
            actions.offer_space(
                shared.holder.scope, space=shared.space, times=Period(clock(17), clock(22)), price=Money(500), at=AT
            )

    def test_a_space_has_twenty_offers_and_no_more(self, shared):
        for nth in range(19):
            begin = clock(0) + timedelta(days=3, hours=nth)
            times = Period(begin, begin + timedelta(hours=1))
            actions.offer_space(shared.holder.scope, space=shared.space, times=times, price=Money(500), at=AT)
        times = Period(clock(20), clock(21))
        with pytest.raises(Invalid) as refused:
            actions.offer_space(shared.holder.scope, space=shared.space, times=times, price=Money(500), at=AT)
        assert (refused.value.field, rows(SpaceOffer).filter(withdrawn_at=None).count()) == ("space", 20)

    def test_where_it_is_switched_off_nobody_offers_and_nobody_books(self):
        home = a_lot().a_resident("浙D00001", space="C-001")
        (space,) = queries.my_parking(home.scope, on=AT.date()).spaces
        with pytest.raises(NotFound):
            actions.offer_space(
                home.scope, space=space.space, times=Period(clock(12), clock(14)), price=Money(500), at=AT
            )
        shared = a_shared_space()
        shares_spaces(shared.lot, is_shared=False)
        with pytest.raises(NotFound):
            shared.book()
        assert not rows().exists()

    def test_a_withdrawn_offer_is_found_no_more_and_what_was_booked_of_it_stands(self, shared):
        booking = shared.pay(shared.book(14, 16))
        actions.withdraw_offer(shared.holder.scope, offer=shared.offer, at=AT)
        assert found(shared) == ()
        with pytest.raises(actions.HoursTaken):
            shared.book(12, 13)
        assert state(booking) == "booked"


class TestBooking:
    def test_hours_are_held_for_the_minutes_of_the_payment_and_then_free_again(self, shared):
        booking = shared.book()
        row = rows().get(pk=booking)
        assert (row.state, row.amount_minor, row.label) == ("held", 1_000, "SP-260302-0001")
        tasks.lapse_space_bookings(at=AT + timedelta(minutes=9))
        assert state(booking) == "held"
        tasks.lapse_space_bookings(at=AT + timedelta(minutes=10))
        assert state(booking) == "lapsed"
        assert shared.book(at=AT + timedelta(minutes=11)) != booking

    def test_hours_that_are_taken_are_refused_and_nothing_is_asked_for(self, shared):
        shared.book(14, 16)
        other = shared.lot.a_resident("浙B20002")
        with pytest.raises(actions.HoursTaken):
            shared.book(15, 17, by=other, plate="浙B20002")
        assert rows().count() == 1
        assert shared.book(16, 17, by=other, plate="浙B20002")

    @pytest.mark.parametrize(("first", "last"), [(11, 13), (17, 19), (9, 11)])
    def test_only_what_is_offered_is_booked(self, shared, first, last):
        with pytest.raises((actions.HoursTaken, Invalid)):
            shared.book(first, last)
        assert not rows().exists()

    def test_a_stay_is_as_long_as_the_community_says(self):
        shared = a_shared_space(least_hours=2, most_hours=3)
        for first, last in ((12, 13), (12, 16)):
            with pytest.raises(Invalid) as refused:
                shared.book(first, last)
            assert refused.value.field == "end_at"
        assert shared.book(12, 15)

    def test_a_car_of_the_home_or_where_it_is_allowed_a_visitors(self):
        shared = a_shared_space(takes_visitors=False)
        for given in ({"plate": "浙A00009"}, {"plate": "浙A00009", "is_visitor": True}):
            with pytest.raises(Invalid) as refused:
                shared.book(**given)
            assert refused.value.field == "plate"
        shared = a_shared_space()
        assert shared.book(plate="浙A00009", is_visitor=True)

    def test_a_plate_that_is_kept_out_pays_for_nothing(self, shared):
        actions.list_plate(
            shared.lot.scope, community=shared.lot.desk.community.id, plate=NEIGHBOURS_CAR, kind=ListKind.BLOCKED,
            reason="撞坏道闸", at=AT,
        )  # fmt: skip
        with pytest.raises(actions.PlateKeptOut):
            shared.book()

    def test_one_car_has_one_space_at_a_time(self, shared):
        other = shared.lot.a_resident("浙B20002", space="B-001")
        (space,) = queries.my_parking(other.scope, on=AT.date()).spaces
        offer = actions.offer_space(
            other.scope, space=space.space, times=Period(clock(12), clock(18)), price=Money(300), at=AT
        )
        shared.book(14, 16)
        with pytest.raises(actions.PlateBooked):
            shared.book(15, 17, offer=offer)
        assert shared.book(16, 17, offer=offer)

    def test_a_holder_does_not_book_the_own_space_and_a_stranger_none(self, shared):
        with pytest.raises(NotFound):
            shared.book(by=shared.holder, plate="浙A00009", is_visitor=True)
        stranger = a_lot().a_resident("浙B20009")
        with pytest.raises(NotFound):
            shared.book(by=stranger, plate="浙B20009")
        booking = shared.book()
        for do in (actions.take_back_booking, actions.report_occupied):
            with pytest.raises(NotFound):
                do(shared.holder.scope, booking=booking, at=clock(14))
        with pytest.raises(NotFound):
            queries.space_booking(shared.holder.scope, booking=booking, at=AT)
        with pytest.raises(NotFound):
            queries.shared_booking(a_desk().scope, booking=booking)
        assert state(booking) == "held"

    def test_so_many_bookings_before_one_and_no_more(self):
        shared = a_shared_space(open_most=1)
        shared.book(12, 13)
        with pytest.raises(Invalid):
            shared.book(16, 17)

    def test_the_booker_is_told_and_reminded_and_the_holder_hears_it_too(self, shared):
        shared.pay(shared.book())
        assert (told(shared.booker.owner), told(shared.holder.owner)) == (["space_booked"], ["space_let"])
        tasks.remind_bookers(at=clock(13) + timedelta(minutes=29))
        assert told(shared.booker.owner) == ["space_booked"]
        for _nth in range(2):
            tasks.remind_bookers(at=clock(13) + timedelta(minutes=30))
        assert told(shared.booker.owner) == ["space_booked", "space_soon"]


class TestMoney:
    def test_what_is_paid_waits_in_escrow_and_is_shared_to_the_fen_when_the_hours_are_over(self, shared):
        booking = shared.pay(shared.book(14, 17))
        community, city = shared.lot.desk.community.id, shared.lot.desk.community.city
        assert (escrow(shared, booking), own(shared, fee_income("shared_parking"))) == ("-15.00", "0.00")
        tasks.share_bookings(at=clock(17) - timedelta(minutes=1))
        assert state(booking) == "booked"
        for _nth in range(2):
            tasks.share_bookings(at=clock(17))
        assert (state(booking), escrow(shared, booking)) == ("shared", "0.00")
        collected = property_fee_collected(shared.lot.desk.company, community)
        assert platforms(shared, collected) == "-15.00"
        assert own(shared, due_from_platform(city)) == "15.00"
        assert own(shared, fee_income("shared_parking")) == "-3.00"
        assert own(shared, fee_wallet(community, shared.holder.owner, "earned")) == "-12.00"
        (wallet,) = bills.my_wallets(shared.holder.scope, community=community)
        assert (wallet.bucket, str(wallet.balance), str(wallet.refundable)) == (Bucket.EARNED, "12.00", "0.00")
        assert told(shared.holder.owner) == ["space_let", "space_earned"]

    def test_what_was_earned_pays_fees_first_and_is_never_paid_out(self, shared):
        shared.pay(shared.book(14, 17))
        tasks.share_bookings(at=clock(17))
        desk, home = shared.lot.desk, shared.holder
        (wallet,) = bills.my_wallets(home.scope, community=desk.community.id)
        with pytest.raises(NotInWallet):
            billing.refund_wallet(desk.scope, wallet=wallet.wallet, channel=Way.CASH, why="wants it", at=clock(18))
        with pytest.raises(Invalid):
            billing.take_topup(
                desk.scope, community=desk.community.id, person=home.owner, bucket=Bucket.EARNED, amount=Money(100),
                channel=Way.CASH, at=AT,
            )  # fmt: skip
        desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="20.00"), home)
        desk.issued(date(2026, 3, 1))
        assert str(billing.pay_from_wallet(home.scope, subject=home.id, at=clock(19))) == "12.00"
        assert own(shared, fee_wallet(desk.community.id, home.owner, "earned")) == "0.00"

    def test_taken_back_in_time_all_goes_back_and_the_hours_are_free_again(self, shared):
        booking = shared.pay(shared.book(14, 16))
        actions.take_back_booking(shared.booker.scope, booking=booking, at=clock(13))
        assert (state(booking), escrow(shared, booking)) == ("cancelled", "0.00")
        card, _history = queries.space_booking(shared.booker.scope, booking=booking, at=AT)
        assert (card.is_refunded, len(found(shared, at=clock(13)))) == (True, 1)
        (refund,) = collections.refunds(SYSTEM, collection=card.collection)
        assert str(refund.amount) == "10.00"

    def test_too_late_it_stands(self, shared):
        booking = shared.pay(shared.book(14, 16))
        with pytest.raises(actions.TooLateToTakeBack):
            actions.take_back_booking(shared.booker.scope, booking=booking, at=clock(13) + timedelta(seconds=1))
        assert (state(booking), escrow(shared, booking)) == ("booked", "-10.00")

    def test_an_unpaid_one_is_given_up_at_any_time_and_money_that_comes_later_goes_back(self, shared):
        booking = shared.book(14, 16)
        actions.take_back_booking(shared.booker.scope, booking=booking, at=AT)
        assert state(booking) == "cancelled"
        shared.pay(booking)
        assert (state(booking), escrow(shared, booking)) == ("cancelled", "0.00")

    def test_the_doctor_sees_hours_that_ended_and_were_not_shared(self, shared):
        booking = shared.pay(shared.book(14, 16))
        assert is_sound(clock(16))
        waiting, held = queries.check(SYSTEM, at=clock(18))
        assert (waiting.ok, held.ok) == (False, True)
        assert str(booking) in str(waiting.details[0])
        tasks.share_bookings(at=clock(18))
        assert is_sound(clock(18))


class TestOccupied:
    def test_reported_within_the_hours_all_goes_back_and_the_holder_earns_nothing(self, shared):
        booking = shared.pay(shared.book(14, 16))
        actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14))
        tasks.share_bookings(at=clock(17))
        assert (state(booking), escrow(shared, booking)) == ("reported", "0.00")
        assert bills.my_wallets(shared.holder.scope, community=shared.lot.desk.community.id) == ()
        assert told(shared.holder.owner) == ["space_let", "space_reported"]
        (row,) = queries.shared_bookings(shared.lot.scope, state="reported")
        assert (row.booking, row.parts) == (booking, (Money.zero, Money.zero))
        assert is_sound(clock(20))

    def test_not_before_and_not_after_and_not_twice(self, shared):
        booking = shared.pay(shared.book(14, 16))
        for at in (clock(14) - timedelta(seconds=1), clock(16)):
            with pytest.raises(actions.NotRunning):
                actions.report_occupied(shared.booker.scope, booking=booking, at=at)
        actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14))
        with pytest.raises(WrongState):
            actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14))

    def test_hours_that_were_used_are_paid_for(self, shared):
        booking = shared.pay(shared.book(14, 18))
        shared.lot.enters(NEIGHBOURS_CAR, clock(15))
        shared.lot.leaves(NEIGHBOURS_CAR, clock(16))
        shared.lot.enters(NEIGHBOURS_CAR, clock(17))
        last = clock(15) + timedelta(minutes=30)
        card, _history = queries.space_booking(shared.booker.scope, booking=booking, at=last)
        assert (card.report_until, card.may_report(last)) == (last, False)
        with pytest.raises(actions.TooLateToReport):
            actions.report_occupied(shared.booker.scope, booking=booking, at=last)
        assert (state(booking), escrow(shared, booking)) == ("booked", "-20.00")
        actions.report_occupied(shared.booker.scope, booking=booking, at=last - timedelta(seconds=1))
        assert state(booking) == "reported"

    def test_who_never_came_has_from_the_begin_of_the_hours_on(self, shared):
        booking = shared.pay(shared.book(14, 18))
        with pytest.raises(actions.TooLateToReport):
            actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14) + timedelta(minutes=30))

    def test_a_home_reports_no_more_often_than_one_may_and_the_desk_decides_from_then_on(self):
        shared = a_shared_space(reports_most=1, report_days=1)
        tomorrow = Period(clock(12, days=1), clock(18, days=1))
        again = actions.offer_space(
            shared.holder.scope, space=shared.space, times=tomorrow, price=Money.parse("5.00"), at=AT
        )
        first, second = (shared.pay(shared.book(*hours)) for hours in ((12, 14), (14, 16)))
        next_day = actions.book_space(
            shared.booker.scope, offer=again, start_at=clock(14, days=1), end_at=clock(16, days=1),
            home=shared.booker.id, plate=NEIGHBOURS_CAR, at=AT,
        )  # fmt: skip
        shared.pay(next_day)
        actions.report_occupied(shared.booker.scope, booking=first, at=clock(13) - timedelta(minutes=45))
        with pytest.raises(actions.ReportedOften) as refused:
            actions.report_occupied(shared.booker.scope, booking=second, at=clock(14))
        assert refused.value.field == "booking"
        assert (state(second), escrow(shared, second)) == ("booked", "-10.00")
        actions.call_off_space_booking(shared.lot.scope, booking=second, why="车位确实被占", at=clock(14))
        assert (state(second), escrow(shared, second)) == ("called_off", "0.00")
        actions.report_occupied(shared.booker.scope, booking=next_day, at=clock(14, days=1))
        assert state(next_day) == "reported"

    def test_what_another_home_reported_does_not_count(self):
        shared = a_shared_space(reports_most=1)
        other = shared.lot.a_resident("浙B20002")
        theirs, mine = shared.book(12, 14, by=other, plate="浙B20002"), shared.pay(shared.book(14, 16))
        replace(shared, booker=other).pay(theirs)
        actions.report_occupied(other.scope, booking=theirs, at=clock(12))
        actions.report_occupied(shared.booker.scope, booking=mine, at=clock(14))
        assert state(mine) == "reported"

    def test_the_hours_stay_closed_to_others(self, shared):
        booking = shared.pay(shared.book(14, 16))
        actions.report_occupied(shared.booker.scope, booking=booking, at=clock(14))
        other = shared.lot.a_resident("浙B20002")
        with pytest.raises(actions.HoursTaken):
            shared.book(15, 16, by=other, plate="浙B20002", at=clock(14))
