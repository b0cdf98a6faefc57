"""Adding places, and importing a sheet of them: everything or nothing, and repeatable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from builders import AT, a_city, a_community, a_home
from builders.sheets import CHINESE, HEADING, a_csv, a_row, a_workbook
from harness.budget import budget
from linli.ground.places import actions, queries
from linli.ground.places.actions import AlreadyKnown, HomeRow, ImportRefused
from linli.kernel import ids
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql
from linli.spine.scope import SYSTEM, Role, Scope
from linli.spine.sheets import WrongColumns

pytestmark = pytest.mark.django_db
TABLES = ("city", "district", "community", "building", "unit", "home")


def counts() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM places_{table})" for table in TABLES))
        return tuple(cursor.fetchone())


def take(content: bytes, name: str = "places.csv") -> actions.ImportResult:
    return actions.import_places(SYSTEM, file_name=name, content=content, at=AT)


def test_a_place_is_known_once_under_its_parent():
    city = a_city("江城")
    community = a_community("北苑", city=city)
    building = actions.add_building(SYSTEM, community=community.id, label="3", at=AT)
    unit = actions.add_unit(SYSTEM, building=building, at=AT)
    actions.add_home(SYSTEM, unit=unit, label="501", area_m2=Decimal("90"), at=AT)
    before = counts()
    for again in (
        lambda: a_city("江城"),
        lambda: actions.add_district(SYSTEM, city=city.id, name={"zh": "滨江区"}, at=AT),
        lambda: a_community("北苑", city=city),
        lambda: actions.add_building(SYSTEM, community=community.id, label="3", at=AT),
        lambda: actions.add_unit(SYSTEM, building=building, at=AT),
        lambda: actions.add_home(SYSTEM, unit=unit, label="501", at=AT),
    ):
        with pytest.raises(AlreadyKnown):
            again()
    assert counts() == before


def test_a_place_under_an_unknown_parent_is_not_found():
    stray = ids.new()
    for add in (
        lambda: actions.add_district(SYSTEM, city=stray, name={"zh": "区"}, at=AT),
        lambda: actions.add_community(SYSTEM, district=stray, name={"zh": "苑"}, lat=0, lon=0, at=AT),
        lambda: actions.add_building(SYSTEM, community=stray, label="1", at=AT),
        lambda: actions.add_unit(SYSTEM, building=stray, at=AT),
        lambda: actions.add_home(SYSTEM, unit=stray, label="1", at=AT),
        lambda: actions.add_homes(SYSTEM, community=stray, rows=[], at=AT),
    ):
        with pytest.raises(NotFound):
            add()
    assert counts() == (0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": {"zh": " "}}, "name"),
        ({"name": {"en": "Happy"}}, "name"),
        ({"lat": 90.5}, "lat"),
        ({"lat": float("nan")}, "lat"),
        ({"lon": -181.0}, "lon"),
    ],
)
def test_a_bad_community_is_refused_with_its_field(change, field):
    good = {"district": a_city().district, "name": {"zh": "苑"}, "lat": 30.0, "lon": 120.0, "at": AT}
    with pytest.raises(Invalid) as refused:
        actions.add_community(SYSTEM, **(good | change))
    assert refused.value.field == field
    assert counts()[2] == 0


def test_homes_are_added_in_bulk_in_order_and_known_ones_keep_their_id():
    known = a_home("3-2-501", area_m2="89.37")
    rows = [HomeRow("3", "2", "502"), HomeRow("3", "2", "501"), HomeRow("9", "", "101", Decimal("70"))]
    with budget(5):  # begin, the community, buildings, units, homes
        added = actions.add_homes(SYSTEM, community=known.community.id, rows=rows, at=AT)
    assert added[1] == known.id
    cards = queries.homes(added)
    assert [(cards[h].door, cards[h].area_m2) for h in added] == [
        ("3-2-502", None),
        ("3-2-501", Decimal("89.37")),
        ("9-101", Decimal("70.00")),
    ]


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.PLATFORM, Role.SYSTEM)])
def test_only_the_platform_keeps_places(role):
    with pytest.raises(Denied):
        actions.import_places(Scope(role=role), file_name="a.csv", content=a_csv(a_row()), at=AT)
    assert counts() == (0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_csv(a_row(1), a_row(2)), "a.csv"),
        (a_csv(a_row(1), a_row(2), heading=CHINESE, encoding="utf-8-sig"), "a.csv"),
        (a_csv(a_row(1), a_row(2), heading=CHINESE, encoding="gb18030"), "a.csv"),
        (a_workbook(a_row(1), a_row(2), heading=CHINESE), "a.xlsx"),
    ],
)
def test_a_sheet_is_taken_in_whatever_form_it_comes(content, name):
    result = take(content, name)
    assert (result.rows, result.communities_added, result.homes_added) == (2, 1, 2)
    (card,) = queries.communities()
    assert (card.name, card.lat, card.timezone, card.currency) == (
        {"zh": "幸福家园", "en": "幸福家园"},
        30.25,
        "Asia/Shanghai",
        "CNY",
    )
    assert [h.door for h in queries.find_homes(card.id)] == ["3-2-101", "3-2-102"]


def test_importing_twice_changes_nothing_and_a_corrected_sheet_corrects():
    take(a_csv(a_row(1), a_row(2)))
    before, known = counts(), queries.communities()[0]
    again = take(a_csv(a_row(1), a_row(2)))
    assert (again.communities_added, again.homes_added, counts()) == (0, 0, before)
    heading = [*HEADING, "community_en", "address"]
    corrected = take(a_csv([*a_row(1, lat=30.5, area_m2=""), "Happy Homes", "River Road 8"], heading=heading))
    assert (corrected.homes_added, counts()) == (0, before)
    card = queries.community(known.id)
    assert (card.lat, card.name["en"], card.address) == (30.5, "Happy Homes", "River Road 8")
    take(a_csv(a_row(3, lat=30.5)))
    assert queries.community(known.id) == card
    assert queries.find_homes(known.id, words="101")[0].area_m2 == Decimal("89.50")


def test_one_wrong_cell_refuses_the_sheet_and_the_preview_names_each():
    content = a_csv(a_row(1), a_row(2, lat="north"), a_row(3, area_m2="=89+1", community=""))
    preview = actions.preview_import(SYSTEM, file_name="a.csv", content=content)
    assert [(e.row, e.column, e.value) for e in preview.errors] == [
        (3, "lat", "north"),
        (4, "area_m2", "=89+1"),
        (4, "community", ""),
    ]
    assert (preview.rows, preview.homes, preview.is_clean) == (3, 1, False)
    with pytest.raises(ImportRefused) as refused:
        take(content)
    assert refused.value.preview == preview
    assert str(refused.value) == "3 cells need correction; nothing was imported. First: row 3, column lat."
    assert counts() == (0, 0, 0, 0, 0, 0)


def test_a_preview_changes_nothing():
    preview = actions.preview_import(SYSTEM, file_name="a.csv", content=a_csv(a_row(1), a_row(2)))
    assert (preview.communities, preview.buildings, preview.homes, preview.is_clean) == (1, 1, 2, True)
    assert counts() == (0, 0, 0, 0, 0, 0)


def test_a_sheet_with_wrong_columns_is_refused():
    with pytest.raises(WrongColumns):
        take(a_csv(a_row(1)[:-1], heading=HEADING[1:]))
    assert counts() == (0, 0, 0, 0, 0, 0)


def test_only_the_first_errors_are_listed_and_the_rest_counted():
    preview = actions.preview_import(SYSTEM, file_name="a.csv", content=a_csv(*(a_row(n, lat="x") for n in range(250))))
    assert (len(preview.errors), preview.more_errors) == (200, 50)


def test_ten_thousand_rows_take_as_many_statements_as_one():
    rows = [
        a_row(n, community=f"{n % 7}号苑", lat=30 + n % 7, building=str(n % 50), unit=str(n % 3)) for n in range(10_000)
    ]
    with budget(8):  # begin, one for each of six levels, the facts
        result = take(a_csv(*rows))
    assert (result.communities_added, result.homes_added) == (7, 10_000)
    assert counts()[2:] == (7, 350, 1050, 10_000)
    assert len(sql.fetch("SELECT 1 FROM spine_fact WHERE kind = 'places.CommunityAdded'")) == 7
