"""What may be asked, how fast it is promised where, and who does it when."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpResponse

from linli.estate.workorders import actions, queries
from linli.estate.workorders.actions import Hours
from linli.estate.workorders.rules import Kind, Minutes, Skill, Way
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell import formats, messages, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

NEEDS = May.KEEP_WORK_RULES
YEAR_H = 365 * 24
_HOURS = re.compile(r"([0-2]?\d):([0-5]\d)-([0-2]?\d):([0-5]\d)")


@page("property", "GET", "work-types/", needs=NEEDS)
def work_types(request: PropertyRequest) -> HttpResponse:
    """This will show the tree of types with what is promised in one community."""
    cards, community = community_shown(request)
    types = queries.types_here(request.scope, community=community.id, at=request.at) if community else ()
    return request.render(
        "property/work-types.jinja",
        communities=cards,
        community=community,
        today=request.at.astimezone(voice.current().zone).date(),
        types=types,
        kinds=[(each.value, messages.word(each)) for each in Kind],
        skills=[(each.value, messages.word(each)) for each in Skill],
        ways=[("", _("as the policy says")), *((each.value, messages.word(each)) for each in Way)],
    )


@page("property", "POST", "work-types/", needs=NEEDS)
def keep_type(request: PropertyRequest) -> HttpResponse:
    """This will add a type, or change the one of that word."""
    form = request.form
    under = form.maybe_id("under")
    actions.keep_type(
        request.scope,
        word=form.text("word", most=40),
        name={"zh": form.text("name_zh", most=40), "en": form.text("name_en", most=40)},
        kind=form.choice("kind", Kind),
        skill=form.choice("skill", Skill),
        minutes=_minutes(request),
        under=under,
        warranty_days=form.whole("warranty_days", high=3650, default=0),
        price=form.maybe_money("price"),
        at_home=form.flag("at_home"),
        at=request.at,
    )
    return see_other("property:work-types", said=_("Kept. It can be asked for at once."))


@page(
    "property",
    "POST",
    "work-types/<uuid:type_id>/promise/",
    name="work-promise",
    asks="property:work-types",
    needs=NEEDS,
)
def set_promise(request: PropertyRequest, type_id: UUID) -> HttpResponse:
    """This will settle what is promised for a type in one community, and how it finds who does it."""
    community = _own(request, own_communities(request))
    form, minutes = request.form, _minutes(request)
    way = form.choice("way", Way) if form.raw("way") else None
    on = form.maybe_day("start_on")
    actions.set_sla(
        request.scope, community=community, type_id=type_id, minutes=minutes, way=way, start_on=on, at=request.at
    )
    day = formats.near_day(on or request.at.astimezone(voice.current().zone).date())
    said = _("This is promised here from {day} on. What was asked for before keeps its promise.", day=day)
    return see_other("property:work-types", community=community, said=said)


@page(
    "property",
    "POST",
    "work-types/<uuid:type_id>/promise/calling-off/",
    name="promise-off",
    asks="property:work-types",
    needs=NEEDS,
)
def call_off_promise(request: PropertyRequest, type_id: UUID) -> HttpResponse:
    """This will call off a promise that has not begun."""
    community = _own(request, own_communities(request))
    on = request.form.day("start_on")
    actions.call_off_sla(request.scope, community=community, type_id=type_id, start_on=on, at=request.at)
    return see_other("property:work-types", community=community, said=_("Called off. What holds now goes on."))


@page(
    "property", "POST", "work-types/<uuid:type_id>/retirement/", name="type-retirement", asks="property:work-types",
    needs=NEEDS,
)  # fmt: skip
def retire_type(request: PropertyRequest, type_id: UUID) -> HttpResponse:
    """This will take a type off what may be asked."""
    actions.retire_type(request.scope, type_id=type_id, at=request.at)
    return see_other("property:work-types", said=_("It can no longer be asked for."))


@page("property", "GET", "workers/", needs=NEEDS)
def workers(request: PropertyRequest) -> HttpResponse:
    """This will list who does work in a community: skills, hours, and what they have in hand."""
    cards, community = community_shown(request)
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    found = queries.workers(request.scope, community=community.id) if community else ()
    here = {each.person for each in found}
    return request.render(
        "property/workers.jinja",
        communities=cards,
        community=community,
        workers=found,
        staff=[each for each in staff if each.party not in here],
        skills=tuple(Skill),
    )


@page("property", "POST", "workers/", needs=NEEDS)
def keep_worker(request: PropertyRequest) -> HttpResponse:
    """This will let somebody do work in the community, or change what they can do."""
    community = _own(request, own_communities(request))
    actions.keep_worker(
        request.scope,
        community=community,
        person=PartyId(request.form.id("person")),
        skills=[Skill(word) for word in request.form.many("skills") if word in set(Skill)],
        most_open=request.form.whole("most_open", low=1, high=50) if request.form.raw("most_open") else None,
        at=request.at,
    )
    return see_other("property:workers", community=community, said=_("Kept."))


@page("property", "POST", "workers/<uuid:person>/rota/", name="rota", asks="property:workers", needs=NEEDS)
def set_rota(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will settle at which hours of the week somebody is on duty."""
    community = _own(request, own_communities(request))
    hours = [hour for day in range(7) for hour in _hours(f"{person}.{day}", day, request)]
    actions.set_rota(request.scope, community=community, person=person, hours=hours, at=request.at)
    return see_other("property:workers", community=community, said=_("The rota holds from now on."))


@page("property", "POST", "workers/<uuid:person>/absence/", name="absence", asks="property:workers", needs=NEEDS)
def set_away(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will say that somebody is away, or back."""
    community = _own(request, own_communities(request))
    away = request.form.flag("is_away")
    actions.set_away(request.scope, community=community, person=person, is_away=away, at=request.at)
    return see_other("property:workers", community=community)


@page("property", "POST", "workers/<uuid:person>/departure/", name="departure", asks="property:workers", needs=NEEDS)
def remove_worker(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will take somebody off the workers of the community."""
    community = _own(request, own_communities(request))
    actions.remove_worker(request.scope, community=community, person=person, at=request.at)
    return see_other("property:workers", community=community, said=_("They are given no more work here."))


def community_shown(request: PropertyRequest) -> tuple[tuple[CommunityCard, ...], CommunityCard | None]:
    """This will give the communities of the asker and the one whose rules are looked at: as asked, or the first."""
    cards = own_communities(request)
    return cards, chosen_community(request, cards) or (cards[0] if cards else None)


def _own(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityId:
    asked = request.form.id("community")
    found = next((card.id for card in cards if card.id == asked), None)
    if found is None:
        raise NotFound("community")
    return found


def _minutes(request: PropertyRequest) -> Minutes:
    accept, arrive, finish = (
        request.form.whole(name, low=1, high=YEAR_H * 60) for name in ("accept", "arrive", "finish")
    )
    return Minutes(accept=accept, arrive=arrive, finish=finish)


def _hours(name: str, day: int, request: PropertyRequest) -> list[Hours]:
    """The hours of a day as people write them: `08:00-12:00, 13:30-18:00`; nothing is a day off."""
    found = []
    for part in re.split(r"[,，;；\s]+", request.form.maybe_text(name, most=60) or ""):
        if not part:
            continue
        match = _HOURS.fullmatch(part)
        if match is None:
            raise Invalid(name, _("Please write hours such as 08:00-12:00."))
        first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        found.append(Hours(weekday=day, start_minute=first, end_minute=last))
    return found
