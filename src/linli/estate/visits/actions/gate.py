"""What a guard does with a pass: check it, let somebody in, note who leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from linli.estate.visits import events, models, rules
from linli.estate.visits.actions.inviting import end
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, VisitPassId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

STILL_TOLD = timedelta(days=1)
"""So long after its end a code is still known as what it was; then it is a code that nobody knows."""


class NobodyInside(Refusal):
    """Nobody who came in with this pass is still inside."""

    says = _("Nobody with this pass is inside.")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a guard learns: which pass it is, if any, and why it lets nobody in, if it does not."""

    visit_pass: VisitPassId | None
    why_not: rules.WhyNot | None


@action(needs=May.CHECK_VISITORS, private=("code",))
def check_code(scope: Scope, *, community: CommunityId, code: str, gate: str = "", at: datetime) -> Checked:
    """This will tell what a code is worth. A wrong one is an answer, not a refusal, so that the try is counted."""
    if community not in scope.communities:
        raise NotFound("community")
    rule = policy(scope, rules.VisitPolicy, at=at, community=community)
    tries = _tries(scope, community)
    if tries.locked_until is not None and at < tries.locked_until:
        return Checked(None, rules.WhyNot.LOCKED)
    row = _by_code(scope, community, rules.code_of(code))
    if row is None or (row.state != rules.PassState.OPEN and at >= row.ends_at + STILL_TOLD):
        _count_wrong(tries, rule, at)
        _note(scope, community, None, gate, rules.Way.TURNED_AWAY, at, rules.WhyNot.UNKNOWN)
        return Checked(None, rules.WhyNot.UNKNOWN)
    if tries.wrong:
        tries.wrong = 0
        tries.save(update_fields=["wrong"])
    return _checked(scope, row, gate, at)


@action(needs=May.CHECK_VISITORS, private=("word",))
def check_link(scope: Scope, *, word: str, gate: str = "", at: datetime) -> Checked:
    """This will tell what a scanned pass is worth; one of another guard's community is one that nobody knows."""
    visit_pass = rules.read_link(word, settings.SECRET_KEY.encode())
    row = models.Pass.objects.within(scope).filter(id=visit_pass).first() if visit_pass else None
    if row is None:
        raise NotFound("pass")
    return _checked(scope, row, gate, at)


@action(needs=May.CHECK_VISITORS)
def let_in(scope: Scope, *, visit_pass: VisitPassId, gate: str = "", at: datetime) -> rules.WhyNot | None:
    """This will let one guest in, or say why not: of two guards who ask for the last entry, one is told it is used."""
    row = _locked(scope, visit_pass)
    why = _why_not(row, at)
    if why is not None:
        _note(scope, CommunityId(row.community), row, gate, rules.Way.TURNED_AWAY, at, why)
        return why
    row.entered += 1
    row.inside += 1
    row.save(update_fields=["entered", "inside"])
    if row.entered == row.entries:
        end(scope, row, rules.PassVerb.USE_UP, at)
    _pass_through(scope, row, gate, rules.Way.IN, at)
    return None


@action(needs=May.CHECK_VISITORS)
def let_out(scope: Scope, *, visit_pass: VisitPassId, gate: str = "", at: datetime) -> None:
    """This will note that a guest left; who came in may always leave, whatever has become of the pass."""
    row = _locked(scope, visit_pass)
    if not row.inside:
        raise NobodyInside
    row.inside -= 1
    row.save(update_fields=["inside"])
    _pass_through(scope, row, gate, rules.Way.OUT, at)


def _locked(scope: Scope, visit_pass: VisitPassId) -> models.Pass:
    row = models.Pass.objects.within(scope).select_for_update().filter(id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    return row


def _by_code(scope: Scope, community: CommunityId, code: str | None) -> models.Pass | None:
    """The open pass of a code, else the last one that bore it."""
    if code is None:
        return None
    rows = models.Pass.objects.within(scope).filter(community=community, code=code)
    return rows.filter(state="open").first() or rows.order_by("-id").first()


def _why_not(row: models.Pass, at: datetime) -> rules.WhyNot | None:
    zone = places.market_of(CommunityId(row.community)).timezone
    return rules.why_not(row.window, rules.PassState(row.state), row.entries, row.entered, at, zone)


def _checked(scope: Scope, row: models.Pass, gate: str, at: datetime) -> Checked:
    why = _why_not(row, at)
    if why is not None and not row.inside:
        _note(scope, CommunityId(row.community), row, gate, rules.Way.TURNED_AWAY, at, why)
    return Checked(VisitPassId(row.id), why)


def _tries(scope: Scope, community: CommunityId) -> models.Tries:
    """The guard's own row, locked: two codes typed at once are two tries."""
    if scope.person is None:
        raise NotFound("guard")
    row = models.Tries(id=ids.new(), community=community, guard=scope.person)
    models.Tries.objects.bulk_create([row], ignore_conflicts=True)
    return models.Tries.objects.within(scope).select_for_update().get(community=community, guard=scope.person)


def _count_wrong(tries: models.Tries, rule: rules.VisitPolicy, at: datetime) -> None:
    tries.wrong += 1
    if tries.wrong >= rule.wrong_tries:
        tries.wrong, tries.locked_until = 0, at + timedelta(minutes=rule.pause_minutes)
    tries.save(update_fields=["wrong", "locked_until"])


def _pass_through(scope: Scope, row: models.Pass, gate: str, way: rules.Way, at: datetime) -> None:
    community = CommunityId(row.community)
    _note(scope, community, row, gate, way, at)
    tell(
        events.VisitorPassed(
            visit_pass=VisitPassId(row.id),
            arrival=None,
            community=community,
            home=HomeId(row.home),
            way=way,
            at=at,
        )
    )


def _note(
    scope: Scope,
    community: CommunityId,
    row: models.Pass | None,
    gate: str,
    way: rules.Way,
    at: datetime,
    why: rules.WhyNot | None = None,
) -> None:
    models.Passing.objects.create(
        community=community,
        home=row.home if row else None,
        visit_pass=row,
        gate=gate,
        way=way.value,
        why=why.value if why else "",
        guard=scope.person,
        passed_at=at,
    )
