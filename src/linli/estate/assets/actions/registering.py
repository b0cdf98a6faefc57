"""The register: assets are entered, changed, moved through their life, and given papers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.estate.assets import events, rules
from linli.estate.assets.actions.held import MOST_WHY, hold_asset, insist_on, move_asset, said
from linli.estate.assets.models import Asset, AssetMove, Paper, Task
from linli.ground.files import actions as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import AssetId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

SECRET_BYTES = 12
MOST_PAPERS = 60


class NumberTaken(Refusal):
    """The company's own number names one asset of a community."""

    says = _("Another asset here has this number.")


class StillMaintained(Refusal):
    """What has an open task is not gone."""

    says = _("Maintenance of this asset is open. Finish it or call it off first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetDraft:
    """What the register says of an asset; `life_months` makes it lose its worth month by month."""

    kind: rules.AssetKind
    name: str
    place: str
    building: str = ""
    own_number: str = ""
    maker: str = ""
    serial: str = ""
    supplier: str = ""
    bought_on: date | None = None
    warranty_until: date | None = None
    cost: Money = Money.zero
    salvage: Money = Money.zero
    life_months: int | None = None
    keeper: PartyId | None = None


@action(needs=May.KEEP_ASSETS, private=("draft",))
def register_asset(scope: Scope, *, community: CommunityId, draft: AssetDraft, at: datetime) -> AssetId:
    """This will enter an asset, with a number and a QR of its own."""
    insist_on(scope, community)
    row = Asset(
        id=ids.new(),
        community=community,
        label=next_label("AS", place=community, day=places.day_in(community, at)),
        secret=new_secret(),
        state=rules.ASSET_LIFE.birth.value,
        registered_at=at,
        **_columns(scope, draft, at),
    )
    _save(row, force_insert=True)
    moves.born(AssetMove, row, rules.AssetVerb.REGISTER, scope=scope, at=at)
    tell(events.AssetRegistered(asset=AssetId(row.pk), community=community, at=at))
    return AssetId(row.pk)


@action(needs=May.KEEP_ASSETS, private=("draft",))
def change_asset(scope: Scope, *, asset: AssetId, draft: AssetDraft, at: datetime) -> None:
    """This will correct what the register says; where it stands and who keeps it are told by `relocate_asset`."""
    row = hold_asset(scope, asset)
    columns = _columns(scope, draft, at)
    for name in ("building", "place", "keeper"):
        columns.pop(name)
    for name, value in columns.items():
        setattr(row, name, value)
    _save(row, update_fields=list(columns))


@action(needs=May.MAINTAIN_ASSETS, private=("why", "place", "building"))
def relocate_asset(
    scope: Scope,
    *,
    asset: AssetId,
    place: str,
    building: str = "",
    keeper: PartyId | None = None,
    why: str,
    at: datetime,
) -> None:
    """This will note that it stands elsewhere or that somebody else keeps it, and why."""
    row = hold_asset(scope, asset)
    where = said(place, rules.LENGTHS["place"], field="place")
    house = said(building, rules.LENGTHS["building"], field="building", needed=False)
    reason = f"{said(why, MOST_WHY, field='why')} ({row.building} {row.place} → {house} {where})"
    kept_by = _keeper(scope, keeper, at) if keeper != row.keeper else row.keeper
    move_asset(scope, row, rules.AssetVerb.RELOCATE, at, why=reason, place=where, building=house, keeper=kept_by)


@action(needs=May.MAINTAIN_ASSETS, private=("why",))
def move_on(scope: Scope, *, asset: AssetId, verb: rules.AssetVerb, why: str, at: datetime) -> None:
    """This will send it to repair, back to use, to the store, or retire it, with the reason."""
    if verb in (rules.AssetVerb.RELOCATE, rules.AssetVerb.WITHDRAW, rules.AssetVerb.REGISTER):
        raise Invalid("verb", _("Please choose one of the values offered."))
    if verb is rules.AssetVerb.RETIRE and not scope.may(May.KEEP_ASSETS):
        raise NotFound("asset")
    row = hold_asset(scope, asset)
    reason = said(why, MOST_WHY, field="why")
    undone = [state.value for state in rules.UNDONE]
    if verb is rules.AssetVerb.RETIRE and Task.objects.within(scope).filter(asset=row, state__in=undone).exists():
        raise StillMaintained
    due_at = None
    if verb is rules.AssetVerb.MEND:
        terms = policy(scope, rules.AssetPolicy, at=at, community=CommunityId(row.community))
        due_at = at + timedelta(days=terms.repair_days)
    move_asset(scope, row, verb, at, why=reason, due_at=due_at, told_at=None)
    tell(events.AssetMoved(asset=asset, community=CommunityId(row.community), state=row.state, at=at))


@action(needs=May.KEEP_ASSETS)
def renew_asset_code(scope: Scope, *, asset: AssetId, at: datetime) -> None:
    """This will make the printed QR of an asset worthless."""
    row = hold_asset(scope, asset)
    row.secret = new_secret()
    row.save(update_fields=["secret"])


@action(needs=May.MAINTAIN_ASSETS, private=("title", "upload"))
def add_paper(
    scope: Scope,
    *,
    asset: AssetId,
    kind: rules.PaperKind,
    title: str,
    upload: tuple[str, bytes] | None = None,
    expires_on: date | None = None,
    at: datetime,
) -> UUID:
    """This will keep a manual, a certificate with its last day, an invoice or a picture of an asset."""
    row = hold_asset(scope, asset)
    name = said(title, 80, field="title")
    if (kind is rules.PaperKind.CERTIFICATE) and expires_on is None:
        raise Invalid("expires_on", _("Please say until when the certificate holds."))
    if kind is not rules.PaperKind.CERTIFICATE and upload is None:
        raise Invalid("file", _("Please choose a file."))
    if Paper.objects.within(scope).filter(asset=row, removed_at=None).count() >= MOST_PAPERS:
        raise Invalid("file", _("At most {most} papers."), most=MOST_PAPERS)
    uploads = () if upload is None else (upload,)
    kept = files.keep_files(scope, uploads=uploads, field="file", most=1, at=at)
    paper = Paper.objects.create(
        id=ids.new(),
        community=row.community,
        asset=row,
        kind=kind.value,
        title=name,
        file=kept[0] if kept else None,
        expires_on=expires_on,
        added_by=scope.person,
        added_at=at,
    )
    return UUID(str(paper.pk))


@action(needs=May.KEEP_ASSETS)
def remove_paper(scope: Scope, *, paper: UUID, at: datetime) -> None:
    """This will take a paper off an asset; one that closed a statutory task stays."""
    rows = Paper.objects.within(scope).filter(pk=paper, removed_at=None)
    if Task.objects.within(scope).filter(certificate=paper).exists() or not rows.update(removed_at=at):
        raise NotFound("paper")


def new_secret() -> str:
    """This will draw what stands in a QR."""
    return secrets.token_urlsafe(SECRET_BYTES)


def _columns(scope: Scope, draft: AssetDraft, at: datetime) -> dict[str, Any]:
    texts: Mapping[str, str] = {
        name: said(getattr(draft, name), most, field=name, needed=name in ("name", "place"))
        for name, most in rules.LENGTHS.items()
    }
    if draft.life_months is not None:
        if draft.bought_on is None:
            raise Invalid("bought_on", _("Depreciation needs a cost and the day of buying."))
        rules.Worth(draft.cost, draft.salvage, draft.life_months, draft.bought_on)
    if draft.warranty_until and draft.bought_on and draft.warranty_until < draft.bought_on:
        raise Invalid("warranty_until", _("The warranty ends after the day of buying."))
    if not Money.zero <= draft.salvage <= draft.cost:
        raise Invalid("salvage", _("What is left at the end is not more than the cost."))
    return {
        **texts,
        "kind": draft.kind.value,
        "bought_on": draft.bought_on,
        "warranty_until": draft.warranty_until,
        "cost_minor": draft.cost.minor,
        "salvage_minor": draft.salvage.minor,
        "life_months": draft.life_months,
        "keeper": _keeper(scope, draft.keeper, at),
    }


def _keeper(scope: Scope, keeper: PartyId | None, at: datetime) -> PartyId | None:
    """Whoever keeps an asset works for the company."""
    if keeper is None or scope.company is None:
        return None
    if all(each.party != keeper for each in people.company_staff(SYSTEM, company=scope.company, at=at)):
        raise NotFound("person", field="keeper")
    return keeper


def _save(row: Asset, **how: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        if "assets_asset_own_number" in str(error):
            raise NumberTaken(field="own_number") from error
        raise
