"""Keeping meters: putting them in, saying who shares them, exchanging them and taking them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from linli.estate.metering import rules
from linli.estate.metering.actions.standing import move, standing_of
from linli.estate.metering.models import Meter, Reading, Share
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_METERS = 50_000
MOST_SHARES = 20_000
PORTION = 2_000


class TakenLabel(Refusal):
    """Two meters of a community and a kind would bear one number."""

    says = _("There is already a meter of this kind and number.")


class WasRead(Refusal):
    """A meter that was read is taken out with its last reading; it is not undone."""

    says = _("{n} of these meters were read meanwhile. They cannot be taken back.")


class TakenOut(Refusal):
    """The meter is not in place any more."""

    says = _("This meter was taken out on {day}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the old meter showed last, and the one that takes its place."""

    final: tuple[Decimal, ...]
    label: str
    first: tuple[Decimal, ...]
    digits: int | None = None
    factor: Decimal | None = None


@action(needs=May.KEEP_METERS)
def add_meters(
    scope: Scope, *, community: CommunityId, drafts: Sequence[rules.MeterDraft], at: datetime
) -> tuple[MeterId, ...]:
    """This will put meters in, all or none, each with its first reading; in the order of the drafts."""
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    if not 0 < len(drafts) <= MOST_METERS:
        raise Invalid("meters", _("Between 1 and {most} meters."), most=MOST_METERS)
    doors = _doors(community, drafts)
    for nth, draft in enumerate(drafts):
        wrong = rules.problem(draft)
        if wrong is not None:
            raise Invalid(wrong[0] if len(drafts) == 1 else f"meters.{nth}.{wrong[0]}", wrong[1])
    meters = [_meter(community, draft, doors.get(draft.home) if draft.home else "", at) for draft in drafts]
    _insert(scope, meters, [draft.first for draft in drafts], at)
    return tuple(MeterId(meter.pk) for meter in meters)


@action(needs=May.KEEP_METERS)
def remove_meters(scope: Scope, *, meters: Sequence[MeterId], at: datetime) -> int:
    """This will take meters back that were put in by mistake, as if they had never been; refused once one was read."""
    rows = Meter.objects.within(scope).filter(pk__among=list(meters))
    readings = Reading.objects.within(scope).filter(meter__among=list(meters))
    read = readings.exclude(source=rules.Source.INSTALLED.value).values("meter").distinct().count()
    if read or Meter.objects.within(scope).filter(after__among=list(meters)).exists():
        raise WasRead(n=read or 1)
    readings.delete()
    Share.objects.within(scope).filter(meter__among=list(meters)).delete()
    return rows.delete()[0]


@action(needs=May.KEEP_METERS)
def describe_meter(scope: Scope, *, meter: MeterId, label: str, place: str, at: datetime) -> None:
    """This will correct the number and the place of a meter; what it counted stays."""
    row = held_meter(scope, meter)
    wrong = rules.problem(_draft_of(row, label=label, place=place))
    if wrong is not None:
        raise Invalid(wrong[0], wrong[1])
    door = places.home(HomeId(row.home)).door if row.home else ""
    walk = rules.walk_key(door, place, rules.Kind(row.kind), label)
    try:
        with transaction.atomic():
            Meter.objects.within(scope).filter(pk=row.pk).update(label=label, place=place, walk=walk)
    except IntegrityError as error:
        raise TakenLabel(field="label") from error


@action(needs=May.KEEP_METERS)
def set_shares(scope: Scope, *, meter: MeterId, shares: Mapping[HomeId, Decimal], at: datetime) -> int:
    """This will say which homes share a meter, and with what weight; who is left out shares nothing."""
    row = held_meter(scope, meter)
    if row.home is not None:
        raise Invalid("meter", _("This is the meter of one home."))
    if not 0 < len(shares) <= MOST_SHARES or not any(shares.values()):
        raise Invalid("shares", _("Somebody has to share it."))
    if any(not weight.is_finite() or not 0 <= weight < 10**8 for weight in shares.values()):
        raise Invalid("shares", _("A weight is not below nothing."))
    known = places.homes(shares)
    if any(home not in known or known[home].community != row.community for home in shares):
        raise Invalid("shares", _("There is no such home in this community."))
    Share.objects.within(scope).filter(meter=row).delete()
    made = [
        Share(id=ids.new(), meter=row, community=row.community, home=home, weight=weight)
        for home, weight in shares.items()
    ]
    return len(Share.objects.bulk_create(made, batch_size=PORTION))


@action(needs=May.KEEP_METERS)
def end_meter(scope: Scope, *, meter: MeterId, final: Sequence[Decimal], on: date, at: datetime) -> None:
    """This will take a meter out on a day, with what it showed last."""
    _close(scope, held_meter(scope, meter), tuple(final), on, at)


@action(needs=May.KEEP_METERS)
def exchange_meter(scope: Scope, *, meter: MeterId, exchange: Exchange, on: date, at: datetime) -> MeterId:
    """This will put another meter in the place of one; usage goes on as two segments."""
    old = held_meter(scope, meter)
    _close(scope, old, exchange.final, on, at)
    draft = replace(
        _draft_of(old, label=exchange.label, place=old.place),
        start_on=on,
        first=exchange.first,
        digits=exchange.digits or old.digits,
        factor=exchange.factor or old.factor,
    )
    wrong = rules.problem(draft)
    if wrong is not None:
        raise Invalid(wrong[0], wrong[1])
    door = places.home(HomeId(old.home)).door if old.home else ""
    new = _meter(CommunityId(old.community), draft, door, at)
    new.after = old
    _insert(scope, [new], [draft.first], at)
    weights = Share.objects.within(scope).filter(meter=old).values_list("home", "weight")[:MOST_SHARES]
    Share.objects.bulk_create(
        [Share(id=ids.new(), meter=new, community=old.community, home=home, weight=weight) for home, weight in weights],
        batch_size=PORTION,
    )
    return MeterId(new.pk)


def held_meter(scope: Scope, meter: MeterId) -> Meter:
    """This will give a meter under lock, or refuse one that is not there or not in place any more."""
    row = Meter.objects.within(scope).select_for_update().filter(pk=meter).first()
    if row is None:
        raise NotFound("meter")
    if row.end_on is not None:
        raise TakenOut(day=row.end_on.isoformat())
    return row


def _close(scope: Scope, row: Meter, final: tuple[Decimal, ...], on: date, at: datetime) -> None:
    """The last reading replaces whatever else was read that day, and what still waited."""
    community = CommunityId(row.community)
    standing = standing_of(scope, [MeterId(row.pk)])[MeterId(row.pk)]
    wrong = rules.refusal(standing, final, on, today=places.day_in(community, at))
    if wrong is not None:
        raise Invalid({"shown": "final", "read_on": "on"}[wrong[0]], wrong[1])
    if rules.anomaly(standing, final, on, Decimal(10**6)) is rules.Anomaly.LOWER:
        raise Invalid("final", _("The meter showed more than this before."))
    rows = Reading.objects.within(scope).filter(meter=row)
    waiting = list(rows.filter(state=rules.ReadingState.WAITING.value)[:100])
    same_day = list(rows.filter(state=rules.ReadingState.ACCEPTED.value, read_on=on)[:1])
    for each in (*waiting, *same_day):
        if each.source != rules.Source.INSTALLED.value:
            move(scope, each, rules.ReadingVerb.REPLACE, "meter taken out", at)
    followed = rules.follow(standing, final)
    Reading.objects.create(
        meter=row,
        community=row.community,
        home=row.home,
        read_on=on,
        shown=list(final),
        counted=list(followed.counted),
        charged=list(followed.charged),
        source=rules.Source.FINAL.value,
        state=rules.ReadingState.ACCEPTED.value,
        taken_by=scope.person,
        taken_at=at,
    )
    Meter.objects.within(scope).filter(pk=row.pk).update(end_on=on)


def _doors(community: CommunityId, drafts: Sequence[rules.MeterDraft]) -> dict[HomeId, str]:
    homes = {draft.home for draft in drafts if draft.home is not None}
    known = places.homes(homes) if homes else {}
    for nth, draft in enumerate(drafts):
        if draft.home is not None and (draft.home not in known or known[draft.home].community != community):
            raise Invalid(
                "home" if len(drafts) == 1 else f"meters.{nth}.home", _("There is no such home in this community.")
            )
    return {home: card.door for home, card in known.items()}


def _meter(community: CommunityId, draft: rules.MeterDraft, door: str | None, at: datetime) -> Meter:
    return Meter(
        id=ids.new(),
        community=community,
        home=draft.home,
        building=draft.building,
        kind=draft.kind.value,
        serves=draft.serves.value,
        label=draft.label,
        place=draft.place,
        factor=draft.factor,
        digits=draft.digits,
        registers=list(draft.registers),
        start_on=draft.start_on,
        walk=rules.walk_key(door or "", draft.place, draft.kind, draft.label),
        added_at=at,
    )


_METERS = """
    INSERT INTO metering_meter (id, community, home, building, kind, serves, label, place, factor, digits, registers,
                                start_on, after_id, walk, added_at)
    SELECT id, community, home, building, kind, serves, label, place, factor, digits, registers, start_on, after, walk,
           %s
    FROM jsonb_to_recordset(%s::jsonb) AS n(
        id uuid, community uuid, home uuid, building uuid, kind text, serves text, label text, place text,
        factor numeric, digits smallint, registers text[], start_on date, after uuid, walk text)
"""
_FIRST = """
    INSERT INTO metering_reading (meter_id, community, home, read_on, shown, counted, charged, source, state, anomaly,
                                  note, taken_by, taken_at)
    SELECT id, community, home, start_on, first, array_fill(0::numeric, ARRAY[cardinality(first)]),
           array_fill(0::numeric, ARRAY[cardinality(first)]), 'installed', 'accepted', '', '', %s, %s
    FROM jsonb_to_recordset(%s::jsonb) AS n(id uuid, community uuid, home uuid, start_on date, first numeric(18, 3)[])
"""
_COLUMNS = (
    *("id", "community", "home", "building", "kind", "serves", "label", "place", "factor", "digits", "registers"),
    *("start_on", "walk"),
)


def _insert(scope: Scope, meters: Sequence[Meter], first: Sequence[tuple[Decimal, ...]], at: datetime) -> None:
    """Two statements for each portion: thousands of meters come with one sheet."""
    bodies = [
        {name: getattr(meter, name) for name in _COLUMNS} | {"after": meter.after_id, "first": shown}
        for meter, shown in zip(meters, first, strict=True)
    ]
    try:
        with transaction.atomic():
            for nth in range(0, len(bodies), PORTION):
                some = sql.as_json(bodies[nth : nth + PORTION])
                sql.run(_METERS, at, some)
                sql.run(_FIRST, scope.person, at, some)
    except IntegrityError as error:
        raise TakenLabel(field="label") from error


def _draft_of(row: Meter, *, label: str, place: str) -> rules.MeterDraft:
    return rules.MeterDraft(
        kind=rules.Kind(row.kind),
        start_on=row.start_on,
        home=HomeId(row.home) if row.home else None,
        serves=rules.Serves(row.serves),
        building=row.building,
        label=label,
        place=place,
        factor=row.factor,
        digits=row.digits,
        registers=tuple(row.registers),
        first=(Decimal(0),) * len(row.registers),
    )
