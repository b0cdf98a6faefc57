"""Who asks to sell and who sells: the papers, the decision with its reason, and the terms by community."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import shown_file
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ShopId
from linli.trade.shops import actions, queries, rules

A_PAGE = 50


@page("platform", "GET", "shops/")
def shops(request: PlatformRequest) -> HttpResponse:
    """This will list the shops in a state, those who applied first."""
    asked = request.query.raw("state")
    state = rules.ShopState(asked) if asked in set(rules.ShopState) else rules.ShopState.APPLIED
    after = request.query.maybe_id("after")
    found = queries.applications(request.scope, state=state, after=ShopId(after) if after else None, limit=A_PAGE)
    more = url("platform:shops", state=state.value, after=found[-1].shop) if len(found) == A_PAGE else None
    return request.render("platform/shops.jinja", shops=found, state=state, states=list(rules.ShopState), more=more)


@page("platform", "GET", "shops/<uuid:shop>/", name="shop")
def show(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will show everything a shop is judged by."""
    found = queries.shop(request.scope, shop=shop)
    papers = files.described(request.scope, files=[licence.file for licence in found.licences])
    zone = [each.community for each in found.zone]
    return request.render(
        "platform/shop.jinja",
        shop=found,
        papers=papers,
        links=files.links(request.scope, files=papers, at=request.at) if papers else {},
        communities={card.id: card for card in places.communities(ids=zone)} if zone else {},
        merchant=people.names(request.scope, parties=[found.merchant]).get(found.merchant, ""),
        required=rules.required_licences(found.kind),
        allows={verb.value: rules.SHOP_LIFE.allows(found.state, verb) for verb in rules.ShopVerb},
    )


@page("platform", "GET", "papers/<str:token>/", name="paper")
def paper(request: PlatformRequest, token: str) -> HttpResponse:
    """This will open a document through its signed link, which ends by itself."""
    return shown_file(files.open_link(token, at=request.at))


@page("platform", "POST", "shops/<uuid:shop>/approval/", asks="platform:shop")
def approve(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will let a shop sell."""
    actions.approve(request.scope, shop=shop, at=request.at)
    return see_other("platform:shop", shop, said=_("Approved. Settle its terms, then it can sell."))


@page("platform", "POST", "shops/<uuid:shop>/refusal/", asks="platform:shop")
def refuse(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will refuse an application with a reason that its applicant reads."""
    actions.refuse(request.scope, shop=shop, why=request.form.text("refusal_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Refused. The applicant reads your reason and may apply again."))


@page("platform", "POST", "shops/<uuid:shop>/suspension/", asks="platform:shop")
def suspend(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will stop a shop's sales with a reason."""
    actions.suspend(request.scope, shop=shop, why=request.form.text("suspension_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Suspended. Nobody can order there now."))


@page("platform", "POST", "shops/<uuid:shop>/reinstatement/", asks="platform:shop")
def reinstate(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will let a suspended shop sell again."""
    actions.reinstate(request.scope, shop=shop, why=request.form.text("reinstatement_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Reinstated."))


@page("platform", "POST", "shops/<uuid:shop>/licences/<uuid:licence>/", name="licence", asks="platform:shop")
def judge(request: PlatformRequest, shop: ShopId, licence: UUID) -> HttpResponse:
    """This will accept a document, or refuse it with a reason."""
    accepted = request.form.raw("verdict") == "accept"
    why = "" if accepted else request.form.text(f"why.{licence}", most=500)
    actions.judge_licence(request.scope, licence=licence, accepted=accepted, why=why, at=request.at)
    return see_other("platform:shop", shop, said=_("Accepted.") if accepted else _("Refused."))


@page("platform", "POST", "shops/<uuid:shop>/terms/", asks="platform:shop")
def set_terms(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will settle the commission in the ticked communities from now on."""
    actions.set_terms(
        request.scope,
        shop=shop,
        communities=[CommunityId(community) for community in request.form.ids("communities")],
        commission_bp=int(request.form.number("commission_bp", high=100) * 100),
        property_share_bp=int(request.form.number("property_share_bp", high=100) * 100),
        start_at=request.at,
        at=request.at,
    )
    return see_other("platform:shop", shop, said=_("The terms hold from now on."))
