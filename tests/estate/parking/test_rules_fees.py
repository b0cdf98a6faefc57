"""What a stay costs: worked by hand, and held for every tariff, stay, voucher and payment."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.parking.rules import (
    Band,
    DayRule,
    Paid,
    ParkingTariff,
    Rates,
    Segment,
    StepKind,
    Voucher,
    VoucherKind,
    checked_tariff,
    flat,
    parking_fee,
    pieces,
    read_tariff,
    stay_costs,
    written_tariff,
)
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

HERE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=HERE)
ONE, TWO = UUID(int=1), UUID(int=2)


def yuan(text):
    return Money.parse(text)


HOURLY = ParkingTariff(flat(yuan("5.00"), cap=yuan("30.00")), free_minutes=30)
DAY_AND_NIGHT = ParkingTariff(
    Rates(
        (
            Band("day", 8 * 60, 20 * 60, (Segment(60, yuan("5.00"), 60), Segment(30, yuan("2.00"))), yuan("25.00")),
            Band("night", 20 * 60, 8 * 60, (Segment(60, yuan("1.00")),), yuan("8.00")),
        ),
        yuan("30.00"),
    ),
    free_minutes=15,
)


def cost(tariff, hours, start=MONDAY, zone=HERE):
    return str(stay_costs(tariff, start, start + timedelta(minutes=round(hours * 60)), zone=zone)[0])


@pytest.mark.parametrize(
    ("hours", "amount"),
    [
        (0, "0.00"),
        (0.5, "0.00"),
        (31 / 60, "5.00"),
        (1, "5.00"),
        (61 / 60, "10.00"),
        (5, "25.00"),
        (7, "30.00"),
        (24, "30.00"),
        (24 + 1 / 60, "35.00"),
        (48, "60.00"),
        (49, "65.00"),
    ],
)
def test_five_an_hour_with_half_an_hour_free_and_thirty_a_day(hours, amount):
    assert cost(HOURLY, hours) == amount


@pytest.mark.parametrize(
    ("hours", "amount"),
    [
        (1, "5.00"),
        (2, "9.00"),  # 5.00 + 2 x 2.00
        (10, "25.00"),  # 41.00 by day, capped
        (11, "26.00"),  # and an hour of the night
        (22, "30.00"),  # 25.00 + 8.00 (12 hours, capped), the day capped
        (25, "35.00"),
    ],
)
def test_day_and_night_have_prices_and_caps_of_their_own(hours, amount):
    assert cost(DAY_AND_NIGHT, hours) == amount


def test_by_the_calendar_a_day_ends_at_midnight():
    calendar = ParkingTariff(flat(yuan("5.00"), cap=yuan("30.00")), day_rule=DayRule.CALENDAR)
    assert cost(calendar, 14) == "30.00"  # 10:00 to midnight
    assert cost(calendar, 14 + 1 / 60) == "35.00"
    assert cost(calendar, 38) == "60.00"


def test_holidays_have_rates_of_their_own_and_the_higher_cap_of_a_mixed_day_holds():
    tariff = ParkingTariff(
        flat(yuan("5.00"), cap=yuan("30.00")),
        holiday=flat(yuan("10.00"), cap=yuan("50.00")),
        holidays=(date(2026, 3, 3),),
        weekends=True,
    )
    assert cost(tariff, 2) == "10.00"
    assert cost(tariff, 2, MONDAY + timedelta(days=1)) == "20.00"
    assert cost(tariff, 2, MONDAY + timedelta(days=5)) == "20.00"  # Saturday
    assert cost(tariff, 24) == "50.00"


def test_free_minutes_are_given_once_and_may_be_deducted():
    deducted = ParkingTariff(flat(yuan("5.00")), free_minutes=30, free_is_deducted=True)
    assert cost(deducted, 0.5) == "0.00"
    assert cost(deducted, 1.5) == "5.00"
    assert cost(deducted, 25.5) == "130.00"  # 24 begun hours of the first day, 2 of the next


def test_seconds_are_left_away():
    start = MONDAY.replace(second=59)
    assert stay_costs(HOURLY, start, MONDAY + timedelta(minutes=30, seconds=5), zone=HERE)[0] == Money.zero


def test_why_is_told_in_figures_and_the_steps_add_up():
    fee = parking_fee(DAY_AND_NIGHT, MONDAY, MONDAY + timedelta(hours=11), zone=HERE)
    told = [(step.kind.value, step.band, step.minutes, step.figures, str(step.amount)) for step in fee.steps]
    assert told == [
        ("stay", "day", 600, "1 × 5.00 + 18 × 2.00", "25.00"),
        ("stay", "night", 60, "1 × 1.00", "1.00"),
    ]
    assert str(fee.steps[0].cap) == "25.00"


def test_who_paid_has_the_grace_to_drive_out_and_after_it_pays_what_the_whole_stay_costs_more():
    paid = (Paid(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=2, minutes=1), yuan("10.00")),)
    at = [MONDAY + timedelta(hours=2, minutes=n) for n in (1, 16, 17)]
    fees = [parking_fee(HOURLY, MONDAY, left, paid=paid, zone=HERE) for left in at]
    assert [str(fee.due) for fee in fees] == ["0.00", "0.00", "5.00"]
    assert fees[1].steps[-1].kind is StepKind.GRACE
    assert str(fees[2].gross) == "15.00"


def test_a_part_payment_gives_no_grace():
    paid = (Paid(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=2), yuan("9.99")),)
    fee = parking_fee(HOURLY, MONDAY, MONDAY + timedelta(hours=2, minutes=1), paid=paid, zone=HERE)
    assert str(fee.due) == "5.01"


def test_vouchers_take_off_minutes_then_amounts_then_all():
    left = MONDAY + timedelta(hours=5)
    hour = Voucher(ONE, VoucherKind.MINUTES, minutes=60)
    eight = Voucher(TWO, VoucherKind.AMOUNT, amount=yuan("8.00"))
    whole = Voucher(UUID(int=3), VoucherKind.WHOLE)
    fee = parking_fee(HOURLY, MONDAY, left, (whole, eight, hour), zone=HERE)
    assert {str(voucher)[-1]: str(worth) for voucher, worth in fee.worths} == {"1": "5.00", "2": "8.00", "3": "12.00"}
    assert (str(fee.gross), str(fee.due)) == ("25.00", "0.00")
    assert str(parking_fee(HOURLY, MONDAY, left, (hour, eight), zone=HERE).due) == "12.00"


def test_a_voucher_is_never_worth_more_than_the_stay():
    fee = parking_fee(
        HOURLY,
        MONDAY,
        MONDAY + timedelta(hours=1),
        (Voucher(ONE, VoucherKind.AMOUNT, amount=yuan("50.00")),),
        zone=HERE,
    )
    assert fee.worths == ((ONE, yuan("5.00")),)
    assert fee.due == fee.over == Money.zero


# ---- whatever the tariff ----

MONEY = st.integers(0, 2_000).map(Money)
CAPS = st.none() | st.integers(0, 6_000).map(Money)


@st.composite
def segments(draw):
    first = [
        Segment(draw(st.integers(1, 180)), draw(MONEY), draw(st.integers(1, 300)))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return (*first, Segment(draw(st.integers(1, 180)), draw(MONEY)))


@st.composite
def rates(draw):
    starts = sorted(draw(st.sets(st.integers(0, 1439), min_size=1, max_size=4)))
    ends = starts[1:] + starts[:1]
    bands = tuple(
        Band(f"b{n}", start, end, draw(segments()), draw(CAPS))
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    return Rates(bands, draw(CAPS))


@st.composite
def tariffs(draw):
    holiday = draw(st.none() | rates())
    return ParkingTariff(
        draw(rates()),
        free_minutes=draw(st.integers(0, 120)),
        free_is_deducted=draw(st.booleans()),
        day_rule=draw(st.sampled_from(DayRule)),
        grace_minutes=draw(st.integers(0, 60)),
        holiday=holiday,
        holidays=(date(2026, 3, 29), date(2026, 10, 25)) if holiday else (),
        weekends=holiday is not None and draw(st.booleans()),
    )


ZONES = st.sampled_from(
    [HERE, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Sao_Paulo")]
)
MARCH, OCTOBER = datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)
ENTRIES = st.tuples(st.sampled_from([MARCH, OCTOBER]), st.integers(0, 24 * 86_400)).map(
    lambda one: one[0] + timedelta(seconds=one[1])
)
"""Around the days on which clocks are changed."""
STAYS = st.integers(0, 4 * 1440)


@given(tariffs(), ENTRIES, STAYS, st.integers(0, 1500), ZONES)
def test_staying_longer_never_costs_less(tariff, entered, minutes, more, zone):
    first = stay_costs(tariff, entered, entered + timedelta(minutes=minutes), zone=zone)[0]
    later = stay_costs(tariff, entered, entered + timedelta(minutes=minutes + more), zone=zone)[0]
    assert Money.zero <= first <= later


@given(tariffs(), ENTRIES, STAYS, ZONES)
def test_every_minute_lies_in_exactly_one_piece_even_when_clocks_change(tariff, entered, minutes, zone):
    start = entered.replace(second=0, microsecond=0)
    found = list(pieces(tariff, start, start, start + timedelta(minutes=minutes), zone))
    assert sum(piece.minutes for piece in found) == minutes


@given(tariffs(), ENTRIES, STAYS, ZONES)
def test_caps_hold_for_every_day_and_every_part_of_it_across_midnights(tariff, entered, minutes, zone):
    steps = stay_costs(tariff, entered, entered + timedelta(minutes=minutes), zone=zone)[1]
    known = {(False, band.word): band.cap for band in tariff.usual.bands}
    known |= {(True, band.word): band.cap for band in tariff.holiday.bands} if tariff.holiday else {}
    days: dict[int, Money] = {}
    for step in steps:
        days[step.day] = days.get(step.day, Money.zero) + step.amount
        if step.kind is StepKind.STAY and (cap := known[step.is_holiday, step.band]) is not None:
            assert step.amount <= cap
    caps = [each.cap for each in (tariff.usual, tariff.holiday) if each is not None]
    if None not in caps:
        assert all(amount <= max(caps) for amount in days.values())


VOUCHERS = st.lists(
    st.builds(
        Voucher,
        st.uuids(),
        st.sampled_from(VoucherKind),
        minutes=st.integers(1, 600),
        amount=st.integers(1, 5_000).map(Money),
    ),
    max_size=4,
)


@given(tariffs(), ENTRIES, STAYS, VOUCHERS, st.lists(st.integers(0, 4 * 1440), max_size=5), ZONES)
def test_however_often_somebody_pays_on_the_way_the_total_is_the_same(tariff, entered, minutes, vouchers, stops, zone):
    """Somebody pays what is due now and then; in the end they have paid what one payment at the end would have been."""
    left = entered + timedelta(minutes=minutes)
    paid: list[Paid] = []
    for stop in sorted(stops):
        at = entered + timedelta(minutes=stop)
        due = parking_fee(tariff, entered, at, vouchers, paid, zone=zone).due
        if at + timedelta(minutes=tariff.grace_minutes) < left and due:
            paid.append(Paid(at, at, due))
    once = parking_fee(tariff, entered, left, vouchers, zone=zone)
    fee = parking_fee(tariff, entered, left, vouchers, paid, zone=zone)
    assert fee.paid + fee.due == once.due + fee.over
    assert fee.over == Money.zero


@given(tariffs(), ENTRIES, STAYS, VOUCHERS, ZONES)
def test_the_steps_add_up_and_vouchers_take_off_no_more_than_there_is(tariff, entered, minutes, vouchers, zone):
    fee = parking_fee(tariff, entered, entered + timedelta(minutes=minutes), vouchers, zone=zone)
    assert Money.total(step.amount for step in fee.steps) == fee.due - fee.over
    assert fee.off + fee.due == fee.gross
    assert all(worth >= Money.zero for _voucher, worth in fee.worths)
    again = parking_fee(tariff, entered, entered + timedelta(minutes=minutes), vouchers[::-1], zone=zone)
    assert again.due == fee.due


@given(tariffs(), ENTRIES, STAYS, st.integers(0, 300), VOUCHERS, ZONES)
def test_after_paying_what_is_due_never_falls(tariff, entered, minutes, more, vouchers, zone):
    at = entered + timedelta(minutes=minutes)
    due = parking_fee(tariff, entered, at, vouchers, zone=zone).due
    paid = (Paid(at, at, due),)
    later = parking_fee(tariff, entered, at + timedelta(minutes=more), vouchers, paid, zone=zone).due
    latest = parking_fee(tariff, entered, at + timedelta(minutes=2 * more), vouchers, paid, zone=zone).due
    assert later <= latest
    if more <= tariff.grace_minutes:
        assert later == Money.zero


@given(tariffs())
def test_a_tariff_is_kept_as_it_was_written(tariff):
    assert read_tariff(written_tariff(checked_tariff(tariff))) == tariff


@pytest.mark.parametrize(
    ("tariff", "field"),
    [
        (ParkingTariff(Rates(())), "usual.bands"),
        (ParkingTariff(Rates((Band("day", 480, 1200, (Segment(60, Money(1)),)),))), "usual.bands"),
        (ParkingTariff(Rates((Band("all", 0, 0, (Segment(0, Money(1)),)),))), "usual.bands.0.segments.0.step_minutes"),
        (ParkingTariff(Rates((Band("all", 0, 0, (Segment(60, Money(-1)),)),))), "usual.bands.0.segments.0.price"),
        (ParkingTariff(Rates((Band("all", 0, 0, (Segment(60, Money(1), 60),)),))), "usual.bands.0.segments.0.minutes"),
        (ParkingTariff(flat(Money(1)), weekends=True), "holiday"),
        (ParkingTariff(flat(Money(1)), free_minutes=-1), "free_minutes"),
        (
            ParkingTariff(
                Rates(
                    (
                        Band("one", 0, 720, (Segment(60, Money(1)),)),
                        Band("two", 600, 0, (Segment(60, Money(1)),)),
                    )
                )
            ),
            "usual.bands",
        ),
    ],
)
def test_a_tariff_that_leaves_a_question_open_is_refused_with_its_place(tariff, field):
    with pytest.raises(Invalid) as refused:
        checked_tariff(tariff)
    assert refused.value.field == field


# Elsewhere a cap was read as a whole number, and one of 12.50 threw at the barrier.
def test_a_cap_may_have_cents():
    capped = ParkingTariff(flat(yuan("5.00"), cap=yuan("12.50")), free_minutes=0)
    kept = read_tariff(written_tariff(capped))
    assert [cost(kept, hours) for hours in (2, 3, 24, 26)] == ["10.00", "12.50", "12.50", "22.50"]
