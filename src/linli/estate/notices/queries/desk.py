"""What the desk asks: its notices, who has read them, and what is due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.notices import models, rules
from linli.estate.notices.queries.resident import opened
from linli.estate.notices.queries.tags import tags
from linli.estate.notices.rules import Audience, Level, NoticeKind, NoticeState, Who
from linli.ground.files.queries import FileCard
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, CommunityId, FileId, HomeId, NoticeId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200
MOST_DUE = 100
MOST_OF_SHEET = 20_000


@dataclass(frozen=True, slots=True)
class DeskNotice:
    """A notice in the desk's list; `rate_bp` is how many of its recipients have read it."""

    notice: NoticeId
    community: CommunityId
    label: str
    kind: NoticeKind
    title: dict[str, str]
    state: NoticeState
    is_pinned: bool
    is_important: bool
    written_at: datetime
    publish_at: datetime | None
    recipients: int
    read: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class BuildingRate:
    """How many people of a building have read a notice."""

    label: str
    recipients: int
    read: int
    acknowledged: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice as the desk sees it."""

    line: DeskNotice
    body: dict[str, str]
    audience: Audience
    places: tuple[str, ...]
    pictures: tuple[FileId, ...]
    papers: tuple[tuple[FileCard, str], ...]
    is_told: bool
    told: int
    acknowledged: int
    reaches: int
    published_at: datetime | None
    valid_until: datetime | None
    tell_at: datetime | None
    is_mine: bool
    rates: tuple[BuildingRate, ...]
    moves: tuple[moves.Moved, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Whether somebody of a home has read a notice; no name, for the door is enough to knock at."""

    door: str
    told_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None


@query
def notices(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    state: NoticeState | None = None,
    kind: NoticeKind | None = None,
    words: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[DeskNotice, ...]:
    """This will list the notices of communities with how many have read each, the newest first, in one statement."""
    rows = sql.fetch(
        "SELECT n.id, n.community, n.label, n.kind, n.title, n.state, n.is_pinned, n.is_important, n.written_at,"
        " n.publish_at, c.recipients, c.read FROM notices_notice n CROSS JOIN LATERAL (SELECT count(*) AS recipients,"
        " count(r.read_at) AS read FROM notices_recipient r WHERE r.notice_id = n.id) c"
        " WHERE n.community = ANY (%s::uuid[]) AND (%s = '' OR n.state = %s) AND (%s = '' OR n.kind = %s)"
        " AND (%s = '' OR position(lower(%s) in lower(n.title::text || n.label)) > 0)"
        " AND (%s::uuid IS NULL OR n.id < %s) ORDER BY n.id DESC LIMIT %s",
        sql.as_ids(communities),
        state or "",
        state or "",
        kind or "",
        kind or "",
        words,
        words,
        after,
        after,
        min(limit, MOST_OF_SHEET),
    )
    return tuple(_desk(*row) for row in rows)


def _desk(
    notice: NoticeId,
    community: CommunityId,
    label: str,
    kind: str,
    title: str,
    state: str,
    pinned: bool,
    important: bool,
    written_at: datetime,
    publish_at: datetime | None,
    recipients: int,
    read: int,
) -> DeskNotice:
    return DeskNotice(
        notice,
        community,
        label,
        NoticeKind(kind),
        sql.from_json(title),
        NoticeState(state),
        pinned,
        important,
        written_at,
        publish_at,
        recipients,
        read,
        rules.rate_bp(read, recipients),
    )


@query
def notice_page(scope: Scope, *, notice: NoticeId, at: datetime) -> NoticePage:
    """This will show a notice with who has read it by building, and what became of it."""
    row = models.Notice.objects.within(scope).filter(id=notice).first()
    if row is None:
        raise NotFound("notice")
    rates, told = _rates(notice)
    recipients, read = sum(one.recipients for one in rates), sum(one.read for one in rates)
    line = DeskNotice(
        notice,
        CommunityId(row.community),
        row.label,
        NoticeKind(row.kind),
        row.title,
        NoticeState(row.state),
        row.is_pinned,
        row.is_important,
        row.written_at,
        row.publish_at,
        recipients,
        read,
        rules.rate_bp(read, recipients),
    )
    audience = Audience(Level(row.level), tuple(row.targets), Who(row.who))
    return NoticePage(
        line,
        row.body,
        audience,
        _named(scope, CommunityId(row.community), audience),
        tuple(FileId(file) for file in row.pictures),
        opened([FileId(file) for file in row.papers], at),
        row.is_told,
        told,
        sum(one.acknowledged for one in rates),
        recipients or _reaches(row, at),
        row.published_at,
        row.valid_until,
        row.tell_at,
        row.writer == scope.person,
        rates,
        moves.history(models.NoticeMove, notice, scope=scope),
    )


def _rates(notice: NoticeId) -> tuple[tuple[BuildingRate, ...], int]:
    rows = sql.fetch(
        "SELECT building, count(*), count(read_at), count(acknowledged_at), count(told_at) FROM notices_recipient"
        " WHERE notice_id = %s GROUP BY building LIMIT %s",
        notice,
        places.MOST_BUILDINGS,
    )
    known = places.buildings(ids=[BuildingId(row[0]) for row in rows]) if rows else {}
    rates = [
        BuildingRate(known[BuildingId(building)].label, recipients, read, said, rules.rate_bp(read, recipients))
        for building, recipients, read, said, _told in rows
    ]
    return tuple(sorted(rates, key=lambda one: (len(one.label), one.label))), sum(row[4] for row in rows)


def _reaches(row: models.Notice, at: datetime) -> int:
    """Whom a draft would reach today."""
    ((number,),) = sql.fetch(
        "SELECT count(*) FROM notices_reached(%s::uuid[], %s, NULL, %s)", sql.as_ids([row.id]), row.community, at
    )
    return int(number)


def _named(scope: Scope, community: CommunityId, audience: Audience) -> tuple[str, ...]:
    """The places of an audience as people call them; none for the whole community."""
    if audience.level is Level.BUILDING:
        known = places.buildings(ids=[BuildingId(target) for target in audience.targets])
        return tuple(sorted(card.label for card in known.values()))
    if audience.level is Level.HOME:
        return tuple(sorted(card.door for card in places.homes(HomeId(t) for t in audience.targets).values()))
    if audience.level is Level.TAG:
        words = models.Tag.objects.within(scope).filter(id__in=audience.targets)
        return tuple(words.order_by("word").values_list("word", flat=True)[: rules.MOST_TARGETS])
    if audience.level is Level.UNIT:
        homes = sql.fetch(
            "SELECT DISTINCT ON (unit) home FROM places_homes_of(%s) WHERE unit = ANY (%s::uuid[])",
            community,
            sql.as_ids(audience.targets),
        )
        cards = places.homes(HomeId(row[0]) for row in homes)
        return tuple(sorted(f"{card.building}-{card.unit}" for card in cards.values()))
    return ()


@query
def receipts(scope: Scope, *, notice: NoticeId, limit: int = MOST_OF_SHEET) -> tuple[Receipt, ...]:
    """This will list by door who was told, has read and has said so, for a sheet to knock at doors with."""
    rows = (
        models.Recipient.objects.within(scope)
        .filter(notice=notice)
        .values_list("home", "told_at", "read_at", "acknowledged_at")[: min(limit, MOST_OF_SHEET)]
    )
    found = list(rows)
    doors = places.homes({HomeId(row[0]) for row in found})
    made = [Receipt(doors[HomeId(row[0])].door, *row[1:]) for row in found]
    return tuple(sorted(made, key=lambda one: [(len(part), part) for part in one.door.split("-")]))


@query
def titles(scope: Scope, *, notices: Sequence[NoticeId]) -> dict[NoticeId, dict[str, str]]:
    """This will tell what notices of the asker's communities are called."""
    rows = models.Notice.objects.within(scope).filter(pk__in=notices) if notices else ()
    return {NoticeId(row.pk): row.title for row in rows}


@query
def due(scope: Scope, *, at: datetime) -> tuple[NoticeId, ...]:
    """This will list what is scheduled and due, for the clock."""
    rows = models.Notice.objects.within(scope).filter(state="scheduled", publish_at__lte=at).order_by("publish_at")
    return tuple(NoticeId(one) for one in rows.values_list("id", flat=True)[:MOST_DUE])


@query
def typed_places(scope: Scope, *, community: CommunityId, level: Level, text: str) -> tuple[UUID, ...]:
    """This will find the places that people type (3, 3-2, 3-2-501, or the words that homes wear; apart by commas or
    lines), or name the first that the community does not have."""
    asked = [part for part in re.split(r"[\s,，、;；]+", text) if part][: rules.MOST_TARGETS + 1]
    if level is Level.COMMUNITY or not asked:
        return ()
    if level is Level.TAG:
        known: dict[str, UUID] = {card.word: card.tag for card in tags(scope, communities=[community])}
    elif level is Level.BUILDING:
        known = {card.label: card.id for card in places.buildings(community=community).values()}
    else:
        doors = places.doors(community)
        known = {"-".join(part for part in door if part): home for door, home in doors.items()}
        if level is Level.UNIT:
            units = dict(sql.fetch("SELECT home, unit FROM places_homes_of(%s)", community))
            known = {"-".join(door[:2]).rstrip("-"): units[home] for door, home in doors.items()}
    for one in asked:
        if one not in known:
            raise Invalid("targets", _("There is no {place} here."), place=one)
    return tuple(known[one] for one in asked)
