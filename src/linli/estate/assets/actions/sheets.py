"""Assets from a sheet: looked at first with every wrong cell named, taken over as one batch, undone as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.assets import rules
from linli.estate.assets.actions.held import insist_on
from linli.estate.assets.actions.registering import new_secret
from linli.estate.assets.models import Asset, AssetMove, Batch, Count, Paper, Plan, Task
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, moves, sheets
from linli.spine.action import action
from linli.spine.labels import next_labels
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope
from linli.spine.sheets import RowError

MOST_ERRORS = 200
MOST_ROWS = 5_000
STEPS = (_("Reading the rows"), _("Entering the assets"))


class SheetRefused(Refusal):
    """Some cells are wrong, so nothing was taken over."""

    says = _("{errors} cells need correction; nothing was taken over. First: row {row}, column {column}.")
    status = 422


class BuiltUpon(Refusal):
    """Something of a batch has a history by now."""

    says = _("{n} assets of this batch were moved, counted or maintained since. It cannot be undone any more.")


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a sheet would do, and its first errors by row and column; `more_errors` were left out."""

    rows: int
    new: int
    same: int
    errors: tuple[RowError, ...]
    more_errors: int


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of a sheet; without anything new there is no batch."""

    batch: UUID | None
    new: int
    same: int


@action(needs=May.KEEP_ASSETS, private=("file_name", "content", "tell"))
def preview_assets(
    scope: Scope,
    *,
    community: CommunityId,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> SheetPreview:
    """This will read a sheet, change nothing, and tell what it would do and which cells are wrong."""
    wishes, same, errors = _read(scope, community, file_name, content, tell)
    shown = tuple(errors[:MOST_ERRORS])
    return SheetPreview(len(wishes) + same, len(wishes), same, shown, len(errors) - len(shown))


@action(needs=May.KEEP_ASSETS, private=("file_name", "content", "tell"))
def take_over_assets(
    scope: Scope,
    *,
    community: CommunityId,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> TakenOver:
    """This will enter every new asset of a sheet, or none; the same sheet twice changes nothing."""
    locks.hold(f"assets:{community}")
    wishes, same, errors = _read(scope, community, file_name, content, tell)
    if errors:
        first = errors[0]
        raise SheetRefused(
            field="file", errors=len(errors), row=first.row, column=sheets.heading_of(first, rules.COLUMNS)
        )
    if not wishes:
        return TakenOver(None, 0, same)
    tell(1, len(STEPS), STEPS[1])
    batch = Batch.objects.create(
        id=ids.new(),
        community=community,
        file_name=file_name[:100],
        rows=len(wishes) + same,
        state=rules.BATCH_LIFE.birth.value,
        taken_by=scope.person,
        taken_at=at,
    )
    labels = next_labels("AS", place=community, day=places.day_in(community, at), count=len(wishes))
    rows = [_asset(batch, wish, label, at) for wish, label in zip(wishes, labels, strict=True)]
    Asset.objects.bulk_create(rows, batch_size=1_000)
    moves.born_many(AssetMove, rows, rules.AssetVerb.REGISTER, scope=scope, at=at)
    return TakenOver(UUID(str(batch.pk)), len(wishes), same)


@action(needs=May.KEEP_ASSETS)
def undo_assets(scope: Scope, *, batch: UUID, at: datetime) -> int:
    """This will take back all assets of a batch, or none where one was moved, counted or maintained since."""
    row = Batch.objects.within(scope).select_for_update().filter(pk=batch).first()
    if row is None:
        raise NotFound("batch")
    state = rules.BATCH_LIFE.after(rules.BatchState(row.state), rules.BatchVerb.UNDO)
    things = list(Asset.objects.within(scope).select_for_update().filter(batch=row).order_by("id"))
    touched = {thing.pk for thing in things if thing.state != rules.AssetState.IN_USE}
    keys = [thing.pk for thing in things]
    for rows in (Task, Count, Paper, Plan):
        touched |= set(rows.objects.within(scope).filter(asset__in=keys).values_list("asset", flat=True))
    moved = AssetMove.objects.within(scope).filter(of__in=keys).exclude(verb=rules.AssetVerb.REGISTER.value)
    touched |= set(moved.values_list("of", flat=True))
    if touched:
        raise BuiltUpon(n=len(touched))
    life, states = rules.ASSET_LIFE, rules.AssetState
    moves.take_many(AssetMove, things, rules.AssetVerb.WITHDRAW, life=life, states=states, scope=scope, at=at)
    row.state, row.undone_by, row.undone_at = state.value, scope.person, at
    row.save(update_fields=["state", "undone_by", "undone_at"])
    return len(things)


def _read(
    scope: Scope, community: CommunityId, file_name: str, content: bytes, tell: Progress
) -> tuple[list[rules.Wanted], int, list[RowError]]:
    """The assets of a sheet that the register lacks, how many it has, and what is wrong where."""
    insist_on(scope, community)
    tell(0, len(STEPS), STEPS[0])
    rows = sheets.read(file_name, content, rules.COLUMNS)
    known = _known(scope, community)
    wishes, errors, seen, same = list[rules.Wanted](), list[RowError](), set[tuple[str, ...]](), 0
    for nth, row in enumerate(rows):
        wish = rules.wanted(row)
        errors += [row.wrong(column, why, row[column][:40]) for column, why in wish.wrong.items()]
        if nth >= MOST_ROWS:
            errors.append(row.wrong("name", _("A sheet carries at most 5000 assets.")))
            break
        if wish.key in seen:
            errors.append(row.wrong("own_number", _("This asset stands in a row above already.")))
        elif wish.key in known:
            same += 1
        else:
            wishes.append(wish)
        seen.add(wish.key)
    return wishes, same, errors


def _known(scope: Scope, community: CommunityId) -> set[tuple[str, ...]]:
    held = Asset.objects.within(scope).filter(community=community).exclude(state=rules.AssetState.WITHDRAWN.value)
    columns = ("own_number", "kind", "name", "building", "place", "maker", "serial")
    return {(number,) if number else tuple(told) for number, *told in held.values_list(*columns)[: 10 * MOST_ROWS]}


def _asset(batch: Batch, wish: rules.Wanted, label: str, at: datetime) -> Asset:
    return Asset(
        id=ids.new(),
        community=batch.community,
        label=label,
        secret=new_secret(),
        kind=wish.kind.value,
        bought_on=wish.bought_on,
        warranty_until=wish.warranty_until,
        cost_minor=wish.cost.minor,
        salvage_minor=wish.salvage.minor,
        life_months=wish.life_months,
        state=rules.ASSET_LIFE.birth.value,
        batch=batch,
        registered_at=at,
        **wish.texts,
    )
