"""Asking to sell here: whoever is signed in says what shop it is and shows its papers, and reads what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PublicRequest
from linli.faces.shell.shapes import Moment
from linli.ground.files import queries as files
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ShopId
from linli.kernel.refusals import NotFound
from linli.trade.shops import actions, queries, rules

_UNHAPPY = frozenset({"refuse", "suspend", "close"})
_OWN_STEPS = {
    "apply": lambda: _("You applied"),
    "amend": lambda: _("You changed the application"),
    "reapply": lambda: _("You applied again"),
}


@page("public", "GET", "shop-applications/")
def mine(request: PublicRequest) -> HttpResponseBase:
    """This will list the shops that a person asked for or keeps."""
    if away := _sign_in_first(request):
        return away
    return request.render("merchant/shop-applications.jinja", shops=queries.my_shops(request.scope))


@page("public", "GET", "shop-applications/new/", name="new-shop-application")
def new(request: PublicRequest) -> HttpResponseBase:
    """This will ask what shop it is and where it stands."""
    if away := _sign_in_first(request):
        return away
    return _form(request, shop=None)


@page("public", "POST", "shop-applications/new/", name="new-shop-application")
def create(request: PublicRequest) -> HttpResponseBase:
    """This will hand the application in."""
    _insist_signed_in(request)
    shop = actions.apply(request.scope, **_said(request), at=request.at)
    return see_other("public:shop-application", shop, said=_("Received. Now show the licences below."))


@page("public", "GET", "shop-applications/<uuid:shop>/", name="shop-application")
def show(request: PublicRequest, shop: ShopId) -> HttpResponseBase:
    """This will show where an application stands, what is missing, and why it was refused."""
    if away := _sign_in_first(request):
        return away
    found = queries.shop(request.scope, shop=shop)
    papers = [licence.file for licence in found.licences]
    kept = files.described(request.scope, files=papers) if papers else {}
    return request.render(
        "merchant/shop-application.jinja",
        shop=found,
        papers=list(_papers(found)),
        links=files.links(request.scope, files=kept, at=request.at) if kept else {},
        moments=list(_moments(found)),
        State=rules.ShopState,
        LicenceState=rules.LicenceState,
        refused_because=_last_reason(found),
    )


@page("public", "GET", "shop-applications/<uuid:shop>/details/", name="shop-application-details")
def edit(request: PublicRequest, shop: ShopId) -> HttpResponseBase:
    """This will show what was entered, to be changed."""
    if away := _sign_in_first(request):
        return away
    return _form(request, shop=queries.shop(request.scope, shop=shop))


@page("public", "POST", "shop-applications/<uuid:shop>/details/", name="shop-application-details")
def amend(request: PublicRequest, shop: ShopId) -> HttpResponseBase:
    """This will change an application that nobody has approved yet."""
    _insist_signed_in(request)
    actions.amend(request.scope, shop=shop, **_said(request), at=request.at)
    return see_other("public:shop-application", shop, said=_("Changed."))


@page("public", "POST", "shop-applications/<uuid:shop>/renewal/", asks="public:shop-application")
def reapply(request: PublicRequest, shop: ShopId) -> HttpResponseBase:
    """This will ask once more after a refusal, saying what has changed."""
    _insist_signed_in(request)
    actions.reapply(request.scope, shop=shop, why=request.form.text("why", most=500), at=request.at)
    return see_other("public:shop-application", shop, said=_("Sent again. The platform looks at it anew."))


@page("public", "GET", "shop-applications/<uuid:shop>/licences/<str:kind>/", name="shop-licence")
def new_licence(request: PublicRequest, shop: ShopId, kind: str) -> HttpResponseBase:
    """This will ask for one document."""
    if away := _sign_in_first(request):
        return away
    wanted = _kind(kind)
    found = queries.shop(request.scope, shop=shop)
    before = next((each for each in found.licences if each.kind is wanted), None)
    return request.render("merchant/shop-licence.jinja", shop=found, kind=wanted, before=before)


@page("public", "POST", "shop-applications/<uuid:shop>/licences/<str:kind>/", name="shop-licence")
def show_licence(request: PublicRequest, shop: ShopId, kind: str) -> HttpResponseBase:
    """This will show the platform a document."""
    _insist_signed_in(request)
    paper = request.form.file("file")
    actions.upload_licence(
        request.scope,
        shop=shop,
        kind=_kind(kind),
        number=request.form.text("number", most=60),
        file_name=paper.name,
        content=paper.content,
        expires_on=request.form.maybe_day("expires_on"),
        at=request.at,
    )
    return see_other("public:shop-application", shop, said=_("Received. The platform will look at it."))


def _form(request: PublicRequest, *, shop: queries.ShopPage | None) -> HttpResponseBase:
    communities = places.communities()
    chosen = shop.zone[0].community if shop and shop.zone else None
    return request.render(
        "merchant/shop-application-form.jinja",
        shop=shop,
        communities=communities,
        chosen=chosen,
        kinds=list(rules.ShopKind),
        reach_m=rules.REACH_M,
    )


def _said(request: PublicRequest) -> dict[str, Any]:
    """The shop as its form says it: beside a community, or exactly where its coordinates are."""
    form = request.form
    chinese = form.text("name.zh", most=60)
    kind = form.choice("kind", rules.ShopKind)
    community = places.community(CommunityId(form.id("community")))
    lat, lon = community.lat, community.lon
    if form.maybe_text("lat") or form.maybe_text("lon"):
        lat, lon = float(form.number("lat", low=-90, high=90)), float(form.number("lon", low=-180, high=180))
    return {
        "name": {"zh": chinese, "en": form.maybe_text("name.en", most=60) or chinese},
        "kind": kind,
        "city": community.city,
        "lat": lat,
        "lon": lon,
        "address": form.text("address", most=200),
    }


def _papers(shop: queries.ShopPage) -> Iterator[tuple[rules.LicenceKind, queries.LicenceCard | None]]:
    """Each document that this kind of shop needs, with the newest one shown."""
    for kind in sorted(rules.required_licences(shop.kind)):
        yield kind, next((each for each in shop.licences if each.kind is kind), None)


def _moments(shop: queries.ShopPage) -> Iterator[Moment]:
    for move in reversed(shop.moves):
        if move.licence is None:
            says = _OWN_STEPS.get(move.verb)
            yield Moment(
                label=says() if says else word(move.after),
                state="bad" if move.verb in _UNHAPPY else "done",
                at=move.at,
                about=move.why or None,
            )


def _last_reason(shop: queries.ShopPage) -> str:
    return next((move.why for move in shop.moves if move.licence is None and move.verb in _UNHAPPY), "")


def _kind(written: str) -> rules.LicenceKind:
    try:
        return rules.LicenceKind(written)
    except ValueError:
        raise NotFound("licence") from None


def _sign_in_first(request: PublicRequest) -> HttpResponseBase | None:
    if request.check_due:
        return see_other("public:sign-in-check", next=request.path)
    return see_other("public:sign-in", next=request.path) if request.is_guest else None


def _insist_signed_in(request: PublicRequest) -> None:
    if request.is_guest or request.check_due:
        raise NotFound
