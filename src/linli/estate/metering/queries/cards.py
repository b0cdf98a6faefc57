"""Meters as pages show them: lists, one meter with its readings, the residents' own, and usage month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from linli.estate.metering import rules
from linli.estate.metering.models import Meter, Share
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, FileId, HomeId, MeterId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200
MOST_OF_COMMUNITY = 100_000
MOST_READINGS = 60
MOST_OF_SHEET = 20_000


@dataclass(frozen=True, slots=True)
class MeterCard:
    """A meter with its latest reading that stands; `door` is empty for a shared one."""

    id: MeterId
    community: CommunityId
    home: HomeId | None
    door: str
    kind: rules.Kind
    serves: rules.Serves
    label: str
    place: str
    factor: Decimal
    digits: int
    registers: tuple[str, ...]
    start_on: date
    end_on: date | None
    last_on: date
    last: tuple[Decimal, ...]
    is_estimate: bool

    @property
    def measure(self) -> str:
        return rules.MEASURES[self.kind]

    @property
    def where(self) -> str:
        return self.door or self.place or self.label


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """A reading as it stands in a list; `used` is what went through since the one before, where it counts."""

    id: int
    meter: MeterId
    read_on: date
    shown: tuple[Decimal, ...]
    used: Decimal | None
    source: rules.Source
    state: rules.ReadingState
    anomaly: rules.Anomaly | None
    photo: FileId | None
    note: str
    taken_by: PartyId | None
    taken_at: datetime
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class MoveCard:
    reading: int
    verb: str
    who: PartyId | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeterPage:
    """A meter, its latest readings, what was decided about them, how many homes share it, and what is usual a month."""

    card: MeterCard
    readings: tuple[ReadingCard, ...]
    moves: tuple[MoveCard, ...]
    shared_by: int


@dataclass(frozen=True, slots=True)
class MonthUsed:
    first_on: date
    used: Decimal
    is_estimate: bool


CARD = """
    SELECT m.id, m.community, m.home, m.kind, m.serves, m.label, m.place, m.factor, m.digits, m.registers,
           m.start_on, m.end_on, r.read_on, r.shown, r.source
    FROM metering_meter m
    JOIN LATERAL (
        SELECT read_on, shown, source FROM metering_reading WHERE meter_id = m.id AND state = 'accepted'
        ORDER BY read_on DESC, id DESC LIMIT 1) r ON true
"""


class MeterSort(StrEnum):
    """By what a list of meters is sorted; the way is the order in which one walks past them."""

    WAY = "way"
    NUMBER = "number"
    READ = "read"


_SORTED_BY = {
    MeterSort.WAY: ("m.walk", "p.walk"),
    MeterSort.NUMBER: ("m.label", "p.label"),
    MeterSort.READ: (
        "r.read_on",
        "(SELECT max(x.read_on) FROM metering_reading x WHERE x.meter_id = p.id AND x.state = 'accepted')",
    ),
}
"""What a meter is sorted by, and the same of the one after which a page begins."""
_LISTED = (
    CARD
    + """
    WHERE m.community = %s AND (%s::text IS NULL OR m.kind = %s) AND (NOT %s OR m.home IS NULL)
      AND (%s OR m.end_on IS NULL)
      AND (%s::uuid[] IS NULL OR m.home = ANY(%s::uuid[]) OR m.label ILIKE %s OR m.place ILIKE %s)
      AND (%s::uuid IS NULL OR ({by}, m.id) {beyond} (SELECT {of_last}, p.id FROM metering_meter p WHERE p.id = %s))
    ORDER BY {by} {way}, m.id {way} LIMIT %s
"""
)
_MINE = CARD + " WHERE m.home = ANY(%s::uuid[]) AND m.end_on IS NULL ORDER BY m.walk, m.id LIMIT %s"
_ONE = CARD + " WHERE m.id = %s"
_READINGS = """
    SELECT x.id, x.meter_id, x.read_on, x.shown,
           (SELECT sum(c) FROM unnest(x.charged) c) - lag((SELECT sum(c) FROM unnest(x.charged) c)) OVER (
               PARTITION BY x.state = 'accepted' ORDER BY x.read_on, x.id),
           x.source, x.state, x.anomaly, x.photo, x.note, x.taken_by, x.taken_at, x.answer_by
    FROM (SELECT * FROM metering_reading WHERE meter_id = %s ORDER BY read_on DESC, id DESC LIMIT %s) x
    ORDER BY x.read_on DESC, x.id DESC
"""
_MOVES = """
    SELECT v.reading_id, v.verb, v.who, v.why, v.at FROM metering_move v
    WHERE v.reading_id = ANY(%s::bigint[]) ORDER BY v.at DESC, v.id DESC LIMIT %s
"""
_MONTHS = """
    SELECT date_trunc('month', read_on)::date, max((SELECT sum(c) FROM unnest(charged) c)),
           (array_agg(source ORDER BY read_on DESC, id DESC))[1]
    FROM metering_reading WHERE meter_id = %s AND state = 'accepted'
    GROUP BY 1 ORDER BY 1 DESC LIMIT %s
"""


@query
def meters(
    scope: Scope,
    *,
    community: CommunityId,
    kind: rules.Kind | None = None,
    words: str = "",
    shared_only: bool = False,
    with_old: bool = False,
    order: MeterSort = MeterSort.WAY,
    is_rising: bool = True,
    after: MeterId | None = None,
    limit: int = 50,
) -> tuple[MeterCard, ...]:
    """This will list the meters of a community in the order in which one walks past them, or as `order` says."""
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    named = words.strip()
    homes = [home.id for home in places.find_homes(community, words=named, limit=places.MOST_HOMES)] if named else None
    like = "%" + named.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    chosen = kind.value if kind else None
    rows = sql.fetch(
        _listed(order, is_rising=is_rising),
        community,
        chosen,
        chosen,
        shared_only,
        with_old,
        homes,
        homes,
        like,
        like,
        after,
        after,
        min(limit, MOST),
    )
    return cards_of(rows)


def _listed(order: MeterSort, *, is_rising: bool) -> str:
    by, of_last = _SORTED_BY[order]
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    return _LISTED.format(by=by, of_last=of_last, way=way, beyond=beyond)


@query
def meter_page(scope: Scope, *, meter: MeterId) -> MeterPage:
    """This will show a meter with its latest readings and what was decided about them."""
    cards = cards_of(sql.fetch(_ONE, meter))
    if not cards:
        raise NotFound("meter")
    readings = tuple(_reading_card(row) for row in sql.fetch(_READINGS, meter, MOST_READINGS))
    moves = sql.fetch(_MOVES, [each.id for each in readings], MOST)
    shared_by = 0 if cards[0].home else Share.objects.within(scope).filter(meter=meter, weight__gt=0).count()
    return MeterPage(cards[0], readings, tuple(MoveCard(*row) for row in moves), shared_by)


@query
def readings_of(scope: Scope, *, meter: MeterId, limit: int = MOST_READINGS) -> tuple[ReadingCard, ...]:
    """This will list the readings of a meter, the latest first, for a sheet."""
    if not Meter.objects.within(scope).filter(pk=meter).exists():
        raise NotFound("meter")
    return tuple(_reading_card(row) for row in sql.fetch(_READINGS, meter, min(limit, MOST_OF_SHEET)))


@query
def meters_of_homes(scope: Scope, *, community: CommunityId) -> dict[tuple[HomeId, rules.Kind], str]:
    """This will give the number of the meter of each home and kind of a community, for a sheet that names them."""
    rows = Meter.objects.within(scope).filter(community=community, end_on=None, home__isnull=False)
    cells = rows.values_list("home", "kind", "label")[:MOST_OF_COMMUNITY]
    return {(HomeId(home), rules.Kind(kind)): label for home, kind, label in cells if home is not None}


@query
def my_meters(scope: Scope) -> tuple[MeterCard, ...]:
    """This will list the meters of a resident's homes."""
    return cards_of(sql.fetch(_MINE, list(scope.homes), MOST)) if scope.homes else ()


@query
def months_of(scope: Scope, *, meter: MeterCard, months: int = 12) -> tuple[MonthUsed, ...]:
    """This will tell what was charged of a meter month by month, the oldest first: as far as readings go."""
    rows = sql.fetch(_MONTHS, meter.id, months + 1)[::-1]
    return tuple(
        MonthUsed(now[0], (now[1] - before[1]) * meter.factor, now[2] == rules.Source.ESTIMATE.value)
        for before, now in pairwise(rows)
    )


def cards_of(rows: Sequence[tuple[Any, ...]]) -> tuple[MeterCard, ...]:
    """This will make cards of rows, with the doors of all homes asked once."""
    homes = [HomeId(row[2]) for row in rows if row[2] is not None]
    doors = {home: card.door for home, card in places.homes(homes).items()} if homes else {}
    return tuple(
        MeterCard(
            MeterId(row[0]),
            CommunityId(row[1]),
            HomeId(row[2]) if row[2] else None,
            doors.get(HomeId(row[2]), "") if row[2] else "",
            rules.Kind(row[3]),
            rules.Serves(row[4]),
            row[5],
            row[6],
            row[7],
            row[8],
            tuple(row[9]),
            row[10],
            row[11],
            row[12],
            tuple(row[13]),
            row[14] == rules.Source.ESTIMATE.value,
        )
        for row in rows
    )


def _reading_card(row: tuple[Any, ...]) -> ReadingCard:
    id_, meter, on, shown, used, source, state, anomaly, *rest = row
    stands = state == rules.ReadingState.ACCEPTED.value
    return ReadingCard(
        id_,
        MeterId(meter),
        on,
        tuple(shown),
        used if stands else None,
        rules.Source(source),
        rules.ReadingState(state),
        rules.Anomaly(anomaly) if anomaly else None,
        *rest,
    )
