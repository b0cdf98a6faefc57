"""What every verb on assets does: hold a row, take the verb by its life, and read what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.assets import rules
from linli.estate.assets.models import Asset, AssetMove, Task, TaskMove
from linli.ground.files import actions as files
from linli.kernel.ids import AssetId, CommunityId, FileId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.scope import Scope

MOST_WHY = 200
MOST_PHOTOS = 4
PHOTO = "work_done_photo"


def insist_on(scope: Scope, community: CommunityId) -> None:
    """This will refuse a community that the asker does not work in."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")


def hold_asset(scope: Scope, asset: AssetId) -> Asset:
    """This will lock an asset that the scope reaches, or refuse with `NotFound`."""
    row = Asset.objects.within(scope).select_for_update().filter(pk=asset).exclude(state="withdrawn").first()
    if row is None:
        raise NotFound("asset")
    return row


def hold_task(scope: Scope, task: UUID) -> Task:
    """This will lock a task that the scope reaches, or refuse with `NotFound`."""
    row = Task.objects.within(scope).select_for_update(of=("self",)).select_related("asset").filter(pk=task).first()
    if row is None:
        raise NotFound("task")
    return row


def move_asset(scope: Scope, row: Asset, verb: rules.AssetVerb, at: datetime, *, why: str = "", **changes: Any) -> None:
    """This will take a verb on a held asset."""
    life, states = rules.ASSET_LIFE, rules.AssetState
    moves.take(AssetMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)


def move_task(scope: Scope, row: Task, verb: rules.TaskVerb, at: datetime, *, why: str = "", **changes: Any) -> None:
    """This will take a verb on a held task."""
    life, states = rules.TASK_LIFE, rules.TaskState
    moves.take(TaskMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)


def said(text: str, most: int, *, field: str, needed: bool = True) -> str:
    """This will give what was typed on one line, or refuse it."""
    kept = " ".join(text.split())
    if len(kept) > most or (needed and not kept):
        raise Invalid(field, _("Please write between 1 and {most} characters."), most=most)
    return kept


def kept_photos(scope: Scope, uploads: Sequence[tuple[str, bytes]], at: datetime) -> list[FileId]:
    """This will keep pictures that came with a form."""
    return list(files.keep_files(scope, uploads=uploads, field="photos", most=MOST_PHOTOS, purpose=PHOTO, at=at))
