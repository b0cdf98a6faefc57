"""Where couriers may leave a home's orders when nobody answers, and in which order, as its residents say."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import HomeId
from linli.kernel.refusals import NotFound
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries
from linli.trade.delivery.rules import DeliveryPolicy, DropOff


@page("owner", "GET", "homes/<uuid:home>/delivery-places/", name="delivery-places")
def show(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will show the places of the community, in the order in which the home wants them."""
    if home not in request.scope.homes:
        raise NotFound("home")
    card = places.home(home)
    neighbourhoods.look_at(card.community)
    terms = policy(SYSTEM, DeliveryPolicy, at=request.at, community=card.community)
    return request.render(
        "owner/delivery-places.jinja",
        home=card,
        places=terms.places,
        station=terms.station,
        wished=queries.wished_places(request.scope, home=home),
    )


@page("owner", "POST", "homes/<uuid:home>/delivery-places/", name="delivery-places")
def keep(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will keep the order of places; with none of them, it is as the community has it."""
    names = [f"place-{nth}" for nth in range(1, len(DropOff) + 1)]
    wished = actions.wish_places(
        request.scope,
        community=places.home(home).community,
        home=home,
        places=[request.form.choice(name, DropOff) for name in names if request.form.maybe_text(name)],
        at=request.at,
    )
    told = _("Couriers are told.") if wished else _("As everybody has it in this community.")
    return see_other("owner:delivery-places", home, said=told)
