"""Taking parcels in, handing them out, reminding, giving back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.parcels import events, models, rules
from linli.estate.parcels.rules import Carrier, ParcelState, ParcelVerb, Scan, Unplaced
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ParcelId, PartyId
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST, Together, missing, sorted_out
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.handover.rules import Redeemed
from linli.reach.notify import actions as notify
from linli.spine import labels, moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PORTION = 500


class NotKeptHere(Refusal):
    """The community keeps no parcels."""

    says = _("Parcels are not kept here.")


class SeveralHomes(Refusal):
    """One person fetches for one home; for several, each is handed out by itself."""

    says = _("These are for several homes. Please choose those of one home.")
    status = 422


class RemindedLately(Refusal):
    """Whom it is for was reminded just now, by a colleague or by the house."""

    says = _("Whom it is for was reminded less than an hour ago.")


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
    _say(rows, "parcel_arrived", at)
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


def _say(rows: Sequence[models.Parcel], template: str, at: datetime) -> None:
    """One message a person and shelf, however many parcels lie there for them; the code stands on the phone alone."""
    said: dict[tuple[str, int], list[PartyId]] = defaultdict(list)
    for_whom: dict[tuple[UUID, str], int] = defaultdict(int)
    for row in rows:
        for person in row.people:
            for_whom[(person, row.shelf)] += 1
    for (person, shelf), number in for_whom.items():
        said[(shelf, number)].append(PartyId(person))
    for (shelf, number), to in said.items():
        values = {"n": str(number), "shelf": shelf or "-"}
        notify.queue_messages(SYSTEM, to=to, template=template, values=values, at=at)


@action(needs=May.RUN_PARCELS, private=("code",))
def hand_out(scope: Scope, *, parcel: ParcelId, code: str, at: datetime) -> Redeemed:
    """This will hand a parcel to whoever tells its code. A wrong one is an answer, so that the try is counted."""
    row = _locked(scope, parcel)
    rules.PARCEL_LIFE.after(ParcelState(row.state), ParcelVerb.FETCH)
    answer = handover.handover_redeem(scope, for_=parcel, code=code, at=at)
    if answer is Redeemed.OK:
        _leave(scope, row, ParcelVerb.FETCH, at, by_code=True)
    return answer


@action(needs=May.RUN_PARCELS, private=("taker",))
def hand_out_seen(scope: Scope, *, parcel: ParcelId, taker: str, at: datetime) -> None:
    """This will hand a parcel to somebody who showed who they are; the name is kept for a while."""
    row = _locked(scope, parcel)
    rule = policy(scope, rules.ParcelPolicy, at=at, community=CommunityId(row.community))
    name = taker.strip()[: rules.LONGEST_NAME]
    if not name:
        raise Invalid("taker", _("Please write who takes it."))
    row.taker, row.forget_at = name, at + timedelta(days=rule.retention_days)
    row.save(update_fields=["taker", "forget_at"])
    _leave(scope, row, ParcelVerb.FETCH, at, by_code=False)


@action(needs=May.RUN_PARCELS)
def give_back(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note that the carrier took a parcel back."""
    _leave(scope, _locked(scope, parcel), ParcelVerb.GIVE_BACK, at)


@action(needs=May.RUN_PARCELS)
def report_lost(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note that a parcel cannot be found, and tell those it is for."""
    row = _locked(scope, parcel)
    _leave(scope, row, ParcelVerb.LOSE, at)
    _say([row], "parcel_lost", at)


def _locked(scope: Scope, parcel: ParcelId) -> models.Parcel:
    row = models.Parcel.objects.within(scope).select_for_update().filter(id=parcel).first()
    if row is None:
        raise NotFound("parcel")
    return row


def _leave(scope: Scope, row: models.Parcel, verb: ParcelVerb, at: datetime, by_code: bool | None = None) -> None:
    life, states = rules.PARCEL_LIFE, ParcelState
    moves.take(
        models.ParcelMove,
        row,
        verb,
        life=life,
        states=states,
        scope=scope,
        at=at,
        left_at=at,
        remind_at=None,
        by_code=by_code,
    )
    handover.handover_close(scope, fors=[row.id], at=at)
    tell(events.ParcelLeft(parcel=ParcelId(row.id), community=CommunityId(row.community), state=row.state, at=at))


@action(needs=May.RUN_PARCELS, private=("taker",))
def hand_out_seen_many(scope: Scope, *, parcels: Sequence[ParcelId], taker: str, at: datetime) -> Together:
    """This will hand parcels of one home to somebody who showed who they are; a handful of statements for all."""
    name = taker.strip()[: rules.LONGEST_NAME]
    if not name:
        raise Invalid("taker", _("Please write who takes it."))
    rows = _locked_many(scope, parcels)
    if len({row.home for row in rows}) > 1:
        raise SeveralHomes(field="chosen")
    known = _policies(scope, rows, at)
    for row in rows:
        row.taker, row.forget_at = name, at + timedelta(days=known[row.community].retention_days)
    return _leave_many(scope, rows, ParcelVerb.FETCH, parcels, at, by_code=False, changed=("taker", "forget_at"))


@action(needs=May.RUN_PARCELS)
def give_back_many(scope: Scope, *, parcels: Sequence[ParcelId], at: datetime) -> Together:
    """This will note that the carrier took many parcels back, as far as they still wait."""
    return _leave_many(scope, _locked_many(scope, parcels), ParcelVerb.GIVE_BACK, parcels, at)


@action(needs=May.RUN_PARCELS)
def remind_many(scope: Scope, *, parcels: Sequence[ParcelId], at: datetime) -> Together:
    """This will remind of parcels now, as the house does by itself later: one message a person and shelf."""

    def check(row: models.Parcel) -> models.Parcel:
        if row.state != ParcelState.WAITING:
            raise WrongState(state=row.state, verb=rules.Deed.REMIND)
        if row.id in lately:
            raise RemindedLately
        return row

    rows = _locked_many(scope, parcels)
    lately = _reminded_since(rows, at - timedelta(hours=rules.REST_H))
    waiting, refused = sorted_out(rows, _of, check)
    _remind(scope, waiting, at)
    lost = missing(parcels, {row.id for row in rows}, "parcel")
    return Together(tuple(row.id for row in waiting), (*refused, *lost))


def _locked_many(scope: Scope, parcels: Sequence[ParcelId]) -> list[models.Parcel]:
    if not 0 < len(parcels) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    return list(models.Parcel.objects.within(scope).select_for_update().filter(id__in=parcels).order_by("id"))


def _leave_many(
    scope: Scope,
    rows: Sequence[models.Parcel],
    verb: ParcelVerb,
    asked: Sequence[ParcelId],
    at: datetime,
    *,
    by_code: bool | None = None,
    changed: Sequence[str] = (),
) -> Together:
    def check(row: models.Parcel) -> models.Parcel:
        rules.PARCEL_LIFE.after(ParcelState(row.state), verb)
        return row

    leaving, refused = sorted_out(rows, _of, check)
    for row in leaving:
        row.left_at, row.remind_at, row.by_code = at, None, by_code
    moves.take_many(
        models.ParcelMove, leaving, verb, life=rules.PARCEL_LIFE, states=ParcelState, scope=scope, at=at,
        changed=("left_at", "remind_at", "by_code", *changed),
    )  # fmt: skip
    if leaving:
        handover.handover_close(scope, fors=[row.id for row in leaving], at=at)
    for row in leaving:
        tell(events.ParcelLeft(parcel=ParcelId(row.id), community=CommunityId(row.community), state=row.state, at=at))
    lost = missing(asked, {row.id for row in rows}, "parcel")
    return Together(tuple(row.id for row in leaving), (*refused, *lost))


def _of(row: models.Parcel) -> UUID:
    return row.id


def _policies(scope: Scope, rows: Sequence[models.Parcel], at: datetime) -> dict[UUID, rules.ParcelPolicy]:
    held = {row.community for row in rows}
    return {one: policy(scope, rules.ParcelPolicy, at=at, community=CommunityId(one)) for one in held}


@action(needs=May.RUN_CLOCKS)
def remind_some(scope: Scope, *, at: datetime) -> int:
    """This will remind of parcels that lie too long, a portion at a time."""
    due = models.Parcel.objects.inside().select_for_update(skip_locked=True).filter(state="waiting", remind_at__lte=at)
    rows = list(due.order_by("remind_at")[:PORTION])
    _remind(scope, rows, at)
    return len(rows)


def _remind(scope: Scope, rows: Sequence[models.Parcel], at: datetime) -> None:
    known = _policies(scope, rows, at)
    for row in rows:
        row.reminded += 1
        row.remind_at = rules.next_reminder(at, row.reminded, known[row.community])
    models.Parcel.objects.inside().bulk_update(rows, ["reminded", "remind_at"])
    moves.note_many(models.ParcelMove, rows, rules.Deed.REMIND.value, scope=scope, at=at)
    _say(rows, "parcel_waiting", at)


def _reminded_since(rows: Sequence[models.Parcel], since: datetime) -> set[UUID]:
    reminders = models.ParcelMove.objects.inside().filter(of__in=[row.id for row in rows], moved_at__gt=since)
    return set(reminders.filter(verb=rules.Deed.REMIND.value).values_list("of", flat=True))


@action(needs=May.RUN_CLOCKS)
def forget_takers(_scope: Scope, *, at: datetime) -> int:
    """This will forget who took parcels long ago."""
    some = models.Parcel.objects.inside().filter(forget_at__lte=at).order_by("forget_at")
    found = list(some.values_list("id", flat=True)[:PORTION])
    return models.Parcel.objects.inside().filter(id__in=found).update(taker="", forget_at=None)


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will forget who took the parcels of an erased person's home."""
    models.Parcel.objects.inside().filter(people__contains=[person], forget_at__isnull=False).update(
        taker="", forget_at=None
    )
