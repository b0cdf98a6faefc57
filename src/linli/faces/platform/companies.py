"""Property companies: made known with their first manager, entrusted with communities, and relieved of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.people.queries import CompanyCard, Stewardship
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.KEEP_COMPANIES


@page("platform", "GET", "companies/", needs=NEEDS)
def companies(request: PlatformRequest) -> HttpResponse:
    """This will list the companies with what they look after, and ask for another."""
    cards = _own(request)
    homes = places.homes_counted(cards) if cards else {}
    every = people.companies(request.scope, at=request.at)
    cared = {each for company in every for each in company.communities}
    return request.render(
        "platform/companies.jinja",
        companies=[(one, *_counted(one, cards, homes)) for one in _called(request, every)],
        words=request.query.maybe_text("words", most=60),
        alone=[card for card in cards.values() if card.id not in cared],
        once=ids.new(),
    )


@page("platform", "GET", "companies/file/", name="companies-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the companies as a sheet."""
    cards = _own(request)
    homes = places.homes_counted(cards) if cards else {}
    columns = [_("Property company"), _("Communities"), _("Homes"), _("Employees"), _("Managers")]
    rows = (
        (one.name, *_counted(one, cards, homes), one.staff, one.managers)
        for one in _called(request, people.companies(request.scope, at=request.at))
    )
    return sheet(request.query, "companies", columns, rows)


@page("platform", "POST", "companies/", needs=NEEDS)
def create(request: PlatformRequest) -> HttpResponse:
    """This will make a company known, with its first manager."""
    company = actions.register_company(
        request.scope,
        name=request.form.text("name", most=80),
        manager=request.form.text("manager", most=80),
        phone=request.form.text("phone", most=32),
        at=request.at,
    )
    return see_other("platform:company", company, said=_("Registered. Now entrust its communities to it."))


@page("platform", "GET", "companies/<uuid:company>/", name="company", needs=NEEDS)
def show(request: PlatformRequest, company: PartyId) -> HttpResponse:
    """This will show what a company looks after, and who looks after the other communities now."""
    one = next(iter(people.companies(request.scope, company=company, at=request.at)), None)
    if one is None:
        raise NotFound("company")
    cards = _own(request)
    cares = people.stewardships(company=company, communities=tuple(cards))
    theirs = [each for each in cares if each.company == company and each.community in cards]
    return request.render(
        "platform/company.jinja",
        one=one,
        staff=people.company_staff(request.scope, company=company, at=request.at),
        cares=theirs,
        communities=cards,
        homes=places.homes_counted({each.community for each in theirs}) if theirs else {},
        keepers=_keepers(cards, cares, request.at.astimezone(voice.current().zone).date()),
        answers=request.scope.may(May.KEEP_STAFF),
        once=ids.new(),
    )


@page("platform", "POST", "companies/<uuid:company>/communities/", asks="platform:company", needs=NEEDS)
def entrust(request: PlatformRequest, company: PartyId) -> HttpResponse:
    """This will put a community into the company's care from a day on."""
    community, start_on = CommunityId(request.form.id("community")), request.form.day("start_on")
    actions.entrust_community(request.scope, community=community, company=company, start_on=start_on, at=request.at)
    return see_other("platform:company", company, said=_("Entrusted. The company finds the community at its desk."))


@page("platform", "POST", "companies/<uuid:company>/endings/", asks="platform:company", needs=NEEDS)
def end(request: PlatformRequest, company: PartyId) -> HttpResponse:
    """This will leave a community without the company from a day on."""
    left, end_on = CommunityId(request.form.id("left")), request.form.day("end_on")
    actions.end_stewardship(request.scope, community=left, company=company, end_on=end_on, at=request.at)
    return see_other("platform:company", company, said=_("Noted. From that day on nobody looks after it."))


@page("platform", "POST", "companies/<uuid:company>/managers/", asks="platform:company", needs=NEEDS)
def manage(request: PlatformRequest, company: PartyId) -> HttpResponse:
    """This will let one more person manage the company's desk."""
    name, phone = request.form.text("name", most=80), request.form.text("phone", most=32)
    actions.name_manager(request.scope, company=company, name=name, phone=phone, at=request.at)
    return see_other("platform:company", company, said=_("Added. They find the company's desk among their hats."))


def _called(request: PlatformRequest, found: Iterable[CompanyCard]) -> list[CompanyCard]:
    """Those whose name has the words of the address."""
    words = (request.query.maybe_text("words", most=60) or "").casefold()
    return [one for one in found if words in one.name.casefold()]


def _own(request: PlatformRequest) -> dict[CommunityId, CommunityCard]:
    """The communities that the operator works for."""
    return {card.id: card for card in places.communities(city=request.scope.city)}


def _counted(
    one: CompanyCard, cards: Mapping[CommunityId, CommunityCard], homes: Mapping[CommunityId, int]
) -> tuple[int, int]:
    theirs = [each for each in one.communities if each in cards]
    return len(theirs), sum(homes.get(each, 0) for each in theirs)


def _keepers(
    cards: Mapping[CommunityId, CommunityCard], cares: Iterable[Stewardship], today: date
) -> list[tuple[CommunityCard, list[Stewardship]]]:
    """Each community with who looks after it now or will, the earliest first; what is over is nobody's business."""
    found: dict[CommunityId, list[Stewardship]] = {community: [] for community in cards}
    for each in cares:
        if each.community in found and (each.end_on is None or each.end_on > today):
            found[each.community].insert(0, each)
    return [(cards[community], them) for community, them in found.items()]
