"""What a person decides about readings: accept, refuse, correct; and which days stand for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from linli.estate.metering import rules
from linli.estate.metering.actions.reading import ReadingRow, judge, write
from linli.estate.metering.actions.standing import decimals, move, standing_of
from linli.estate.metering.models import Reading
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, FileId, MeterId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

PORTION = 500


class Billed(Refusal):
    """What was charged by this reading stands; a new reading puts it right."""

    says = _("This reading was billed. Take a new one: it puts right what was charged.")


class LaterStands(Refusal):
    """Readings are decided in the order of their days."""

    says = _("A later reading stands already. Refuse this one, or correct the later one first.")


@action(needs=May.READ_METERS, private=("why",))
def accept_reading(scope: Scope, *, reading: int, why: str = "", at: datetime) -> None:
    """This will let a reading stand that waited; one that shows less than before has gone past its last digit."""
    row = _held(scope, reading)
    rules.READING_LIFE.after(rules.ReadingState(row.state), rules.ReadingVerb.ACCEPT)
    standing = standing_of(scope, [MeterId(row.meter_id)])[MeterId(row.meter_id)]
    if standing.billed_on is not None and row.read_on <= standing.billed_on:
        raise Billed
    if row.read_on < standing.latest_on:
        raise LaterStands
    followed = rules.follow(standing, row.shown)
    Reading.objects.within(scope).filter(pk=row.pk).update(
        counted=decimals(followed.counted), charged=decimals(followed.charged)
    )
    move(scope, row, rules.ReadingVerb.ACCEPT, _why(why), at)


@action(needs=May.READ_METERS, private=("why",))
def refuse_reading(scope: Scope, *, reading: int, why: str, at: datetime) -> None:
    """This will refuse a reading that waited; the meter is to be read again."""
    said = _why(why)
    if not said:
        raise Invalid("why", _("Say why, so that it is read better."))
    move(scope, _held(scope, reading), rules.ReadingVerb.REFUSE, said, at)


@action(needs=May.READ_METERS, private=("why",))
def correct_reading(
    scope: Scope, *, reading: int, shown: Sequence[Decimal], why: str, at: datetime
) -> rules.ReadingState:
    """This will put another reading of the same day in the place of the latest one; the old one stays to be seen."""
    row, said = _held(scope, reading), _why(why)
    if not said:
        raise Invalid("why", _("Say what was wrong."))
    if row.source in (rules.Source.INSTALLED.value, rules.Source.FINAL.value):
        raise Invalid("shown", _("The first and the last reading of a meter stand. Exchange the meter instead."))
    community, meter = CommunityId(row.community), MeterId(row.meter_id)
    standing = standing_of(scope, [meter])[meter]
    if standing.billed_on is not None and row.read_on <= standing.billed_on:
        raise Billed
    if row.state == rules.ReadingState.ACCEPTED.value and standing.latest_on > row.read_on:
        raise LaterStands
    move(scope, row, rules.ReadingVerb.REPLACE, said, at)
    (judged,) = judge(scope, community, [ReadingRow(meter, tuple(shown), row.read_on, row.price)], at)
    if judged.wrong is not None:
        raise Invalid(judged.wrong[0], judged.wrong[1])
    photo = FileId(row.photo) if row.photo else None
    done = write(scope, community, [judged], rules.Source.DESK, at, photo=photo)
    return rules.ReadingState.WAITING if done.waiting else rules.ReadingState.ACCEPTED


@dataclass(frozen=True, slots=True)
class BilledTo:
    """The last reading of a meter that a bill was made of, and for which use; of whole days (`days_end_on`) their end.

    Where whole days were billed, readings that come late for them belong to them as well.
    """

    meter: MeterId
    use: UUID
    read_on: date
    days_end_on: date | None = None


@dataclass(frozen=True, slots=True)
class NotBilled:
    """A subject (a home with meters of a kind, or a meter) that a bill left out: its next one begins where this would
    have (`since`). `held_from` is since when it is charged."""

    subject: UUID
    kind: str
    use: UUID
    since: date
    held_from: date


_NOT_BILLED = """
    INSERT INTO metering_billed (id, meter_id, community, use, month, read_on)
    SELECT gen_random_uuid(), m.id, m.community, n.use, %s, n.since - 1
    FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::date[]) AS n (subject, kind, use, since, held_from)
    JOIN metering_meter m ON m.community = %s AND (m.id = n.subject OR (m.home = n.subject AND m.kind = n.kind))
    WHERE NOT EXISTS (SELECT FROM metering_billed k
                      WHERE k.meter_id = m.id AND k.use = n.use AND k.read_on >= n.held_from - 1)
    ON CONFLICT (meter_id, use, month) DO NOTHING
"""
_BILLED = """
    INSERT INTO metering_billed AS k (id, meter_id, community, use, month, read_on)
    SELECT gen_random_uuid(), m.id, m.community, b.use, %s, b.read_on
    FROM unnest(%s::uuid[], %s::uuid[], %s::date[]) AS b (meter, use, read_on)
    JOIN metering_meter m ON m.id = b.meter AND m.community = %s
    ON CONFLICT (meter_id, use, month) DO UPDATE SET read_on = greatest(k.read_on, excluded.read_on)
"""


@action(needs=May.ISSUE_BILLS)
def lock_readings(scope: Scope, *, community: CommunityId, month: date, rows: Sequence[BilledTo], at: datetime) -> None:
    """This will lock the readings that bills of a month were made of, and only those: later ones are billed later."""
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    late = timedelta(days=policy(scope, rules.MeteringPolicy, at=at, community=community).late_days - 1)
    until = [row.read_on if row.days_end_on is None else max(row.read_on, row.days_end_on + late) for row in rows]
    meters = [row.meter for row in rows]
    sql.run(_BILLED, month, sql.as_ids(meters), sql.as_ids(row.use for row in rows), until, community)


@action(needs=May.ISSUE_BILLS)
def mark_left_out(
    scope: Scope, *, community: CommunityId, month: date, rows: Sequence[NotBilled], at: datetime
) -> None:
    """This will write down what the bills of a month left out, so that the next ones take it along."""
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    subjects, uses = sql.as_ids(row.subject for row in rows), sql.as_ids(row.use for row in rows)
    days = [row.since for row in rows], [row.held_from for row in rows]
    sql.run(_NOT_BILLED, month, subjects, [row.kind for row in rows], uses, *days, community)


@action(needs=May.RUN_CLOCKS)
def lapse_readings(scope: Scope, *, at: datetime) -> int:
    """This will let readings lapse that nobody answered in time: their meters are to be read again."""
    rows = Reading.objects.within(scope).filter(state=rules.ReadingState.WAITING.value, answer_by__lte=at)
    due = list(rows.order_by("answer_by", "id").select_for_update(skip_locked=True)[:PORTION])
    for row in due:
        move(scope, row, rules.ReadingVerb.LAPSE, "nobody answered in time", at)
    return len(due)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote beside their readings; the readings stay, nameless."""
    sql.run("SELECT metering_forget(%s)", person)


def _held(scope: Scope, reading: int) -> Reading:
    row = Reading.objects.within(scope).select_for_update().filter(pk=reading).first()
    if row is None:
        raise NotFound("reading")
    return row


def _why(why: str) -> str:
    said = why.strip()
    if len(said) > rules.MOST_NOTE:
        raise Invalid("why", _("At most {most} characters."), most=rules.MOST_NOTE)
    return said
