"""What differs from community to community: where each value comes from, what changes when, and setting it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse

from linli.faces.property import policy_effects
from linli.faces.property.communities import own_communities
from linli.faces.shell import policies as shown
from linli.faces.shell import policy_book
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.policies import Map, Where, key_of
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import queries as people
from linli.ground.policies import actions, queries
from linli.ground.policies.queries import PolicyCard
from linli.ground.policies.rules import Explained, Level
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.SET_POLICIES


@page("property", "GET", "policies/", needs=NEEDS)
def policies(request: PropertyRequest) -> HttpResponse:
    """This will show the settings as they hold at one of the company's places: subjects, one, or what is searched."""
    known, where = _chosen(request)
    level, place = where
    every = queries.book(request.scope, level=level, place=place, at=request.at)
    book = policy_book.opened(every, where, request.query)
    return request.render(
        "property/policies.jinja",
        counters=() if book.is_opened else _counters(every),
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        book=book,
        may_set=request.scope.may(NEEDS),
        shown=shown,
    )


@page("property", "GET", "policies/file/", name="policies-file", needs=NEEDS)
def policies_file(request: PropertyRequest) -> HttpResponse:
    """This will give the same settings as a sheet, each with its source and what it will be."""
    known, where = _chosen(request)
    every = queries.book(request.scope, level=where[0], place=where[1], at=request.at)
    found = policy_book.narrowed(every, where, request.query)
    return sheet(request.query, "settings", policy_book.columns(), policy_book.rows(found, known))


@page("property", "GET", "policies/<slug:word>/<slug:setting>/", name="policy", needs=NEEDS)
def policy(request: PropertyRequest, word: str, setting: str) -> HttpResponse:
    """This will show one setting at a place: its value, each level's say, its history, and the form to set it."""
    return _shown(request, word, setting)


@page(
    "property",
    "POST",
    "policies/<slug:word>/<slug:setting>/preview/",
    name="policy-preview",
    asks="property:policy",
    needs=NEEDS,
)
def preview(request: PropertyRequest, word: str, setting: str) -> HttpResponse:
    """This will tell what a value would change and for whom, and set nothing."""
    return _shown(request, word, setting, wanted=True)


@page("property", "POST", "policies/<slug:word>/<slug:setting>/", name="policy", needs=NEEDS)
def set_policy(request: PropertyRequest, word: str, setting: str) -> HttpResponse:
    """This will set the value from its day on, or have it inherited again."""
    _known, where = _chosen(request)
    level, place = where
    found = queries.setting_page(request.scope, word=word, setting=setting, level=level, place=place, at=request.at)
    actions.set_policy(
        request.scope,
        word=word,
        level=level.value,
        place=place,
        values={setting: shown.asked(found.declared, request.form)},
        start_at=shown.start_of(request.form, request.at)[0],
        at=request.at,
    )
    return see_other("property:policy", word, setting, said=_("Set."), where=key_of(where))


@page(
    "property",
    "POST",
    "policies/<slug:word>/<slug:setting>/withdrawals/<uuid:version>/",
    name="policy-withdrawal",
    needs=NEEDS,
)
def withdraw(request: PropertyRequest, word: str, setting: str, version: UUID) -> HttpResponse:
    """This will take back a value that has not begun yet."""
    actions.withdraw_change(request.scope, version=version, at=request.at)
    return see_other("property:policy", word, setting, said=_("Withdrawn."), where=request.query.raw("where"))


def _shown(request: PropertyRequest, word: str, setting: str, *, wanted: bool = False) -> HttpResponse:
    known, where = _chosen(request)
    level, place = where
    found = queries.setting_page(request.scope, word=word, setting=setting, level=level, place=place, at=request.at)
    change = shown.change(found, where, request.form, request.scope, request.at) if wanted else None
    authors = shown.authors(found)
    return request.render(
        "property/policy.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        setting=found,
        change=change,
        told=policy_effects.told(request, found, change, where) if change else (),
        authors=people.names(request.scope, parties=authors) if authors else {},
        may_set=found.of_company,
        shown=shown,
        back=url("property:policies", where=key_of(where), about=word),
    )


def _chosen(request: PropertyRequest) -> tuple[Map, Where]:
    """The company where the whole of it is reached, its communities, and the buildings of the one looked at."""
    cards = own_communities(request)
    known = Map(names={})
    if {card.id for card in cards} >= set(people.communities_of(request.company, at=request.at)):
        known.add(companies=people.names(request.scope, parties=[request.company]).items())
    known.add(communities=cards)
    if not known.names:
        raise NotFound("community")
    asked = request.query.raw("where")
    known.add_buildings(asked, {card.id for card in cards})
    first = next(where for where in known.names if where[0] == Level.COMMUNITY)
    return known, known.chosen(request.query) if asked else first


def _counters(book: Iterable[PolicyCard]) -> tuple[tuple[PolicyCard, Explained], ...]:
    """Every counter that the place may open and close, the closed ones first."""
    found = [(card, one) for card in book for one in card.settings if card.of_company and one.setting == "is_offered"]
    return tuple(sorted(found, key=lambda each: bool(each[1].value)))
