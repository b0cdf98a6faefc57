"""Where meters stand, asked once for thousands of them, and the moves of a reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from linli.estate.metering import rules
from linli.estate.metering.models import Move, Reading
from linli.kernel.ids import MeterId
from linli.spine import sql
from linli.spine.scope import Scope

_STANDING = """
    SELECT m.id, m.digits, m.registers, m.start_on, m.end_on, r.read_on, r.shown, r.counted, a.read_on, a.charged,
           h.days, h.totals, (SELECT max(b.read_on) FROM metering_billed b WHERE b.meter_id = m.id)
    FROM metering_meter m
    JOIN LATERAL (
        SELECT read_on, shown, counted FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' AND source <> 'estimate'
        ORDER BY read_on DESC, id DESC LIMIT 1) r ON true
    JOIN LATERAL (
        SELECT read_on, charged FROM metering_reading WHERE meter_id = m.id AND state = 'accepted'
        ORDER BY read_on DESC, id DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(x.read_on ORDER BY x.read_on, x.id) AS days,
               array_agg((SELECT sum(c) FROM unnest(x.counted) AS c) ORDER BY x.read_on, x.id) AS totals
        FROM (SELECT id, read_on, counted FROM metering_reading
              WHERE meter_id = m.id AND state = 'accepted' AND source <> 'estimate'
              ORDER BY read_on DESC, id DESC LIMIT %s) x) h ON true
    WHERE m.id = ANY(%s::uuid[]) ORDER BY m.id FOR UPDATE OF m
"""
"""Meters are held in the order of their ids, so that two who read the same ones wait for each other and never cross."""


def standing_of(scope: Scope, meters: Iterable[MeterId]) -> dict[MeterId, rules.Standing]:
    """This will hold meters and tell where they stand; one out of the scope's sight is absent."""
    rows = sql.fetch(_STANDING, rules.LOOKED_BACK, sql.as_ids(meters))
    return {MeterId(row[0]): _standing(row) for row in rows}


def _standing(row: tuple[Any, ...]) -> rules.Standing:
    meter, digits, registers, start_on, end_on, read_on, shown, counted, latest_on, charged, *history = row
    days, totals, billed_on = history
    past = tuple(rules.Past(on, total) for on, total in zip(days or (), totals or (), strict=True))
    return rules.Standing(
        meter,
        digits,
        tuple(registers),
        start_on,
        end_on,
        read_on,
        tuple(shown),
        tuple(counted),
        latest_on,
        tuple(charged),
        past,
        billed_on,
    )


def move(scope: Scope, row: Reading, verb: rules.ReadingVerb, why: str, at: datetime) -> None:
    """This will move a reading on and write down who did it and why."""
    state = rules.READING_LIFE.after(rules.ReadingState(row.state), verb)
    row.state = state.value
    Reading.objects.within(scope).filter(pk=row.pk).update(state=state.value)
    Move.objects.create(reading=row, community=row.community, verb=verb.value, who=scope.person, why=why, at=at)


def decimals(values: Iterable[Decimal]) -> list[Decimal]:
    """This will write values as the database keeps them."""
    return [Decimal(value).quantize(Decimal("0.001")) for value in values]
