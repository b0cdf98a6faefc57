"""How amounts, moments and days are written: always the same way, in the reader's language and the community's zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup, escape

from linli.faces.shell import voice
from linli.faces.shell.days import MONTHS, local_time
from linli.faces.shell.days import day as day
from linli.faces.shell.messages import gettext as _
from linli.kernel.money import Money

SIGN = "¥"
METRES_IN_KM = 1000


def money(amount: Money, *, signed: bool = False) -> str:
    """This will write an amount with its sign and two decimals: ¥1,204.00, -¥8.50; `signed` shows a plus as well."""
    sign = "-" if amount.minor < 0 else "+" if signed and amount.minor > 0 else ""
    whole = abs(amount.minor)
    return f"{sign}{SIGN}{whole // 100:,}.{whole % 100:02d}"


def month(on: date) -> str:
    """This will write a month with its year."""
    if voice.current().locale == voice.ENGLISH:
        return f"{MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月"


def near_day(on: date) -> str:
    """This will write a day as today, tomorrow or yesterday where it is one."""
    match (on - local_time(voice.current().at).date()).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
        case _days:
            return day(on)


def moment(at: datetime) -> str:
    """This will write an instant in the community's zone: today 18:30."""
    local = local_time(at)
    return f"{near_day(local.date())} {local:%H:%M}"


def written(at: datetime) -> str:
    """This will write an instant as it stands on paper, whenever that is read: 2026-11-23 18:30."""
    return f"{local_time(at):%Y-%m-%d %H:%M}"


def clock(at: datetime) -> str:
    """This will write the time of day alone: 18:30."""
    return f"{local_time(at):%H:%M}"


def span(start: datetime, end: datetime) -> str:
    """This will write a window of time: today 18:30-19:00."""
    first, last = local_time(start), local_time(end)
    if first.date() == last.date():
        return f"{near_day(first.date())} {first:%H:%M}-{last:%H:%M}"
    return f"{moment(start)} - {moment(end)}"


def wait(until: datetime) -> str:
    """This will write how long something still takes, in minutes, hours or days; late things say so."""
    left = until - voice.current().at
    if left < timedelta():
        return _late(int(-left.total_seconds() // 60))
    minutes = int(left.total_seconds() // 60)
    if minutes < 90:
        return _("{n} min", n=minutes)
    return _("{n} h", n=round(minutes / 60)) if minutes < 48 * 60 else _("{n} days", n=round(minutes / 1440))


def _late(minutes: int) -> str:
    if minutes < 90:
        return _("{n} min late", n=minutes)
    if minutes < 48 * 60:
        return _("{n} h late", n=round(minutes / 60))
    return _("{n} days late", n=round(minutes / 1440))


def far(metres: int) -> str:
    """This will write a distance as people say it: 276 m, and from a kilometre on 1.2 km."""
    if metres < METRES_IN_KM:
        return _("{n} m", n=metres)
    return _("{n} km", n=f"{Decimal(metres) / METRES_IN_KM:.1f}".removesuffix(".0"))


def percent(basis_points: int, decimals: int | None = None) -> str:
    """This will write basis points as a percentage without needless zeros: 8%, 2.5%.

    With `decimals` it has so many of them always, so that the figures of a column stand one beneath the other.
    """
    value = Decimal(basis_points) / 100
    return f"{value.normalize():f}%" if decimals is None else f"{value:.{decimals}f}%"


def plain_number(value: Decimal) -> str:
    """This will write a number without zeros that say nothing: 12.5, 1203."""
    return f"{value.normalize():f}"


def exact_money(figure: str) -> str:
    """This will write an amount that is not rounded yet with its sign and two decimals at least: ¥8.00, ¥254.7045."""
    whole, _point, cents = figure.partition(".")
    return f"¥{whole}.{cents:0<2}"


def listed(things: Iterable[object]) -> str:
    """This will write things one after the other: a, b; in Chinese 甲、乙."""
    return comma().join(str(each) for each in things)


def comma() -> str:
    """This will give what stands between two things of a list: in Chinese 、."""
    return ", " if voice.current().locale == voice.ENGLISH else "、"


def colon() -> str:
    """This will give what stands between a thing and what is said of it: in Chinese ：."""
    return ": " if voice.current().locale == voice.ENGLISH else "："


def said(pair: tuple[object, object]) -> str:
    """This will write what is said of something: Change: the fee; in Chinese 更改：费用."""
    return f"{pair[0]}{colon()}{pair[1]}"


MOST_ONCE = 64
"""Characters of the key by which a form takes effect once."""
_LONG_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})\b")


def shortened(value: object) -> str:
    """This will write words with their long ids cut to the end, by which people tell them apart: order …3213bf."""
    return _LONG_ID.sub(lambda found: "…" + found[1][-6:], str(value))


_HOURS = r"\d{1,2}:\d\d(?:[-–]\d{1,2}:\d\d)?"
_WHOLE = re.compile(
    r"(?<![\w:.-])[A-Z0-9]{1,6}(?:-[A-Z0-9]{1,6}){1,3}(?![-\w:])"
    rf"|\b(?:[Tt]oday|[Tt]omorrow|[Yy]esterday) {_HOURS}|(?:今天|明天|昨天) {_HOURS}"
    rf"|\b\d{{1,2}} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: \d{{4}})?(?: {_HOURS})?"
    rf"|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日(?: {_HOURS})?"
)


def unbroken(text: object) -> Markup:
    """This will keep doors, numbers and times (1-1-101, today 18:30, 5月21日) in one piece on narrow glass."""
    said = str(escape(text))
    return Markup(said if "<" in said else _WHOLE.sub(r'<span class="whole">\g<0></span>', said))  # noqa: S704 - escaped


def provider(source: str) -> str:
    """This will call a payment provider by its name; the one that comes with the house is called what it is."""
    return _("Embedded provider") if source == "embedded" else source


def once_key(chosen: object) -> str:
    """This will give the key of a form that takes effect once; one that would be refused when it comes back is a
    defect of the page that wrote it."""
    key = str(chosen)
    if len(key) > MOST_ONCE:
        raise ValueError(f"a form's key has at most {MOST_ONCE} characters, not {len(key)}: {key}")
    return key


def sortable(when: date | None) -> str:
    """This will write a day or an instant so that sorting its letters sorts the time."""
    if when is None:
        return ""
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when.isoformat()


def count(number: int) -> str:
    """This will write a whole number with thousands set apart."""
    return f"{number:,}"
