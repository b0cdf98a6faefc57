"""Planned works and outages: announced to the homes they touch, moved, ended, called off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse

from linli.estate.workorders import actions, queries
from linli.estate.workorders.rules import OutageState, Supply
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.property.notices import maybe
from linli.faces.shell import messages, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

NEEDS = May.KEEP_NOTICES
A_PAGE = 50
LONGEST = 1_000


@page("property", "GET", "outages/", needs=NEEDS)
def outages(request: PropertyRequest) -> HttpResponse:
    """This will list what is off, will be and was, the latest announced first."""
    cards = own_communities(request)
    community = chosen_community(request, cards)
    found = queries.outages(
        request.scope,
        community=community.id if community else None,
        state=maybe(request.query, "state", OutageState),
        supply=maybe(request.query, "off", Supply),
        after=request.query.maybe_id("after"),
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/outages.jinja",
        outages=found[:A_PAGE],
        more=found[A_PAGE - 1].outage if found[A_PAGE:] else None,
        communities={card.id: card for card in cards},
        community=community,
        supplies=tuple(Supply),
        states=tuple(OutageState),
        asked={name: request.query.raw(name) or None for name in ("community", "state", "off")},
        longest=LONGEST,
        once=ids.new(),
        State=OutageState,
    )


@page("property", "GET", "outages/file/", name="outages-file", needs=NEEDS)
def outages_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = own_communities(request)
    names = {card.id: messages.in_language(card.name) for card in cards}
    community = chosen_community(request, cards)
    found = queries.outages(
        request.scope,
        community=community.id if community else None,
        state=maybe(request.query, "state", OutageState),
        supply=maybe(request.query, "off", Supply),
        limit=most_rows(),
    )
    columns = [_("What"), _("Planned"), _("Community"), _("Where"), _("From"), _("Until"), _("Homes"), _("State")]
    rows = (
        (
            *(messages.word(one.supply), one.is_planned, names[one.community], one.place or _("everywhere")),
            *(one.starts_at, one.ends_at, one.homes, messages.word(one.state)),
        )
        for one in found
    )
    return sheet(request.query, "outages", columns, rows)


@page("property", "POST", "outages/", needs=NEEDS)
def announce(request: PropertyRequest) -> HttpResponse:
    """This will announce one, and tell who lives there."""
    cards = own_communities(request)
    community = next((card.id for card in cards if card.id == request.form.id("there")), None)
    if community is None:
        raise NotFound("community")
    zone = voice.current().zone
    buildings, units, homes = _where(request.form.maybe_text("where") or "")
    named = [*((building,) for building in buildings), *units, *homes]
    known = places.doors(community) if named else {}
    here = {door[:parts] for door in known for parts in (1, 2, 3)}
    missing = next((door for door in named if door not in here), None)
    if missing:
        raise Invalid("where", _("Nothing here is called {door}."), door="-".join(missing))
    outage = actions.announce_outage(
        request.scope,
        community=community,
        supply=request.form.choice("supply", Supply),
        starts_at=request.form.instant("starts_at", zone),
        ends_at=request.form.instant("ends_at", zone),
        is_planned=not request.form.flag("sudden"),
        buildings=buildings,
        units=units,
        homes=[known[door] for door in homes],
        words=request.form.maybe_text("words", most=LONGEST) or "",
        at=request.at,
    )
    return see_other("property:outage", outage, said=_("Announced. Who lives there has a message."))


@page("property", "GET", "outages/<uuid:outage>/", name="outage", needs=NEEDS)
def show(request: PropertyRequest, outage: UUID) -> HttpResponse:
    """This will show one outage with what became of it."""
    own_communities(request)
    shown = queries.outage_page(request.scope, outage=outage)
    attached = beside(request, shown.card)
    return request.render(
        "property/outage.jinja",
        outage=shown.card,
        starts=_as_typed(shown.card.starts_at),
        ends=_as_typed(shown.card.ends_at),
        moves=shown.moves,
        attached=attached,
        names=movers(request, shown.moves, *(one.person for one in attached)),
        State=OutageState,
    )


@page("property", "POST", "outages/<uuid:outage>/change/", name="outage-change", asks="property:outage", needs=NEEDS)
def change(request: PropertyRequest, outage: UUID) -> HttpResponse:
    """This will move its times and tell who lives there."""
    own_communities(request)
    zone = voice.current().zone
    actions.change_outage(
        request.scope,
        outage=outage,
        starts_at=request.form.instant("starts_at", zone),
        ends_at=request.form.instant("ends_at", zone),
        at=request.at,
    )
    return see_other("property:outage", outage, said=_("Changed. Who lives there has a message."))


@page("property", "POST", "outages/<uuid:outage>/end/", name="outage-end", asks="property:outage", needs=NEEDS)
def end(request: PropertyRequest, outage: UUID) -> HttpResponse:
    """This will say that it is over."""
    actions.end_outage(request.scope, outage=outage, at=request.at)
    return see_other("property:outage", outage, said=_("Over. Who lives there has a message."))


@page(
    "property", "POST", "outages/<uuid:outage>/calling-off/", name="outage-calling-off", asks="property:outage",
    needs=NEEDS,
)  # fmt: skip
def call_off(request: PropertyRequest, outage: UUID) -> HttpResponse:
    """This will call it off."""
    actions.call_off_outage(request.scope, outage=outage, why=request.form.text("why"), at=request.at)
    return see_other("property:outage", outage, said=_("Called off. Who lives there has a message."))


def _as_typed(at: datetime) -> str:
    """A moment as a field of day and time holds it."""
    return f"{at.astimezone(voice.current().zone):%Y-%m-%dT%H:%M}"


def _where(text: str) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str, str]]]:
    """Doors as people write them: `3` a building, `3-2` a unit, `3-2-501` a home; nothing is the whole community."""
    buildings, units, homes = [], [], []
    for word in text.replace("，", " ").replace(",", " ").replace("、", " ").split():
        match word.split("-"):
            case [building]:
                buildings.append(building)
            case [building, unit]:
                units.append((building, unit))
            case [building, unit, home]:
                homes.append((building, unit, home))
            case _:
                raise Invalid("where", _("Nothing here is called {door}."), door=word)
    return buildings, units, homes
