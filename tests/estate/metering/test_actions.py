"""Meters and readings against real PostgreSQL: what stands, what waits, and what never becomes usage."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from builders.billing import a_desk
from builders.metering import a_meter, at
from builders.pictures import a_picture
from harness.at_once import ends_at_once
from harness.budget import budget
from linli.estate.metering import actions, queries, tasks
from linli.estate.metering.actions import (
    Billed,
    BilledTo,
    Exchange,
    LaterStands,
    LooksWrong,
    ReadAlready,
    TakenLabel,
    TakenOut,
)
from linli.estate.metering.models import Meter, Move, Reading
from linli.estate.metering.rules import Gap, Kind, ReadingState, Source
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM

ITEM = uuid4()
JAN, FEB, MARCH = date(2026, 1, 25), date(2026, 2, 25), date(2026, 3, 2)


@pytest.fixture
def desk(db):
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("3-2-501")


def used(desk, home, start=date(2026, 2, 1), end=date(2026, 3, 1), kind=Kind.COLD_WATER):
    asked = {"community": desk.community.id, "kind": kind, "homes": [home.id], "start": start, "end": end}
    return queries.usage(desk.scope, **asked, at=at(MARCH))[home.id]


def states(meter):
    rows = Reading.objects.inside().filter(meter=meter.id).order_by("id")
    return [(row.read_on, row.state) for row in rows]


def usual_past(meter, *, until=JAN, months=4, a_month=30):
    """A reading a month, thirty counts each; the last one is of `until`."""
    for nth in range(1, months + 1):
        meter.reads(nth * a_month, until - timedelta(days=30 * (months - nth)))
    return months * a_month


def test_a_month_is_used_from_its_last_reading_to_the_one_before(desk, home):
    meter = a_meter(desk, home, factor=Decimal(2))
    meter.reads(1203, JAN)
    meter.reads(1251, FEB)
    found = used(desk, home)
    (segment,) = found.segments
    assert (found.quantity, found.gap) == (Decimal(96), None)
    assert (segment.start, segment.start_on, segment.end, segment.end_on) == (Decimal(1203), JAN, Decimal(1251), FEB)


def test_usage_of_thousands_of_homes_is_one_statement(desk):
    homes = [desk.a_home() for _ in range(3)]
    for nth, each in enumerate(homes):
        a_meter(desk, each).reads(10 + nth, FEB)
    asked = {"community": desk.community.id, "kind": Kind.COLD_WATER, "homes": [h.id for h in homes]}
    days = {"start": date(2026, 2, 1), "end": date(2026, 3, 1)}
    queries.usage(desk.scope, **asked, **days, at=at(MARCH))
    with budget(2):
        found = queries.usage(desk.scope, **asked, **days, at=at(MARCH))
    assert [found[each.id].quantity for each in homes] == [Decimal(10), Decimal(11), Decimal(12)]


def test_peak_and_valley_are_counted_each_on_its_own(desk, home):
    meter = a_meter(desk, home, kind=Kind.ELECTRICITY, registers=("peak", "valley"), first="100/50")
    meter.reads("130/90", FEB)
    found = used(desk, home, kind=Kind.ELECTRICITY)
    assert found.by_register() == {"peak": Decimal(30), "valley": Decimal(40)}


def test_a_doubtful_reading_that_a_phone_without_a_network_sends_later_waits_as_nobody_can_look_again(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    told = {"meter": meter.id, "shown": [Decimal(500)], "read_on": FEB, "said_at": at(FEB)}
    assert actions.take_reading(desk.scope, **told, at=at(FEB) + timedelta(minutes=9)) is ReadingState.WAITING


def test_the_meters_ahead_are_those_that_come_next_and_were_not_read(desk):
    first, read, left, other = (
        a_meter(desk, desk.a_home(f"1-1-10{nth}"), kind=Kind.GAS if nth == 4 else Kind.COLD_WATER)
        for nth in (1, 2, 3, 4)
    )
    read.reads(5, MARCH)
    asked = {"community": desk.community.id, "after": first.id, "first_on": MARCH.replace(day=1), "at": at(MARCH)}
    ahead = queries.stops_ahead(desk.scope, **asked)
    assert [card.id for card in ahead] == [left.id, other.id]
    assert [card.id for card in queries.stops_ahead(desk.scope, **asked, kind=Kind.COLD_WATER)] == [left.id]
    assert [card.id for card in queries.stops_ahead(desk.scope, **asked, limit=1)] == [left.id]


def test_a_doubtful_reading_waits_and_is_no_usage_until_somebody_accepts_it(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    with pytest.raises(LooksWrong) as refused:
        meter.reads(500, FEB, sure=False)
    assert refused.value.values["went"] == "380 m³"
    assert len(states(meter)) == 5
    assert meter.reads(500, FEB) is ReadingState.WAITING
    assert used(desk, home).gap is Gap.WAITING
    (waiting,) = queries.doubtful(desk.scope, communities=[desk.community.id])
    assert (waiting.card.door, waiting.reading.anomaly) == ("3-2-501", "too_much")
    actions.accept_reading(desk.scope, reading=waiting.reading.id, why="a burst pipe", at=at(MARCH))
    assert used(desk, home).quantity == Decimal(380)
    (move,) = Move.objects.inside().filter(reading=waiting.reading.id)
    assert (move.verb, move.who, move.why) == ("accept", desk.scope.person, "a burst pipe")
    with pytest.raises(WrongState):
        actions.refuse_reading(desk.scope, reading=waiting.reading.id, why="no", at=at(MARCH))


def test_a_refused_reading_leaves_the_meter_to_be_read_again(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    meter.reads(20, FEB)
    (waiting,) = queries.doubtful(desk.scope, communities=[desk.community.id])
    with pytest.raises(Invalid):
        actions.refuse_reading(desk.scope, reading=waiting.reading.id, why=" ", at=at(MARCH))
    actions.refuse_reading(desk.scope, reading=waiting.reading.id, why="two digits swapped", at=at(MARCH))
    assert used(desk, home).gap is Gap.NO_READING
    assert meter.reads(150, FEB) is ReadingState.ACCEPTED
    assert used(desk, home).quantity == Decimal(30)


def test_what_nobody_answers_lapses_after_its_days(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    meter.reads(500, FEB)
    assert tasks.lapse_readings(at=at(FEB + timedelta(days=6))) == 0
    assert tasks.lapse_readings(at=at(FEB + timedelta(days=7))) == 1
    assert states(meter)[-1] == (FEB, "lapsed")
    assert tasks.lapse_readings(at=at(FEB + timedelta(days=8))) == 0


def test_one_reading_of_a_meter_and_a_day(desk, home):
    meter = a_meter(desk, home)
    meter.reads(10, FEB)
    with pytest.raises(ReadAlready):
        meter.reads(11, FEB)
    assert states(meter)[1:] == [(FEB, "accepted")]


def test_an_exchange_closes_one_meter_and_opens_another(desk, home):
    old = a_meter(desk, home)
    old.reads(100, JAN)
    on = date(2026, 2, 10)
    exchange = Exchange(final=(Decimal(112),), label="NEW-1", first=(Decimal("3"),))
    new = actions.exchange_meter(desk.scope, meter=old.id, exchange=exchange, on=on, at=at(on))
    actions.take_reading(desk.scope, meter=new, shown=[Decimal(21)], read_on=FEB, at=at(FEB))
    found = used(desk, home)
    assert [(s.label, s.start, s.end, s.quantity) for s in found.segments] == [
        (old.label, Decimal(100), Decimal(112), Decimal(12)),
        ("NEW-1", Decimal(3), Decimal(21), Decimal(18)),
    ]
    with pytest.raises(Invalid):
        old.reads(120, FEB)
    with pytest.raises(TakenOut):
        actions.end_meter(desk.scope, meter=old.id, final=[Decimal(120)], on=FEB, at=at(FEB))
    assert used(desk, home).quantity == Decimal(30)


def test_a_final_reading_below_the_last_one_is_refused_and_the_meter_stays(desk, home):
    meter = a_meter(desk, home)
    meter.reads(100, JAN)
    with pytest.raises(Invalid) as refused:
        actions.end_meter(desk.scope, meter=meter.id, final=[Decimal(99)], on=FEB, at=at(FEB))
    assert refused.value.field == "final"
    assert Meter.objects.inside().get(pk=meter.id).end_on is None


def test_an_estimate_is_put_right_by_the_next_real_reading(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    assert used(desk, home).gap is Gap.NO_READING
    asked = {"community": desk.community.id, "first_on": date(2026, 2, 1)}
    assert actions.estimate_missing(desk.scope, **asked, at=at(MARCH)) == 1
    assert actions.estimate_missing(desk.scope, **asked, at=at(MARCH)) == 0
    february = used(desk, home)
    assert (february.quantity, february.is_estimate) == (Decimal(34), True)
    billed(desk, meter, date(2026, 2, 28))
    meter.reads(160, date(2026, 3, 25))
    march = used(desk, home, date(2026, 3, 1), date(2026, 4, 1))
    assert february.quantity + march.quantity == Decimal(40)


def billed(desk, meter, read_on, month=date(2026, 2, 1)):
    rows = [BilledTo(meter.id, ITEM, read_on)]
    actions.lock_readings(desk.scope, community=desk.community.id, month=month, rows=rows, at=at(MARCH))


def test_a_real_reading_of_days_not_yet_billed_takes_an_estimate_back(desk, home):
    meter = a_meter(desk, home)
    usual_past(meter)
    actions.estimate_missing(desk.scope, community=desk.community.id, first_on=date(2026, 2, 1), at=at(MARCH))
    meter.reads(140, FEB)
    assert states(meter)[-2:] == [(date(2026, 2, 28), "replaced"), (FEB, "accepted")]
    assert used(desk, home).quantity == Decimal(20)


def test_a_reading_is_corrected_by_a_new_one_until_it_is_billed(desk, home):
    meter = a_meter(desk, home)
    meter.reads(100, JAN)
    meter.reads(190, FEB)
    latest = Reading.objects.inside().filter(meter=meter.id).latest("id")
    actions.correct_reading(desk.scope, reading=latest.pk, shown=[Decimal(119)], why="misread", at=at(MARCH))
    assert used(desk, home).quantity == Decimal(19)
    assert states(meter)[-2:] == [(FEB, "replaced"), (FEB, "accepted")]
    earlier = Reading.objects.inside().get(meter=meter.id, read_on=JAN)
    with pytest.raises(LaterStands):
        actions.correct_reading(desk.scope, reading=earlier.pk, shown=[Decimal(90)], why="misread", at=at(MARCH))
    billed(desk, meter, FEB)
    standing = Reading.objects.inside().get(meter=meter.id, read_on=FEB, state="accepted")
    with pytest.raises(Billed):
        actions.correct_reading(desk.scope, reading=standing.pk, shown=[Decimal(110)], why="again", at=at(MARCH))
    with pytest.raises(Invalid):
        meter.reads(115, date(2026, 2, 20))
    assert used(desk, home).quantity == Decimal(19)
    meter.reads(120, date(2026, 2, 27))  # behind what was billed: the next bill takes it
    assert used(desk, home).quantity == Decimal(20)


def test_two_meters_of_a_kind_do_not_bear_one_number(desk, home):
    a_meter(desk, home, label="A-1")
    with pytest.raises(TakenLabel):
        a_meter(desk, home, label="A-1")
    a_meter(desk, home, label="A-1", kind=Kind.GAS)
    assert Meter.objects.inside().filter(community=desk.community.id).count() == 2


def test_a_resident_sends_a_reading_with_a_photo_while_the_window_is_open(desk, home):
    meter = a_meter(desk, home)
    sent = {"meter": meter.id, "shown": [Decimal(31)], "photo": ("meter.jpg", a_picture())}
    with pytest.raises(actions.WindowClosed):
        actions.send_reading(home.scope, **sent, at=at(date(2026, 2, 19)))
    actions.send_reading(home.scope, **sent, at=at(FEB))
    assert used(desk, home).gap is Gap.WAITING
    (waiting,) = queries.doubtful(desk.scope, communities=[desk.community.id])
    assert waiting.reading.source is Source.OWNER
    assert queries.photo_link(desk.scope, reading=waiting.reading.id, at=at(FEB))
    with pytest.raises(ReadAlready):
        actions.send_reading(home.scope, **sent, at=at(FEB))
    actions.accept_reading(desk.scope, reading=waiting.reading.id, at=at(MARCH))
    assert used(desk, home).quantity == Decimal(31)
    assert queries.sent_by_me(home.scope, meters=[meter.id])[meter.id].state is ReadingState.ACCEPTED


def test_strangers_see_no_meter_and_send_no_reading(desk, home):
    meter = a_meter(desk, home)
    other, neighbour = a_desk(), desk.a_home("3-2-502")
    for scope in (other.scope, neighbour.scope):
        with pytest.raises(NotFound):
            queries.meter_page(scope, meter=meter.id)
    with pytest.raises(NotFound):
        actions.send_reading(
            neighbour.scope, meter=meter.id, shown=[Decimal(1)], photo=("a.jpg", a_picture()), at=at(FEB)
        )
    with pytest.raises(NotFound):
        actions.take_reading(other.scope, meter=meter.id, shown=[Decimal(1)], read_on=FEB, at=at(FEB))
    assert len(states(meter)) == 1
    assert [card.id for card in queries.my_meters(home.scope)] == [meter.id]


def test_an_erased_person_leaves_no_words_beside_readings(desk, home):
    meter = a_meter(desk, home)
    photo = ("meter.jpg", a_picture())
    actions.send_reading(home.scope, meter=meter.id, shown=[Decimal(3)], photo=photo, note="by Wang", at=at(FEB))
    actions.forget_person(SYSTEM, person=home.owner, at=at(MARCH))
    row = Reading.objects.inside().filter(meter=meter.id).latest("id")
    assert (row.note, row.taken_by, row.shown) == ("", None, [Decimal(3)])


def test_shares_of_a_shared_meter(desk, home):
    lift, two = a_meter(desk), desk.a_home()
    actions.set_shares(desk.scope, meter=lift.id, shares={home.id: Decimal(1), two.id: Decimal(0)}, at=at(FEB))
    assert queries.shares(desk.scope, meter=lift.id) == {home.id: Decimal(1), two.id: Decimal(0)}
    for wrong in ({}, {home.id: Decimal(0)}, {home.id: Decimal(-1), two.id: Decimal(2)}):
        with pytest.raises(Invalid):
            actions.set_shares(desk.scope, meter=lift.id, shares=wrong, at=at(FEB))
    assert queries.shares(desk.scope, meter=lift.id) == {home.id: Decimal(1), two.id: Decimal(0)}


def test_who_walks_is_led_from_door_to_door_and_told_what_is_left(desk):
    meters = [a_meter(desk, desk.a_home(door)) for door in ("2-1-201", "1-1-101", "10-1-101")]
    asked = {"community": desk.community.id, "first_on": date(2026, 2, 1), "at": at(FEB)}
    first = queries.next_on_walk(desk.scope, **asked)
    assert first is not None
    assert (first.card.door, first.left) == ("1-1-101", 3)
    meters[1].reads(5, FEB)
    then = queries.next_on_walk(desk.scope, **asked, after=first.card.id)
    assert then is not None
    assert (then.card.door, then.left) == ("2-1-201", 2)
    (progress,) = queries.progress(desk.scope, **asked)
    assert (progress.meters, progress.read, progress.unread) == (3, 1, 2)


def test_what_a_meter_showed_when_it_was_put_in_is_not_yet_its_reading_of_that_month(desk):
    meter = a_meter(desk, desk.a_home(), start_on=date(2026, 2, 3), first="120")
    asked = {"community": desk.community.id, "first_on": date(2026, 2, 1), "at": at(FEB)}
    stop = queries.next_on_walk(desk.scope, **asked)
    (progress,) = queries.progress(desk.scope, **asked)
    assert (stop.card.id, stop.left, progress.read, progress.unread) == (meter.id, 1, 0, 1)
    meter.reads(132, FEB)
    assert queries.next_on_walk(desk.scope, **asked) is None


def sheet(*rows):
    return "\n".join(["表号,抄表日期,读数", *rows]).encode("gb18030")


def test_a_sheet_of_readings_is_looked_at_then_taken_in_whole_and_repeated_without_change(desk):
    meters = [a_meter(desk, desk.a_home(), label=f"S{n}") for n in range(3)]
    asked = {"community": desk.community.id, "file_name": "r.csv", "at": at(MARCH)}
    wrong = sheet("S0,2026-02-25,31", "S1,2026-02-30,10", "S9,2026-02-25,10", "S2,2026-02-25,x")
    seen = actions.preview_readings(desk.scope, **asked, content=wrong)
    assert [(error.row, error.column) for error in seen.errors] == [(3, "read_on"), (4, "meter"), (5, "reading")]
    with pytest.raises(actions.ReadingsRefused):
        actions.import_readings(desk.scope, **asked, content=wrong)
    assert Reading.objects.inside().filter(community=desk.community.id).count() == 3
    right = sheet("S0,2026-02-25,31", "S1,2026-02-25,10", "S2,,")
    seen = actions.preview_readings(desk.scope, **asked, content=right)
    assert (seen.rows, seen.new, seen.same, seen.errors) == (3, 2, 0, ())
    assert actions.import_readings(desk.scope, **asked, content=right) == actions.Taken(2, 0)
    again = actions.preview_readings(desk.scope, **asked, content=right)
    assert (again.new, again.same) == (0, 2)
    assert actions.import_readings(desk.scope, **asked, content=right) == actions.Taken(0, 0)
    assert states(meters[0])[1:] == [(FEB, "accepted")]


def test_the_sheet_that_goes_out_can_come_in_again(desk):
    meter = a_meter(desk, desk.a_home("1-1-101"), label="S1")
    meter.reads(12, FEB)
    file = queries.readings_file(desk.scope, community=desk.community.id, first_on=date(2026, 2, 1), at=at(MARCH))
    assert "1-1-101,S1,cold_water" in file.content.decode("utf-8-sig")
    seen = actions.preview_readings(
        desk.scope, community=desk.community.id, file_name=file.name, content=file.content, at=at(MARCH)
    )
    assert (seen.rows, seen.new, seen.same, seen.errors) == (1, 0, 1, ())


def test_months_of_a_meter_for_the_chart(desk, home):
    meter = a_meter(desk, home, factor=Decimal(2))
    meter.reads(100, JAN)
    meter.reads(130, FEB)
    (card,) = queries.my_meters(home.scope)
    assert [(m.first_on, m.used) for m in queries.months_of(home.scope, meter=card)][-1] == (
        date(2026, 2, 1),
        Decimal(60),
    )


def test_two_who_read_a_meter_at_once_leave_one_reading(own_database):
    meter = a_meter(desk := a_desk(), desk.a_home())
    assert ends_at_once(*(partial(meter.reads, value, FEB) for value in (30, 31))) == {"done": 1, "ReadAlready": 1}
    page = queries.meter_page(desk.scope, meter=meter.id)
    assert [reading.read_on for reading in page.readings][:1] == [FEB]
    assert len(page.readings) == 2
