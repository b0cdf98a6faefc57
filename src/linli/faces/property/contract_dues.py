"""What contracts bring and cost on which day: late ones first, what comes next, and marks of what was paid."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse

from linli.estate.contracts import actions, queries
from linli.estate.contracts.queries import RowCard
from linli.estate.contracts.rules import Direction
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import ContractId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 200
AHEAD = timedelta(days=60)
NEEDS = May.KEEP_CONTRACTS


@page("property", "GET", "contracts/dues/", name="contract-dues", needs=NEEDS)
def dues(request: PropertyRequest) -> HttpResponse:
    """This will list what is late and what comes within two months."""
    cards = own_communities(request)
    community = community_here(request, cards)
    today = places.day_in(community.id, request.at)
    page_no = request.query.whole("page", low=0, high=1_000, default=0)
    found, asked = _found(request, community, today, A_PAGE + 1, page_no * A_PAGE), _asked(request, community)
    shown = found[:A_PAGE]
    late = [row for row in shown if row.late_days(today)]
    parties = {row.party for row in shown}
    return request.render(
        "property/contract-dues.jinja",
        communities=cards,
        community=community,
        rows=shown,
        owed=Money.total(row.amount for row in late if row.direction is Direction.COLLECT),
        unpaid=Money.total(row.amount for row in late if row.direction is Direction.PAY),
        names=people.names(request.scope, parties=parties) if parties else {},
        directions=tuple(Direction),
        asked=asked,
        today=today,
        more=url("property:contract-dues", **asked, page=page_no + 1) if len(found) > A_PAGE else None,
        export=url("property:contract-dues-file", **asked),
    )


@page("property", "GET", "contracts/dues/file/", name="contract-dues-file", needs=NEEDS)
def dues_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    today = places.day_in(community.id, request.at)
    found = _found(request, community, today, most_rows(), 0)
    parties = {row.party for row in found}
    names = people.names(request.scope, parties=parties) if parties else {}
    columns = [
        _("Number"), _("Pays or collects"), _("Party"), _("Subject"), _("From"), _("Until"), _("Due on"),
        _("Days late"), _("Amount"), _("State"),
    ]  # fmt: skip
    rows = (
        (
            *(r.label, r.direction, names.get(r.party, ""), r.subject, r.start_on, r.end_on, r.due_on),
            *(r.late_days(today), r.amount, r.state),
        )
        for r in found
    )
    return sheet(request.query, "contract-dues", columns, rows)


@page(
    "property",
    "POST",
    "contracts/<uuid:contract>/rows/<uuid:row>/payment/",
    name="contract-row-payment",
    asks="property:contract",
    needs=NEEDS,
)
def mark_paid(request: PropertyRequest, contract: ContractId, row: UUID) -> HttpResponse:
    """This will mark a row to a supplier as paid."""
    words = request.form.maybe_text("words", most=120) or ""
    actions.mark_paid(request.scope, row=row, paid_on=request.form.day("paid_on"), words=words, at=request.at)
    return see_other("property:contract", contract, said=_("Marked as paid."))


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    direction = request.query.raw("direction")
    return {
        "community": community.id,
        "direction": direction if direction in {each.value for each in Direction} else None,
        "late": "1" if request.query.flag("late") else None,
    }


def _found(
    request: PropertyRequest, community: CommunityCard, today: date, limit: int, offset: int
) -> tuple[RowCard, ...]:
    asked = _asked(request, community)
    return queries.plan_rows(
        request.scope,
        community=community.id,
        direction=Direction(str(asked["direction"])) if asked["direction"] else None,
        until=today if asked["late"] else today + AHEAD,
        limit=limit,
        offset=offset,
    )
