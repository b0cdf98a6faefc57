"""Arrears at the desk: who owes what since when, what was done about it, letters, and how well each building pays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import Arrear, InCare
from linli.estate.billing.rules import AGES, NoteKind, add_months
from linli.faces.property.charging import community_here, community_of, month_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext, pgettext
from linli.faces.shell.open_rows import open_rows
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.people.queries import BuildingCare
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 200
MOST_ROWS = 20_000
MOST_MONTHS = 12


@dataclass(frozen=True)
class Collected:
    """How much of what was owed of something is paid."""

    name: str
    homes: int
    due: Money
    paid: Money

    @property
    def bp(self) -> int:
        return self.paid.minor * 10_000 // self.due.minor if self.due.minor > 0 else 0


@page("property", "GET", "arrears/", needs=May.CHASE_ARREARS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list who owes what late, the largest debt first, with the sums by age of all of them."""
    cards = own_communities(request)
    community = community_here(request, cards)
    today = places.day_in(community.id, request.at)
    least = request.query.whole("days", low=1, high=3650, default=1)
    found = billing.arrears(request.scope, community=community.id, on=today, least_days=least, limit=MOST_ROWS)
    shown = found[:A_PAGE]
    return request.render(
        "property/arrears.jinja",
        communities=cards,
        community=community,
        arrears=shown,
        doors=called(shown),
        names=people.names(request.scope, parties={each.obligor for each in shown}),
        ages=_by_age(found),
        sum=Money.total(each.amount for each in found),
        days=least,
        kinds=list(NoteKind),
        once=ids.new(),
        today=today,
        is_cut=len(found) > A_PAGE,
        export=url("property:arrears-sheet", community=community.id, days=least),
    )


@page("property", "GET", "arrears/sheet/", name="arrears-sheet", needs=May.CHASE_ARREARS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the whole list as a spreadsheet."""
    community = community_here(request, own_communities(request))
    least = request.query.whole("days", low=1, high=3650, default=1)
    today = places.day_in(community.id, request.at)
    found = billing.arrears(request.scope, community=community.id, on=today, least_days=least, limit=most_rows())
    columns = [
        _("Where"),
        _("Who owes"),
        _("Overdue amount"),
        _("Since"),
        _("Days overdue"),
        *(name for name, _sum in _by_age(())),
    ]
    return sheet(request.query, "arrears", columns, _rows(request, found))


@page("property", "POST", "arrears/reminders/", name="reminders", asks="property:arrears", needs=May.CHASE_ARREARS)
def remind(request: PropertyRequest) -> HttpResponse:
    """This will send the reminders of a community that are due, now instead of at night."""
    community = CommunityId(request.form.id("community"))
    sent = actions.remind(request.scope, community=community, at=request.at)
    said = ngettext("{n} reminder is on its way.", "{n} reminders are on their way.", sent)
    if not sent:
        said = _("No reminder is due now: each stage is sent once, and a promise or a plan is waited for.")
    return see_other("property:arrears", said=said, community=community)


@page("property", "GET", "arrears/<uuid:subject>/", name="arrear", needs=May.CHASE_ARREARS)
def show(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will show the debts of a home and what was said about them."""
    own_communities(request)
    account = billing.account_page(request.scope, subject=subject)
    notes = billing.arrears_notes(request.scope, subject=subject, community=account.community)
    people_here = {each.obligor for each in account.open_lines}
    reminders = billing.reminders_sent(request.scope, subject=subject, community=account.community)
    wanted = people_here | {each.written_by for each in notes if each.written_by}
    wanted |= {each.obligor for each in reminders}
    return request.render(
        "property/arrear.jinja",
        account=account,
        rows=open_rows(account.open_lines),
        community=community_of(request, account.community),
        notes=notes,
        reminders=reminders,
        obligors=sorted(people_here),
        names=people.names(request.scope, parties=wanted),
        kinds=list(NoteKind),
        today=places.day_in(account.community, request.at),
    )


@page("property", "POST", "arrears/<uuid:subject>/", name="arrear", needs=May.CHASE_ARREARS)
def note(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will write down a call, a visit, a letter, or a promise to pay."""
    form = request.form
    obligor = form.maybe_id("obligor")
    kind = form.choice("kind", NoteKind)
    actions.note_arrears(
        request.scope,
        subject=subject,
        kind=kind,
        text=form.text("text", most=200),
        obligor=None if obligor is None else PartyId(obligor),
        promised_on=form.day("promised_on") if kind is NoteKind.PROMISE else None,
        amount=form.maybe_money("amount"),
        at=request.at,
    )
    return see_other("property:arrear", subject, said=_("Written down."))


@page("property", "GET", "collection/", needs=May.CHASE_ARREARS)
def collection(request: PropertyRequest) -> HttpResponse:
    """This will show how much of the last months is paid, building by building and by whose care it is in."""
    cards = own_communities(request)
    community, since, until, homes = _collected(request, cards)
    months = [
        month for month in reversed(billing.months(request.scope, community=community.id, limit=MOST_MONTHS))
        if month.amount
    ]  # fmt: skip
    return request.render(
        "property/collection.jinja",
        communities=cards,
        community=community,
        since=since,
        until=until,
        buildings=_by_building(community.id, homes),
        stewards=_stewards(request, community, since, until),
        months=months,
    )


@page("property", "GET", "collection/sheet/", name="collection-sheet", needs=May.CHASE_ARREARS)
def collection_sheet(request: PropertyRequest) -> HttpResponse:
    """This will give the same figures as a spreadsheet: building by building, and by steward."""
    community, since, until, homes = _collected(request, own_communities(request))
    columns = [pgettext("grouping", "By"), _("Of"), _("Homes"), _("Charged"), _("Paid"), _("Open"), _("Collected, %")]
    told = [
        (_("Building"), _by_building(community.id, homes)),
        (_("Steward"), _stewards(request, community, since, until)),
    ]
    rows = (
        [by, one.name, one.homes, one.due, one.paid, one.due - one.paid, Decimal(one.bp) / 100]
        for by, those in told
        for one in those
    )
    return sheet(request.query, f"collection-{since:%Y-%m}-{until:%Y-%m}", columns, rows)


def _collected(
    request: PropertyRequest, cards: tuple[CommunityCard, ...]
) -> tuple[CommunityCard, date, date, dict[UUID, tuple[Money, Money]]]:
    """The community and the months that are looked at, with what each home owed of them and paid."""
    community = community_here(request, cards)
    today = places.day_in(community.id, request.at).replace(day=1)
    since = _month(request, "since") or add_months(today, 1 - MOST_MONTHS)
    until = _month(request, "until") or today
    return (
        community,
        since,
        until,
        billing.collected_homes(request.scope, community=community.id, since=since, until=until),
    )


def _month(request: PropertyRequest, name: str) -> date | None:
    word = request.query.raw(name)
    return month_of(word) if word else None


def _by_age(found: Iterable[Arrear]) -> list[tuple[str, Money]]:
    """What is late by how many days; every figure is the sum of the column of the list."""
    rows = list(found)
    bounds = list(zip((1, *(age + 1 for age in AGES)), (*AGES, None), strict=True))
    return [
        (
            _("{low}-{high} days", low=low, high=high) if high else _("more than {low} days", low=low - 1),
            Money.total(row.ages[nth] for row in rows),
        )
        for nth, (low, high) in enumerate(bounds)
    ]


def _rows(request: PropertyRequest, found: tuple[Arrear, ...]) -> Iterator[list[object]]:
    where = called(found)
    names = people.names(request.scope, parties={each.obligor for each in found})
    for each in found:
        yield [
            where[each.subject], names.get(each.obligor, ""), each.amount, each.due_on, each.days, *each.ages
        ]  # fmt: skip


def _by_building(community: CommunityId, homes: dict[UUID, tuple[Money, Money]]) -> list[Collected]:
    of: dict[str, list[tuple[Money, Money]]] = {}
    for (building, _unit, _label), home in places.doors(community).items():
        if home in homes:
            of.setdefault(building, []).append(homes[home])
    return [
        Collected(
            building,
            len(sums),
            Money.total(due for due, _paid in sums),
            Money.total(paid for _due, paid in sums),
        )
        for building, sums in sorted(of.items(), key=lambda pair: (len(pair[0]), pair[0]))
    ]


def _stewards(request: PropertyRequest, community: CommunityCard, since: date, until: date) -> list[Collected]:
    """What the buildings of each steward paid of the months in which they were theirs, and the rest at the end."""
    cares = people.building_stewards(request.scope, community=community.id)
    if not cares:
        return []
    buildings: dict[str, list[BuildingCare]] = {}
    labels = {card.id: card.label for card in places.buildings(community=community.id).values()}
    for each in cares:
        buildings.setdefault(labels.get(each.building, ""), []).append(each)
    found = billing.collected_in_care(
        request.scope,
        community=community.id,
        since=since,
        until=until,
        cares=[
            InCare(home, each.steward, each.start_on, each.end_on)
            for (building, _unit, _label), home in places.doors(community.id).items()
            for each in buildings.get(building, ())
        ],
    )
    names = {each.steward: each.name or "–" for each in cares}
    return [
        Collected(_("no steward of their own") if one.who is None else names[one.who], one.homes, one.due, one.paid)
        for one in sorted(found, key=lambda one: (one.who is None, names.get(one.who, "") if one.who else ""))
    ]
