"""Files beside things of other modules: whoever sees the thing sees them, whoever has it in hand adds and takes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from builders import AT, a_person
from builders.billing import Desk, a_desk
from builders.parking import a_lot
from builders.people import a_phone
from builders.pictures import a_picture
from builders.places import Home
from linli.estate.attachments import actions, queries
from linli.estate.attachments.actions import TooManyAttached
from linli.estate.attachments.reactions import clear_away
from linli.estate.attachments.rules import MOST_OF_ONE, OF_STAFF, Kind
from linli.estate.parking import actions as lots
from linli.estate.parking import queries as parking
from linli.estate.parking.events import CarTakenOut
from linli.estate.permits import actions as permits
from linli.estate.permits import queries as permitted
from linli.estate.permits.rules import Direction
from linli.ground.files import queries as files
from linli.ground.files.rules import WrongKindOfFile
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import Duty
from linli.spine.scope import Scope

pytestmark = pytest.mark.django_db
PICTURE = ("沙发.jpg", a_picture())


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def home(desk) -> Home:
    return desk.a_home("1-1-101")


@pytest.fixture
def slip(home):
    return permits.ask_release(home.scope, home=home.id, goods="沙发", at=AT)


def names(scope: Scope, slip) -> list[str]:
    return [one.name for one in cards_of(scope, slip)]


def cards_of(scope: Scope, slip):
    card, _history = permitted.release_page(scope, release=slip)
    return queries.attachments(scope, beside=card, at=AT)


def put(scope: Scope, slip, *uploads: tuple[str, bytes]):
    return actions.attach(scope, kind=Kind.RELEASE, subject=slip, uploads=uploads or [PICTURE], at=AT)


def test_the_owners_picture_and_the_guards_lie_beside_the_slip_for_both(desk, home, slip):
    guard = replace(desk.scope, person=a_person(), duty=Duty.GUARD)
    put(home.scope, slip)
    put(guard, slip, ("车.png", a_picture("PNG")))
    for scope, is_guard in ((home.scope, False), (guard, True)):
        cards = cards_of(scope, slip)
        assert [(one.name, one.by_resident, one.is_mine) for one in cards] == [
            ("沙发.jpg", True, not is_guard),
            ("车.png", False, is_guard),
        ]
        assert files.open_link(cards[1].link, at=AT).mime == "image/png"


def test_strangers_neither_see_nor_add_and_nothing_is_kept(desk, home, slip):
    neighbour, elsewhere = desk.a_home("1-1-102"), a_desk()
    technician = replace(desk.scope, person=a_person(), duty=Duty.TECHNICIAN)
    put(home.scope, slip)
    card, _history = permitted.release_page(home.scope, release=slip)
    assert queries.attachments(elsewhere.scope, beside=card, at=AT) == ()
    for scope in (neighbour.scope, elsewhere.scope, technician):
        with pytest.raises(NotFound):
            put(scope, slip)
    with pytest.raises(NotFound):
        put(desk.scope, uuid4())
    assert names(home.scope, slip) == ["沙发.jpg"]


def test_what_is_taken_out_is_gone_and_a_resident_takes_out_their_own_alone(desk, home, slip):
    (mine,), (theirs,) = put(home.scope, slip), put(desk.scope, slip, ("门岗.jpg", a_picture()))
    (_first, second) = cards_of(home.scope, slip)
    with pytest.raises(NotFound):
        actions.detach(home.scope, attachment=theirs, at=AT)
    assert actions.detach(desk.scope, attachment=theirs, at=AT) == (Kind.RELEASE, slip)
    with pytest.raises(NotFound):
        actions.detach(desk.scope, attachment=theirs, at=AT)
    with pytest.raises(NotFound):
        files.open_link(second.link, at=AT)
    assert names(home.scope, slip) == ["沙发.jpg"]
    actions.detach(home.scope, attachment=mine, at=AT)
    assert names(desk.scope, slip) == []


def test_what_is_no_picture_nothing_and_too_many_are_refused_by_their_field(desk, slip):
    for uploads, refusal in (((("x.exe", b"MZ\x00"),), WrongKindOfFile), ((), Invalid)):
        with pytest.raises(refusal) as refused:
            actions.attach(desk.scope, kind=Kind.RELEASE, subject=slip, uploads=uploads, at=AT)
        assert refused.value.field == "files"
    for _nth in range(MOST_OF_ONE // 6):
        put(desk.scope, slip, *[PICTURE] * 6)
    with pytest.raises(TooManyAttached):
        put(desk.scope, slip)
    assert len(names(desk.scope, slip)) == MOST_OF_ONE


def test_a_lease_lies_beside_the_move_and_not_beside_the_slip_of_the_same_home(home, slip):
    move = permits.ask_relocation(
        home.scope, home=home.id, direction=Direction.MOVE_IN, residency="tenant", day=date(2026, 3, 5), name="新租客",
        phone=a_phone(), at=AT,
    )  # fmt: skip
    actions.attach(home.scope, kind=Kind.RELOCATION, subject=move, uploads=[PICTURE], at=AT)
    page = permitted.relocation_page(home.scope, relocation=move)
    assert len(queries.attachments(home.scope, beside=page.card, at=AT)) == 1
    assert names(home.scope, slip) == []


def test_a_cars_licence_is_seen_by_its_household_and_the_desk_and_goes_with_the_car():
    lot = a_lot()
    home, neighbour = lot.a_resident("浙AD54321"), lot.desk.a_home()
    (car,) = parking.cars(lot.scope, community=lot.desk.community.id)
    housemate = replace(home.scope, person=a_person())
    actions.attach(home.scope, kind=Kind.CAR, subject=car.vehicle, uploads=[PICTURE], at=AT)
    for scope in (housemate, lot.scope):
        page = parking.car(scope, vehicle=car.vehicle)
        (licence,) = queries.attachments(scope, beside=page, at=AT)
    for stranger in (neighbour.scope, a_desk().scope):
        with pytest.raises(NotFound):
            parking.car(stranger, vehicle=car.vehicle)
        with pytest.raises(NotFound):
            actions.attach(stranger, kind=Kind.CAR, subject=car.vehicle, uploads=[PICTURE], at=AT)
    lots.remove_vehicle(home.scope, vehicle=car.vehicle, at=AT)
    clear_away(CarTakenOut(vehicle=car.vehicle, community=page.community, at=AT))
    with pytest.raises(NotFound):
        files.open_link(licence.link, at=AT)
    assert queries.attachments(lot.scope, beside=page, at=AT) == ()


def test_the_deed_of_a_space_stays_with_the_home_that_had_it():
    lot = a_lot()
    home, later = lot.a_resident("浙AD54321", space="A-001"), lot.desk.a_home()
    (row,) = parking.spaces(lot.scope, lot=lot.id, on=AT.date())
    actions.attach(home.scope, kind=Kind.SPACE, subject=row.holding, uploads=[PICTURE], at=AT)
    lots.end_holding(lot.scope, space=row.space, end_on=date(2026, 3, 10), at=AT)
    lots.hold_space(lot.scope, space=row.space, home=later.id, party=later.owner, start_on=date(2026, 3, 10), at=AT)
    (mine,) = parking.my_parking(later.scope, on=date(2026, 3, 10)).spaces
    page = parking.held_space(later.scope, holding=mine.holding)
    assert queries.attachments(later.scope, beside=page, at=AT) == ()
    with pytest.raises(NotFound):
        parking.held_space(later.scope, holding=row.holding)
    before = parking.held_space(lot.scope, holding=row.holding)
    assert [one.name for one in queries.attachments(lot.scope, beside=before, at=AT)] == ["沙发.jpg"]


def test_every_kind_has_a_counter_that_keeps_it_and_a_thing_that_is_looked_for(desk):
    assert OF_STAFF.keys() == set(Kind)
    for kind in Kind:
        with pytest.raises(NotFound):
            actions.attach(desk.scope, kind=kind, subject=uuid4(), uploads=[PICTURE], at=AT)
