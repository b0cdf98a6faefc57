"""What differs from place to place: every setting, its value, where that comes from, and what a change would do."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell import policies as shown
from linli.faces.shell import policy_book
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.policies import Map, Where, key_of
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import actions, queries
from linli.spine.may import May

NEEDS = May.SET_POLICIES


@page("platform", "GET", "policies/", needs=NEEDS)
def policies(request: PlatformRequest) -> HttpResponse:
    """This will show the settings as they hold at the chosen place: their subjects, one, or what is searched."""
    known, where = _chosen(request)
    level, place = where
    return request.render(
        "platform/policies.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        book=policy_book.opened(
            queries.book(request.scope, level=level, place=place, at=request.at), where, request.query
        ),
        shown=shown,
    )


@page("platform", "GET", "policies/file/", name="policies-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the same settings as a sheet, each with its source and what it will be."""
    known, where = _chosen(request)
    every = queries.book(request.scope, level=where[0], place=where[1], at=request.at)
    found = policy_book.narrowed(every, where, request.query)
    return sheet(request.query, "policies", policy_book.columns(), policy_book.rows(found, known))


@page("platform", "GET", "policies/<slug:word>/<slug:setting>/", name="policy", needs=NEEDS)
def policy(request: PlatformRequest, word: str, setting: str) -> HttpResponse:
    """This will show one setting at a place: its value, each level's say, its history, and the form to set it."""
    return _shown(request, word, setting)


@page(
    "platform",
    "POST",
    "policies/<slug:word>/<slug:setting>/preview/",
    name="policy-preview",
    asks="platform:policy",
    needs=NEEDS,
)
def preview(request: PlatformRequest, word: str, setting: str) -> HttpResponse:
    """This will tell what a value would change, and set nothing."""
    return _shown(request, word, setting, wanted=True)


@page("platform", "POST", "policies/<slug:word>/<slug:setting>/", name="policy", needs=NEEDS)
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
        values={setting: shown.asked(found, request.form)},
        start_at=shown.start_of(request.form, request.at)[0],
        at=request.at,
    )
    return see_other("platform:policy", word, setting, said=_("Set."), where=key_of((level, place)))


@page(
    "platform",
    "POST",
    "policies/<slug:word>/<slug:setting>/withdrawals/<uuid:version>/",
    name="policy-withdrawal",
    needs=NEEDS,
)
def withdraw(request: PlatformRequest, word: str, setting: str, version: UUID) -> HttpResponse:
    """This will take back a value that has not begun yet."""
    actions.withdraw_change(request.scope, version=version, at=request.at)
    return see_other("platform:policy", word, setting, said=_("Withdrawn."), where=request.query.raw("where"))


def _shown(request: PlatformRequest, word: str, setting: str, *, wanted: bool = False) -> HttpResponse:
    known, where = _chosen(request)
    level, place = where
    found = queries.setting_page(request.scope, word=word, setting=setting, level=level, place=place, at=request.at)
    change = shown.change(found, where, request.form, request.scope, request.at) if wanted else None
    authors = shown.authors(found)
    return request.render(
        "platform/policy.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        setting=found,
        change=change,
        authors=people.names(request.scope, parties=authors) if authors else {},
        shown=shown,
        back=url("platform:policies", where=key_of(where), about=word),
    )


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
    known.add_buildings(request.query.raw("where"), {card.id for card in cards})
    return known, known.chosen(request.query)
