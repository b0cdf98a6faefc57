"""The resident's first page: what waits for them, what they use most, notices, and the shops round the corner.

In the simple mode it is three tasks and a call.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods, shortcuts, simple_mode
from linli.faces.owner.desk_numbers import desk_phone
from linli.faces.owner.doorstep import doorstep
from linli.faces.owner.former_homes import welcome
from linli.faces.shell import sign_in_cookies
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.faces.shell.voice import current
from linli.ground.people import queries as people
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trust.reviews import queries as reviews

MOST_SHOPS = 12
MOST_TO_DO = 6


@page("owner", "GET", "", name="home")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show a resident's home, what is to do, and the shops that are open now."""
    if not request.communities:
        return welcome(request)
    community = neighbourhoods.own(request)
    card = neighbourhoods.look_at(community)
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    waits = doorstep(request, community)
    to_do = orders.orders_to_do(request.scope, limit=MOST_TO_DO)
    said: dict[str, Any] = {
        "greeting": greeting(),
        "community": card,
        "homes": [each.home for each in lives if each.home.community == community],
    }
    if request.is_simple:
        tasks = simple_mode.tasks(waits, to_do)
        return request.render("owner/home-simple.jinja", tasks=tasks, desk=desk_phone(request), **said)
    near = shops.shops_near(community=community, at=request.at, limit=MOST_SHOPS)
    return request.render(
        "owner/home.jinja",
        to_do=to_do,
        property=waits,
        shortcuts=shortcuts.chosen(request.http.COOKIES.get(sign_in_cookies.USED, ""), waits.closed),
        shops=near,
        ratings=reviews.shop_ratings(shops=[each.shop for each in near], at=request.at),
        run=neighbourhoods.runs(request, community),
        basket=neighbourhoods.basket_in(request, community),
        **said,
    )


def greeting() -> str:
    """This will greet by the hour of the community's own clock."""
    voice = current()
    hour = voice.at.astimezone(voice.zone).hour
    if 5 <= hour < 11:
        return _("Good morning")
    if 11 <= hour < 18:
        return _("Good day")
    return _("Good evening")
