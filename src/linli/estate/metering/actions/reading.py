"""Taking readings: at the desk, on foot, from a sheet, from residents, and by estimate where none came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.estate.metering import rules
from linli.estate.metering.actions.standing import decimals, standing_of
from linli.estate.metering.models import Meter, Move, Reading
from linli.ground.files import actions as files
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, FileId, HomeId, MeterId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_READINGS = 50_000
PORTION = 2_000
PURPOSE = "meter_picture"


class LooksWrong(Refusal):
    """Somebody who stands before the meter is asked to look once more."""

    says = _("This looks doubtful: {went} went through since the last reading. Look again; if it is so, keep it.")
    status = 422


class ReadAlready(Refusal):
    """There is a reading of this meter and this day already, or one that waits for an answer."""

    says = _("This meter has a reading of this day already.")


class WindowClosed(Refusal):
    """Residents send readings on some days of the month only."""

    says = _("Readings can be sent from day {first} to day {last} of a month.")


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """What the displays of a meter showed; `price` where the reading brings its own."""

    meter: MeterId
    shown: tuple[Decimal, ...]
    read_on: date
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How many readings stand now, and how many wait for a person."""

    accepted: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A row set behind the last reading of its meter: the row to be written, or what is wrong with which field."""

    row: ReadingRow
    followed: rules.Followed | None = None
    anomaly: rules.Anomaly | None = None
    wrong: tuple[str, str] | None = None


@action(needs=May.READ_METERS)
def take_readings(
    scope: Scope,
    *,
    community: CommunityId,
    rows: Sequence[ReadingRow],
    source: rules.Source = rules.Source.DESK,
    at: datetime,
) -> Taken:
    """This will take in many readings, all or none; a doubtful one waits for a person, a wrong one refuses them all."""
    if not 0 < len(rows) <= MOST_READINGS or len({row.meter for row in rows}) != len(rows):
        raise Invalid("rows", _("Between 1 and {most} readings, one for each meter."), most=MOST_READINGS)
    replace_estimates(scope, rows, at)
    judged = judge(scope, community, rows, at)
    for nth, each in enumerate(judged):
        if each.wrong is not None:
            raise Invalid(f"rows.{nth}.{each.wrong[0]}", each.wrong[1])
    return write(scope, community, judged, source, at)


@action(needs=May.READ_METERS, private=("note", "photo"))
def take_reading(
    scope: Scope,
    *,
    meter: MeterId,
    shown: Sequence[Decimal],
    read_on: date,
    source: rules.Source = rules.Source.WALK,
    photo: tuple[str, bytes] | None = None,
    note: str = "",
    sure: bool = False,
    said_at: datetime | None = None,
    at: datetime,
) -> rules.ReadingState:
    """This will take one reading; what looks doubtful is refused once with a word (`sure` keeps it, and it waits).

    A phone that was without a network (`said_at`) stands before the meter no longer: its doubtful reading waits, too.
    """
    place = _place(scope, meter)
    row = ReadingRow(meter, tuple(shown), read_on)
    replace_estimates(scope, [row], at)
    (judged,) = judge(scope, place.community, [row], at)
    if judged.wrong is not None:
        raise Invalid(judged.wrong[0], judged.wrong[1])
    if judged.anomaly is not None and judged.followed is not None and not (sure or said_at):
        raise LooksWrong(field="shown", went=f"{judged.followed.went.normalize():f} {rules.MEASURES[place.kind]}")
    kept = _photo(scope, photo, at)
    done = write(scope, place.community, [judged], source, at, photo=kept, note=_said(note))
    return rules.ReadingState.WAITING if done.waiting else rules.ReadingState.ACCEPTED


@action(needs=May.SEND_OWN_READING, private=("note", "photo"))
def send_reading(
    scope: Scope,
    *,
    meter: MeterId,
    shown: Sequence[Decimal],
    photo: tuple[str, bytes],
    note: str = "",
    at: datetime,
) -> None:
    """This will send a resident's own reading with its photo; it waits until the desk has looked at it."""
    place = _place(scope, meter)
    if place.home is None or place.home not in scope.homes:
        raise NotFound("meter")
    today = places.day_in(place.community, at)
    held = policy(scope, rules.MeteringPolicy, at=at, community=place.community)
    if not held.owners_send or not held.owners_from_day <= today.day <= held.owners_until_day:
        raise WindowClosed(first=held.owners_from_day, last=held.owners_until_day)
    (judged,) = judge(scope, place.community, [ReadingRow(meter, tuple(shown), today)], at)
    if judged.wrong is not None:
        raise Invalid(judged.wrong[0], judged.wrong[1])
    kept = _photo(scope, photo, at)
    write(scope, place.community, [judged], rules.Source.OWNER, at, photo=kept, note=_said(note))


@action(needs=May.READ_METERS)
def estimate_missing(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> int:
    """This will estimate, at the usual pace, each meter of which a month has no reading; what is not usual is left out.

    The next real reading puts right what was estimated.
    """
    if community not in scope.communities:
        raise NotFound("community")
    held = policy(scope, rules.MeteringPolicy, at=at, community=community)
    after = (first_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    since, until = rules.bounds(first_on, after, held.late_days)
    on = min(until - timedelta(days=1), places.day_in(community, at))
    made = 0
    for portion in _unread(community, since, until):
        standings = standing_of(scope, portion)
        guesses = ((meter, rules.estimate(standing, on)) for meter, standing in standings.items())
        rows = [ReadingRow(meter, shown, on) for meter, shown in guesses if shown is not None]
        sound = [
            Judged(row, rules.follow(standings[row.meter], row.shown))
            for row in rows
            if rules.refusal(standings[row.meter], row.shown, on, today=on) is None
        ]
        made += write(scope, community, sound, rules.Source.ESTIMATE, at).accepted if sound else 0
    return made


_UNREAD = """
    SELECT m.id FROM metering_meter m
    WHERE m.community = %s AND m.end_on IS NULL AND m.start_on < %s AND m.id > %s AND NOT EXISTS (
        SELECT FROM metering_reading r
        WHERE r.meter_id = m.id AND r.state IN ('accepted', 'waiting') AND r.read_on >= %s AND r.read_on < %s)
    ORDER BY m.id LIMIT %s
"""
_NIL = "00000000-0000-0000-0000-000000000000"


def _unread(community: CommunityId, since: date, until: date) -> Iterator[list[MeterId]]:
    after: object = _NIL
    while rows := sql.fetch(_UNREAD, community, since, after, since, until, PORTION):
        yield [MeterId(row[0]) for row in rows]
        after = rows[-1][0]


def judge(scope: Scope, community: CommunityId, rows: Sequence[ReadingRow], at: datetime) -> list[Judged]:
    """This will set each row behind its meter's last reading, and tell what is wrong or doubtful."""
    today = places.day_in(community, at)
    times = policy(scope, rules.MeteringPolicy, at=at, community=community).suspicious_times
    standings = standing_of(scope, [row.meter for row in rows])
    found = []
    for row in rows:
        standing = standings.get(row.meter)
        if standing is None:
            found.append(Judged(row, wrong=("meter", _("There is no such meter here."))))
            continue
        wrong = rules.refusal(standing, row.shown, row.read_on, today=today)
        if wrong is None and row.price is not None and not 0 <= row.price < 10_000:
            wrong = ("price", _("A price is not below nothing."))
        if wrong is not None:
            found.append(Judged(row, wrong=wrong))
        else:
            doubt = rules.anomaly(standing, row.shown, row.read_on, times)
            found.append(Judged(row, rules.follow(standing, row.shown), doubt))
    return found


def write(
    scope: Scope,
    community: CommunityId,
    judged: Sequence[Judged],
    source: rules.Source,
    at: datetime,
    *,
    photo: FileId | None = None,
    note: str = "",
) -> Taken:
    """This will write readings that were judged; a resident's, and a doubtful one, waits."""
    days = policy(scope, rules.MeteringPolicy, at=at, community=community).answer_days
    homes = _homes(scope, [each.row.meter for each in judged])
    made = []
    for each in judged:
        waits = each.anomaly is not None or source is rules.Source.OWNER
        counted = None if each.followed is None or waits else decimals(each.followed.counted)
        charged = None if each.followed is None or waits else decimals(each.followed.charged)
        made.append(
            Reading(
                meter_id=each.row.meter,
                community=community,
                home=homes.get(each.row.meter),
                read_on=each.row.read_on,
                shown=decimals(each.row.shown),
                counted=counted,
                charged=charged,
                price=each.row.price,
                source=source.value,
                state=(rules.ReadingState.WAITING if waits else rules.ReadingState.ACCEPTED).value,
                anomaly=each.anomaly.value if each.anomaly else "",
                photo=photo,
                note=note,
                taken_by=scope.person,
                taken_at=at,
                answer_by=at + timedelta(days=days) if waits else None,
            )
        )
    try:
        with transaction.atomic():
            Reading.objects.bulk_create(made, batch_size=PORTION)
    except IntegrityError as error:
        if "metering_reading_once" not in str(error):
            raise
        raise ReadAlready(field="read_on") from error
    waiting = sum(1 for row in made if row.state == rules.ReadingState.WAITING.value)
    return Taken(len(made) - waiting, waiting)


_REPLACED = """
    UPDATE metering_reading r SET state = 'replaced'
    FROM unnest(%s::uuid[], %s::date[]) AS n (meter, read_on)
    WHERE r.meter_id = n.meter AND r.read_on >= n.read_on AND r.state = 'accepted' AND r.source = 'estimate'
      AND NOT EXISTS (SELECT FROM metering_billed k WHERE k.meter_id = r.meter_id AND k.read_on >= r.read_on)
    RETURNING r.id, r.community
"""


def replace_estimates(scope: Scope, rows: Sequence[ReadingRow], at: datetime) -> None:
    """This will take back estimates of days that were not billed, where somebody has read the meter meanwhile."""
    gone = sql.fetch(_REPLACED, sql.as_ids(row.meter for row in rows), [row.read_on for row in rows])
    Move.objects.bulk_create(
        [
            Move(
                reading_id=reading,
                community=community,
                verb=rules.ReadingVerb.REPLACE.value,
                who=scope.person,
                why="read meanwhile",
                at=at,
            )
            for reading, community in gone
        ],
        batch_size=PORTION,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    community: CommunityId
    home: HomeId | None
    kind: rules.Kind


def _place(scope: Scope, meter: MeterId) -> _Place:
    row = Meter.objects.within(scope).filter(pk=meter).values_list("community", "home", "kind").first()
    if row is None:
        raise NotFound("meter")
    return _Place(CommunityId(row[0]), HomeId(row[1]) if row[1] else None, rules.Kind(row[2]))


def _homes(scope: Scope, meters: Sequence[MeterId]) -> dict[MeterId, UUID | None]:
    rows = Meter.objects.within(scope).filter(pk__in=meters).values_list("pk", "home")
    return {MeterId(meter): home for meter, home in rows}


def _photo(scope: Scope, photo: tuple[str, bytes] | None, at: datetime) -> FileId | None:
    if photo is None:
        return None
    try:
        return files.keep_file(scope, name=photo[0], content=photo[1], purpose=PURPOSE, at=at)
    except Refusal as refusal:
        refusal.field = "photo"
        raise


def _said(note: str) -> str:
    said = note.strip()
    if len(said) > rules.MOST_NOTE:
        raise Invalid("note", _("At most {most} characters."), most=rules.MOST_NOTE)
    return said
