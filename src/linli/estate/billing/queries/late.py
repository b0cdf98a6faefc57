"""Late fees as they are shown: the nights of one line together, with their sum and how it was worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from linli.estate.billing import rules
from linli.estate.billing.rules.expressions import decimal_text
from linli.kernel.money import Money
from linli.spine import decoding, sql

BEGINNING = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class LateStretch:
    """Days over which the same was unpaid; `cost` is before rounding, in yuan."""

    start: date
    end: date
    unpaid: Money
    days: int
    cost: str


@dataclass(frozen=True, slots=True)
class WhyLate:
    """How the late fee of a line came about: what was owed when, at which rate (in percent, or a fixed amount).

    `computed` is the fee computed in one go; where a payment was entered for a day before, what had run stays.
    """

    due_on: date
    accrual: rules.Accrual
    rate: str
    nights: int
    stretches: tuple[LateStretch, ...]
    computed: Money
    is_capped: bool


_ORIGINALS = """
    SELECT l.id, l.amount_minor, l.due_on, t.terms, (
        SELECT jsonb_agg(jsonb_build_array(c.day, c.minor) ORDER BY c.day) FROM (
            SELECT day, sum(minor) AS minor FROM (
                SELECT places_day(l.community, a.allocated_at) AS day, a.amount_minor AS minor
                FROM billing_allocation a WHERE a.line_id = l.id
                UNION ALL
                SELECT places_day(l.community, k.issued_at), -k.amount_minor
                FROM billing_line k WHERE k.credits_id = l.id
                UNION ALL
                SELECT p.start_on, l.amount_minor FROM billing_pause p WHERE p.line_id = l.id AND p.stops_late
                UNION ALL
                SELECT p.end_on, -l.amount_minor FROM billing_pause p
                WHERE p.line_id = l.id AND p.stops_late AND p.end_on IS NOT NULL
            ) e GROUP BY day) c)
    FROM billing_line l JOIN billing_tariff t ON t.id = l.tariff_id WHERE l.id = ANY(%s)
"""


def why_late(nights: Mapping[int, tuple[int, date]]) -> dict[int, WhyLate]:
    """This will work out the late fees of lines anew, each up to the day to which its nights go; in one statement."""
    if not nights:
        return {}
    found = {}
    for line, principal, due_on, terms, changes in sql.fetch(_ORIGINALS, list(nights)):
        rule = decoding.convert(sql.from_json(terms), rules.Terms).late
        if rule is not None:
            found[line] = _why(rule, Money(principal), due_on, sql.from_json(changes) or [], *nights[line])
    return found


def _why(
    rule: rules.LateRule, principal: Money, due_on: date, changes: list[list[Any]], count: int, until: date
) -> WhyLate:
    owed, unpaid = [rules.Owed(BEGINNING, principal)], principal
    for day, minor in changes:
        unpaid -= Money(int(minor))
        owed.append(rules.Owed(date.fromisoformat(day), max(unpaid, Money.zero)))
    fee = rules.late_fee(principal, due_on, owed, rule, until)
    percent = rule.rate if rule.accrual is rules.Accrual.FIXED else rule.rate * 100
    return WhyLate(
        due_on=due_on,
        accrual=rule.accrual,
        rate=f"{percent.normalize() if percent else Decimal(0):f}",
        nights=count,
        stretches=tuple(
            LateStretch(each.start, each.end, each.unpaid, (each.end - each.start) // timedelta(days=1), _yuan(each))
            for each in fee.stretches
        ),
        computed=fee.amount,
        is_capped=fee.is_capped,
    )


def _yuan(stretch: rules.Stretch) -> str:
    return decimal_text(stretch.cost / 100, 4)
