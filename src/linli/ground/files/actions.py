"""Keeping files and letting them go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Func, Value

from linli.ground.files import gateways, models, rules
from linli.kernel import ids
from linli.kernel.ids import FileId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.UPLOAD_FILES, private=("name", "content"))
def keep_file(scope: Scope, *, name: str, content: bytes, purpose: str, at: datetime) -> FileId:
    """This will keep an upload for a purpose, or refuse what is too large or of another kind.

    The bytes go to the disk first; if what follows fails, the sweep finds them without a row.
    """
    wanted = rules.PURPOSES.get(purpose)
    if wanted is None:
        raise Invalid("purpose", _("Files are not kept for this purpose."))
    day = models.KeptFile.objects.inside().filter(person=scope.person, kept_at__gt=at - timedelta(days=1))
    if scope.person is not None and day.count() >= rules.MOST_A_DAY:
        raise rules.TooManyFiles(most=rules.MOST_A_DAY)
    upload = rules.checked(name, content, wanted)
    file = FileId(ids.new())
    sql.run(
        "INSERT INTO files_file"
        " (id, purpose, is_public, name, mime, size, digest, small_digest, person, shop, company, kept_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        file,
        purpose,
        wanted.is_public,
        upload.name,
        upload.kind.value,
        len(upload.content),
        gateways.put(upload.content),
        None if upload.small is None else gateways.put(upload.small),
        scope.person,
        scope.shop,
        scope.company,
        at,
    )
    return file


@action(needs=May.UPLOAD_FILES, private=("uploads",))
def keep_files(
    scope: Scope,
    *,
    uploads: Sequence[tuple[str, bytes]],
    field: str,
    most: int,
    purpose: str = "attachment",
    at: datetime,
) -> tuple[FileId, ...]:
    """This will keep what came with a form (name and bytes), or refuse it by the name of its field."""
    if len(uploads) > most:
        raise Invalid(field, _("At most {most} files."), most=most)
    try:
        return tuple(keep_file(scope, name=name, content=content, purpose=purpose, at=at) for name, content in uploads)
    except (rules.FileTooLarge, rules.WrongKindOfFile) as refusal:
        refusal.field = field
        raise


@action(needs=May.UPLOAD_FILES)
def discard_file(scope: Scope, *, file: FileId, at: datetime) -> None:
    """This will let a file go; its links end at once, its bytes with the next sweep if no other row shares them."""
    mine = models.KeptFile.objects.within(scope).filter(id=file)
    if not scope.is_inside:
        mine = mine.filter(person=scope.person)
    if not mine.delete()[0]:
        raise NotFound("file")


@action(needs=May.RUN_CLOCKS)
def discard_files(_scope: Scope, *, files: Sequence[FileId], at: datetime) -> None:
    """This will let files go that a module had kept for itself for a time; some may be gone already."""
    models.KeptFile.objects.inside().filter(id__in=list(files)).delete()


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will delete what an erased person uploaded for themselves; what others need stays, nameless."""
    theirs = models.KeptFile.objects.inside().filter(person=person)
    theirs.filter(purpose__in=[word for word, purpose in rules.PURPOSES.items() if purpose.goes_with_person]).delete()
    theirs.update(person=None, name=Func("name", Value(r"^.*(\.[a-z]+)$"), Value(r"file\1"), function="regexp_replace"))


@action(needs=May.RUN_CLOCKS)
def sweep_orphans(_scope: Scope, *, most: int, at: datetime) -> int:
    """This will remove the bytes on this hour's shelf that no row speaks of and nobody touched for a day."""
    shelf = int(at.timestamp() // 3600) % gateways.SHELVES
    old = gateways.old_ones(shelf=shelf, age_s=rules.ORPHAN_S, most=most)
    names = [path.name for path in old]
    rows = sql.fetch(
        "SELECT digest FROM files_file WHERE digest = ANY(%s)"
        " UNION SELECT small_digest FROM files_file WHERE small_digest = ANY(%s)",
        names,
        names,
    )
    spoken_of = {row[0] for row in rows}
    return sum(gateways.remove(path, age_s=rules.ORPHAN_S) for path in old if path.name not in spoken_of)
