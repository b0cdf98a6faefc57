"""Who did what, when and as whom; what may be about a person is masked until somebody says why they must read it.

An operator of one city sees the entries of all: an entry says who acted on which ids, and no city. Most verbs belong to
none (a sign-in, a person, a policy of the platform), and to ask every module where its ids lie would be a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.shell import messages, voice
from linli.faces.shell.addresses import url
from linli.faces.shell.deeds import AREAS, spoken
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid
from linli.spine import audit
from linli.spine.audit import Entry
from linli.spine.may import May

NEEDS = May.READ_PERSONAL_DATA

A_PAGE = 50
MOST_ID = 10**18


@page("platform", "GET", "audit/", needs=NEEDS)
def audits(request: PlatformRequest) -> HttpResponse:
    """This will list what was done, the newest first, of one person, verb or day if so asked."""
    return _shown(request)


@page("platform", "GET", "audit/file/", name="audit-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give what the list shows as a sheet, masked as it is there."""
    found = _found(request, limit=most_rows())
    who = {entry.person for entry in found if entry.person}
    names = people.names(request.scope, parties=who) if who else {}
    columns = [_("When"), _("Who"), _("As"), _("Kind of work"), _("What was done"), _("Verb"), _("With")]
    rows = (
        (
            *(one.at, _masked(names, one.person), one.role),
            *(_area(one.action), messages.deed(one.action), one.action),
            "; ".join(f"{name}: {words}" for name, words, _value in spoken(one.said, one.action)),
        )
        for one in found
    )
    return sheet(request.query, "audit", columns, rows)


@page("platform", "POST", "audit/person/", name="audit-person", asks="platform:audit", needs=NEEDS)
def find(request: PlatformRequest) -> HttpResponse:
    """This will go on to what the owner of a phone did; a phone never stands in an address."""
    person = people.person_by_phone(request.scope, phone=request.form.text("phone", most=20))
    if person is None:
        raise Invalid("phone", _("Nobody here is reached under this number."))
    return see_other("platform:audit", person=person)


@page("platform", "POST", "audit/<int:entry>/reading/", name="audit-reading", asks="platform:audit", needs=NEEDS)
def read(request: PlatformRequest, entry: int) -> HttpResponse:
    """This will show one entry in the clear, once, and write down who read it and why."""
    why = request.form.text(f"why.{entry}", most=audit.MOST_REASON_CHARACTERS)
    return _shown(request, audit.read_entry(request.scope, entry=entry, why=why, at=request.at))


def _area(action: str) -> str:
    word = AREAS.get(action.partition(".")[0])
    return _(word) if word else ""


def _masked(names: Mapping[PartyId, str], person: PartyId | None) -> str:
    """As the list names somebody: by the first letter."""
    if person is None:
        return _("the house")
    return f"{names[person][:1]}**" if names.get(person) else _("erased")


def _sorting(request: PlatformRequest) -> Sorting:
    """The newest first, unless somebody reads from the beginning on."""
    query = request.query
    person, house = query.maybe_id("person"), "1" if query.flag("house") else None
    verb, on = query.maybe_text("action", most=80), query.maybe_day("day")
    same = {"person": person, "action": verb, "day": on, "house": house}
    return Sorting.of(request, "platform:audit", ("when",), same)


def _found(request: PlatformRequest, *, after: int | None = None, limit: int) -> tuple[Entry, ...]:
    """What the address narrows the entries to."""
    query = request.query
    asked = query.maybe_id("person")
    on = query.maybe_day("day")
    since = datetime.combine(on, time(), voice.current().zone) if on else None
    return audit.entries(
        request.scope,
        person=PartyId(asked) if asked else None,
        action=query.maybe_text("action", most=80),
        since=since,
        until=since + timedelta(days=1) if since else None,
        after=after,
        by_people=not query.flag("house"),
        oldest_first=_sorting(request).is_rising,
        limit=limit,
    )


def _shown(request: PlatformRequest, clear: Entry | None = None) -> HttpResponse:
    query = request.query
    asked = query.maybe_id("person")
    person = PartyId(asked) if asked else None
    verb, on = query.maybe_text("action", most=80), query.maybe_day("day")
    by_people = not query.flag("house")
    after = query.whole("after", high=MOST_ID) if "after" in query else None
    found = _found(request, after=after, limit=A_PAGE)
    who = {entry.person for entry in (*found, *((clear,) if clear else ())) if entry.person}
    sorting = _sorting(request)
    more = url("platform:audit", **sorting.chosen, by=sorting.word or None, after=found[-1].id) if found else None
    return request.render(
        "platform/audit.jinja",
        entries=found,
        areas=AREAS,
        spoken=spoken,
        clear=clear,
        names=people.names(request.scope, parties=who) if who else {},
        person=person,
        verb=verb,
        day=on,
        by_people=by_people,
        sorting=sorting,
        more=more if len(found) == A_PAGE else None,
    )
