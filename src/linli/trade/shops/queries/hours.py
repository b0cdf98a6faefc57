"""The hours of a shop as a part of other questions: one piece of SQL, and what its two columns say."""

from __future__ import annotations

from datetime import date

import msgspec

from linli.kernel.period import Period
from linli.trade.shops import rules

# The hours of a shop, in the same statement; holidays that are over do not matter any more.
HOURS = """
    (SELECT json_agg(json_build_array(o.weekday, o.opens_min, o.closes_min) ORDER BY o.weekday, o.opens_min)::text
     FROM shops_opening o WHERE o.shop_id = s.id),
    (SELECT json_agg(json_build_array(h.start_on, h.end_on) ORDER BY h.start_on)::text
     FROM shops_holiday h WHERE h.shop_id = s.id AND h.end_on >= %s::date - 2)
"""

_openings = msgspec.json.Decoder(list[tuple[int, int, int]])
_holidays = msgspec.json.Decoder(list[tuple[date, date]])


def hours_of(timezone: str, openings: str | None, holidays: str | None) -> rules.Hours:
    """This will put a shop's hours together from what `HOURS` gave."""
    return rules.Hours(
        timezone,
        tuple(rules.Opening(*each) for each in _openings.decode(openings or "[]")),
        tuple(Period(start, end) for start, end in _holidays.decode(holidays or "[]")),
    )
