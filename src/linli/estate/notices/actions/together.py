"""Many notices at once, as the desk ticked them: withdrawn, or put above the others; each is refused by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.notices import events, models, rules
from linli.estate.notices.rules import NoticeState, NoticeVerb
from linli.kernel.ids import CommunityId, NoticeId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.together import MOST, NotDone, Together, missing, sorted_out
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope


class NotPublished(Refusal):
    """Nobody sees it, so there is nothing that it could stand above."""

    says = _("Only what is published can be pinned.")


@action(needs=May.KEEP_NOTICES)
def withdraw_many(scope: Scope, *, notices: Sequence[NoticeId], at: datetime) -> Together:
    """This will take notices from every page at once; what is not published is refused."""
    rows = _hold_many(scope, notices)

    def check(row: models.Notice) -> models.Notice:
        rules.NOTICE_LIFE.after(NoticeState(row.state), NoticeVerb.WITHDRAW)
        return row

    going, refused = sorted_out(rows, _of, check)
    for row in going:
        row.tell_at = None
    of, life, verb = models.NoticeMove, rules.NOTICE_LIFE, NoticeVerb.WITHDRAW
    moves.take_many(of, going, verb, life=life, states=NoticeState, scope=scope, at=at, changed=("tell_at",))
    for row in going:
        tell(events.NoticeWithdrawn(notice=NoticeId(row.id), community=CommunityId(row.community), at=at))
    return _together(notices, rows, going, refused)


@action(needs=May.KEEP_NOTICES)
def pin_many(scope: Scope, *, notices: Sequence[NoticeId], pinned: bool, at: datetime) -> Together:
    """This will put notices above the others, or among them again; only what is published can stand above."""
    rows = _hold_many(scope, notices)

    def check(row: models.Notice) -> models.Notice:
        if pinned and row.state != NoticeState.PUBLISHED:
            raise NotPublished
        return row

    found, refused = sorted_out(rows, _of, check)
    changed = [row for row in found if row.is_pinned != pinned]
    models.Notice.objects.within(scope).filter(pk__in=[row.pk for row in changed]).update(is_pinned=pinned)
    moves.note_many(models.NoticeMove, changed, rules.deed_of_pinning(pinned), scope=scope, at=at)
    return _together(notices, rows, found, refused)


def _hold_many(scope: Scope, notices: Sequence[NoticeId]) -> list[models.Notice]:
    if not 0 < len(notices) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    return list(models.Notice.objects.within(scope).select_for_update().filter(pk__in=notices).order_by("pk"))


def _of(row: models.Notice) -> UUID:
    return row.pk


def _together(
    asked: Sequence[NoticeId], rows: Sequence[models.Notice], done: Sequence[models.Notice], refused: list[NotDone]
) -> Together:
    lost = missing(asked, {row.pk for row in rows}, "notice")
    return Together(tuple(row.pk for row in done), (*refused, *lost))
