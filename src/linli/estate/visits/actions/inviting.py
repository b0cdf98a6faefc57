"""A resident invites, and takes an invitation back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linli.estate.visits import events, models, rules
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId, VisitPassId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, moves, sql
from linli.spine.action import action, query
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

CODES_TRIED = 20


class TooManyPasses(Refusal):
    """The home has as many open passes as its community allows."""

    says = _("Your home has {most} open passes already. Please end one that is no longer needed.")


class NoInvitations(Refusal):
    """The community has switched this counter off."""

    says = _("Visitors are not invited here on the phone.")


class NoCodeLeft(Refusal):
    """Nearly every code of the community is in use; it takes a hundred thousands of guests."""

    says = _("There is no code left at the moment. Please try again later.")
    status = 503


@action(needs=May.INVITE_VISITORS, private=("draft",))
def invite(scope: Scope, *, home: HomeId, draft: rules.PassDraft, at: datetime) -> VisitPassId:
    """This will open a pass for a guest of a home that the asker lives in."""
    if home not in scope.homes or scope.person is None:
        raise NotFound("home")
    community = places.home(home).community
    rule = policy(scope, rules.VisitPolicy, at=at, community=community)
    if not rule.is_offered:
        raise NoInvitations
    window = rules.checked(draft, rule, places.day_in(community, at))
    starts_at, ends_at = rules.bounds(window, places.market_of(community).timezone)
    if ends_at <= at:
        raise Invalid("until", _("These hours have passed."))
    locks.hold(f"visits:{home}")
    _insist_on_room(home, draft.kind, rule)
    row = models.Pass(
        id=ids.new(),
        community=community,
        home=home,
        inviter=scope.person,
        kind=draft.kind.value,
        guest_name=draft.guest_name.strip()[: rules.LONGEST_NAME],
        guest_phone=draft.guest_phone.strip()[: rules.LONGEST_PHONE],
        plate=rules.plate_of(draft.plate)[: rules.LONGEST_PLATE],
        start_on=window.start_on,
        end_on=window.end_on,
        weekdays=list(window.weekdays),
        from_min=window.from_min,
        until_min=window.until_min,
        starts_at=starts_at,
        ends_at=ends_at,
        entries=draft.entries,
        invited_at=at,
        forget_at=ends_at + timedelta(days=rule.retention_days),
    )
    _open_with_a_code(row)
    moves.born(models.PassMove, row, rules.PassVerb.INVITE.value, scope=scope, at=at)
    tell(events.PassOpened(visit_pass=VisitPassId(row.id), community=community, home=home, at=at))
    return VisitPassId(row.id)


def _insist_on_room(home: HomeId, kind: rules.PassKind, rule: rules.VisitPolicy) -> None:
    open_, standing = _counted(SYSTEM, home=home)
    if open_ >= rule.open_passes:
        raise TooManyPasses(most=rule.open_passes)
    if kind is rules.PassKind.STANDING and standing >= rule.standing_passes:
        raise TooManyPasses(most=rule.standing_passes)


@query
def _counted(_scope: Scope, *, home: HomeId) -> tuple[int, int]:
    """Open passes of the whole home, which one of its residents does not see."""
    ((open_, standing),) = sql.fetch(
        "SELECT count(*), count(*) FILTER (WHERE kind = 'standing') FROM visits_pass"
        " WHERE home = %s AND state = 'open'",
        home,
    )
    return open_, standing


def _open_with_a_code(row: models.Pass) -> None:
    """Draws until a code is free among the community's open passes; the index decides, not a look before."""
    for _nth in range(CODES_TRIED):
        row.code = rules.new_code()
        models.Pass.objects.bulk_create([row], ignore_conflicts=True)
        if models.Pass.objects.inside().filter(id=row.id).exists():
            return
    raise NoCodeLeft


@action(needs=May.INVITE_VISITORS)
def revoke(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> None:
    """This will end a pass at once, by whoever invited."""
    row = models.Pass.objects.within(scope).select_for_update().filter(id=visit_pass).first()
    if row is None or row.inviter != scope.person:
        raise NotFound("pass")
    end(scope, row, rules.PassVerb.REVOKE, at)


@action(needs=May.CHECK_VISITORS)
def revoke_at_desk(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> None:
    """This will end a pass at once, by the staff of its community."""
    row = models.Pass.objects.within(scope).select_for_update().filter(id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    end(scope, row, rules.PassVerb.REVOKE, at)


def end(scope: Scope, row: models.Pass, verb: rules.PassVerb, at: datetime) -> None:
    """This will take the verb that ends a locked pass, and tell machines about one that ended before its time."""
    moves.take(models.PassMove, row, verb, life=rules.PASS_LIFE, states=rules.PassState, scope=scope, at=at)
    if verb is rules.PassVerb.REVOKE:
        community = CommunityId(row.community)
        tell(events.PassRevoked(visit_pass=VisitPassId(row.id), community=community, at=at))


@action(needs=May.RUN_CLOCKS)
def revoke_of_leaver(scope: Scope, *, person: PartyId, home: HomeId, end_on: date, at: datetime) -> int:
    """This will end the passes that somebody gave for a home beyond the day on which they leave it."""
    rows = models.Pass.objects.inside().select_for_update().filter(inviter=person, home=home, state="open")
    found = list(rows.filter(end_on__gt=end_on).order_by("id"))
    for row in found:
        end(scope, row, rules.PassVerb.REVOKE, at)
    return len(found)
