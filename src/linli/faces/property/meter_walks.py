"""Reading on foot: one meter at a time, the last value beside the field, a word at once where it looks wrong."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse

from linli.estate.metering import actions, queries
from linli.estate.metering.rules import Kind, ReadingState
from linli.faces.property.communities import own_communities
from linli.faces.property.meters import one_community
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.offline_work import said_at
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel.ids import MeterId
from linli.spine.may import May

NEEDS = May.READ_METERS
MOST_AHEAD = 8
"""How many meters a phone has with it where there is no network."""


@page("property", "GET", "walk/", needs=NEEDS)
def walk(request: PropertyRequest) -> HttpResponse:
    """This will lead to the next meter that was not read this month, or say that all are read."""
    cards = own_communities(request)
    community, kind = one_community(request, cards), _kind(request.query)
    after, today = request.query.maybe_id("after"), places.day_in(community.id, request.at)
    stop = queries.next_on_walk(
        request.scope,
        community=community.id,
        first_on=today.replace(day=1),
        kind=kind,
        after=MeterId(after) if after else None,
        at=request.at,
    )
    if stop is not None:
        return see_other("property:walk-stop", stop.card.id, said=request.said, kind=kind)
    progress = queries.progress(request.scope, community=community.id, first_on=today.replace(day=1), at=request.at)
    return request.render(
        "property/walk.jinja",
        communities=cards,
        community=community,
        progress=progress,
        is_end=after is not None,
    )


@page("property", "GET", "walk/<uuid:meter>/", name="walk-stop", needs=NEEDS)
def stop(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will ask what a meter shows."""
    own_communities(request)
    shown = queries.meter_page(request.scope, meter=meter)
    today = places.day_in(shown.card.community, request.at)
    progress = queries.progress(
        request.scope, community=shown.card.community, first_on=today.replace(day=1), at=request.at
    )
    kind = _kind(request.query) or _kind(request.form)
    then = queries.stops_ahead(
        request.scope,
        community=shown.card.community,
        after=meter,
        first_on=today.replace(day=1),
        kind=kind,
        limit=MOST_AHEAD,
        at=request.at,
    )
    return request.render(
        "property/walk-stop.jinja",
        meter=shown.card,
        left=sum(one.unread + one.estimated for one in progress if kind in (None, one.kind)),
        kind=kind,
        then=then,
        looks_wrong=isinstance(request.refusal, actions.LooksWrong),
    )


@page("property", "POST", "walk/<uuid:meter>/", name="walk-stop", needs=NEEDS)
def take(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will keep the reading and lead on to the next meter."""
    card = queries.meter_page(request.scope, meter=meter).card
    photo, kind, told = request.form.maybe_file("photo"), _kind(request.form), said_at(request)
    state = actions.take_reading(
        request.scope,
        meter=meter,
        shown=shown_of(request.form, card.registers),
        read_on=places.day_in(card.community, told or request.at),
        photo=(photo.name, photo.content) if photo else None,
        note=request.form.maybe_text("note", most=200) or "",
        sure=request.form.flag("sure"),
        said_at=told,
        at=request.at,
    )
    said = _("{door}: kept.", door=card.where)
    if state is ReadingState.WAITING:
        said = _("{door}: kept, and somebody will look at it.", door=card.where)
    return see_other("property:walk", said=said, community=card.community, after=meter, kind=kind)


def shown_of(form: Fields, registers: tuple[str, ...]) -> tuple[Decimal, ...]:
    """This will read what each register shows; one alone has the field `shown`."""
    names = ["shown", *(f"shown.{register}" for register in registers[1:])]
    return tuple(form.number(name, high=10**9) for name in names)


def _kind(fields: Fields) -> Kind | None:
    chosen = fields.raw("kind")
    return Kind(chosen) if chosen in tuple(Kind) else None
