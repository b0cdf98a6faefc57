"""How the reading of a month goes: progress, the next meter on foot, what waits for a person, and the sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from linli.estate.metering import rules
from linli.estate.metering.models import Reading
from linli.estate.metering.queries.cards import CARD, MeterCard, ReadingCard, cards_of
from linli.ground.files import queries as files
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, FileId, MeterId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 20_000
FILE_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of a month is: meters in place, read by a person, estimated, doubtful, and not read."""

    kind: rules.Kind
    meters: int
    read: int
    estimated: int
    waiting: int
    since: date
    until: date
    """Read on the days from `since` up to the one before `until`."""

    @property
    def unread(self) -> int:
        return self.meters - self.read - self.estimated - self.waiting


@dataclass(frozen=True, slots=True)
class Stop:
    """The next meter on foot, how many are left with it, and what is usual for it in a month (counts)."""

    card: MeterCard
    left: int
    usual: Decimal | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A reading that waits for a person, with its meter."""

    reading: ReadingCard
    card: MeterCard


@dataclass(frozen=True, slots=True)
class ReadingsFile:
    name: str
    mime: str
    content: bytes


# What a display showed when it was put in is where its first month begins; it is read in that month like the others.
_READ_IN = """
    SELECT m.kind, count(*)::int, count(*) FILTER (WHERE r.how = 'read')::int,
           count(*) FILTER (WHERE r.how = 'estimated')::int, count(*) FILTER (WHERE r.how = 'waiting')::int,
           w.since, w.until
    FROM metering_meter m
    JOIN unnest(%s::text[], %s::date[], %s::date[]) AS w (kind, since, until) ON w.kind = m.kind
    LEFT JOIN LATERAL (
        SELECT CASE WHEN x.state = 'waiting' THEN 'waiting' WHEN x.source = 'estimate' THEN 'estimated'
                    ELSE 'read' END AS how
        FROM metering_reading x
        WHERE x.meter_id = m.id AND x.state IN ('waiting', 'accepted') AND x.source <> 'installed'
          AND x.read_on >= w.since AND x.read_on < w.until
        ORDER BY x.state = 'waiting' DESC, x.source = 'estimate', x.id DESC LIMIT 1) r ON true
    WHERE m.community = %s AND m.end_on IS NULL AND m.start_on < w.until
    GROUP BY m.kind, w.since, w.until ORDER BY m.kind, w.since
"""
_UNREAD = """ m.community = %s AND m.end_on IS NULL AND m.start_on < %s AND (%s::text IS NULL OR m.kind = %s)
    AND NOT EXISTS (SELECT FROM metering_reading x WHERE x.meter_id = m.id AND x.state IN ('waiting', 'accepted')
                    AND x.source NOT IN ('estimate', 'installed') AND x.read_on >= %s AND x.read_on < %s)
"""
_NEXT = (
    CARD
    + " WHERE"
    + _UNREAD
    + """ AND (%s::uuid IS NULL OR (m.walk, m.id) > (SELECT p.walk, p.id FROM metering_meter p WHERE p.id = %s))
    ORDER BY m.walk, m.id LIMIT %s
"""
)
_LEFT = "SELECT count(*)::int FROM metering_meter m WHERE" + _UNREAD
_USUAL = """
    SELECT (max(c.total) - min(c.total)) / nullif(max(c.read_on) - min(c.read_on), 0) * 30 FROM (
        SELECT read_on, (SELECT sum(u) FROM unnest(counted) u) AS total FROM metering_reading
        WHERE meter_id = %s AND state = 'accepted' AND source <> 'estimate' ORDER BY read_on DESC, id DESC LIMIT %s) c
"""
_CARDS = CARD + " WHERE m.id = ANY(%s::uuid[])"
_SHEET = CARD + " WHERE m.community = %s AND m.end_on IS NULL ORDER BY m.walk, m.id LIMIT %s"
_MONTH_READINGS = """
    SELECT DISTINCT ON (meter_id) meter_id, read_on, shown, price FROM metering_reading
    WHERE community = %s AND state = 'accepted' AND source <> 'estimate' AND read_on >= %s AND read_on < %s
    ORDER BY meter_id, read_on DESC, id DESC LIMIT %s
"""


@query
def progress(
    scope: Scope,
    *,
    community: CommunityId,
    first_on: date,
    days: Sequence[tuple[str, tuple[date, date]]] = (),
    at: datetime,
) -> tuple[Progress, ...]:
    """This will tell, kind by kind, how many meters of a community were read in a month, or on the `days` of a kind."""
    since, until = month_of(scope, community, first_on, at)
    own = [(kind, *each) for kind, each in days]
    usual = [(kind.value, since, until) for kind in rules.Kind if kind.value not in {kind for kind, *_days in own}]
    rows = sql.fetch(_READ_IN, *(list(column) for column in zip(*own, *usual, strict=True)), community)
    return tuple(Progress(rules.Kind(kind), *counts) for kind, *counts in rows)


@query
def next_on_walk(
    scope: Scope,
    *,
    community: CommunityId,
    first_on: date,
    kind: rules.Kind | None = None,
    after: MeterId | None = None,
    at: datetime,
) -> Stop | None:
    """This will give the next meter that was not read in a month, in the order in which one walks; None at the end."""
    since, until = month_of(scope, community, first_on, at)
    chosen = kind.value if kind else None
    unread = (community, until, chosen, chosen, since, until)
    cards = cards_of(sql.fetch(_NEXT, *unread, after, after, 1))
    if not cards:
        return None
    left = sql.fetch_one(_LEFT, *unread)
    usual = sql.fetch_one(_USUAL, cards[0].id, rules.LOOKED_BACK)
    return Stop(cards[0], left[0] if left else 0, usual[0].quantize(Decimal(1)) if usual and usual[0] else None)


@query
def stops_ahead(
    scope: Scope,
    *,
    community: CommunityId,
    after: MeterId,
    first_on: date,
    kind: rules.Kind | None = None,
    limit: int = 8,
    at: datetime,
) -> tuple[MeterCard, ...]:
    """This will list the meters that come after one on the walk and were not read in a month."""
    since, until = month_of(scope, community, first_on, at)
    chosen = kind.value if kind else None
    unread = (community, until, chosen, chosen, since, until)
    return tuple(cards_of(sql.fetch(_NEXT, *unread, after, after, min(limit, MOST))))


@query
def doubtful(
    scope: Scope, *, communities: Iterable[CommunityId], after: int | None = None, limit: int = 50
) -> tuple[Doubtful, ...]:
    """This will list the readings that wait for a person, whose answer is due first."""
    rows = Reading.objects.within(scope).filter(community__in=list(communities), state=rules.ReadingState.WAITING.value)
    if after is not None:
        last = rows.filter(pk=after).values_list("answer_by", flat=True).first()
        rows = rows.filter(answer_by__gte=last).exclude(answer_by=last, pk__lte=after) if last else rows
    found = list(rows.order_by("answer_by", "id")[: min(limit, MOST)])
    cards = {card.id: card for card in cards_of(sql.fetch(_CARDS, sql.as_ids(row.meter_id for row in found)))}
    return tuple(Doubtful(_card(row), cards[MeterId(row.meter_id)]) for row in found)


@query
def doubtful_counted(scope: Scope, *, communities: Iterable[CommunityId]) -> int:
    """This will count the readings that wait for a person."""
    rows = Reading.objects.within(scope).filter(community__in=list(communities))
    return rows.filter(state=rules.ReadingState.WAITING.value).count()


@query
def sent_by_me(scope: Scope, *, meters: Iterable[MeterId]) -> dict[MeterId, ReadingCard]:
    """This will give the latest reading that a resident sent of each of these meters, whatever became of it."""
    rows = Reading.objects.within(scope).filter(meter__among=list(meters), source=rules.Source.OWNER.value)
    latest = rows.order_by("meter", "-id").distinct("meter")[:MOST]
    return {MeterId(row.meter_id): _card(row) for row in latest}


@query
def photo_link(scope: Scope, *, reading: int, at: datetime) -> str:
    """This will sign a word that opens the photo of a reading, for whoever may see the reading."""
    photo = Reading.objects.within(scope).filter(pk=reading).values_list("photo", flat=True).first()
    if photo is None:
        raise NotFound("photo")
    return files.link(SYSTEM, file=FileId(photo), at=at)


@query
def readings_file(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> ReadingsFile:
    """This will write the meters of a community with a month's readings as the sheet that can be imported again."""
    if community not in scope.communities:
        raise NotFound("community")
    since, until = month_of(scope, community, first_on, at)
    cards = cards_of(sql.fetch(_SHEET, community, FILE_MOST))
    read = {row[0]: row[1:] for row in sql.fetch(_MONTH_READINGS, community, since, until, FILE_MOST)}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["door", "meter", "kind", "last_on", "last", "read_on", "reading", "peak", "flat", "valley", "price"]
    )
    for card in cards:
        on, shown, price = read.get(card.id, (None, (), None))
        values = dict(zip(card.registers, shown, strict=False)) if on else {}
        cells = [card.where, card.label, card.kind.value, card.last_on.isoformat(), _plain(card.last)]
        cells += [on.isoformat() if on else "", _plain([values["total"]]) if "total" in values else ""]
        cells += [_plain([values[word]]) if word in values else "" for word in ("peak", "flat", "valley")]
        writer.writerow([_harmless(cell) for cell in (*cells, "" if price is None else _plain([price]))])
    name = f"readings-{first_on:%Y-%m}.csv"
    return ReadingsFile(name, "text/csv", out.getvalue().encode("utf-8-sig"))


def month_of(scope: Scope, community: CommunityId, first_on: date, at: datetime) -> tuple[date, date]:
    """This will tell between which days the readings of a month lie."""
    held = policy(scope, rules.MeteringPolicy, at=at, community=community)
    after = (first_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return rules.bounds(first_on.replace(day=1), after, held.late_days)


def _plain(values: Iterable[Decimal]) -> str:
    return " / ".join(f"{value.normalize():f}" for value in values)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _card(row: Reading) -> ReadingCard:
    return ReadingCard(
        row.pk,
        MeterId(row.meter_id),
        row.read_on,
        tuple(row.shown),
        None,
        rules.Source(row.source),
        rules.ReadingState(row.state),
        rules.Anomaly(row.anomaly) if row.anomaly else None,
        FileId(row.photo) if row.photo else None,
        row.note,
        None,
        row.taken_at,
        row.answer_by,
    )
