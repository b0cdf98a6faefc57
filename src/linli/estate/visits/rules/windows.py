"""When a pass is good: a span of days, days of the week, hours of the day, and a number of entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from linli.estate.visits.rules.lives import PassKind, PassState, WhyNot
from linli.estate.visits.rules.policy import VisitPolicy
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

DAY_MIN = 24 * 60
WEEK = tuple(range(7))
LONGEST_NAME, LONGEST_PHONE, LONGEST_PLATE = 40, 20, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDraft:
    """A pass as a resident asks for it. `last_on` is the last day on which it is good; weekdays count from Monday, 0;
    no weekdays means every day; no entries means as many as come within its hours."""

    kind: PassKind
    first_on: date
    last_on: date
    weekdays: tuple[int, ...] = ()
    from_min: int = 0
    until_min: int = DAY_MIN
    entries: int | None = 1
    guest_name: str = ""
    guest_phone: str = ""
    plate: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When a pass is good, as it is kept: days are half-open, in the community's zone."""

    start_on: date
    end_on: date
    weekdays: tuple[int, ...]
    from_min: int
    until_min: int

    @property
    def hours(self) -> str:
        """The hours as people write them: 08:00-20:00; empty for the whole day."""
        if (self.from_min, self.until_min) == (0, DAY_MIN):
            return ""
        return f"{clock(self.from_min)}-{clock(self.until_min)}"

    @property
    def last_on(self) -> date:
        return self.end_on - timedelta(days=1)


def clock(minutes: int) -> str:
    """This will write a minute of the day as 08:00; the end of the day is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str, field: str) -> int:
    """This will read 08:00 as a minute of the day, or refuse the field."""
    hours, colon, minutes = text.partition(":")
    if colon and hours.isdecimal() and minutes[:2].isdecimal() and len(hours) <= 2:
        total = int(hours) * 60 + int(minutes[:2])
        if int(minutes[:2]) < 60 and total <= DAY_MIN:
            return total
    raise Invalid(field, _("Please write a time such as 18:30."))


def checked(draft: PassDraft, policy: VisitPolicy, today: date) -> Window:
    """This will give the window of a draft, or refuse what the community does not allow, by its field."""
    if draft.first_on < today:
        raise Invalid("first_on", _("This day has passed."))
    if draft.last_on < draft.first_on:
        raise Invalid("last_on", _("The last day is before the first."))
    longest = {PassKind.ONCE: 1, PassKind.DAYS: policy.longest_days, PassKind.STANDING: policy.standing_days}[
        draft.kind
    ]
    if (draft.last_on - draft.first_on).days >= longest:
        raise Invalid("last_on", _("At most {most} days are allowed here."), most=longest)
    if (draft.first_on - today).days > policy.days_ahead:
        raise Invalid("first_on", _("At most {most} days ahead are allowed here."), most=policy.days_ahead)
    if not 0 <= draft.from_min < draft.until_min <= DAY_MIN:
        raise Invalid("until", _("The hours end before they begin."))
    weekdays = tuple(sorted(set(draft.weekdays)))
    if any(day not in WEEK for day in weekdays):
        raise Invalid("weekdays", _("Please choose days of the week."))
    if not comes(draft.first_on, draft.last_on, weekdays):
        raise Invalid("weekdays", _("None of these days lies within the pass."))
    if draft.kind is not PassKind.STANDING and draft.entries is None:
        raise Invalid("entries", _("Please say how many entries."))
    if draft.entries is not None and not 1 <= draft.entries <= policy.most_entries:
        raise Invalid("entries", _("Between 1 and {most} entries are allowed."), most=policy.most_entries)
    weekdays = () if weekdays == WEEK else weekdays
    return Window(draft.first_on, draft.last_on + timedelta(days=1), weekdays, draft.from_min, draft.until_min)


def comes(first_on: date, last_on: date, weekdays: Collection[int]) -> bool:
    """This will tell whether one of the days of the week lies within the days."""
    if not weekdays:
        return True
    span = min((last_on - first_on).days, 6)
    return any((first_on + timedelta(days=n)).weekday() in weekdays for n in range(span + 1))


def bounds(window: Window, timezone: str) -> tuple[datetime, datetime]:
    """This will give the instants at which a pass begins and ends: its hours of the first and of the last day."""
    zone = ZoneInfo(timezone)
    first = datetime.combine(window.start_on, datetime.min.time(), zone)
    last = datetime.combine(window.last_on, datetime.min.time(), zone)
    return first + timedelta(minutes=window.from_min), last + timedelta(minutes=window.until_min)


def why_not(
    window: Window, state: PassState, entries: int | None, entered: int, at: datetime, timezone: str
) -> WhyNot | None:
    """This will tell why a pass lets nobody in at an instant, or None where it does.

    That somebody ended it counts first: whoever asks shall hear that, and not that it is too early.
    """
    if state is PassState.REVOKED:
        return WhyNot.REVOKED
    if state is PassState.USED or (entries is not None and entered >= entries):
        return WhyNot.USED_UP
    local = at.astimezone(ZoneInfo(timezone))
    starts_at, ends_at = bounds(window, timezone)
    if state is PassState.EXPIRED or at >= ends_at:
        return WhyNot.OVER
    if at < starts_at:
        return WhyNot.NOT_YET
    if window.weekdays and local.weekday() not in window.weekdays:
        return WhyNot.OTHER_DAY
    minute = local.hour * 60 + local.minute
    if not window.from_min <= minute < window.until_min:
        return WhyNot.OTHER_HOURS
    return None
