"""A resident's own meters: what they showed, usage by month, and sending a reading while the window is open."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.metering import actions, queries
from linli.estate.metering.rules import MeteringPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, MeterId
from linli.kernel.refusals import Invalid, NotFound

MONTHS = 12


@page("owner", "GET", "meters/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the meters of the resident's homes."""
    community = insist_offered(request, MeteringPolicy)
    meters = queries.my_meters(request.scope)
    return request.render(
        "owner/meters.jinja",
        community=community,
        meters=meters,
        sent=queries.sent_by_me(request.scope, meters=[each.id for each in meters]) if meters else {},
        window=_window(request, community.id),
    )


@page("owner", "GET", "meters/<uuid:meter>/", name="meter")
def show(request: OwnerRequest, meter: MeterId) -> HttpResponse:
    """This will show a meter, what was used month by month, and ask what it shows now."""
    community = insist_offered(request, MeteringPolicy)
    card = _own(request, meter)
    return request.render(
        "owner/meter.jinja",
        community=community,
        meter=card,
        months=queries.months_of(request.scope, meter=card, months=MONTHS),
        sent=queries.sent_by_me(request.scope, meters=[meter]).get(meter),
        window=_window(request, card.community),
    )


@page("owner", "POST", "meters/<uuid:meter>/", name="meter")
def send(request: OwnerRequest, meter: MeterId) -> HttpResponse:
    """This will send what the meter shows, with its photo."""
    insist_offered(request, MeteringPolicy)
    card = _own(request, meter)
    photo = request.form.maybe_file("photo")
    if photo is None:
        raise Invalid("photo", "Please choose a file.")
    names = ["shown", *(f"shown.{register}" for register in card.registers[1:])]
    actions.send_reading(
        request.scope,
        meter=meter,
        shown=[request.form.number(name, high=10**9) for name in names],
        photo=(photo.name, photo.content),
        note=request.form.maybe_text("note", most=200) or "",
        at=request.at,
    )
    return see_other("owner:meter", meter, said=_("Sent. The property company will look at it."))


def _own(request: OwnerRequest, meter: MeterId) -> queries.MeterCard:
    found = next((each for each in queries.my_meters(request.scope) if each.id == meter), None)
    if found is None:
        raise NotFound("meter")
    return found


def _window(request: OwnerRequest, community: CommunityId) -> tuple[bool, int, int]:
    """Whether readings are taken today, and from which day of the month to which."""
    held = policy(request.scope, MeteringPolicy, at=request.at, community=community)
    today = places.day_in(community, request.at).day
    is_open = held.owners_send and held.owners_from_day <= today <= held.owners_until_day
    return is_open, held.owners_from_day if held.owners_send else 0, held.owners_until_day
