"""The next basket: what a home buys again and again, and what its neighbours like, each with the reason."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.insight.replenish import actions, queries
from linli.kernel.ids import HomeId, VariantId
from linli.kernel.refusals import NotFound


@page("owner", "GET", "next-basket/", name="next-basket")
def show(request: OwnerRequest) -> HttpResponse:
    """This will propose the next basket of a home, or ask whether that is wanted."""
    homes = [
        each.home
        for each in people.residents_homes(request.scope, person=request.person, at=request.at)
        if each.home.id in request.scope.homes
    ]
    asked = request.query.maybe_id("home")
    home = next((each for each in homes if asked in (None, each.id)), None)
    if asked is not None and home is None:
        raise NotFound("home")
    return request.render(
        "owner/next-basket.jinja",
        homes=homes,
        home=home,
        proposed=queries.next_basket(request.scope, home=home.id, at=request.at) if home else None,
        community=neighbourhoods.own(request) if home is None else None,
    )


@page("owner", "POST", "next-basket/<uuid:home>/", name="next-basket-take", asks="owner:next-basket")
def take(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will put what is ticked into the basket."""
    variants = [VariantId(each) for each in request.form.ids("variant")]
    _community, put = actions.take_next_basket(request.scope, home=home, variants=variants, at=request.at)
    if not put:
        return see_other("owner:next-basket", said=_("Nothing was ticked that can be had now."))
    said = ngettext("{n} thing is in your basket now.", "{n} things are in your basket now.", put)
    return see_other("owner:basket", said=said)


@page("owner", "POST", "next-basket/<uuid:home>/wish/", name="next-basket-begin", asks="owner:next-basket")
def begin(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will look at what a person buys for a home from now on, at their wish."""
    actions.begin(request.scope, home=home, shares=False, at=request.at)
    return see_other("owner:next-basket", home=home)


@page("owner", "POST", "next-basket/<uuid:home>/end/", name="next-basket-end", asks="owner:next-basket")
def end(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will end it and everything else that is told from a home's purchases, and delete what was kept."""
    actions.end(request.scope, home=home, at=request.at)
    return see_other("owner:next-basket", said=_("It is off, and what was kept is deleted."))
