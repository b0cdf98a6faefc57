"""Files are laid beside a thing, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.attachments import queries, rules
from linli.estate.attachments.models import Attachment
from linli.ground.files import actions as files
from linli.kernel import ids
from linli.kernel.ids import FileId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope


class TooManyAttached(Refusal):
    """A thing has as many attachments as it takes."""

    says = _("At most {most} files lie beside one thing. Take one out first.")
    status = 422


@action(needs=May.UPLOAD_FILES, private=("uploads",))
def attach(
    scope: Scope, *, kind: rules.Kind, subject: UUID, uploads: Sequence[tuple[str, bytes]], at: datetime
) -> tuple[UUID, ...]:
    """This will keep files beside a thing that the asker may see and has in hand."""
    needed = rules.permit_to_attach(scope.role, kind)
    if needed is None or not scope.may(needed):
        raise NotFound("page")
    community = queries.community_of(scope, kind, subject, at)
    if not uploads:
        raise Invalid("files", _("Please choose a file."))
    if queries.kept_beside(scope, kind, subject) + len(uploads) > rules.MOST_OF_ONE:
        raise TooManyAttached(field="files", most=rules.MOST_OF_ONE)
    kept = files.keep_files(scope, uploads=uploads, field="files", most=rules.MOST_AT_ONCE, at=at)
    rows = [
        Attachment(
            id=ids.new(),
            kind=kind.value,
            subject=subject,
            community=community,
            file=file,
            person=scope.person,
            role=scope.role.value,
            added_at=at,
        )
        for file in kept
    ]
    Attachment.objects.bulk_create(rows)
    return tuple(row.pk for row in rows)


@action(needs=May.UPLOAD_FILES)
def detach(scope: Scope, *, attachment: UUID, at: datetime) -> tuple[rules.Kind, UUID]:
    """This will take a file out: by whoever added it, or by the desk that has the thing in hand; tells of what."""
    row = Attachment.objects.within(scope).select_for_update().filter(pk=attachment, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("attachment")
    kind = rules.Kind(row.kind)
    needed = rules.permit_to_attach(scope.role, kind)
    if needed is None or not scope.may(needed) or not (scope.role is Role.PROPERTY or row.person == scope.person):
        raise NotFound("attachment")
    row.removed_at, row.removed_by = at, scope.person
    row.save(update_fields=["removed_at", "removed_by"])
    files.discard_files(SYSTEM, files=[FileId(row.file)], at=at)
    return kind, row.subject


@action(needs=May.RUN_CLOCKS)
def clear_away(scope: Scope, *, kind: rules.Kind, subject: UUID, at: datetime) -> int:
    """This will take out what lies beside a thing that is gone, and tell how much it was; safe to repeat."""
    left = Attachment.objects.within(scope).filter(kind=kind.value, subject=subject, removed_at__isnull=True)
    gone = list(left.select_for_update().values_list("file", flat=True))
    if gone:
        left.update(removed_at=at)
        files.discard_files(scope, files=[FileId(file) for file in gone], at=at)
    return len(gone)
