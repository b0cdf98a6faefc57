"""Who asks to sell and who sells: the papers, the decision with its reason, and the terms by community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import shown_file
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, LineId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.may import May
from linli.trade.orders.rules import shares
from linli.trade.shops import actions, queries, rules

NEEDS = May.APPROVE_SHOPS

A_PAGE = 50
EXAMPLE = Money(10_000)
"""An order of 100.00 shows what terms come to."""


@dataclass(frozen=True)
class Check:
    """One thing that a shop needs before it sells, and how a paper of it stands."""

    what: str
    done: bool
    state: rules.LicenceState | None = None


@dataclass(frozen=True)
class Example:
    """What an order of the example's amount would come to under some terms."""

    goods: Money
    merchant: Money
    company: Money
    platform: Money

    @classmethod
    def of(cls, commission_bp: int, property_share_bp: int) -> Example:
        """This will divide the example as a sale divides it."""
        line = LineId(ids.new())
        part = shares({line: EXAMPLE}, commission_bp, property_share_bp)[line]
        return cls(EXAMPLE, part.merchant, part.company, part.platform)


@page("platform", "GET", "shops/", needs=NEEDS)
def shops(request: PlatformRequest) -> HttpResponse:
    """This will list the shops in a state, those who applied first."""
    after = request.query.maybe_id("after")
    asked, sorting = _asked(request)
    found = _found(request, after=ShopId(after) if after else None, limit=A_PAGE + 1)
    last = found[A_PAGE - 1].shop if found[A_PAGE:] else None
    return request.render(
        "platform/shops.jinja",
        shops=found[:A_PAGE],
        state=_state(request),
        states=list(rules.ShopState),
        words=asked["words"],
        sorting=sorting,
        more=url("platform:shops", **asked, by=sorting.word or None, after=last) if last else None,
    )


@page("platform", "GET", "shops/file/", name="shops-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the shops that the list shows as a sheet."""
    found = _found(request, limit=most_rows())
    cities = {city.id: in_language(city.name) for city in places.cities()}
    columns = [_("Shop"), _("Kind"), _("City"), _("Applied"), _("Papers"), _("State")]
    rows = (
        (in_language(one.name), one.kind, cities.get(one.city, ""), one.applied_at, one.licences, one.state)
        for one in found
    )
    return sheet(request.query, "shops", columns, rows)


def _asked(request: PlatformRequest) -> tuple[dict[str, str | None], Sorting]:
    words = request.query.maybe_text("words", most=60)
    asked = {"state": _state(request).value, "words": words}
    return asked, Sorting.of(request, "platform:shops", tuple(queries.ShopSort), asked)


def _found(request: PlatformRequest, *, after: ShopId | None = None, limit: int) -> tuple[queries.ShopSummary, ...]:
    asked, sorting = _asked(request)
    return queries.applications(
        request.scope,
        state=_state(request),
        words=asked["words"] or "",
        order=queries.ShopSort(sorting.key) if sorting.key else queries.ShopSort.APPLIED,
        is_rising=sorting.is_rising or not sorting.key,
        after=after,
        limit=limit,
    )


def _state(request: PlatformRequest) -> rules.ShopState:
    asked = request.query.raw("state")
    return rules.ShopState(asked) if asked in set(rules.ShopState) else rules.ShopState.APPLIED


@page("platform", "GET", "shops/<uuid:shop>/", name="shop", needs=NEEDS)
def show(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will show everything a shop is judged by."""
    return _shown(request, shop)


def _shown(request: PlatformRequest, shop: ShopId, example: Example | None = None) -> HttpResponse:
    found = queries.shop(request.scope, shop=shop)
    papers = files.described(request.scope, files=[licence.file for licence in found.licences])
    zone = [each.community for each in found.zone]
    return request.render(
        "platform/shop.jinja",
        shop=found,
        papers=papers,
        communities={card.id: card for card in places.communities(ids=zone)} if zone else {},
        merchant=people.names(request.scope, parties=[found.merchant]).get(found.merchant, ""),
        checklist=_checklist(found, at=request.at),
        example=example,
        allows={verb.value: rules.SHOP_LIFE.allows(found.state, verb) for verb in rules.ShopVerb},
    )


@page("platform", "GET", "shops/<uuid:shop>/licences/<uuid:licence>/paper/", name="licence-paper", needs=NEEDS)
def open_paper(request: PlatformRequest, shop: ShopId, licence: UUID) -> HttpResponse:
    """This will note who looks at a document, and go on to it through a signed link."""
    file = actions.open_licence(request.scope, shop=shop, licence=licence, at=request.at)
    return see_other("platform:paper", files.link(request.scope, file=file, at=request.at))


@page("platform", "GET", "papers/<str:token>/", name="paper", needs=NEEDS)
def paper(request: PlatformRequest, token: str) -> HttpResponse:
    """This will open a document through its signed link, which ends by itself."""
    return shown_file(files.open_link(token, at=request.at))


@page("platform", "POST", "shops/<uuid:shop>/approval/", asks="platform:shop", needs=NEEDS)
def approve(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will let a shop sell."""
    actions.approve(request.scope, shop=shop, at=request.at)
    return see_other("platform:shop", shop, said=_("Approved. It can sell in the communities that it has terms for."))


@page("platform", "POST", "shops/<uuid:shop>/refusal/", asks="platform:shop", needs=NEEDS)
def refuse(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will refuse an application with a reason that its applicant reads."""
    actions.refuse(request.scope, shop=shop, why=request.form.text("refusal_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Refused. The applicant reads your reason and may apply again."))


@page("platform", "POST", "shops/<uuid:shop>/suspension/", asks="platform:shop", needs=NEEDS)
def suspend(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will stop a shop's sales with a reason."""
    actions.suspend(request.scope, shop=shop, why=request.form.text("suspension_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Suspended. Nobody can order there now."))


@page("platform", "POST", "shops/<uuid:shop>/reinstatement/", asks="platform:shop", needs=NEEDS)
def reinstate(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will let a suspended shop sell again."""
    actions.reinstate(request.scope, shop=shop, why=request.form.text("reinstatement_why", most=500), at=request.at)
    return see_other("platform:shop", shop, said=_("Reinstated."))


@page(
    "platform", "POST", "shops/<uuid:shop>/licences/<uuid:licence>/", name="licence", asks="platform:shop", needs=NEEDS
)
def judge(request: PlatformRequest, shop: ShopId, licence: UUID) -> HttpResponse:
    """This will accept a document, or refuse it with a reason."""
    accepted = request.form.raw("verdict") == "accept"
    why = "" if accepted else request.form.text(f"why.{licence}", most=500)
    actions.judge_licence(request.scope, licence=licence, accepted=accepted, why=why, at=request.at)
    return see_other("platform:shop", shop, said=_("Accepted.") if accepted else _("Refused."))


@page("platform", "POST", "shops/<uuid:shop>/terms/", asks="platform:shop", needs=NEEDS)
def set_terms(request: PlatformRequest, shop: ShopId) -> HttpResponse:
    """This will settle the commission in the ticked communities from now on."""
    commission_bp = int(request.form.number("commission_bp", high=100) * 100)
    share_bp = int(request.form.number("property_share_bp", high=100) * 100)
    start_at = _start(request)
    if request.form.raw("step") == "example":
        return _shown(request, shop, Example.of(commission_bp, share_bp))
    actions.set_terms(
        request.scope,
        shop=shop,
        communities=[CommunityId(community) for community in request.form.ids("communities")],
        commission_bp=commission_bp,
        property_share_bp=share_bp,
        start_at=start_at,
        at=request.at,
    )
    return see_other("platform:shop", shop, said=_("The terms are settled."))


def _start(request: PlatformRequest) -> datetime:
    """Midnight of the day written, in the voice's zone; today and no day both mean now."""
    on, zone = request.form.maybe_day("start_at"), voice.current().zone
    if on is None or on == request.at.astimezone(zone).date():
        return request.at
    if on < request.at.astimezone(zone).date():
        raise Invalid("start_at", _("Terms hold from today or a later day on."))
    return datetime.combine(on, time(), zone)


def _checklist(shop: queries.ShopPage, *, at: datetime) -> tuple[Check, ...]:
    """What has to be there before a shop sells: its papers, its hours, its communities and its terms."""
    states = {licence.kind: licence.state for licence in shop.licences}
    papers = tuple(
        Check(kind, states[kind] is rules.LicenceState.ACCEPTED if kind in states else False, states.get(kind))
        for kind in sorted(rules.required_licences(shop.kind))
    )
    return (
        *papers,
        Check(_("opening hours"), bool(shop.hours.openings)),
        Check(_("communities it sells to"), bool(shop.zone)),
        Check(_("terms that hold now"), any(at in term.period for term in shop.terms)),
    )
