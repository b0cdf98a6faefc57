"""What charging knows of homes besides their built-up area: kept home by home, for the formulas that name it."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.billing.queries import HomeFactsCard
from linli.faces.property.charging import community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.ground.places.queries import HomeCard
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 60


@page("property", "GET", "home-facts/<uuid:community>/", name="home-facts", needs=May.KEEP_TARIFFS)
def index(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will list homes with what charging knows of them."""
    card = community_of(request, community)
    words = request.query.maybe_text("words", most=40) or ""
    homes = places.find_homes(community, words=words, limit=A_PAGE + 1)
    return request.render(
        "property/home-facts.jinja",
        community=card,
        communities=own_communities(request),
        words=words,
        homes=homes[:A_PAGE],
        is_cut=len(homes) > A_PAGE,
        facts=billing.home_facts(request.scope, community=community),
    )


@page("property", "GET", "home-facts/<uuid:community>/sheet/", name="home-facts-sheet", needs=May.KEEP_TARIFFS)
def take_away(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will give all homes of a community with what is known of them, in the columns of the one sheet."""
    community_of(request, community)
    doors = places.doors(community)
    cards, facts = places.homes(doors.values()), billing.home_facts(request.scope, community=community)
    columns = ["building", "unit", "home", "area_m2", "inner_area_m2", "floor", "coefficient", "persons"]
    return sheet(request.query, "homes", columns, (_row(cards[home], facts.get(home)) for home in doors.values()))


def _row(home: HomeCard, fact: HomeFactsCard | None) -> list[object]:
    known = [fact.inner_area_m2, fact.floor, fact.coefficient, fact.persons] if fact else [None] * 4
    return [home.building, home.unit, home.label, home.area_m2, *known]


@page(
    "property",
    "POST",
    "home-facts/<uuid:community>/<uuid:home>/",
    name="home-fact",
    asks="property:home-facts",
    needs=May.KEEP_TARIFFS,
)
def keep(request: PropertyRequest, community: CommunityId, home: HomeId) -> HttpResponse:
    """This will keep what is known of one home; what is left empty is not known."""
    community_of(request, community)
    form = request.form
    fact = HomeFact(
        home=home,
        inner_area_m2=_maybe_number(form, "inner_area"),
        coefficient=_maybe_number(form, "coefficient"),
        floor=int(floor) if (floor := _maybe_number(form, "floor")) is not None else None,
        persons=int(persons) if (persons := _maybe_number(form, "persons")) is not None else None,
        attributes=_attributes(form.raw("attributes")),
    )
    actions.set_home_facts(request.scope, community=community, facts=[fact], at=request.at)
    return see_other("property:home-facts", community, said=_("Kept."), words=form.raw("words"))


def _maybe_number(form: Fields, name: str) -> Decimal | None:
    return form.number(name, low=-100, high=100_000) if form.raw(name) else None


def _attributes(text: str) -> dict[str, Decimal]:
    """Read `garden=12.5, balcony=3`."""
    found = {}
    for part in (each for each in text.replace("，", ",").split(",") if each.strip()):
        name, _sign, value = part.partition("=")
        try:
            found[name.strip()] = Decimal(value.strip())
        except ArithmeticError:
            raise Invalid("attributes", _("Please write them so: garden=12.5, balcony=3")) from None
    return found
