"""What guests pay: the versions, one of them tried out, and a new one that can be tried before it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.http import HttpResponse

from linli.estate.parking import actions, queries, rules
from linli.estate.parking.rules import Band, DayRule, ParkingTariff, Rates, Segment
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import CommunityId, LotId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

NEEDS = May.KEEP_PARKING
MOST_HOURS = 24 * 60


@dataclass(frozen=True)
class Trial:
    """A stay tried out."""

    entered: str
    hours: int
    minutes: int
    fee: rules.ParkingFee


@page("property", "GET", "parking/tariffs/", name="parking-tariffs", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the versions, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/parking-tariffs.jinja",
        communities=cards,
        community=community,
        tariffs=queries.tariffs(request.scope, community=community.id),
    )


@page("property", "GET", "parking/tariffs/file/", name="parking-tariffs-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give every version as a sheet, a row for each of its prices."""
    community = community_here(request, own_communities(request))
    columns = [_("From"), _("Until"), _("Where"), _("Free minutes"), _("Minutes to drive out after paying")]
    columns += [_("A day begins"), _("Days"), _("A day at most"), _("Hours"), _("These hours at most")]
    columns += [_("For the first minutes"), _("Each begun minutes"), _("Price")]
    found = queries.tariffs(request.scope, community=community.id, limit=most_rows())
    return sheet(request.query, "parking-tariffs", columns, (row for one in found for row in _rows(one)))


def _rows(one: queries.TariffRow) -> Iterator[tuple[object, ...]]:
    where = in_language(one.lot_name) if one.lot else _("all lots")
    terms = one.terms
    head = (one.start_on, one.end_on, where, terms.free_minutes, terms.grace_minutes, terms.day_rule)
    days = [(_("Usual days"), terms.usual), *([(_("Holidays"), terms.holiday)] if terms.holiday else [])]
    for on, rates in days:
        for band in rates.bands:
            hours = _("Around the clock")
            if band.word != "all":
                hours = f"{word(band.word)} {_clock(band.start)}–{_clock(band.end)}"
            for each in band.segments:
                yield (*head, on, rates.cap, hours, band.cap, each.minutes, each.step_minutes, each.price)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@page("property", "GET", "parking/tariffs/<uuid:community>/<uuid:tariff>/", name="parking-tariff", needs=NEEDS)
def show(request: PropertyRequest, community: CommunityId, tariff: UUID) -> HttpResponse:
    """This will show a version, and what a stay would cost by it."""
    card = community_of(request, community)
    found = next((row for row in queries.tariffs(request.scope, community=community) if row.tariff == tariff), None)
    if found is None:
        raise NotFound("tariff")
    return request.render(
        "property/parking-tariff.jinja", community=card, tariff=found, trial=_trial(request.query, found.terms)
    )


@page("property", "GET", "parking/tariffs/<uuid:community>/new/", name="parking-tariff-new", needs=NEEDS)
def new(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will ask what guests shall pay from a day on."""
    return _asked(request, community)


@page(
    "property",
    "POST",
    "parking/tariffs/<uuid:community>/trial/",
    name="parking-tariff-trial",
    asks="property:parking-tariff-new",
    needs=NEEDS,
)
def try_out(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will price a stay by what was typed; nothing is kept."""
    tariff = rules.checked_tariff(_tariff(request.form))
    return _asked(request, community, tariff)


@page("property", "POST", "parking/tariffs/<uuid:community>/new/", name="parking-tariff-new", needs=NEEDS)
def create(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will have guests who come from a day on pay this."""
    lot = request.form.maybe_id("lot")
    made = actions.set_tariff(
        request.scope,
        community=community,
        tariff=_tariff(request.form),
        start_on=request.form.day("start_on"),
        lot=LotId(lot) if lot else None,
        at=request.at,
    )
    return see_other("property:parking-tariff", community, made, said=_("It holds for whoever comes from that day on."))


def _asked(request: PropertyRequest, community: CommunityId, tariff: ParkingTariff | None = None) -> HttpResponse:
    card = community_of(request, community)
    return request.render(
        "property/parking-tariff-new.jinja",
        community=card,
        lots=queries.lots(request.scope, at=request.at, community=community),
        today=request.at.astimezone(voice.current().zone).date(),
        day_rules=tuple(DayRule),
        trial=_trial(request.form, tariff) if tariff else None,
    )


def _trial(fields: Fields, tariff: ParkingTariff) -> Trial | None:
    on = fields.maybe_day("entered_on")
    if on is None:
        return None
    clock = fields.maybe_text("entered_clock", most=5) or "09:00"
    try:
        entered = datetime.combine(on, time.fromisoformat(clock), voice.current().zone)
    except ValueError:
        raise Invalid("entered_clock", "Please fill this in.") from None
    hours, minutes = fields.whole("hours", high=MOST_HOURS, default=2), fields.whole("minutes", high=59, default=0)
    left = datetime.fromtimestamp(entered.timestamp() + hours * 3600 + minutes * 60, voice.current().zone)
    fee = rules.parking_fee(tariff, entered, left, zone=voice.current().zone)
    return Trial(f"{on.isoformat()} {clock}", hours, minutes, fee)


# ---- the form ----


def _tariff(form: Fields) -> ParkingTariff:
    """The plain tariffs that nearly all lots have: one price, or day and night, and another price on holidays."""
    holiday = form.maybe_money("holiday_price")
    return ParkingTariff(
        usual=Rates(_bands(form), form.maybe_money("cap")),
        free_minutes=form.whole("free_minutes", high=1440, default=0),
        free_is_deducted=form.flag("free_is_deducted"),
        day_rule=form.choice("day_rule", DayRule),
        grace_minutes=form.whole("grace_minutes", high=180, default=15),
        holiday=None
        if holiday is None
        else rules.flat(holiday, form.whole("step_minutes", low=1, high=1440), form.maybe_money("holiday_cap")),
        holidays=tuple(_days(form)) if holiday is not None else (),
        weekends=form.flag("weekends") and holiday is not None,
    )


def _bands(form: Fields) -> tuple[Band, ...]:
    step, price = form.whole("step_minutes", low=1, high=1440), form.money("price")
    first_minutes, first_price = form.whole("first_minutes", high=1440, default=0), form.maybe_money("first_price")
    segments: tuple[Segment, ...] = (Segment(step, price),)
    if first_minutes and first_price is not None:
        segments = (Segment(first_minutes, first_price, first_minutes), *segments)
    night = form.maybe_money("night_price")
    if night is None:
        return (Band("all", 0, 0, segments),)
    start, end = _minute(form, "day_from"), _minute(form, "day_until")
    if start == end:
        raise Invalid("day_until", _("The day ends later than it begins."))
    of_night = (Segment(form.whole("night_step_minutes", low=1, high=1440, default=step), night),)
    return (
        Band("day", start, end, segments, form.maybe_money("day_band_cap")),
        Band("night", end, start, of_night, form.maybe_money("night_cap")),
    )


def _minute(form: Fields, name: str) -> int:
    try:
        clock = time.fromisoformat(form.text(name, most=8))
    except ValueError:
        raise Invalid(name, "Please fill this in.") from None
    return clock.hour * 60 + clock.minute


def _days(form: Fields) -> list[date]:
    words = (form.maybe_text("holidays", most=4_000) or "").replace(",", " ").split()
    try:
        return [date.fromisoformat(word) for word in words]
    except ValueError:
        raise Invalid("holidays", _("Write days as 2026-10-01, with spaces between.")) from None
