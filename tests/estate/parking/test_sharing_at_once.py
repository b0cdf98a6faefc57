"""Hours of a shared space under concurrency: held exactly once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from builders.clock import AT
from builders.parking import NEIGHBOURS_CAR
from builders.shared_spaces import a_shared_space, clock
from linli.estate.parking import actions, queries
from linli.kernel import ids
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid


def test_of_two_who_book_the_same_hours_at_once_one_gets_them(own_database):
    shared = a_shared_space()
    cars = [f"浙B2000{n}" for n in range(2, 6)]
    homes = [shared.lot.a_resident(car) for car in cars]

    def books(nth: int) -> str:
        try:
            shared.book(13 + nth % 2, 16, by=homes[nth], plate=cars[nth])
        except actions.HoursTaken:
            return "taken"
        else:
            return "held"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as bookers:
        told_them = sorted(bookers.map(books, range(4)))
    assert told_them == ["held", "taken", "taken", "taken"]
    assert len(queries.shared_bookings(shared.lot.scope)) == 1


def test_nobody_has_more_bookings_before_them_than_one_may_by_booking_twice_at_once(own_database):
    shared = a_shared_space(open_most=1)
    neighbour = shared.lot.a_resident("浙B20002", space="B-001")
    (space,) = queries.my_parking(neighbour.scope, on=AT.date()).spaces
    times = Period(clock(12), clock(18))
    second = actions.offer_space(neighbour.scope, space=space.space, times=times, price=Money(500), at=AT)

    def books(nth: int) -> str:
        try:
            shared.book(12 + 2 * nth, 13 + 2 * nth, offer=(shared.offer, second)[nth])
        except Invalid as refused:
            return refused.field or ""
        else:
            return "held"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as bookers:
        assert sorted(bookers.map(books, range(2))) == ["held", "start_at"]


def test_the_database_itself_keeps_two_bookings_of_a_space_apart(own_database):
    """Two offers of one space cannot be by the rules; were there two, their rows would not be waited for together."""
    shared = a_shared_space()
    twin = ids.new()
    with own_database.connect_as_superuser() as superuser:
        superuser.execute(
            "INSERT INTO parking_space_offer SELECT (jsonb_populate_record(o, jsonb_build_object('id', %s::text))).*"
            " FROM parking_space_offer o",
            [str(twin)],
        )
    others = shared.lot.a_resident("浙B20002")

    def books(nth: int) -> str:
        by, plate = ((shared.booker, NEIGHBOURS_CAR), (others, "浙B20002"))[nth]
        try:
            shared.book(by=by, plate=plate, offer=(shared.offer, twin)[nth])
        except actions.HoursTaken:
            return "taken"
        else:
            return "held"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as bookers:
        assert sorted(bookers.map(books, range(2))) == ["held", "taken"]


def test_two_of_a_home_who_report_at_once_are_counted_one_after_the_other(own_database):
    shared = a_shared_space(reports_most=1)
    neighbour = shared.lot.a_resident("浙B20002", space="B-001")
    shared.lot.a_car(shared.booker, "浙B20003")
    (space,) = queries.my_parking(neighbour.scope, on=AT.date()).spaces
    times = Period(clock(12), clock(18))
    second = actions.offer_space(neighbour.scope, space=space.space, times=times, price=Money(500), at=AT)
    booked = [
        shared.pay(shared.book(14, 16)),
        shared.pay(shared.book(14, 16, offer=second, plate="浙B20003")),
    ]

    def reports(nth: int) -> str:
        try:
            actions.report_occupied(shared.booker.scope, booking=booked[nth], at=clock(14))
        except actions.ReportedOften:
            return "refused"
        else:
            return "reported"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as reporters:
        assert sorted(reporters.map(reports, range(2))) == ["refused", "reported"]
