"""Photos of what is wrong, and of how it looks afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.files import actions as files
from linli.ground.files import queries as kept
from linli.ground.files.rules import FileTooLarge, WrongKindOfFile
from linli.kernel.ids import FileId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.scope import Scope

MOST_PHOTOS = 9


def kept_photos(
    scope: Scope, photos: Sequence[FileId], uploads: Sequence[tuple[str, bytes]], *, purpose: str, at: datetime
) -> list[FileId]:
    """This will keep what was sent now and take what the asker uploaded for the purpose before, nothing else."""
    if len(photos) + len(uploads) > MOST_PHOTOS:
        raise Invalid("photos", _("At most {most} photos."), most=MOST_PHOTOS)
    own = photos and not scope.is_inside
    if own and not kept.uploaded_by_me(scope, files=photos, purpose=purpose).issuperset(photos):
        raise Invalid("photos", _("Please upload the photos first."))
    found = list(photos)
    for name, content in uploads:
        try:
            found.append(files.keep_file(scope, name=name, content=content, purpose=purpose, at=at))
        except (FileTooLarge, WrongKindOfFile) as refusal:
            refusal.field = "photos"
            raise
    return found
