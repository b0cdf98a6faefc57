"""The barrier in a guard's hand: a plate is typed, the answer is one look, the next step one thumb."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.parking import actions, queries
from linli.estate.parking.queries import AtBarrier, LotCard
from linli.estate.parking.rules import Channel, ExitOutcome
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import LotId, ParkingSessionId
from linli.spine.may import May

NEEDS = May.RUN_BARRIER
BY_HAND = (Channel.CASH, Channel.QR, Channel.POS)
LATEST = 8


@page("property", "GET", "parking/barrier/", name="barrier", needs=NEEDS)
def choose(request: PropertyRequest) -> HttpResponse:
    """This will ask at which lot the guard stands; where there is one, it is that."""
    own_communities(request)
    lots = queries.lots(request.scope, at=request.at)
    if len(lots) == 1:
        return see_other("property:lot-barrier", lots[0].lot)
    return request.render("property/barriers.jinja", lots=lots)


@page("property", "GET", "parking/barrier/<uuid:lot>/", name="lot-barrier", needs=NEEDS)
def show(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will ask for a plate, or tell whose it is here, what is due, and what can be done."""
    own_communities(request)
    card = queries.lot(request.scope, lot=lot, at=request.at)
    plate = request.query.maybe_text("plate", most=20) or request.form.maybe_text("looked_at", most=20)
    if plate is None:
        latest = queries.stays(request.scope, lot=lot, standing="inside", limit=LATEST)
        return request.render("property/barrier.jinja", lot=card, latest=latest)
    return _looked_at(request, card, queries.at_barrier(request.scope, lot=lot, plate=plate, at=request.at))


def _looked_at(request: PropertyRequest, card: LotCard, known: AtBarrier) -> HttpResponse:
    stay = queries.stay(request.scope, session=known.session, at=request.at) if known.session else None
    return request.render(
        "property/barrier-plate.jinja",
        lot=card,
        known=known,
        stay=stay,
        home=places.home(known.home) if known.home else None,
        channels=BY_HAND,
        once=ids.new(),
    )


@page("property", "POST", "parking/barrier/<uuid:lot>/entries/", asks="property:lot-barrier", needs=NEEDS)
def enter(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will let a car in."""
    made = actions.record_entry(
        request.scope,
        lot=lot,
        plate=request.form.text("plate", most=20),
        despite=request.form.maybe_text("despite") or "",
        at=request.at,
    )
    return see_other("property:lot-barrier", lot, said=_("{plate} is in.", plate=made.plate))


@page("property", "POST", "parking/barrier/<uuid:lot>/unplated-entries/", asks="property:lot-barrier", needs=NEEDS)
def enter_unplated(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will let a car without a plate in, under a number."""
    made = actions.record_unplated_entry(request.scope, lot=lot, at=request.at)
    return see_other("property:lot-barrier", lot, said=_("It is in as {plate}: tell the driver.", plate=made.plate))


@page("property", "POST", "parking/barrier/<uuid:lot>/exits/", asks="property:lot-barrier", needs=NEEDS)
def leave(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will let a car out if nothing is due, else show what is."""
    plate = request.form.text("plate", most=20)
    left = actions.record_exit(request.scope, lot=lot, plate=plate, at=request.at)
    if left.outcome is ExitOutcome.OUT:
        return see_other("property:lot-barrier", lot, said=_("{plate} is out.", plate=plate))
    return _back(lot, plate)


@page("property", "POST", "parking/barrier/<uuid:lot>/takings/", asks="property:lot-barrier", needs=NEEDS)
def take(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will take what is due, and let the car out where it is inside."""
    taken = actions.take_at_gate(
        request.scope,
        session=ParkingSessionId(request.form.id("session")),
        amount=request.form.money("amount"),
        channel=request.form.choice("channel", Channel),
        at=request.at,
    )
    said = _("{amount} is taken, slip {label}.", amount=f"¥{taken.amount}", label=taken.label)
    return see_other("property:lot-barrier", lot, said=said)


@page("property", "POST", "parking/barrier/<uuid:lot>/forced-exits/", asks="property:lot-barrier", needs=NEEDS)
def force(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will let a car out that has not paid, for a reason."""
    owed = actions.force_exit(
        request.scope,
        session=ParkingSessionId(request.form.id("session")),
        why=request.form.text("why"),
        at=request.at,
    )
    return see_other(
        "property:lot-barrier", lot, said=_("It is out. {amount} is remembered as owed.", amount=f"¥{owed}")
    )


@page("property", "POST", "parking/barrier/<uuid:lot>/corrections/", asks="property:lot-barrier", needs=NEEDS)
def correct(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will give a stay the plate that the car really bears."""
    plate = request.form.text("plate", most=20)
    actions.correct_plate(
        request.scope, session=ParkingSessionId(request.form.id("session")), plate=plate, at=request.at
    )
    return _back(lot, plate)


@page("property", "POST", "parking/barrier/<uuid:lot>/voids/", asks="property:lot-barrier", needs=NEEDS)
def void(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will strike out a stay whose car left unseen, or never was."""
    actions.void_session(
        request.scope,
        session=ParkingSessionId(request.form.id("session")),
        why=request.form.text("why"),
        at=request.at,
    )
    return see_other("property:lot-barrier", lot, said=_("The stay is struck out."))


def _back(lot: LotId, plate: str) -> HttpResponse:
    return HttpResponseRedirect(url("property:lot-barrier", lot, plate=plate), status=303)
