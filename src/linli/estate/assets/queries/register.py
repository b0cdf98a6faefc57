"""The register as the desk and the phone see it: a list, one asset with its papers and history, what a scan finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.estate.assets import rules
from linli.estate.assets.models import Asset, AssetMove, Batch, Paper
from linli.ground.files import queries as files
from linli.kernel.ids import AssetId, CommunityId, FileId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import Scope

MOST = 20_000
MOST_PAPERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCard:
    """An asset of the register; `secret` is what its QR says, `due_at` when its repair is late."""

    asset: AssetId
    label: str
    own_number: str
    secret: str
    community: CommunityId
    kind: rules.AssetKind
    name: str
    building: str
    place: str
    maker: str
    serial: str
    supplier: str
    bought_on: date | None
    warranty_until: date | None
    cost: Money
    salvage: Money
    life_months: int | None
    keeper: PartyId | None
    state: rules.AssetState
    due_at: datetime | None

    @property
    def where(self) -> str:
        """Where it stands, in a line."""
        return f"{self.building} {self.place}".strip()

    def depreciated(self, on: date) -> rules.Depreciation | None:
        """This will tell what it is worth at the end of a day's month, where it loses its worth."""
        if self.life_months is None or self.bought_on is None:
            return None
        return rules.depreciated(rules.Worth(self.cost, self.salvage, self.life_months, self.bought_on), on)


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper of an asset; `link` is a word that opens its file."""

    paper: UUID
    asset: AssetId
    kind: rules.PaperKind
    title: str
    link: str
    expires_on: date | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class AssetPage:
    card: AssetCard
    papers: tuple[PaperCard, ...]
    history: tuple[Moved, ...]

    def allows(self, verb: rules.AssetVerb) -> bool:
        """This will tell whether the verb is open now."""
        return rules.ASSET_LIFE.allows(self.card.state, verb)


@dataclass(frozen=True, slots=True)
class ExpiringPaper:
    """A certificate with the asset it is of."""

    paper: UUID
    asset: AssetId
    label: str
    name: str
    title: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A sheet that was taken over."""

    batch: UUID
    file_name: str
    rows: int
    state: rules.BatchState
    taken_by: PartyId | None
    taken_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which assets are asked for; without a state those that the company has."""

    community: CommunityId | None = None
    kind: rules.AssetKind | None = None
    state: rules.AssetState | None = None
    words: str = ""


@query
def assets(scope: Scope, *, sought: Sought, after: AssetId | None = None, limit: int = 100) -> tuple[AssetCard, ...]:
    """This will list assets, the latest first; words are looked for in names, places and numbers."""
    rows = _sought(scope, sought)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(_card(row) for row in rows.order_by("-id")[: min(limit, MOST)])


@query
def asset_page(scope: Scope, *, asset: AssetId, at: datetime) -> AssetPage:
    """This will show one asset with its papers and what happened to it."""
    row = Asset.objects.within(scope).exclude(state="withdrawn").filter(pk=asset).first()
    if row is None:
        raise NotFound("asset")
    held = Paper.objects.within(scope).filter(asset=row, removed_at=None).order_by("-id")[:MOST_PAPERS]
    return AssetPage(_card(row), _papers(scope, list(held), at), history(AssetMove, row.pk, scope=scope))


@query
def scanned_asset(scope: Scope, *, secret: str) -> AssetId | None:
    """This will find the asset of a QR, or of a number typed beneath it."""
    word = secret.strip()
    rows = Asset.objects.within(scope).exclude(state="withdrawn")
    found = rows.filter(Q(secret=word) | Q(label=word.upper())).values_list("id", flat=True).first()
    return None if found is None else AssetId(found)


@query
def expiring(scope: Scope, *, community: CommunityId, until: date, limit: int = 200) -> tuple[ExpiringPaper, ...]:
    """This will list certificates that expire until a day or have expired, of what the company has, the oldest first.

    A newer certificate of the same title takes the place of an older one.
    """
    rows = Paper.objects.within(scope).filter(
        community=community, removed_at=None, expires_on__isnull=False, asset__state__in=_states()
    )
    latest = rows.order_by("asset", "title", "-expires_on").distinct("asset", "title").values("id")
    due = Paper.objects.within(scope).filter(pk__in=latest, expires_on__lte=until).select_related("asset")
    return tuple(
        ExpiringPaper(row.pk, AssetId(row.asset_id), row.asset.label, row.asset.name, row.title, row.expires_on)
        for row in due.order_by("expires_on", "id")[: min(limit, MOST)]
        if row.expires_on is not None
    )


@query
def asset_batches(scope: Scope, *, community: CommunityId, limit: int = 20) -> tuple[BatchCard, ...]:
    """This will list the sheets that were taken over, the latest first."""
    rows = Batch.objects.within(scope).filter(community=community).order_by("-id")[: min(limit, MOST)]
    return tuple(
        BatchCard(
            row.pk,
            row.file_name,
            row.rows,
            rules.BatchState(row.state),
            PartyId(row.taken_by) if row.taken_by else None,
            row.taken_at,
            row.undone_at,
        )
        for row in rows
    )


def _states() -> list[str]:
    return [state.value for state in rules.HERE]


def _sought(scope: Scope, sought: Sought) -> QuerySet[Asset]:
    states = [sought.state.value] if sought.state else _states()
    rows = Asset.objects.within(scope).filter(state__in=states)
    if sought.community is not None:
        rows = rows.filter(community=sought.community)
    if sought.kind is not None:
        rows = rows.filter(kind=sought.kind.value)
    for word in sought.words.split()[:5]:
        places = Q(name__icontains=word) | Q(place__icontains=word) | Q(building__iexact=word)
        numbers = Q(label__icontains=word) | Q(own_number__icontains=word) | Q(serial__icontains=word)
        rows = rows.filter(places | numbers)
    return rows


def _papers(scope: Scope, rows: list[Paper], at: datetime) -> tuple[PaperCard, ...]:
    kept = {FileId(row.file) for row in rows if row.file}
    links = files.links(scope, files=files.described(scope, files=kept), at=at) if kept else {}
    return tuple(
        PaperCard(
            row.pk,
            AssetId(row.asset_id),
            rules.PaperKind(row.kind),
            row.title,
            links.get(FileId(row.file), "") if row.file else "",
            row.expires_on,
            row.added_at,
        )
        for row in rows
    )


def _card(row: Asset) -> AssetCard:
    return AssetCard(
        asset=AssetId(row.pk),
        label=row.label,
        own_number=row.own_number,
        secret=row.secret,
        community=CommunityId(row.community),
        kind=rules.AssetKind(row.kind),
        name=row.name,
        building=row.building,
        place=row.place,
        maker=row.maker,
        serial=row.serial,
        supplier=row.supplier,
        bought_on=row.bought_on,
        warranty_until=row.warranty_until,
        cost=Money(row.cost_minor),
        salvage=Money(row.salvage_minor),
        life_months=row.life_months,
        keeper=PartyId(row.keeper) if row.keeper else None,
        state=rules.AssetState(row.state),
        due_at=row.due_at,
    )
