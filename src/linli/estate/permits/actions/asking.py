"""What an owner does with a permit for works: ask, ask for more time, say that it is done, take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from linli.estate.permits import rules
from linli.estate.permits.models import Permit, PermitMove, PermitPaper
from linli.ground.files import actions as files
from linli.ground.people import queries as people
from linli.ground.people.rules import ResidencyKind
from linli.ground.places import queries as places
from linli.ground.places.queries import HomeCard
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PermitId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import Scope

LONGEST_TEXT = 1000
MOST_FILES = 5
Uploads = Sequence[tuple[str, bytes]]


class PapersMissing(Refusal):
    """Some works need papers."""

    says = _("These works need a paper that is missing: {paper}.")
    status = 422


def terms(scope: Scope, community: CommunityId, at: datetime) -> rules.PermitPolicy:
    """This will give the community's terms, or refuse where the counter is closed."""
    held = policy(scope, rules.PermitPolicy, at=at, community=community)
    if not held.is_offered:
        raise NotFound("counter")
    return held


@action(needs=May.ASK_FOR_PERMITS, private=("text", "contractor", "contact", "papers"))
def ask_permit(
    scope: Scope,
    *,
    home: HomeId,
    works: Sequence[rules.Work],
    text: str,
    contractor: str = "",
    contact: str = "",
    start_on: date,
    end_on: date,
    papers: Mapping[rules.Paper, Uploads] | None = None,
    at: datetime,
) -> PermitId:
    """This will ask for works in a home of the asker's; the papers that they need come with it."""
    card = owned_home(scope, home, at)
    held, today = terms(scope, card.community, at), places.day_in(card.community, at)
    given = {kind: files_ for kind, files_ in (papers or {}).items() if files_}
    if not works:
        raise Invalid("works", _("Please say what is done."))
    if not today <= start_on <= end_on:
        raise Invalid("end_on", _("Works begin today or later and end after they begin."))
    if (end_on - start_on).days >= held.longest_days:
        raise Invalid("end_on", _("Works last at most {most} days."), most=held.longest_days)
    missing = rules.missing_papers(works, given, by_contractor=bool(contractor.strip()))
    if missing:
        raise PapersMissing(field=f"paper.{missing[0].value}", paper=missing[0])
    row = Permit.objects.create(
        id=ids.new(),
        label=next_label("DP", place=card.community, day=today),
        community=card.community,
        home=home,
        asker=scope.person,
        state=rules.PERMIT_LIFE.birth.value,
        asked_at=at,
        due_at=at + timedelta(days=held.decide_days),
        next_at=at + timedelta(days=held.decide_days),
        works=[each.value for each in dict.fromkeys(works)],
        text=filled("text", text, LONGEST_TEXT),
        contractor=short("contractor", contractor, 80),
        contact=short("contact", contact, 80),
        start_on=start_on,
        end_on=end_on,
    )
    kept = [
        (kind, file)
        for kind, uploads in given.items()
        for file in files.keep_files(scope, uploads=uploads, field=f"paper.{kind.value}", most=MOST_FILES, at=at)
    ]
    PermitPaper.objects.bulk_create(
        [
            PermitPaper(id=ids.new(), permit=row, community=row.community, kind=kind.value, file=file)
            for kind, file in kept
        ]
    )
    moves.born(PermitMove, row, "ask", scope=scope, at=at)
    return PermitId(row.pk)


@action(needs=May.ASK_FOR_PERMITS, private=("why",))
def ask_extension(scope: Scope, *, permit: PermitId, end_on: date, why: str, at: datetime) -> None:
    """This will ask for more time; until it is decided the old end holds."""
    row = held_permit(scope, permit)
    held = terms(scope, CommunityId(row.community), at)
    if row.state not in (rules.PermitState.WORKING, rules.PermitState.STOPPED):
        raise Invalid("end_on", _("Only works that have begun are extended."))
    if not row.end_on < end_on <= row.end_on + timedelta(days=held.extend_days):
        raise Invalid("end_on", _("At most {most} days more, and not fewer than before."), most=held.extend_days)
    said = filled("why", why, 200)
    Permit.objects.within(scope).filter(pk=permit).update(extend_to=end_on, extend_why=said)


@action(needs=May.ASK_FOR_PERMITS)
def report_finished(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will say that the works are done and can be looked at."""
    row = held_permit(scope, permit)
    held = terms(scope, CommunityId(row.community), at)
    move(row, rules.PermitVerb.FINISH, scope, at, due_at=at + timedelta(days=held.accept_days), extend_to=None)


@action(needs=May.ASK_FOR_PERMITS)
def withdraw_permit(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will take back what was asked for, as long as works have not begun."""
    move(held_permit(scope, permit), rules.PermitVerb.WITHDRAW, scope, at, due_at=None)


def owned_home(scope: Scope, home: HomeId, at: datetime) -> HomeCard:
    """This will give a home that the asker owns; whoever rents one has its owner ask."""
    if home in scope.homes and scope.person is not None:
        for each in people.residents_homes(scope, person=scope.person, at=at):
            if each.home.id == home and each.kind == ResidencyKind.OWNER:
                return each.home
    raise NotFound("home", field="home")


def held_permit(scope: Scope, permit: PermitId) -> Permit:
    """This will lock a permit that the scope may see."""
    row = Permit.objects.within(scope).select_for_update().filter(pk=permit).first()
    if row is None:
        raise NotFound("permit")
    return row


def move(row: Permit, verb: rules.PermitVerb, scope: Scope, at: datetime, *, why: str = "", **changes: Any) -> None:
    """This will take a verb on a permit and leave its move; a new deadline is one that nobody has heard of."""
    if "due_at" in changes:
        changes |= {"next_at": changes["due_at"], "late_told": rules.NOBODY}
    life, states = rules.PERMIT_LIFE, rules.PermitState
    moves.take(PermitMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)


def filled(field: str, text: str, most: int) -> str:
    """This will give a text that has to be there."""
    said = short(field, text, most)
    if not said:
        raise Invalid(field, _("Please fill this in."))
    return said


def short(field: str, text: str, most: int) -> str:
    """This will give a text of at most so many characters."""
    said = text.strip()
    if len(said) > most:
        raise Invalid(field, _("At most {most} characters."), most=most)
    return said
