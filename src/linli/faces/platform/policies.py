"""What differs from place to place: every setting, its value, where that comes from, and what a change would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell import policies as shown
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.policies import Map, Where, key_of
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import actions, queries
from linli.ground.policies.rules import Level, Setting
from linli.kernel.ids import BuildingId, CommunityId, PartyId


@dataclass(frozen=True)
class Change:
    """What somebody is about to set; a value of None has the setting inherited again."""

    value: object
    start_at: datetime
    starts_on: str
    below: queries.Below


@page("platform", "GET", "policies/")
def policies(request: PlatformRequest) -> HttpResponse:
    """This will list every policy as it holds at the chosen place."""
    known, where = _chosen(request)
    level, place = where
    return request.render(
        "platform/policies.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        book=queries.book(request.scope, level=level, place=place, at=request.at),
        written=shown.written,
    )


@page("platform", "GET", "policies/<slug:word>/<slug:setting>/", name="policy")
def policy(request: PlatformRequest, word: str, setting: str) -> HttpResponse:
    """This will show one setting at a place: its value, each level's say, its history, and the form to set it."""
    return _shown(request, word, setting)


@page("platform", "POST", "policies/<slug:word>/<slug:setting>/preview/", name="policy-preview", asks="platform:policy")
def preview(request: PlatformRequest, word: str, setting: str) -> HttpResponse:
    """This will tell what a value would change, and set nothing."""
    return _shown(request, word, setting, wanted=True)


@page("platform", "POST", "policies/<slug:word>/<slug:setting>/", name="policy")
def set_policy(request: PlatformRequest, word: str, setting: str) -> HttpResponse:
    """This will set the value from its day on, or have it inherited again."""
    _known, (level, place) = _chosen(request)
    found = queries.setting_page(
        request.scope, word=word, setting=setting, level=level, place=place, at=request.at
    ).declared
    actions.set_policy(
        request.scope,
        word=word,
        level=level.value,
        place=place,
        values={setting: _asked(request, found)},
        start_at=_start(request)[0],
        at=request.at,
    )
    return see_other("platform:policy", word, setting, said=_("Set."), where=key_of((level, place)))


def _shown(request: PlatformRequest, word: str, setting: str, *, wanted: bool = False) -> HttpResponse:
    known, where = _chosen(request)
    level, place = where
    found = queries.setting_page(request.scope, word=word, setting=setting, level=level, place=place, at=request.at)
    change = _change(request, word, found.declared, where) if wanted else None
    authors = {PartyId(said.set_by) for said in found.history if said.set_by is not None}
    return request.render(
        "platform/policy.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        is_widest=level is Level.PLATFORM,
        setting=found,
        change=change,
        authors=people.names(request.scope, parties=authors) if authors else {},
        kind=_kind(found.declared),
        choices=shown.choices_of(found.declared),
        written=shown.written,
        back=url("platform:policies", where=key_of(where)),
    )


def _change(request: PlatformRequest, word: str, declared: Setting, where: Where) -> Change:
    value = _asked(request, declared)
    start_at, starts_on = _start(request)
    if start_at < request.at:
        raise actions.BeginsInThePast(field="start_at")
    if value is not None:
        declared.check(value)
    level, place = where
    below = queries.below(request.scope, word=word, setting=declared.name, level=level, place=place, at=start_at)
    return Change(value, start_at, starts_on, below)


def _asked(request: PlatformRequest, declared: Setting) -> object:
    return None if request.form.flag("inherit") else shown.read(declared, request.form)


def _start(request: PlatformRequest) -> tuple[datetime, str]:
    """Midnight of the day written, in the voice's zone; today and no day both mean now."""
    on = request.form.maybe_day("start_at")
    zone = voice.current().zone
    if on is None or on == request.at.astimezone(zone).date():
        return request.at, ""
    return datetime.combine(on, time(), zone), on.isoformat()


def _kind(declared: Setting) -> str:
    if shown.choices_of(declared):
        return "select"
    return {"Money": "money", "int": "whole", "bool": "tick"}.get(getattr(declared.kind, "__name__", ""), "text")


def _chosen(request: PlatformRequest) -> tuple[Map, Where]:
    own, at = request.scope.city, request.at
    cards = places.communities(city=own)
    companies = sorted(set(people.company_of([card.id for card in cards], at=at).values())) if cards else []
    known = Map()
    known.add(
        cities=[city for city in places.cities() if own is None or city.id == own],
        companies=sorted(people.names(request.scope, parties=companies).items()) if companies else (),
        communities=cards,
    )
    _add_buildings(known, request.query.raw("where"), {card.id for card in cards})
    return known, known.chosen(request.query)


def _add_buildings(known: Map, asked: str, communities: set[CommunityId]) -> None:
    """Offer the buildings of the community that the page is about, or in which its building stands."""
    level, _colon, text = asked.partition(":")
    try:
        id_ = UUID(text)
    except ValueError:
        return
    if level == Level.BUILDING:
        beside = places.buildings(ids=[BuildingId(id_)]).get(BuildingId(id_))
        id_ = beside.community if beside else id_
    if level in (Level.BUILDING, Level.COMMUNITY) and id_ in communities:
        labels = places.buildings(community=CommunityId(id_)).values()
        known.names |= {(Level.BUILDING, building.id): building.label for building in labels}
