"""Which homes an item is charged to: chosen by building or by door, counted, and then applied to all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.faces.property.charging import community_of
from linli.faces.property.communities import own_communities
from linli.faces.property.fee_items import today_of
from linli.faces.shell import formats
from linli.faces.shell.charging import value_name
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.refusals import Invalid
from linli.spine.may import May


@page("property", "GET", "fee-items/<uuid:item>/homes/<uuid:community>/", name="fee-item-homes", needs=May.KEEP_TARIFFS)
def show(request: PropertyRequest, item: ItemId, community: CommunityId) -> HttpResponse:
    """This will show which homes of a community are charged an item, building by building."""
    return _shown(request, item, community)


@page(
    "property", "POST", "fee-items/<uuid:item>/homes/<uuid:community>/", name="fee-item-homes", needs=May.KEEP_TARIFFS
)
def create(request: PropertyRequest, item: ItemId, community: CommunityId) -> HttpResponse:
    """This will count the chosen homes, or charge the item to all of them once that was looked at."""
    community_of(request, community)
    start_on = request.form.day("start_on")
    homes = _chosen(request, item, community)
    if not homes:
        raise Invalid("buildings", _("No home is chosen that is not charged already."))
    if request.form.raw("do") != "apply":
        return _shown(request, item, community, homes)
    made = actions.assign(
        request.scope,
        item=item,
        community=community,
        homes=homes,
        start_on=start_on,
        end_on=request.form.maybe_day("end_on"),
        at=request.at,
    )
    said = ngettext("{n} home is charged from that day on.", "{n} homes are charged from that day on.", made)
    return see_other("property:fee-item-homes", item, community, said=said)


@page(
    "property",
    "POST",
    "fee-items/<uuid:item>/homes/<uuid:community>/end/<uuid:home>/",
    name="assignment-end",
    asks="property:fee-item-homes",
    needs=May.KEEP_TARIFFS,
)
def end(request: PropertyRequest, item: ItemId, community: CommunityId, home: HomeId) -> HttpResponse:
    """This will charge an item to a home up to a day, and not with it."""
    community_of(request, community)
    actions.end_assignment(request.scope, item=item, subject=home, end_on=request.form.day("end_on"), at=request.at)
    return see_other("property:fee-item-homes", item, community, said=_("It ends on that day."))


@page(
    "property",
    "GET",
    "fee-items/<uuid:item>/homes/<uuid:community>/sheet/",
    name="fee-item-homes-sheet",
    needs=May.KEEP_TARIFFS,
)
def take_away(request: PropertyRequest, item: ItemId, community: CommunityId) -> HttpResponse:
    """This will give everybody of a community who is charged an item as a spreadsheet."""
    community_of(request, community)
    charged = billing.charged_homes(request.scope, item=item, community=community, on=today_of(request))
    names = _names(places.doors(community))
    columns = [_("Where"), _("From"), _("To"), _("Amounts of its own")]
    rows = (
        [
            names.get(one.home or HomeId(one.subject)) or word(one.kind), one.start_on, one.end_on,
            formats.listed(f"{value_name(name)} {value}" for name, value in one.own.items()),
        ]
        for one in charged
    )  # fmt: skip
    return sheet(request.query, "charged-homes", columns, rows)


@page(
    "property",
    "GET",
    "fee-items/<uuid:item>/homes/<uuid:community>/amounts/",
    name="fee-item-amounts",
    needs=May.KEEP_TARIFFS,
)
def empty_amounts(request: PropertyRequest, item: ItemId, community: CommunityId) -> HttpResponse:
    """This will give the sheet of amounts to be filled in: a row for each home, in the reader's language."""
    community_of(request, community)
    columns = actions.amount_columns(request.scope, item=item)
    heading = [column.also[0] if column.also and request.locale != "en" else column.name for column in columns]
    blank = [""] * (len(columns) - len(next(iter(places.doors(community)), ("", "", ""))))
    return sheet(request.query, "amounts", heading, ([*door, *blank] for door in places.doors(community)))


@page(
    "property",
    "POST",
    "fee-items/<uuid:item>/homes/<uuid:community>/amounts/",
    name="fee-item-amounts",
    asks="property:fee-item-homes",
    needs=May.KEEP_TARIFFS,
)
def take_amounts(request: PropertyRequest, item: ItemId, community: CommunityId) -> HttpResponse:
    """This will charge the item to the homes of a sheet, each with its own amounts."""
    community_of(request, community)
    upload = request.form.file("file")
    taken = actions.import_amounts(
        request.scope,
        item=item,
        community=community,
        file_name=upload.name,
        content=upload.content,
        today=today_of(request),
        at=request.at,
    )
    said = _(
        "{new} homes are charged from now on, {changed} otherwise than before, {same} stood so already.",
        new=taken.new, changed=taken.changed, same=taken.same,
    )  # fmt: skip
    return see_other("property:fee-item-homes", item, community, said=said)


def _names(doors: Mapping[places.Door, HomeId]) -> dict[HomeId, str]:
    return {home: "-".join(part for part in door if part) for door, home in doors.items()}


def _chosen(request: PropertyRequest, item: ItemId, community: CommunityId) -> list[HomeId]:
    """The homes of the ticked buildings and of the typed doors that are not charged yet."""
    buildings = set(request.form.many("buildings"))
    typed = {
        word for word in request.form.raw("doors").replace("，", ",").replace("、", ",").split(",") if word.strip()
    }
    wanted = {word.strip() for word in typed}
    found: list[HomeId] = []
    known = {}
    for (building, unit, label), home in places.doors(community).items():
        door = "-".join(part for part in (building, unit, label) if part)
        known[door] = home
        if building in buildings or door in wanted:
            found.append(home)
    missing = sorted(wanted - known.keys())
    if missing:
        raise Invalid("doors", _("There is no home called {door} here."), door=missing[0])
    on = request.form.day("start_on")
    charged = {each.subject for each in billing.charged_homes(request.scope, item=item, community=community, on=on)}
    return [home for home in found if home not in charged]


def _shown(
    request: PropertyRequest, item: ItemId, community: CommunityId, chosen: Sequence[HomeId] | None = None
) -> HttpResponse:
    card = community_of(request, community)
    today = today_of(request)
    charged = billing.charged_homes(request.scope, item=item, community=community, on=today)
    doors = places.doors(community)
    names = _names(doors)
    counted: dict[str, list[int]] = {}
    taken = {each.subject for each in charged}
    for (building, _unit, _label), home in doors.items():
        of = counted.setdefault(building, [0, 0])
        of[0] += 1
        of[1] += home in taken
    return request.render(
        "property/fee-item-homes.jinja",
        item=billing.item_page(request.scope, item=item, on=today).card,
        community=card,
        communities=own_communities(request),
        buildings=sorted(counted.items(), key=lambda pair: (len(pair[0]), pair[0])),
        charged=charged,
        names=names,
        chosen=chosen,
        own=[column.name for column in actions.amount_columns(request.scope, item=item)[len(actions.PLACES) :]],
        today=today,
        once=ids.new(),
    )
