"""A month's readings at the desk: how far it is, what is doubtful, estimates, and the sheet."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse

from linli.estate.metering import actions, queries
from linli.estate.metering.rules import IMPORT_READINGS, PREVIEW_READINGS, ReadingsRun
from linli.faces.property.charging import community_of
from linli.faces.property.communities import own_communities
from linli.faces.property.meters import one_community, values
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.formats import plain_number
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext, pgettext
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, MeterId
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.READ_METERS


@page("property", "GET", "readings/", needs=NEEDS)
def readings(request: PropertyRequest) -> HttpResponse:
    """This will show how the reading of a month goes, and what waits for a person."""
    cards = own_communities(request)
    community = one_community(request, cards)
    month, after = chosen_month(request.query, at=request.at), request.query.maybe_text("after", most=20)
    waiting = queries.doubtful(
        request.scope,
        communities=[community.id],
        after=int(after) if after and after.isdecimal() else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/readings.jinja",
        communities=cards,
        community=community,
        month=month,
        progress=queries.progress(request.scope, community=community.id, first_on=month.first, at=request.at),
        waiting=waiting[:A_PAGE],
        more=waiting[A_PAGE - 1].reading.id if len(waiting) > A_PAGE else None,
    )


@page("property", "GET", "readings/doubtful/file/", name="readings-doubtful-file", needs=NEEDS)
def doubtful_file(request: PropertyRequest) -> HttpResponse:
    """This will give what waits for a person as a sheet."""
    community = one_community(request, own_communities(request))
    columns = [_("Door or place"), _("Number"), _("Kind"), _("Day"), _("Showed"), _("Before"), _("Why it waits")]
    columns += [_("Note"), _("Answer by")]
    rows = (
        (
            *(one.card.where, one.card.label, one.card.kind, one.reading.read_on, _shown(one.reading.shown)),
            *(_shown(one.card.last), one.reading.anomaly or one.reading.source, one.reading.note),
            one.reading.answer_by,
        )
        for one in queries.doubtful(request.scope, communities=[community.id], limit=most_rows())
    )
    return sheet(request.query, "doubtful-readings", columns, rows)


@page("property", "GET", "meters/<uuid:meter>/readings/file/", name="meter-readings-file", needs=NEEDS)
def readings_of_meter(request: PropertyRequest, meter: MeterId) -> HttpResponse:
    """This will give every reading of a meter as a sheet, the latest first."""
    own_communities(request)
    found = queries.readings_of(request.scope, meter=meter, limit=most_rows())
    who = {one.taken_by for one in found if one.taken_by}
    names = people.names(request.scope, parties=who) if who else {}
    columns = [
        _("Day"),
        _("Showed"),
        _("Went through"),
        _("How"),
        _("State"),
        _("Why it waits"),
        pgettext("reading", "By"),
        _("Note"),
    ]
    rows = (
        (
            *(one.read_on, _shown(one.shown), one.used, one.source, one.state, one.anomaly),
            *(names.get(one.taken_by, "") if one.taken_by else "", one.note),
        )
        for one in found
    )
    return sheet(request.query, "readings", columns, rows)


def _shown(values: tuple[Decimal, ...]) -> str:
    return " / ".join(plain_number(value) for value in values)


@page(
    "property",
    "POST",
    "readings/<int:reading>/acceptance/",
    name="reading-acceptance",
    asks="property:readings",
    needs=NEEDS,
)
def accept(request: PropertyRequest, reading: int) -> HttpResponse:
    """This will let a doubtful reading stand."""
    why = request.form.maybe_text("why", most=200) or ""
    actions.accept_reading(request.scope, reading=reading, why=why, at=request.at)
    return see_other("property:readings", said=_("The reading stands."), community=request.form.maybe_id("community"))


@page(
    "property", "POST", "readings/<int:reading>/refusal/", name="reading-refusal", asks="property:readings", needs=NEEDS
)
def refuse(request: PropertyRequest, reading: int) -> HttpResponse:
    """This will refuse a reading; its meter is on the walk again."""
    why = request.form.maybe_text("why", most=200) or ""
    actions.refuse_reading(request.scope, reading=reading, why=why, at=request.at)
    said = _("Refused. The meter is on the walking list again.")
    return see_other("property:readings", said=said, community=request.form.maybe_id("community"))


@page(
    "property",
    "POST",
    "meters/<uuid:meter>/readings/<int:reading>/correction/",
    name="reading-correction",
    asks="property:meter",
    needs=NEEDS,
)
def correct(request: PropertyRequest, meter: str, reading: int) -> HttpResponse:
    """This will put another reading in the place of the latest one."""
    shown = values(request.form.text("shown", most=80), "shown")
    actions.correct_reading(
        request.scope, reading=reading, shown=shown, why=request.form.text("why", most=200), at=request.at
    )
    return see_other("property:meter", meter, said=_("Corrected. The old reading stays to be seen."))


@page("property", "GET", "readings/<int:reading>/photo/", name="reading-photo", needs=NEEDS)
def photo(request: PropertyRequest, reading: int) -> HttpResponse:
    """This will open the photo of a reading."""
    return see_other("public:file", queries.photo_link(request.scope, reading=reading, at=request.at))


@page("property", "POST", "readings/estimates/", name="reading-estimates", asks="property:readings", needs=NEEDS)
def estimate(request: PropertyRequest) -> HttpResponse:
    """This will estimate what nobody read in a month."""
    own_communities(request)
    community, first_on = CommunityId(request.form.id("community")), request.form.day("first_on")
    number = actions.estimate_missing(request.scope, community=community, first_on=first_on, at=request.at)
    said = ngettext("{n} reading is estimated.", "{n} readings are estimated.", number)
    return see_other("property:readings", said=said, community=community, month=f"{first_on:%Y-%m}")


@page("property", "GET", "readings/file/", name="readings-file", needs=NEEDS)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the month's walking list as a sheet that can be filled in and imported."""
    community = one_community(request, own_communities(request))
    month = chosen_month(request.query, at=request.at)
    found = queries.readings_file(request.scope, community=community.id, first_on=month.first, at=request.at)
    return download(found.name, found.mime, found.content)


@page("property", "GET", "readings/sheet/", name="readings-sheet", needs=NEEDS)
def new_sheet(request: PropertyRequest) -> HttpResponse:
    """This will ask for a sheet of readings."""
    return _sheet(request)


@page(
    "property",
    "POST",
    "readings/sheet/preview/",
    name="readings-sheet-preview",
    asks="property:readings-sheet",
    needs=NEEDS,
)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will tell what the sheet would do, and change nothing."""
    community = _community(request)
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=PREVIEW_READINGS,
        content=ReadingsRun(community),
        about=f"{community}:{file}",
        community=community,
        label=name,
        file=file,
    )


@page("property", "POST", "readings/sheet/", name="readings-sheet", needs=NEEDS)
def import_sheet(request: PropertyRequest) -> HttpResponse:
    """This will take in all readings of the sheet, or none."""
    community = _community(request)
    file, name = long_work.given_sheet(request, PREVIEW_READINGS, ReadingsRun(community))
    return long_work.answer(
        request,
        kind=IMPORT_READINGS,
        content=ReadingsRun(community),
        about=f"{community}:{file}",
        community=community,
        lane=community,
        label=name,
        file=file,
    )


@long_work.outcome_of(PREVIEW_READINGS, says="Look at a sheet of readings", icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say how much would change, and how much is wrong."""
    community, found = card.said.community, card.answer
    if not found:
        return Outcome(card.label, url("property:readings-sheet", community=community))
    wrong = len(found.errors) + found.more_errors
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
    if not wrong:
        said = ngettext("{n} row would change something.", "{n} rows would change something.", found.new)
    return Outcome(
        card.label, url("property:readings-sheet", community=community, preview=card.id), said, is_good=not wrong
    )


@long_work.outcome_of(IMPORT_READINGS, says="Readings from a spreadsheet", icon="upload")
def taken_in(card: ChoreCard) -> Outcome:
    """This will say how many readings stand and how many wait."""
    said = ""
    if card.answer:
        said = _("{accepted} readings stand, {waiting} wait.", **_counted(card.answer))
    return Outcome(card.label, url("property:readings", community=card.said.community), said)


def _counted(taken: actions.Taken) -> dict[str, int]:
    return {"accepted": taken.accepted, "waiting": taken.waiting}


def _community(request: PropertyRequest) -> CommunityId:
    community = CommunityId(request.form.id("community"))
    community_of(request, community)
    return community


def _sheet(request: PropertyRequest) -> HttpResponse:
    cards = own_communities(request)
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW_READINGS)
    return request.render(
        "property/readings-sheet.jinja",
        communities=cards,
        community=one_community(request, cards),
        columns=actions.READING_COLUMNS,
        looked_at=before,
        preview=before.answer if before else None,
    )
