"""What differs from community to community: where each value comes from, what changes when, and setting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse

from linli.faces.property import policy_effects
from linli.faces.property.communities import own_communities
from linli.faces.shell import policies as shown
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
    """This will list every setting as it holds at one of the company's places, narrowed as the address says."""
    known, where = _chosen(request)
    level, place = where
    book = tuple(_narrowed(request, where))
    return request.render(
        "property/policies.jinja",
        counters=_counters(book) if not request.query.raw("q") and not request.query.raw("only") else (),
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        book=book,
        q=request.query.raw("q"),
        only=request.query.raw("only"),
        may_set=request.scope.may(NEEDS),
        shown=shown,
    )


@page("property", "GET", "policies/file/", name="policies-file", needs=NEEDS)
def policies_file(request: PropertyRequest) -> HttpResponse:
    """This will give the same settings as a sheet, each with its source and what it will be."""
    known, where = _chosen(request)
    columns = [_("About"), _("Setting"), _("Name"), _("Value"), _("Comes from"), _("Since"), _("Built in")]
    columns += [_("Will change to"), _("From")]
    rows = []
    for card in _narrowed(request, where):
        defaults = queries.defaults_of(card.word)
        next_of = {each.setting: each for each in reversed(card.coming)}
        for one in card.settings:
            change = next_of.get(one.setting)
            rows.append(
                (
                    *(_(card.says) if card.says else card.word, _(one.says) if one.says else one.setting),
                    *(f"{card.word}.{one.setting}", shown.written(one.value)),
                    *(known.called(one.level, one.place) if one.since else _("built in"), one.since),
                    shown.written(defaults[one.setting]),
                    *((shown.written(change.value), change.start_at) if change else (None, None)),
                )
            )
    return sheet(request.query, "settings", columns, rows)


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
        back=url("property:policies", where=key_of(where)),
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


def _narrowed(request: PropertyRequest, where: Where) -> Iterator[PolicyCard]:
    """The policies with the settings that are asked for, those that the company sets itself first."""
    words = request.query.raw("q").casefold().split()
    only = request.query.raw("only")
    book = queries.book(request.scope, level=where[0], place=where[1], at=request.at)
    for card in sorted(book, key=lambda each: not each.of_company):
        about = f"{card.word} {card.says} {_(card.says) if card.says else ''}"
        settings = tuple(
            one for one in card.settings if _is_asked(one, card, where, only) and _names(words, about, one)
        )
        if settings:
            yield replace(card, settings=settings)


def _counters(book: Iterable[PolicyCard]) -> tuple[tuple[PolicyCard, Explained], ...]:
    """Every counter that the place may open and close, the closed ones first."""
    found = [(card, one) for card in book for one in card.settings if card.of_company and one.setting == "is_offered"]
    return tuple(sorted(found, key=lambda each: bool(each[1].value)))


def _is_asked(one: Explained, card: PolicyCard, where: Where, only: str) -> bool:
    if only == "own":
        return one.since is not None
    if only == "here":
        return (one.level, one.place) == (where[0].value, where[1])
    return only != "coming" or any(each.setting == one.setting for each in card.coming)


def _names(words: list[str], about: str, one: Explained) -> bool:
    text = f"{about} {one.setting} {one.says} {_(one.says) if one.says else ''}".casefold()
    return all(word in text for word in words)
