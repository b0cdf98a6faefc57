"""What a stay costs, and why: cut where days and prices change, capped, less vouchers, less what was paid.

The hours of a booking cost nothing more; what lies before them goes by the tariff, what follows by the booking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.parking.rules.sharing import HOUR, Cover, uncovered
from linli.estate.parking.rules.tariffs import Band, DayRule, ParkingTariff, Rates, Segment
from linli.kernel.money import Money
from linli.spine import decoding

DAY = timedelta(days=1)
MOST_DAYS = 400
"""A longer stay is charged as far as this; a person has to look at it anyway."""


class VoucherKind(StrEnum):
    """What a voucher takes off: minutes of the stay, an amount, or all of it."""

    MINUTES = "minutes"
    AMOUNT = "amount"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher that was given to a stay."""

    voucher: UUID
    kind: VoucherKind
    minutes: int = 0
    amount: Money = Money.zero


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment: which instant it paid up to (when its amount was told), when it arrived, and what it was."""

    up_to: datetime
    at: datetime
    amount: Money


class StepKind(StrEnum):
    """What a step of the explanation tells."""

    FREE = "free"
    STAY = "stay"
    DAY_CAP = "day_cap"
    BOOKED = "booked"
    """Hours in a shared space that were paid for with their booking."""
    OVERSTAY = "overstay"
    """Started hours after the end of a booking."""
    VOUCHER = "voucher"
    PAID = "paid"
    GRACE = "grace"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "why this amount"; the amounts of all steps sum to what is due less what was paid too much."""

    kind: StepKind
    amount: Money
    minutes: int = 0
    day: int = 0
    band: str = ""
    is_holiday: bool = False
    figures: str = ""
    cap: Money | None = None


@dataclass(frozen=True, slots=True)
class ParkingFee:
    """What a stay costs (`gross`), what vouchers took off, what is still due, and what was paid too much."""

    gross: Money
    worths: tuple[tuple[UUID, Money], ...]
    paid: Money
    due: Money
    over: Money
    until: datetime
    steps: tuple[Step, ...]

    @property
    def off(self) -> Money:
        """What the vouchers took off."""
        return Money.total(worth for _voucher, worth in self.worths)


@dataclass(frozen=True, slots=True)
class _Stay:
    """What prices a stay: its tariff, the hours that were booked for it, when it began."""

    tariff: ParkingTariff
    covers: Sequence[Cover]
    entered_at: datetime
    zone: ZoneInfo

    def costs(self, until: datetime) -> tuple[Money, tuple[Step, ...]]:
        """This will price the stay as far as an instant, beside its bookings."""
        if not self.covers:
            return stay_costs(self.tariff, self.entered_at, until, zone=self.zone)
        steps: list[Step] = []
        for part in uncovered(self.covers, _whole_minute(self.entered_at), _whole_minute(until)):
            if part.after is None or part.after.overstay is None:
                steps += stay_costs(self.tariff, part.start_at, part.end_at, zone=self.zone)[1]
            else:
                steps.append(_overstayed(part.start_at, part.end_at, part.after.overstay))
        booked = sum(
            max(0, _minutes(max(each.start_at, self.entered_at), min(each.end_at, until))) for each in self.covers
        )
        steps.append(Step(StepKind.BOOKED, Money.zero, minutes=booked))
        return Money.total(step.amount for step in steps), tuple(steps)


def parking_fee(
    tariff: ParkingTariff,
    entered_at: datetime,
    left_at: datetime,
    vouchers: Sequence[Voucher] = (),
    paid: Sequence[Paid] = (),
    *,
    covers: Sequence[Cover] = (),
    zone: ZoneInfo,
) -> ParkingFee:
    """This will tell what a stay costs, less its vouchers and what was paid, step by step.

    Who has paid all that was due and leaves within the grace is charged as of the moment that was paid for; who stays
    longer is charged for the whole stay, less what was paid: no number of payments changes the total.
    """
    stay = _Stay(tariff, covers, entered_at, zone)
    until = _charged_until(stay, left_at, vouchers, paid)
    gross, steps = stay.costs(until)
    worths = _worths(stay, until, vouchers, gross)
    given = Money.total(each.amount for each in paid)
    owed = gross - Money.total(worth for _voucher, worth in worths)
    steps += tuple(
        Step(StepKind.VOUCHER, -worth, minutes=voucher.minutes, figures=voucher.kind.value)
        for voucher, (_id, worth) in zip(_in_order(vouchers), worths, strict=True)
    )
    steps += tuple(Step(StepKind.PAID, -each.amount) for each in paid)
    if until < left_at:
        steps += (Step(StepKind.GRACE, Money.zero, minutes=_minutes(until, left_at)),)
    due, over = max(owed - given, Money.zero), max(given - owed, Money.zero)
    return ParkingFee(gross, worths, given, due, over, until, steps)


def _overstayed(start: datetime, end: datetime, price: Money) -> Step:
    hours = -((start - end) // HOUR)
    return Step(StepKind.OVERSTAY, price * hours, minutes=_minutes(start, end), figures=f"{hours} × {price}")


def read_steps(kept: Iterable[Any]) -> tuple[Step, ...]:
    """This will read the steps that were kept with a stay that is over."""
    steps: tuple[Step, ...] = decoding.convert(list(kept), tuple[Step, ...], strict=True)
    return steps


def grace_ends_at(tariff: ParkingTariff, paid: Iterable[Paid]) -> datetime | None:
    """This will tell until when whoever paid last may drive out without paying more."""
    last = max((each.at for each in paid), default=None)
    return None if last is None else last + timedelta(minutes=tariff.grace_minutes)


def _charged_until(stay: _Stay, left_at: datetime, vouchers: Sequence[Voucher], paid: Sequence[Paid]) -> datetime:
    """The last payment that left nothing due holds its price for the grace; without one the stay runs on."""
    given = Money.zero
    until = left_at
    for each in sorted(paid, key=lambda one: one.at):
        given += each.amount
        if not each.at <= left_at <= each.at + timedelta(minutes=stay.tariff.grace_minutes):
            continue
        up_to = min(each.up_to, left_at)
        gross = stay.costs(up_to)[0]
        worths = _worths(stay, up_to, vouchers, gross)
        if given >= gross - Money.total(worth for _voucher, worth in worths):
            until = up_to
    return until


def _in_order(vouchers: Sequence[Voucher]) -> list[Voucher]:
    """Minutes first, then amounts, then whole ones: so each takes off what it says."""
    return sorted(vouchers, key=lambda each: list(VoucherKind).index(each.kind))


def _worths(stay: _Stay, until: datetime, vouchers: Sequence[Voucher], gross: Money) -> tuple[tuple[UUID, Money], ...]:
    """What each voucher takes off: minutes by charging a shorter stay, so that their order changes nothing."""
    worths, left, end = [], gross, until
    for each in _in_order(vouchers):
        if each.kind is VoucherKind.MINUTES:
            end = max(stay.entered_at, end - timedelta(minutes=each.minutes))
            worth = left - min(left, stay.costs(end)[0])
        elif each.kind is VoucherKind.AMOUNT:
            worth = min(each.amount, left)
        else:
            worth = left
        left -= worth
        worths.append((each.voucher, worth))
    return tuple(worths)


# ---- what a stay costs by itself ----


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of one day of parking (counted from 0), in one band, at the usual rates or those of holidays."""

    day: int
    is_holiday: bool
    band: Band
    minutes: int


def stay_costs(
    tariff: ParkingTariff, entered_at: datetime, left_at: datetime, *, zone: ZoneInfo
) -> tuple[Money, tuple[Step, ...]]:
    """This will price a stay by itself: seconds are left away, each band is priced and capped, then each day."""
    start, end = _whole_minute(entered_at), _whole_minute(left_at)
    end = min(end, start + MOST_DAYS * DAY)
    free = Step(StepKind.FREE, Money.zero, minutes=tariff.free_minutes)
    if end <= start or _minutes(start, end) <= tariff.free_minutes:
        return Money.zero, (free,) if tariff.free_minutes and end > start else ()
    steps: list[Step] = []
    charged_from = start
    if tariff.free_is_deducted and tariff.free_minutes:
        charged_from = start + timedelta(minutes=tariff.free_minutes)
        steps.append(free)
    days: dict[int, list[Step]] = {}
    caps: dict[int, list[Money | None]] = {}
    for piece in _summed(pieces(tariff, start, charged_from, end, zone)):
        days.setdefault(piece.day, []).append(_priced(piece))
        rates = tariff.holiday if piece.is_holiday and tariff.holiday else tariff.usual
        caps.setdefault(piece.day, []).append(rates.cap)
    for day, of_day in days.items():
        steps += of_day
        steps += _capped(day, Money.total(step.amount for step in of_day), caps[day])
    return Money.total(step.amount for step in steps), tuple(steps)


def _priced(piece: Piece) -> Step:
    amount, figures = price_of(piece.band.segments, piece.minutes)
    cap = piece.band.cap
    is_capped = cap is not None and amount > cap
    return Step(
        StepKind.STAY,
        cap if is_capped and cap is not None else amount,
        minutes=piece.minutes,
        day=piece.day + 1,
        band=piece.band.word,
        is_holiday=piece.is_holiday,
        figures=figures,
        cap=cap if is_capped else None,
    )


def _capped(day: int, amount: Money, caps: Sequence[Money | None]) -> Iterator[Step]:
    """The cap of a day; where a day has two rates, the higher cap holds, so that staying on never gets cheaper."""
    known = [cap for cap in caps if cap is not None]
    if len(known) < len(caps):
        return
    if amount > max(known):
        yield Step(StepKind.DAY_CAP, max(known) - amount, day=day + 1, cap=max(known))


def price_of(segments: Sequence[Segment], minutes: int) -> tuple[Money, str]:
    """This will price so many minutes of a band: each begun step of each segment, with the figures in words."""
    amount, written, left = Money.zero, [], minutes
    for segment in segments:
        within = left if segment.minutes is None else min(left, segment.minutes)
        if within <= 0:
            break
        times = -(-within // segment.step_minutes)
        amount += segment.price * times
        written.append(f"{times} × {segment.price}")
        left -= within
    return amount, " + ".join(written)


def _summed(found: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of the same band and day together, in the order in which they began."""
    minutes: dict[tuple[int, bool, Band], int] = {}
    for piece in found:
        key = (piece.day, piece.is_holiday, piece.band)
        minutes[key] = minutes.get(key, 0) + piece.minutes
    for (day, is_holiday, band), total in minutes.items():
        yield Piece(day, is_holiday, band, total)


def pieces(
    tariff: ParkingTariff, entered_at: datetime, charged_from: datetime, left_at: datetime, zone: ZoneInfo
) -> Iterator[Piece]:
    """This will cut a stay where a day of parking, a day of the calendar or a band begins.

    Every minute lies in exactly one piece, whatever the zone's clocks do; days are counted from the entry.
    """
    borders = _day_borders(tariff.day_rule, entered_at, left_at, zone)
    cuts = sorted({charged_from, left_at, *borders, *_band_cuts(tariff, charged_from, left_at, zone)})
    day = 0
    for start, end in pairwise(cuts):
        if start < charged_from or end > left_at:
            continue
        while day < len(borders) and borders[day] <= start:
            day += 1
        local = start.astimezone(zone)
        rates = tariff.rates_on(local.date())
        yield Piece(day, tariff.is_holiday(local.date()), _band_of(rates, local), _minutes(start, end))


def _band_of(rates: Rates, local: datetime) -> Band:
    minute = local.hour * 60 + local.minute
    return next(band for band in rates.bands if band.holds(minute))


def _day_borders(rule: DayRule, entered_at: datetime, left_at: datetime, zone: ZoneInfo) -> list[datetime]:
    if rule is DayRule.CALENDAR:
        return [at for day in _dates(entered_at, left_at, zone) if entered_at < (at := _wall(day, 0, zone)) < left_at]
    whole_days = (left_at - entered_at) // DAY
    return [entered_at + n * DAY for n in range(1, whole_days + 1)]


def _band_cuts(tariff: ParkingTariff, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    for day in _dates(start, end, zone):
        midnight, next_midnight = _wall(day, 0, zone), _wall(day + DAY, 0, zone)
        yield midnight
        yield from (_wall(day, band.start, zone) for band in tariff.rates_on(day).bands)
        if next_midnight - midnight != DAY:  # the clocks are changed on this day: cut it so finely that nothing is lost
            yield from (midnight + n * timedelta(minutes=30) for n in range(1, (next_midnight - midnight) // HALF_HOUR))


HALF_HOUR = timedelta(minutes=30)


def _dates(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        yield day
        day += DAY


def _wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which a clock on the wall shows a minute of a day."""
    return (datetime.combine(day, time(), zone) + timedelta(minutes=minute)).astimezone(UTC)


def _whole_minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)
