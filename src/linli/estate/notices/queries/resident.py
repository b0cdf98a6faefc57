"""What a resident asks: which notices are for them, and what one of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.estate.notices.rules import NoticeKind
from linli.ground.files import queries as files
from linli.ground.files.queries import FileCard
from linli.kernel.ids import FileId, NoticeId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 100
_MINE = (
    " FROM notices_recipient r JOIN notices_notice n ON n.id = r.notice_id"
    " WHERE r.person = %s AND n.state = 'published' AND (n.valid_until IS NULL OR n.valid_until > %s)"
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a list."""

    notice: NoticeId
    kind: NoticeKind
    title: dict[str, str]
    published_at: datetime
    is_pinned: bool
    is_important: bool
    is_read: bool
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class MyNotice:
    """A notice as its recipient reads it; papers with the words that open them."""

    line: NoticeLine
    label: str
    body: dict[str, str]
    pictures: tuple[FileId, ...]
    papers: tuple[tuple[FileCard, str], ...]
    valid_until: datetime | None


@query
def my_notices(
    scope: Scope, *, at: datetime, only_unread: bool = False, after: NoticeId | None = None, limit: int = 20
) -> tuple[NoticeLine, ...]:
    """This will list the notices for the asker: pinned ones on the first page above the others, then the newest."""
    rows = sql.fetch(
        "SELECT n.id, n.kind, n.title, n.published_at, n.is_pinned, n.is_important, r.read_at IS NOT NULL,"
        " r.acknowledged_at IS NOT NULL" + _MINE + " AND (NOT %s OR r.read_at IS NULL)"
        " AND (%s::uuid IS NULL OR (NOT n.is_pinned AND n.id < %s))"
        " ORDER BY n.is_pinned DESC, n.id DESC LIMIT %s",
        scope.person,
        at,
        only_unread,
        after,
        after,
        min(limit, MOST),
    )
    return tuple(_line(*row) for row in rows)


@query
def latest(scope: Scope, *, at: datetime, limit: int = 3) -> tuple[NoticeLine, ...]:
    """This will give what a resident's first page shows: pinned ones first, then the newest."""
    return my_notices(scope, at=at, limit=limit)


@query
def unread(scope: Scope, *, at: datetime) -> int:
    """This will count what the asker has not read, or not said so where it is important."""
    ((number,),) = sql.fetch(
        "SELECT count(*)" + _MINE + " AND (r.read_at IS NULL OR (n.is_important AND r.acknowledged_at IS NULL))",
        scope.person,
        at,
    )
    return int(number)


@query
def my_notice(scope: Scope, *, notice: NoticeId, at: datetime) -> MyNotice:
    """This will show a notice to somebody it is addressed to."""
    row = sql.fetch_one(
        "SELECT n.id, n.kind, n.title, n.published_at, n.is_pinned, n.is_important, r.read_at IS NOT NULL,"
        " r.acknowledged_at IS NOT NULL, n.label, n.body, n.pictures, n.papers, n.valid_until"
        + _MINE
        + " AND n.id = %s",
        scope.person,
        at,
        notice,
    )
    if row is None:
        raise NotFound("notice")
    label, body, pictures, papers, valid_until = row[8:]
    found = tuple(FileId(file) for file in pictures)
    return MyNotice(_line(*row[:8]), label, sql.from_json(body), found, opened(papers, at), valid_until)


def opened(papers: list[FileId], at: datetime) -> tuple[tuple[FileCard, str], ...]:
    """This will give the papers of a notice with words that open them; the caller has seen that the asker may."""
    if not papers:
        return ()
    cards = files.described(SYSTEM, files=papers)
    links = files.links(SYSTEM, files=cards, at=at)
    return tuple((cards[file], links[file]) for file in papers if file in cards)


def _line(
    notice: NoticeId,
    kind: str,
    title: str,
    published_at: datetime,
    pinned: bool,
    important: bool,
    read: bool,
    said: bool,
) -> NoticeLine:
    return NoticeLine(notice, NoticeKind(kind), sql.from_json(title), published_at, pinned, important, read, said)
