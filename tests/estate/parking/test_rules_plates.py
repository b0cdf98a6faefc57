"""Plates and the barrier: what is on a car, what a reading may have meant, and who may drive in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.parking.rules import Known, PlateKind, StayKind, Why, admission, nearest, plate, shown, unplated
from linli.estate.parking.rules.plates import distance
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("浙A12345", "浙A12345", PlateKind.USUAL),
        (" 浙a·1234 5", "浙A12345", PlateKind.USUAL),
        ("粤Ｂ－８Ｋ７１２", "粤B8K712", PlateKind.USUAL),
        ("浙AD12345", "浙AD12345", PlateKind.NEW_ENERGY),
        ("沪AF0F123", None, None),
        ("京AF01234", "京AF01234", PlateKind.NEW_ENERGY),
        ("苏E12345D", "苏E12345D", PlateKind.NEW_ENERGY),
        ("浙A1234学", "浙A1234学", PlateKind.SPECIAL),
        ("粤Z1234港", "粤Z1234港", PlateKind.SPECIAL),
        ("使014578", "使014578", PlateKind.SPECIAL),
        ("WJ浙1234X", "WJ浙1234X", PlateKind.ARMED),
        ("无牌0042", "无牌0042", PlateKind.UNPLATED),
        ("浙I12345", None, None),
        ("浙A1234", None, None),
        ("浙A123456", None, None),
        ("A12345", None, None),
        ("浙AO2345", None, None),
        ("", None, None),
        ("'; DROP TABLE", None, None),
    ],
)
def test_plates_are_read_as_they_are_typed_and_what_is_on_no_car_is_refused(typed, text, kind):
    if text is None:
        with pytest.raises(Invalid):
            plate(typed)
        return
    read = plate(typed)
    assert (read.text, read.kind) == (text, kind)


def test_plates_are_shown_as_people_write_them():
    assert shown("浙A12345") == "浙A·12345"
    assert shown("使014578") == "使014578"
    assert unplated(7).text == "无牌0007"


def test_a_misread_plate_finds_the_one_that_was_meant():
    known = ["浙A12345", "浙A88B88", "浙B12345", "沪C99999"]
    assert nearest("浙A1234S", known) == ("浙A12345",)
    assert nearest("浙A888B8", known)[0] == "浙A88B88"
    assert nearest("浙A12345", known) == ("浙B12345",)
    assert nearest("京N77777", known) == ()


@given(st.text("浙AB018D5S", max_size=8), st.text("浙AB018D5S", max_size=8))
def test_how_far_two_readings_are_apart_is_the_same_both_ways(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("known", "may", "kind", "first"),
    [
        (Known(is_inside=True, listed=True), False, None, Why.INSIDE),
        (Known(blocked=True, places=1), False, None, Why.BLOCKED),
        (Known(listed=True), True, StayKind.LISTED, Why.LISTED),
        (Known(places=1, owes=Money(500)), True, StayKind.RESIDENT, Why.HOLDS_SPACE),
        (Known(places=1, inside=1, free_places=3), True, StayKind.TEMPORARY, Why.PLACE_FREE),
        (Known(free_places=1), True, StayKind.TEMPORARY, Why.PLACE_FREE),
        (Known(free_places=0), False, None, Why.FULL),
        (Known(free_places=1, takes_temporary=False), False, None, Why.CLOSED_TO_GUESTS),
        (Known(free_places=1, owes=Money(500)), True, StayKind.TEMPORARY, Why.PLACE_FREE),
    ],
)
def test_who_may_drive_in_and_as_what(known, may, kind, first):
    decided = admission(known, turns_away_debtors=False)
    assert (decided.may_enter, decided.kind, decided.why[0]) == (may, kind, first)


def test_a_debtor_is_turned_away_only_as_a_guest_and_only_where_the_community_says_so():
    guest = Known(free_places=1, owes=Money(500))
    assert admission(guest, turns_away_debtors=True).why == (Why.OWES,)
    owner = Known(places=1, owes=Money(500))
    assert admission(owner, turns_away_debtors=True).may_enter
