"""The register of assets at the desk: a list, one asset with its papers and history, labels to be stuck on."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import AssetDraft
from linli.estate.assets.queries import AssetCard, Sought
from linli.estate.assets.rules import LENGTHS, AssetKind, AssetPolicy, AssetState, AssetVerb, PaperKind
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.ground.policies.queries import policy
from linli.kernel.ids import AssetId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 100
MOST_LABELS = 200
NEEDS = May.KEEP_ASSETS
VERBS = (AssetVerb.MEND, AssetVerb.USE, AssetVerb.STORE, AssetVerb.RETIRE)
HELD = tuple(state for state in AssetState if state is not AssetState.WITHDRAWN)


@page("property", "GET", "assets/", needs=NEEDS)
def assets(request: PropertyRequest) -> HttpResponse:
    """This will list the assets of a community, the latest first, beside what waits."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found, asked = _found(request, community, A_PAGE + 1), _asked(request, community)
    today = places.day_in(community.id, request.at)
    stages = policy(request.scope, AssetPolicy, at=request.at, community=community.id).reminder_days
    soon = today + timedelta(days=max(stages, default=0))
    return request.render(
        "property/assets.jinja",
        communities=cards,
        community=community,
        assets=found[:A_PAGE],
        expiring=queries.expiring(request.scope, community=community.id, until=soon, limit=20),
        kinds=tuple(AssetKind),
        states=HELD,
        asked=asked,
        today=today,
        more=url("property:assets", **asked, after=found[A_PAGE - 1].asset) if len(found) > A_PAGE else None,
        export=url("property:assets-file", **asked),
        labels=url("property:asset-labels", **asked),
    )


@page("property", "GET", "assets/file/", name="assets-file", needs=NEEDS)
def assets_file(request: PropertyRequest) -> HttpResponse:
    """This will give the register as a sheet, with what each asset is worth at the end of this month."""
    community = community_here(request, own_communities(request))
    today = places.day_in(community.id, request.at)
    columns = [
        _("Number"), _("Own number"), _("Kind"), _("What it is called"), _("Building"), _("Place"), _("Maker"),
        _("Serial number"), _("Bought on"), _("Warranty until"), _("Supplier"), _("Cost"), _("Depreciated"),
        _("Worth now"), _("State"),
    ]  # fmt: skip
    return sheet(
        request.query,
        "assets",
        columns,
        ((*_told(one), *_worth(one, today), one.state) for one in _found(request, community, most_rows())),
    )


def _told(one: AssetCard) -> tuple[object, ...]:
    who = (one.label, one.own_number, one.kind, one.name, one.building, one.place, one.maker, one.serial)
    return (*who, one.bought_on, one.warranty_until, one.supplier, one.cost)


def _worth(one: AssetCard, today: date) -> tuple[object, object]:
    found = one.depreciated(today)
    return (found.so_far, found.left) if found else ("", "")


@page("property", "GET", "assets/labels/", name="asset-labels", needs=NEEDS)
def labels(request: PropertyRequest) -> HttpResponse:
    """This will draw a label with a QR for each asset of the list, to be printed and stuck on."""
    community = community_here(request, own_communities(request))
    found = _found(request, community, MOST_LABELS)
    build = request.http.build_absolute_uri
    return request.render(
        "property/asset-labels.jinja",
        community=community,
        assets=[(one, build(url("property:asset-scan", one.secret))) for one in found],
    )


@page("property", "GET", "assets/new/<uuid:community>/", name="asset-new", needs=NEEDS)
def new(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will ask for a new asset."""
    return request.render(
        "property/asset-new.jinja",
        community=community_of(request, community),
        thing=None,
        kinds=tuple(AssetKind),
        staff=_staff(request),
    )


@page("property", "POST", "assets/new/<uuid:community>/", name="asset-new", needs=NEEDS)
def create(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will enter an asset."""
    community_of(request, community)
    draft = _draft(request.form)
    asset = actions.register_asset(request.scope, community=community, draft=draft, at=request.at)
    return see_other("property:asset", asset, said=_("Entered. Print its label and stick it on."))


@page("property", "GET", "assets/<uuid:asset>/", name="asset", needs=NEEDS)
def show(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will show one asset and what can be done with it now."""
    shown = queries.asset_page(request.scope, asset=asset, at=request.at)
    today = places.day_in(shown.card.community, request.at)
    known = {move.person for move in shown.history if move.person} | ({shown.card.keeper} - {None})
    return request.render(
        "property/asset.jinja",
        page=shown,
        card=shown.card,
        community=community_of(request, shown.card.community),
        tasks=queries.tasks_of_asset(request.scope, asset=asset, today=today),
        worth=shown.card.depreciated(today),
        names=people.names(request.scope, parties=[each for each in known if each]) if known else {},
        verbs=[verb for verb in VERBS if shown.allows(verb)],
        may_relocate=shown.allows(AssetVerb.RELOCATE),
        papers=tuple(PaperKind),
        staff=_staff(request),
        address=request.http.build_absolute_uri(url("property:asset-scan", shown.card.secret)),
        today=today,
    )


@page("property", "GET", "assets/<uuid:asset>/change/", name="asset-change", needs=NEEDS)
def ask_change(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will show what the register says, to be corrected."""
    card = queries.asset_page(request.scope, asset=asset, at=request.at).card
    return request.render(
        "property/asset-new.jinja",
        community=community_of(request, card.community),
        thing=card,
        kinds=tuple(AssetKind),
        staff=(),
    )


@page("property", "POST", "assets/<uuid:asset>/change/", name="asset-change", needs=NEEDS)
def change(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will correct what the register says."""
    actions.change_asset(request.scope, asset=asset, draft=_draft(request.form), at=request.at)
    return see_other("property:asset", asset, said=_("Changed."))


@page("property", "POST", "assets/<uuid:asset>/moves/", name="asset-moves", asks="property:asset", needs=NEEDS)
def move(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will send it to repair, to the store, back to use, or retire it."""
    verb, why = request.form.choice("verb", AssetVerb), request.form.text("why", most=200)
    actions.move_on(request.scope, asset=asset, verb=verb, why=why, at=request.at)
    return see_other("property:asset", asset, said=_("Noted."))


@page(
    "property", "POST", "assets/<uuid:asset>/relocation/", name="asset-relocation", asks="property:asset", needs=NEEDS
)
def relocate(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will note that it stands elsewhere, or that somebody else keeps it."""
    form, keeper = request.form, request.form.maybe_id("keeper")
    actions.relocate_asset(
        request.scope,
        asset=asset,
        place=form.text("place", most=LENGTHS["place"]),
        building=form.maybe_text("building", most=LENGTHS["building"]) or "",
        keeper=PartyId(keeper) if keeper else None,
        why=form.text("relocation_why", most=200),
        at=request.at,
    )
    return see_other("property:asset", asset, said=_("Noted."))


@page("property", "POST", "assets/<uuid:asset>/papers/", name="asset-papers", asks="property:asset", needs=NEEDS)
def add_paper(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will keep a paper of an asset."""
    given = request.form.maybe_file("file")
    actions.add_paper(
        request.scope,
        asset=asset,
        kind=request.form.choice("kind", PaperKind),
        title=request.form.text("title", most=80),
        upload=(given.name, given.content) if given else None,
        expires_on=request.form.maybe_day("expires_on"),
        at=request.at,
    )
    return see_other("property:asset", asset, said=_("Kept."))


@page(
    "property",
    "POST",
    "assets/<uuid:asset>/papers/<uuid:paper>/removal/",
    name="asset-paper-removal",
    asks="property:asset",
    needs=NEEDS,
)
def remove_paper(request: PropertyRequest, asset: AssetId, paper: UUID) -> HttpResponse:
    """This will take a paper off."""
    actions.remove_paper(request.scope, paper=paper, at=request.at)
    return see_other("property:asset", asset, said=_("Taken off."))


@page("property", "POST", "assets/<uuid:asset>/code/", name="asset-code", asks="property:asset", needs=NEEDS)
def renew(request: PropertyRequest, asset: AssetId) -> HttpResponse:
    """This will make the printed QR worthless."""
    actions.renew_asset_code(request.scope, asset=asset, at=request.at)
    return see_other("property:asset", asset, said=_("The old QR is worthless now. Print the new label."))


def _staff(request: PropertyRequest) -> list[tuple[PartyId, str]]:
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    return [(each.party, each.name) for each in staff]


def _draft(form: Fields) -> AssetDraft:
    texts = {name: form.maybe_text(name, most=most) or "" for name, most in LENGTHS.items()}
    keeper = form.maybe_id("keeper")
    return AssetDraft(
        kind=form.choice("kind", AssetKind),
        **texts,
        bought_on=form.maybe_day("bought_on"),
        warranty_until=form.maybe_day("warranty_until"),
        cost=form.maybe_money("cost") or Money.zero,
        salvage=form.maybe_money("salvage") or Money.zero,
        life_months=form.whole("life_months", low=1, high=600) if form.maybe_text("life_months") else None,
        keeper=PartyId(keeper) if keeper else None,
    )


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    kind, state = request.query.raw("kind"), request.query.raw("state")
    return {
        "community": community.id,
        "kind": kind if kind in {each.value for each in AssetKind} else None,
        "state": state if state in {each.value for each in HELD} else None,
        "words": request.query.maybe_text("words", most=60),
    }


def _found(request: PropertyRequest, community: CommunityCard, limit: int) -> tuple[AssetCard, ...]:
    asked, after = _asked(request, community), request.query.maybe_id("after")
    sought = Sought(
        community=community.id,
        kind=AssetKind(str(asked["kind"])) if asked["kind"] else None,
        state=AssetState(str(asked["state"])) if asked["state"] else None,
        words=str(asked["words"] or ""),
    )
    return queries.assets(request.scope, sought=sought, after=AssetId(after) if after else None, limit=limit)
