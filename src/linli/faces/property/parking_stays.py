"""Stays at the desk: who is inside, who left owing, what one stay cost and what happened to it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.queries import StayRow, StaySort
from linli.faces.property.attachments import beside
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.property.histories import movers
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import ParkingSessionId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 100
STANDINGS = ("inside", "left", "owing", "void")


@page("property", "GET", "parking/stays/", name="parking-stays", needs=May.RUN_BARRIER)
def stays(request: PropertyRequest) -> HttpResponse:
    """This will list stays of a community, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, A_PAGE + 1)
    sorting = _sorting(request, community)
    asked = {**sorting.chosen, "by": sorting.word}
    return request.render(
        "property/parking-stays.jinja",
        communities=cards,
        community=community,
        stays=found[:A_PAGE],
        standings=STANDINGS,
        standing=asked["standing"],
        sorting=sorting,
        words=request.query.maybe_text("words", most=20) or "",
        more=url("property:parking-stays", **asked, after=found[A_PAGE - 1].session) if len(found) > A_PAGE else None,
        export=url("property:parking-stays-file", **asked) if request.scope.may(May.KEEP_PARKING) else None,
    )


@page("property", "GET", "parking/stays/file/", name="parking-stays-file", needs=May.KEEP_PARKING)
def stays_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    rows = _found(request, community, most_rows())
    columns = [
        _("Number"), _("Lot"), _("Plate"), _("Inside as"), _("State"), _("In"), _("Out"), _("Fee"), _("Vouchers"),
        _("Paid"), _("Owing"),
    ]  # fmt: skip
    return sheet(
        request.query,
        "parking-stays",
        columns,
        (
            (
                row.label, in_language(row.lot_name), row.shown, word(row.kind), word(row.state), row.entered_at,
                row.left_at, row.gross, row.off, row.paid, row.unpaid,
            )
            for row in rows
        ),
    )  # fmt: skip


@page("property", "GET", "parking/stays/<uuid:session>/", name="parking-stay", needs=May.RUN_BARRIER)
def show(request: PropertyRequest, session: ParkingSessionId) -> HttpResponse:
    """This will show one stay whole."""
    own_communities(request)
    found = queries.stay(request.scope, session=session, at=request.at)
    attached = beside(request, found)
    return request.render(
        "property/parking-stay.jinja",
        stay=found,
        home=places.home(found.home) if found.home else None,
        attached=attached,
        names=movers(request, found.moves, *(one.person for one in attached), *(line.giver for line in found.vouchers)),
    )


@page("property", "POST", "parking/stays/<uuid:session>/waiver/", asks="property:parking-stay", needs=May.KEEP_PARKING)
def waive(request: PropertyRequest, session: ParkingSessionId) -> HttpResponse:
    """This will let go of what a stay left owing."""
    actions.waive_debt(request.scope, session=session, why=request.form.text("why"), at=request.at)
    return see_other("property:parking-stay", session, said=_("Nothing is owed for this stay any more."))


@page("property", "GET", "parking/income/", name="parking-income", needs=May.KEEP_PARKING)
def income(request: PropertyRequest) -> HttpResponse:
    """This will add up a month's income from stays, day by day."""
    cards = own_communities(request)
    community = community_here(request, cards)
    month = chosen_month(request.query, at=request.at)
    rows = _income(request, community)
    days = [month.first + timedelta(days=n) for n in range((month.bounds[1] - month.bounds[0]).days)]
    by_day = {day: Money.total(row.amount for row in rows if row.day == day) for day in days}
    return request.render(
        "property/parking-income.jinja",
        communities=cards,
        community=community,
        month=month,
        rows=rows,
        days=[str(day.day) for day in days],
        amounts=list(by_day.values()),
        total=Money.total(row.amount for row in rows),
    )


@page("property", "GET", "parking/income/file/", name="parking-income-file", needs=May.KEEP_PARKING)
def income_file(request: PropertyRequest) -> HttpResponse:
    """This will give the month's income as a sheet."""
    community = community_here(request, own_communities(request))
    rows = _income(request, community)
    columns = [_("Day"), _("Way"), _("Payments"), _("Amount")]
    return sheet(
        request.query,
        "parking-income",
        columns,
        ((row.day, word(row.channel), row.payments, row.amount) for row in rows),
    )


def _income(request: PropertyRequest, community: CommunityCard) -> tuple[queries.IncomeDay, ...]:
    start, end = chosen_month(request.query, at=request.at).bounds
    return queries.income(
        request.scope, start=start, end=end, timezone=str(voice.current().zone), community=community.id
    )


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    standing = request.query.raw("standing")
    return {
        "community": community.id,
        "standing": standing if standing in STANDINGS else None,
        "words": request.query.maybe_text("words", most=20),
    }


def _sorting(request: PropertyRequest, community: CommunityCard) -> Sorting:
    return Sorting.of(request, "property:parking-stays", tuple(StaySort), _asked(request, community))


def _found(request: PropertyRequest, community: CommunityCard, limit: int) -> tuple[StayRow, ...]:
    after, asked, sorting = request.query.maybe_id("after"), _asked(request, community), _sorting(request, community)
    return queries.stays(
        request.scope,
        community=community.id,
        standing=str(asked["standing"] or ""),
        words=str(asked["words"] or ""),
        order=StaySort(sorting.key) if sorting.key else StaySort.NEWEST,
        is_rising=sorting.is_rising,
        after=ParkingSessionId(after) if after else None,
        limit=limit,
    )
