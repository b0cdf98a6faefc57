"""What the people of the company did, for its managers: who, what, when and with what, in plain words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import messages, voice
from linli.faces.shell.addresses import url
from linli.faces.shell.deeds import AREAS, spoken
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.spine import audit
from linli.spine.audit import Entry
from linli.spine.may import May

NEEDS = May.READ_DEEDS
A_PAGE = 50
MOST_ID = 10**18


@page("property", "GET", "deeds/", needs=NEEDS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will list what was done, the newest first, of one colleague, part or day if so asked."""
    own_communities(request)
    query = request.query
    after = query.whole("after", high=MOST_ID) if "after" in query else None
    found = _found(request, after=after, limit=A_PAGE + 1)
    sorting = _sorting(request)
    same = sorting.chosen
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render(
        "property/deeds.jinja",
        entries=found[:A_PAGE],
        names=_names(request, found),
        staff=staff,
        areas=AREAS,
        spoken=spoken,
        chosen={name: value or "" for name, value in same.items()},
        sorting=sorting,
        more=url("property:deeds", **same, by=sorting.word or None, after=found[A_PAGE - 1].id)
        if found[A_PAGE:]
        else None,
        export=url("property:deeds-file", **same, by=sorting.word or None),
    )


@page("property", "GET", "deeds/file/", name="deeds-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give what the list shows as a sheet, masked as it is there."""
    own_communities(request)
    found = _found(request, limit=most_rows())
    names = _names(request, found)
    columns = [_("When"), _("Who"), _("Kind of work"), _("What was done"), _("With")]
    rows = (
        (
            *(one.at, names.get(one.person, "") if one.person else _("the house"), _area(one)),
            messages.deed(one.action),
            "; ".join(f"{name}: {words}" for name, words, _value in spoken(one.said, one.action)),
        )
        for one in found
    )
    return sheet(request.query, "deeds", columns, rows)


def _sorting(request: PropertyRequest) -> Sorting:
    """The newest first, unless somebody reads from the beginning on."""
    same = {name: request.query.raw(name) or None for name in ("person", "part", "day")}
    return Sorting.of(request, "property:deeds", ("when",), same)


def _found(request: PropertyRequest, *, after: int | None = None, limit: int) -> tuple[Entry, ...]:
    """What the address narrows the entries to."""
    query = request.query
    person, on, part = query.maybe_id("person"), query.maybe_day("day"), query.raw("part")
    since = datetime.combine(on, time(), voice.current().zone) if on else None
    return audit.entries_of_company(
        request.scope,
        person=PartyId(person) if person else None,
        action=part if part in AREAS else None,
        since=since,
        until=since + timedelta(days=1) if since else None,
        after=after,
        oldest_first=_sorting(request).is_rising,
        limit=limit,
    )


def _names(request: PropertyRequest, found: tuple[Entry, ...]) -> dict[PartyId, str]:
    who = {one.person for one in found if one.person}
    return people.names(request.scope, parties=who) if who else {}


def _area(one: Entry) -> str:
    word = AREAS.get(one.action.partition(".")[0])
    return _(word) if word else ""
