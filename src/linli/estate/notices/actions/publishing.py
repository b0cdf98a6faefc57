"""A notice goes out: to its recipients on the page at once, by message in portions, and away again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.notices import events, models, rules
from linli.estate.notices.actions.writing import ApprovalNeeded, OwnNotice, locked, take
from linli.estate.notices.rules import NoticeKind, NoticeVerb
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, NoticeId, PartyId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import labels, moves, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PORTION = 500
MOST_LIVE = 1000
"""Notices of a community that somebody who moves in may find; far more than are ever published at a time."""


class ToldLately(Refusal):
    """Those who have not read it were reminded not long ago."""

    says = _("They were told less than {hours} hours ago. Please give them time.")


@action(needs=May.KEEP_NOTICES)
def publish(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will publish a draft, now or at the time it names, where no second person has to look first."""
    row = locked(scope, notice)
    rule = policy(scope, rules.NoticePolicy, at=at, community=CommunityId(row.community))
    if rule.needs_approval:
        raise ApprovalNeeded
    take(scope, row, NoticeVerb.SCHEDULE, at, due_at=None, publish_at=row.publish_at or at)
    _go_out(scope, row, at)


@action(needs=May.KEEP_NOTICES)
def approve(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will let out what somebody else wrote, now or at the time it names."""
    row = locked(scope, notice)
    if row.writer == scope.person:
        raise OwnNotice
    take(scope, row, NoticeVerb.APPROVE, at, due_at=None, publish_at=row.publish_at or at)
    _go_out(scope, row, at)


@action(needs=May.RUN_CLOCKS)
def publish_due(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will publish what is scheduled and due."""
    row = models.Notice.objects.inside().select_for_update(skip_locked=True).filter(id=notice, state="scheduled")
    found = row.first()
    if found is not None:
        _go_out(scope, found, at)


def _go_out(scope: Scope, row: models.Notice, at: datetime) -> None:
    if row.publish_at is None or row.publish_at > at:
        return
    community = CommunityId(row.community)
    rule = policy(scope, rules.NoticePolicy, at=at, community=community)
    zone = places.market_of(community).timezone
    tell_at = rules.tell_from(NoticeKind(row.kind), at, rule, zone) if row.is_told else None
    label = labels.next_label("GG", place=community, day=places.day_in(community, at))
    take(scope, row, NoticeVerb.PUBLISH, at, published_at=at, label=label, tell_at=tell_at)
    added = _address([NoticeId(row.id)], community, None, at)
    tell(events.NoticePublished(notice=NoticeId(row.id), community=community, recipients=added, at=at))


def _address(notices: Sequence[UUID], community: CommunityId, person: PartyId | None, at: datetime) -> int:
    ((added,),) = sql.fetch(
        "SELECT notices_address(%s::uuid[], %s, %s, %s)", sql.as_ids(notices), community, person, at
    )
    return int(added)


@action(needs=May.RUN_CLOCKS)
def add_reader(_scope: Scope, *, person: PartyId, home: HomeId, at: datetime) -> int:
    """This will address to somebody who moved in what is published there; nobody is told of old notices by message."""
    community = places.home(home).community
    live = models.Notice.objects.inside().filter(community=community, state="published").order_by("-id")
    notices = list(live.values_list("id", flat=True)[:MOST_LIVE])
    if not notices:
        return 0
    added = _address(notices, community, person, at)
    sql.run(
        "UPDATE notices_recipient SET told_at = %s WHERE person = %s AND notice_id = ANY (%s::uuid[])"
        " AND told_at IS NULL",
        at,
        person,
        sql.as_ids(notices),
    )
    return added


@action(needs=May.RUN_CLOCKS)
def tell_some(_scope: Scope, *, at: datetime) -> int:
    """This will queue the messages of a portion of recipients who were not told yet; nobody is told twice.

    What is queued and who was told commit together, so the work may stop anywhere and goes on where it stopped.
    """
    rows = sql.fetch(
        "UPDATE notices_recipient SET told_at = %s WHERE id IN (SELECT r.id FROM notices_recipient r"
        " JOIN notices_notice n ON n.id = r.notice_id WHERE n.state = 'published' AND n.tell_at <= %s"
        " AND r.told_at IS NULL ORDER BY r.notice_id LIMIT %s FOR UPDATE OF r SKIP LOCKED)"
        " RETURNING notice_id, person",
        at,
        at,
        PORTION,
    )
    by_notice: dict[UUID, list[PartyId]] = defaultdict(list)
    for notice, person in rows:
        by_notice[notice].append(PartyId(person))
    titles = dict(models.Notice.objects.inside().filter(id__in=by_notice).values_list("id", "title"))
    for notice, people in by_notice.items():
        said = _both(titles[notice])
        notify.queue_messages(SYSTEM, to=people, template="notice_published", values=said, at=at)
    return len(rows)


def _both(title: dict[str, str]) -> dict[str, str]:
    first = next(iter(title.values()))
    return {"title": title.get("zh", first), "title_en": title.get("en", first)}


@action(needs=May.KEEP_NOTICES)
def tell_again(scope: Scope, *, notice: NoticeId, at: datetime) -> int:
    """This will have those told once more who have not read a notice, or not said so where it is important."""
    row = locked(scope, notice)
    rules.NOTICE_LIFE.after(rules.NoticeState(row.state), NoticeVerb.WITHDRAW)
    community = CommunityId(row.community)
    rule = policy(scope, rules.NoticePolicy, at=at, community=community)
    last = max(filter(None, (row.told_again_at, row.tell_at)), default=None)
    if last is not None and at < last + timedelta(hours=rule.again_hours):
        raise ToldLately(hours=rule.again_hours)
    zone = places.market_of(community).timezone
    row.told_again_at, row.tell_at = at, rules.tell_from(NoticeKind(row.kind), at, rule, zone)
    row.save(update_fields=["told_again_at", "tell_at"])
    moves.note(models.NoticeMove, row, rules.Deed.TELL_AGAIN.value, scope=scope, at=at)
    unread = models.Recipient.objects.within(scope).filter(notice=row)
    unread = unread.filter(acknowledged_at=None) if row.is_important else unread.filter(read_at=None)
    waiting = unread.update(told_at=None)
    models.Recipient.objects.within(scope).filter(notice=row, told_at=None).exclude(id__in=unread.values("id")).update(
        told_at=at
    )
    return waiting


@action(needs=May.KEEP_NOTICES)
def withdraw(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will take a notice from every page at once; messages that are not out yet stay unsent."""
    row = locked(scope, notice)
    take(scope, row, NoticeVerb.WITHDRAW, at, tell_at=None)
    tell(events.NoticeWithdrawn(notice=notice, community=CommunityId(row.community), at=at))


@action(needs=May.KEEP_NOTICES)
def pin(scope: Scope, *, notice: NoticeId, pinned: bool, at: datetime) -> None:
    """This will put a notice above the others, or among them again."""
    row = locked(scope, notice)
    if row.is_pinned == pinned:
        return
    row.is_pinned = pinned
    row.save(update_fields=["is_pinned"])
    moves.note(models.NoticeMove, row, rules.deed_of_pinning(pinned), scope=scope, at=at)


@action(needs=May.READ_NOTICES)
def read(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will note that a recipient has read a notice; the first time counts."""
    mine = models.Recipient.objects.within(scope).filter(notice=notice)
    if not mine.filter(read_at=None).update(read_at=at) and not mine.exists():
        raise NotFound("notice")


@action(needs=May.READ_NOTICES)
def acknowledge(scope: Scope, *, notice: NoticeId, at: datetime) -> None:
    """This will note that a recipient says so: I have read it."""
    read(scope, notice=notice, at=at)
    models.Recipient.objects.within(scope).filter(notice=notice, acknowledged_at=None).update(acknowledged_at=at)


@action(needs=May.RUN_CLOCKS)
def tidy_up(scope: Scope, *, at: datetime) -> int:
    """This will end what is over, send back what nobody approved, and discard drafts that nobody wants."""
    done = 0
    for state, column, verb in (
        ("published", "valid_until", NoticeVerb.EXPIRE),
        ("asked", "due_at", NoticeVerb.SEND_BACK),
        ("draft", "due_at", NoticeVerb.DISCARD),
    ):
        due = models.Notice.objects.inside().select_for_update(skip_locked=True)
        rows = list(due.filter(state=state, **{f"{column}__lte": at}).order_by("id")[:PORTION])
        for row in rows:
            row.due_at = at + timedelta(days=7) if verb is NoticeVerb.SEND_BACK else None
            row.tell_at = None
        of, life, states = models.NoticeMove, rules.NOTICE_LIFE, rules.NoticeState
        changed = ("due_at", "tell_at")
        done += moves.take_many(of, rows, verb, life=life, states=states, scope=scope, at=at, changed=changed)
    return done
