"""Meters at the desk: the list, one meter with its readings, putting one in, exchanging it, taking it out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import HttpResponse

from linli.estate.metering import actions, queries
from linli.estate.metering.actions import Exchange
from linli.estate.metering.queries import MeterSort
from linli.estate.metering.rules import Kind, MeterDraft, Serves
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.formats import plain_number
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.KEEP_METERS
READS = May.READ_METERS


@dataclass(frozen=True, slots=True)
class Filter:
    """Which meters are looked at."""

    kind: Kind | None
    words: str
    shared: bool
    old: bool

    @property
    def asked(self) -> dict[str, object]:
        """As it stands in the address."""
        shared, old = ("1" if each else None for each in (self.shared, self.old))
        return {"kind": self.kind, "words": self.words or None, "shared": shared, "old": old}


@page("property", "GET", "meters/", needs=READS)
def meters(request: PropertyRequest) -> HttpResponse:
    """This will list the meters of a community in the order in which one walks past them."""
    cards = own_communities(request)
    community, chosen = one_community(request, cards), _filter(request.query)
    after, sorting = request.query.maybe_id("after"), _sorting(request, community, chosen)
    found = _found(request, community, chosen, sorting, after=MeterId(after) if after else None, limit=A_PAGE + 1)
    return request.render(
        "property/meters.jinja",
        communities=cards,
        community=community,
        meters=found[:A_PAGE],
        more=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        chosen=chosen,
        sorting=sorting,
        kinds=tuple(Kind),
        may_keep=request.scope.may(NEEDS),
    )


@page("property", "GET", "meters/file/", name="meters-file", needs=READS)
def meters_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community, chosen = one_community(request, own_communities(request)), _filter(request.query)
    columns = [
        _("Door or place"),
        _("Number"),
        _("Kind"),
        _("Serves"),
        _("Factor"),
        _("Digits"),
        _("Since"),
        _("Until"),
    ]
    columns += [_("Last read"), _("Showed")]
    rows = (
        (
            *(one.where, one.label, one.kind, one.serves, one.factor, one.digits, one.start_on, one.end_on or ""),
            *(one.last_on, " / ".join(plain_number(value) for value in one.last)),
        )
        for one in _all(request, community, chosen)
    )
    return sheet(request.query, "meters", columns, rows)


@page("property", "GET", "meters/new/", name="new-meter", needs=NEEDS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask what the meter counts, for whom, and what it shows."""
    cards = own_communities(request)
    return request.render(
        "property/meter-new.jinja",
        communities=cards,
        community=one_community(request, cards),
        kinds=tuple(Kind),
        serves=tuple(Serves),
        today=places.day_in(cards[0].id, request.at) if cards else None,
    )


@page("property", "POST", "meters/new/", name="new-meter", needs=NEEDS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will put the meter in."""
    own_communities(request)
    form, community = request.form, CommunityId(request.form.id("community"))
    serves, door = form.choice("serves", Serves), form.maybe_text("door", most=40) or ""
    home = _home(community, door) if serves is Serves.HOME else None
    registers = tuple((form.maybe_text("registers", most=80) or "total").replace(",", " ").split())
    kind = form.choice("kind", Kind)
    draft = MeterDraft(
        kind=kind,
        start_on=form.day("start_on"),
        home=home,
        serves=serves,
        label=form.text("label", most=40),
        place=form.maybe_text("place", most=80) or "",
        factor=form.number("factor", high=100_000),
        digits=form.whole("digits", low=3, high=9),
        registers=registers,
        first=values(form.text("first", most=80), "first"),
    )
    (meter,) = actions.add_meters(request.scope, community=community, drafts=[draft], at=request.at)
    if serves is not Serves.HOME:
        building = form.maybe_text("building", most=40)
        actions.set_shares(request.scope, meter=meter, shares=_sharing(community, building), at=request.at)
    return see_other("property:meter", meter, said=_("The meter is in place."))


@page("property", "GET", "meters/<uuid:meter>/", name="meter", needs=READS)
def show(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will show a meter, its readings and what was decided about them."""
    own_communities(request)
    shown = queries.meter_page(request.scope, meter=meter)
    who = {one for one in (*(r.taken_by for r in shown.readings), *(m.who for m in shown.moves)) if one}
    return request.render(
        "property/meter.jinja",
        meter=shown.card,
        readings=shown.readings,
        most_readings=queries.MOST_READINGS,
        moves=shown.moves,
        shared_by=shown.shared_by,
        names=people.names(request.scope, parties=who) if who else {},
        months=queries.months_of(request.scope, meter=shown.card),
        may_keep=request.scope.may(NEEDS),
        today=places.day_in(shown.card.community, request.at),
    )


@page(
    "property", "POST", "meters/<uuid:meter>/description/", name="meter-description", asks="property:meter", needs=NEEDS
)
def describe(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will correct the number and the place."""
    actions.describe_meter(
        request.scope,
        meter=meter,
        label=request.form.text("label", most=40),
        place=request.form.maybe_text("place", most=80) or "",
        at=request.at,
    )
    return see_other("property:meter", meter, said=_("Corrected."))


@page("property", "POST", "meters/<uuid:meter>/exchange/", name="meter-exchange", asks="property:meter", needs=NEEDS)
def exchange(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will put another meter in the place of this one."""
    made = Exchange(
        final=values(request.form.text("final", most=80), "final"),
        label=request.form.text("new_label", most=40),
        first=values(request.form.text("first", most=80), "first"),
    )
    new = actions.exchange_meter(request.scope, meter=meter, exchange=made, on=request.form.day("on"), at=request.at)
    return see_other("property:meter", new, said=_("The new meter goes on where the old one stopped."))


@page("property", "POST", "meters/<uuid:meter>/end/", name="meter-end", asks="property:meter", needs=NEEDS)
def end(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will take the meter out."""
    final = values(request.form.text("last", most=80), "last")
    actions.end_meter(request.scope, meter=meter, final=final, on=request.form.day("end_on"), at=request.at)
    return see_other("property:meter", meter, said=_("The meter is out."))


def one_community(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityCard:
    """This will give the community of the address, or the first one; a company without any has no meters."""
    chosen = chosen_community(request, cards) or (cards[0] if cards else None)
    if chosen is None:
        raise NotFound("community")
    return chosen


def values(text: str, field: str) -> tuple[Decimal, ...]:
    """This will read what displays show, several with `/` between them."""
    try:
        found = tuple(Decimal(part.strip()) for part in text.split("/"))
    except InvalidOperation:
        raise Invalid(field, "Please write a number.") from None
    if not all(value.is_finite() for value in found):
        raise Invalid(field, "Please write a number.")
    return found


def _filter(query: Fields) -> Filter:
    kind = query.raw("kind")
    chosen = Kind(kind) if kind in tuple(Kind) else None
    return Filter(chosen, query.maybe_text("words", most=40) or "", query.flag("shared"), query.flag("old"))


def _sorting(request: PropertyRequest, community: CommunityCard, chosen: Filter) -> Sorting:
    return Sorting.of(request, "property:meters", tuple(MeterSort), chosen.asked | {"community": community.id})


def _found(
    request: PropertyRequest,
    community: CommunityCard,
    chosen: Filter,
    sorting: Sorting,
    *,
    after: MeterId | None,
    limit: int,
) -> tuple[queries.MeterCard, ...]:
    return queries.meters(
        request.scope,
        community=community.id,
        kind=chosen.kind,
        words=chosen.words,
        shared_only=chosen.shared,
        with_old=chosen.old,
        order=MeterSort(sorting.key) if sorting.key else MeterSort.WAY,
        is_rising=sorting.is_rising or not sorting.key,
        after=after,
        limit=limit,
    )


def _all(request: PropertyRequest, community: CommunityCard, chosen: Filter) -> tuple[queries.MeterCard, ...]:
    found: tuple[queries.MeterCard, ...] = ()
    sorting = _sorting(request, community, chosen)
    while len(found) < most_rows():
        more = _found(request, community, chosen, sorting, after=found[-1].id if found else None, limit=200)
        found += more
        if len(more) < 200:
            break
    return found[: most_rows()]


def _home(community: CommunityId, door: str) -> HomeId:
    for home in places.find_homes(community, words=door, limit=5):
        if home.door == door:
            return home.id
    raise Invalid("door", "This community has no such door.")


def _sharing(community: CommunityId, building: str | None) -> dict[HomeId, Decimal]:
    """A shared meter is shared by its building, or by all; each home with the same weight until somebody says else."""
    doors = places.doors(community)
    return {home: Decimal(1) for (at, _unit, _label), home in doors.items() if building is None or at == building}
