"""What may be asked and who does it, as sheets: types with their promises, workers with their rota."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from linli.estate.workorders import queries
from linli.faces.property.work_settings import NEEDS, community_shown
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet


@page("property", "GET", "work-types/file/", name="work-types-file", needs=NEEDS)
def types_file(request: PropertyRequest) -> HttpResponse:
    """This will give the types of a community with their promises there as a sheet, from the top of the tree down."""
    _cards, community = community_shown(request)
    types = queries.types_here(request.scope, community=community.id, at=request.at) if community else ()
    names = {one.type: in_language(one.name) for one in types}
    columns = [_("Type"), _("Under"), _("Word"), _("Kind"), _("Skill"), _("Minutes to accept"), _("Minutes to arrive")]
    columns += [_("Minutes to finish"), _("Promised here alone"), _("How it is given"), _("Days of warranty")]
    columns += [_("Price"), _("At home")]
    rows = (
        (
            *(names[one.type], names.get(one.under, "") if one.under else "", one.word, one.kind, one.skill),
            *(one.minutes.accept, one.minutes.arrive, one.minutes.finish, one.own_minutes),
            *(one.way or _("as the policy says"), one.warranty_days, one.price, one.at_home),
        )
        for one in types
    )
    return sheet(request.query, "work-types", columns, rows)


@page("property", "GET", "workers/file/", name="workers-file", needs=NEEDS)
def workers_file(request: PropertyRequest) -> HttpResponse:
    """This will give the workers of a community as a sheet, by their masked names as on the page."""
    _cards, community = community_shown(request)
    found = queries.workers(request.scope, community=community.id) if community else ()
    columns = [_("Full name"), _("Skills"), _("Most open jobs"), _("Open jobs"), _("Away"), _("Rota")]
    rows = (
        (
            *(one.name, formats.listed(word(skill) for skill in one.skills), one.most_open, one.open_jobs, one.is_away),
            _rota(one.shifts) or _("always on duty"),
        )
        for one in found
    )
    return sheet(request.query, "workers", columns, rows)


def _rota(shifts: Iterable[tuple[int, int, int]]) -> str:
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return "; ".join(f"{days[day]} {_clock(start)}-{_clock(end)}" for day, start, end in shifts)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
