"""Staff write a notice, have it approved, and let go of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.notices import models, rules
from linli.estate.notices.rules import NoticeState, NoticeVerb
from linli.ground.files import actions as keeping
from linli.ground.files import queries as files
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import BuildingId, CommunityId, FileId, HomeId, NoticeId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


class OwnNotice(Refusal):
    """Who wrote a notice does not approve it."""

    says = _("Somebody else has to approve what you wrote.")


class ApprovalNeeded(Refusal):
    """The community wants a second person to look first."""

    says = _("This community has notices approved before they are published.")


@action(needs=May.KEEP_NOTICES, private=("draft", "uploads"))
def write(
    scope: Scope,
    *,
    community: CommunityId,
    draft: rules.Draft,
    uploads: Sequence[rules.Upload] = (),
    at: datetime,
) -> NoticeId:
    """This will keep a draft of a notice."""
    if community not in scope.communities:
        raise NotFound("community")
    row = models.Notice(id=ids.new(), community=community, writer=scope.person, written_at=at)
    _fill(scope, row, _with(scope, draft, uploads, at), at)
    row.save(force_insert=True)
    moves.born(models.NoticeMove, row, NoticeVerb.WRITE.value, scope=scope, at=at)
    return NoticeId(row.id)


@action(needs=May.KEEP_NOTICES, private=("draft", "uploads"))
def rewrite(
    scope: Scope,
    *,
    notice: NoticeId,
    draft: rules.Draft,
    uploads: Sequence[rules.Upload] = (),
    at: datetime,
) -> None:
    """This will change a draft; what was published is withdrawn and written anew."""
    row = locked(scope, notice)
    rules.NOTICE_LIFE.after(NoticeState(row.state), NoticeVerb.DISCARD)
    row.writer = scope.person
    _fill(scope, row, _with(scope, draft, uploads, at), at)
    row.save()
    moves.note(models.NoticeMove, row, rules.Deed.CHANGE.value, scope=scope, at=at)


def _with(scope: Scope, draft: rules.Draft, uploads: Sequence[rules.Upload], at: datetime) -> rules.Draft:
    """The draft with what was uploaded beside it; nothing is kept of a draft that is refused."""
    if not uploads:
        return draft
    kept: dict[bool, list[UUID]] = {True: [], False: []}
    for one in uploads[: rules.MOST_PICTURES + rules.MOST_PAPERS]:
        purpose = "notice_picture" if one.is_picture else "notice_paper"
        kept[one.is_picture].append(
            keeping.keep_file(scope, name=one.name, content=one.content, purpose=purpose, at=at)
        )
    return replace(draft, pictures=(*draft.pictures, *kept[True]), papers=(*draft.papers, *kept[False]))


def _fill(scope: Scope, row: models.Notice, draft: rules.Draft, at: datetime) -> None:
    tidy = rules.checked(draft, at)
    community = CommunityId(row.community)
    _insist_on_place(scope, community, tidy.audience)
    _insist_on_files(scope, tidy.pictures, tidy.papers)
    rule = policy(scope, rules.NoticePolicy, at=at, community=community)
    row.kind, row.title, row.body = tidy.kind.value, dict(tidy.title), dict(tidy.body)
    row.level, row.targets, row.who = tidy.audience.level.value, list(tidy.audience.targets), tidy.audience.who.value
    row.pictures, row.papers = list(tidy.pictures), list(tidy.papers)
    row.is_pinned, row.is_important, row.is_told = tidy.is_pinned, tidy.is_important, tidy.is_told
    row.publish_at, row.valid_until = tidy.publish_at, tidy.valid_until
    row.due_at = at + timedelta(days=rule.draft_days)


def _insist_on_place(scope: Scope, community: CommunityId, audience: rules.Audience) -> None:
    """Every target stands in the community: a notice reaches nobody elsewhere."""
    targets, known = set(audience.targets), set[UUID]()
    if audience.level is rules.Level.BUILDING:
        cards = places.buildings(ids=[BuildingId(target) for target in targets])
        known = {card.id for card in cards.values() if card.community == community}
    elif audience.level is rules.Level.HOME:
        homes = places.homes(HomeId(target) for target in targets)
        known = {card.id for card in homes.values() if card.community == community}
    elif audience.level is rules.Level.TAG:
        known = set(models.Tag.objects.within(scope).filter(community=community).values_list("id", flat=True))
    elif audience.level is rules.Level.UNIT:
        known = {row[0] for row in sql.fetch("SELECT DISTINCT unit FROM places_homes_of(%s)", community)}
    if not targets <= known:
        raise Invalid("targets", _("Please choose one of the values offered."))


def _insist_on_files(scope: Scope, pictures: tuple[UUID, ...], papers: tuple[UUID, ...]) -> None:
    asked = [FileId(file) for file in (*pictures, *papers)]
    if not asked:
        return
    seen = {file for file, card in files.described(scope, files=asked).items() if card.purpose.startswith("notice_")}
    if not seen.issuperset(asked):
        raise NotFound("file")


@action(needs=May.KEEP_NOTICES)
def ask_approval(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will put a draft before a second person."""
    row = locked(scope, notice)
    rule = policy(scope, rules.NoticePolicy, at=at, community=CommunityId(row.community))
    take(scope, row, NoticeVerb.ASK, at, due_at=at + timedelta(days=rule.approval_days))


@action(needs=May.KEEP_NOTICES, private=("why",))
def send_back(scope: Scope, *, notice: NoticeId, why: str, at: datetime) -> None:
    """This will give a draft back to be written better, and say why."""
    row = locked(scope, notice)
    rule = policy(scope, rules.NoticePolicy, at=at, community=CommunityId(row.community))
    due_at = at + timedelta(days=rule.draft_days)
    life, states = rules.NOTICE_LIFE, NoticeState
    moves.take(
        models.NoticeMove,
        row,
        NoticeVerb.SEND_BACK,
        life=life,
        states=states,
        scope=scope,
        at=at,
        why=why.strip()[:200],
        due_at=due_at,
    )


@action(needs=May.KEEP_NOTICES)
def recall(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will make a draft again of what is to be published later."""
    row = locked(scope, notice)
    rule = policy(scope, rules.NoticePolicy, at=at, community=CommunityId(row.community))
    take(scope, row, NoticeVerb.RECALL, at, due_at=at + timedelta(days=rule.draft_days))


@action(needs=May.KEEP_NOTICES)
def discard(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will throw a draft away."""
    take(scope, locked(scope, notice), NoticeVerb.DISCARD, at, due_at=None)


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote to colleagues about notices."""
    sql.run("SELECT notices_forget(%s)", person)


def locked(scope: Scope, notice: NoticeId) -> models.Notice:
    """This will lock a notice of the asker's communities."""
    row = models.Notice.objects.within(scope).select_for_update().filter(id=notice).first()
    if row is None:
        raise NotFound("notice")
    return row


def take(scope: Scope, row: models.Notice, verb: NoticeVerb, at: datetime, **changes: object) -> None:
    """This will take a verb on a locked notice."""
    known: dict[str, object] = {"life": rules.NOTICE_LIFE, "states": NoticeState, "scope": scope, "at": at}
    moves.take(models.NoticeMove, row, verb, **known, **changes)  # type: ignore[arg-type]
