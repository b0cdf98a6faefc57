"""How punctual the work is: what was promised and what was kept, by type and by worker."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from linli.estate.workorders import queries
from linli.estate.workorders.queries import Punctual
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, pgettext
from linli.faces.shell.months import Month, chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places.queries import CommunityCard
from linli.spine.may import May

NEEDS = May.DISPATCH_WORK
MOST_BARS = 8


@page("property", "GET", "punctuality/", needs=NEEDS)
def punctuality(request: PropertyRequest) -> HttpResponse:
    """This will show a month's punctuality, of all communities or of one."""
    cards = own_communities(request)
    community = chosen_community(request, cards)
    month = chosen_month(request.query, at=request.at)
    by_type, by_worker = _asked(request, cards, month)
    return request.render(
        "property/punctuality.jinja",
        month=month,
        community=community,
        communities=cards,
        by_type=by_type,
        by_worker=by_worker,
        orders=sum(each.orders for each in by_type),
        done=sum(each.done for each in by_type),
        in_time=sum(each.done_in_time for each in by_type),
        bars=[each for each in by_type if each.done][:MOST_BARS],
    )


@page("property", "GET", "punctuality/file/", name="punctuality-file", needs=NEEDS)
def punctuality_file(request: PropertyRequest) -> HttpResponse:
    """This will give the report as a sheet, from the same question."""
    cards = own_communities(request)
    by_type, by_worker = _asked(request, cards, chosen_month(request.query, at=request.at))
    columns = [
        pgettext("grouping", "By"),
        pgettext("thing", "Name"),
        _("Work orders"),
        _("Accepted in time"),
        _("There in time"),
        _("Done"),
        _("Done in time"),
    ]
    columns.append(_("Stars"))
    rows = (
        (what, in_language(each.name) if isinstance(each.name, dict) else each.name, *_figures(each))
        for what, found in ((_("Type"), by_type), (_("Worker"), by_worker))
        for each in found
    )
    return sheet(request.query, "punctuality", columns, rows)


def _asked(
    request: PropertyRequest, cards: tuple[CommunityCard, ...], month: Month
) -> tuple[Sequence[Punctual], Sequence[Punctual]]:
    community = chosen_community(request, cards)
    asked = [community.id] if community else [card.id for card in cards]
    start, end = month.bounds
    by_type = queries.punctuality(request.scope, communities=asked, start=start, end=end, by="type")
    return by_type, queries.punctuality(request.scope, communities=asked, start=start, end=end, by="worker")


def _figures(each: Punctual) -> tuple[object, ...]:
    return (each.orders, each.accepted_in_time, each.arrived_in_time, each.done, each.done_in_time, each.stars)
