"""Links to files, and the files behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.core import signing

from linli.ground.files import gateways, models, rules
from linli.kernel.ids import FileId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import SYSTEM, Scope

_SALT = "linli.files.link"
MOST = 200


class LinkExpired(Refusal):
    """The link was good once; whoever may see the file gets a new one from the page."""

    says = _("This link has expired. Please open the page again.")
    status = 410


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its bytes; `until` is when the link that opened it ends."""

    name: str
    mime: str
    content: bytes
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileCard:
    """What a page needs to show that a file is there."""

    id: FileId
    purpose: str
    name: str
    mime: str
    size: int
    kept_at: datetime


@query
def described(scope: Scope, *, files: Iterable[FileId]) -> dict[FileId, FileCard]:
    """This will describe those of the files that the scope may see, in one statement."""
    rows = models.KeptFile.objects.within(scope).filter(id__in=list(files)).values_list(*_CARD)[:MOST]
    return {FileId(row[0]): FileCard(FileId(row[0]), *row[1:]) for row in rows}


@query
def link(scope: Scope, *, file: FileId, at: datetime, seconds: int = 900) -> str:
    """This will sign a word that opens a file until it expires, for whoever may see the file."""
    return links(scope, files=(file,), at=at, seconds=seconds)[file]


@query
def links(scope: Scope, *, files: Iterable[FileId], at: datetime, seconds: int = 900) -> dict[FileId, str]:
    """This will sign a word for each file, in one statement; NotFound if the scope may not see one of them."""
    if not 0 < seconds <= rules.MOST_LINK_S:
        raise Invalid("seconds", _("A link lasts at most {most} seconds."), most=rules.MOST_LINK_S)
    asked = list(dict.fromkeys(files))[:MOST]
    seen = set(models.KeptFile.objects.within(scope).filter(id__in=asked).values_list("id", flat=True)[:MOST])
    if not seen.issuperset(asked):
        raise NotFound("file")
    until = int(at.timestamp()) + seconds
    return {file: signing.dumps([str(file), until], salt=_SALT) for file in asked}


@open_query
def open_link(token: str, *, at: datetime) -> StoredFile:
    """This will give the file behind a signed word; the word alone is the permission."""
    try:
        file, until = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound("file") from error
    if at.timestamp() >= until:
        raise LinkExpired
    return replace(_stored(SYSTEM, file=FileId(UUID(file))), until=datetime.fromtimestamp(until, UTC))


@open_query
def public_picture(*, file: FileId, small: bool = False) -> StoredFile:
    """This will give a picture that everybody may see, whole or in the size of a card."""
    rows = sql.fetch(
        "SELECT name, mime, digest, small_digest FROM files_file WHERE id = %s AND is_public AND mime LIKE 'image/%%'",
        file,
    )
    return _with_bytes(*((name, mime, (small and small_digest) or digest) for name, mime, digest, small_digest in rows))


@open_query
def still_public(*, files: Iterable[FileId]) -> frozenset[FileId]:
    """This will tell which of these pictures everybody may still see, in one statement."""
    rows = sql.fetch("SELECT id FROM files_file WHERE id = ANY(%s::uuid[]) AND is_public", list(files)[: 50 * MOST])
    return frozenset(FileId(row[0]) for row in rows)


@query
def uploaded_by_me(scope: Scope, *, files: Iterable[FileId], purpose: str) -> frozenset[FileId]:
    """This will tell which of these files the asker uploaded themselves for a purpose."""
    rows = sql.fetch(
        "SELECT id FROM files_file WHERE id = ANY(%s::uuid[]) AND person = %s AND purpose = %s",
        list(files)[:MOST],
        scope.person,
        purpose,
    )
    return frozenset(FileId(row[0]) for row in rows)


@query
def content_of(scope: Scope, *, file: FileId) -> StoredFile:
    """This will give a file with its bytes to a module that works on it, if the scope may see it."""
    return _stored(scope, file=file)


def given_to(scope: Scope, *, file: FileId | None) -> StoredFile:
    """This will give the file that came with long work, and say so where none did or it is gone."""
    if file is None:
        raise NotFound("file")
    return content_of(scope, file=file)


@query
def _stored(scope: Scope, *, file: FileId) -> StoredFile:
    return _with_bytes(*models.KeptFile.objects.within(scope).filter(id=file).values_list("name", "mime", "digest")[:1])


def _with_bytes(*found: tuple[str, str, str]) -> StoredFile:
    for name, mime, digest in found:
        content = gateways.get(digest)
        if content is not None:
            return StoredFile(name, mime, content)
    raise NotFound("file")


_CARD = ("id", "purpose", "name", "mime", "size", "kept_at")
