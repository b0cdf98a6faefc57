"""Taking parcels in, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.estate.parcels import events, models, rules
from linli.estate.parcels.actions.held import say
from linli.estate.parcels.rules import Carrier, ParcelVerb, Scan, Unplaced
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ParcelId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.spine import labels, moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope


class NotKeptHere(Refusal):
    """The community keeps no parcels."""

    says = _("Parcels are not kept here.")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of a batch: the parcels taken in, and the lines that could not be placed, with why."""

    parcels: tuple[ParcelId, ...]
    unplaced: tuple[tuple[Scan, Unplaced], ...]


@action(needs=May.RUN_PARCELS, private=("scans",))
def scan_in(
    scope: Scope, *, community: CommunityId, carrier: Carrier, shelf: str, scans: Sequence[Scan], at: datetime
) -> Scanned:
    """This will take in a batch for the homes it names: a handful of statements, however many parcels."""
    if community not in scope.communities:
        raise NotFound("community")
    rule = policy(scope, rules.ParcelPolicy, at=at, community=community)
    if not rule.is_offered:
        raise NotKeptHere
    if not 0 < len(scans) <= rules.MOST_SCANS:
        raise Invalid("lines", _("Between 1 and {most} parcels at once."), most=rules.MOST_SCANS)
    day = places.day_in(community, at)
    homes, unplaced = _homes_of(scope, community, carrier, scans, at)
    lives = people.lived_in(scope, homes=set(homes.values()), since=day, until=day + timedelta(days=1))
    rows = []
    for scan, home in homes.items():
        found = rules.who_fetches((person, kind) for person, kind, _days in lives.get(home, ()))
        if found:
            rows.append(_row(community, carrier, shelf, scan, home, found, rule, at))
        else:
            unplaced[scan] = Unplaced.NOBODY
    batch = labels.next_label("PC", place=community, day=day) if rows else ""
    for nth, row in enumerate(rows, start=1):
        row.label = f"{batch}-{nth:02d}"
    models.Parcel.objects.bulk_create(rows)
    moves.born_many(models.ParcelMove, rows, ParcelVerb.TAKE_IN.value, scope=scope, at=at)
    if rows:
        handover.handover_open(
            scope,
            fors=[row.id for row in rows],
            kinds=["parcel"] * len(rows),
            places=[community] * len(rows),
            due_ats=[row.due_at for row in rows],
            at=at,
        )
    say(rows, "parcel_arrived", at)
    for row in rows:
        tell(events.ParcelArrived(parcel=ParcelId(row.id), community=community, home=HomeId(row.home), at=at))
    return Scanned(tuple(ParcelId(row.id) for row in rows), tuple(unplaced.items()))


def _homes_of(
    scope: Scope, community: CommunityId, carrier: Carrier, scans: Sequence[Scan], at: datetime
) -> tuple[dict[Scan, HomeId], dict[Scan, Unplaced]]:
    """The home of each scan, or why there is none."""
    doors = {"-".join(part for part in door if part): home for door, home in places.doors(community).items()}
    tails = {scan.to for scan in scans if scan.is_tail and scan.to not in doors}
    by_tail = people.homes_by_phone_tail(scope, community=community, tails=tails, at=at) if tails else {}
    known = set(
        models.Parcel.objects.within(scope)
        .filter(community=community, carrier=carrier, state="waiting", tracking__in=[s.tracking for s in scans])
        .values_list("tracking", flat=True)
    )
    homes: dict[Scan, HomeId] = {}
    unplaced: dict[Scan, Unplaced] = {}
    for scan in scans:
        found = (doors[scan.to],) if scan.to in doors else by_tail.get(scan.to, ())
        if scan.tracking in known:
            unplaced[scan] = Unplaced.KNOWN
        elif len(found) == 1:
            homes[scan] = found[0]
            known.add(scan.tracking)
        else:
            unplaced[scan] = Unplaced.SEVERAL if found else Unplaced.NOBODY
    return homes, unplaced


def _row(
    community: CommunityId,
    carrier: Carrier,
    shelf: str,
    scan: Scan,
    home: HomeId,
    found: tuple[PartyId, ...],
    rule: rules.ParcelPolicy,
    at: datetime,
) -> models.Parcel:
    return models.Parcel(
        id=ids.new(),
        community=community,
        home=home,
        people=list(found),
        carrier=carrier.value,
        tracking=scan.tracking[: rules.LONGEST_TRACKING],
        shelf=shelf.strip()[: rules.LONGEST_SHELF],
        arrived_at=at,
        due_at=at + timedelta(days=rule.keep_days),
        remind_at=rules.next_reminder(at, 0, rule),
    )
