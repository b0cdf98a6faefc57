"""What a property company keeps: its figures by community, its staff, and its residents from a sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_community, a_company, a_home, a_listing, a_person, a_shop
from builders.orders import an_order, climb
from builders.people import a_phone
from linli.ground.people import actions as people
from linli.ground.people import queries
from linli.ground.people.rules import Level
from linli.kernel.ids import PartyId
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)
HEAD = "building,unit,home,name,phone,kind,start_on\n"


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def company() -> PartyId:
    return a_company("安居物业")


@pytest.fixture
def communities(company):
    found = [a_community("东园"), a_community("西园")]
    for one in found:
        people.entrust_community(SYSTEM, community=one.id, company=company, start_on=AT.date(), at=AT)
    return found


@pytest.fixture
def me(company) -> PartyId:
    person = a_person("林经理")
    people.grant_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=AT)
    return person


@pytest.fixture
def scope(company, communities, me) -> Scope:
    return Scope(role=Role.PROPERTY, person=me, company=company, communities=tuple(c.id for c in communities))


@pytest.fixture
def desk(visitor, scope):
    return visitor(scope)


def text(response) -> str:
    return response.content.decode()


def staff_of(company) -> set[PartyId]:
    return {each.party for each in queries.company_staff(SYSTEM, company=company, at=NOW)}


def a_file(*rows: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("residents.csv", (head + "\n".join(rows)).encode())


def test_each_community_shows_its_homes_residents_and_earnings(desk, communities):
    east, west = communities
    a_home("1-1-101", community=east).with_owner()
    a_home("1-1-102", community=east)
    shop = a_shop(community=west).open_around_the_clock()
    climb(an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed().at)
    page = text(desk.get("/p/"))
    first = page.partition("东园")[2].partition("</section>")[0]
    assert first.count("<dd>2</dd>") == 1
    assert first.count("<dd>1</dd>") == 2
    assert "<dd>¥1.86</dd>" in page.partition("西园")[2].partition("</section>")[0]


def test_a_statement_of_one_community_leaves_the_others_out(desk, communities):
    for community in communities:
        shop = a_shop(community=community).open_around_the_clock()
        climb(an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed().at)
    east = communities[0].id
    everything = desk.get("/p/commission/file/?form=csv").content.decode("utf-8-sig")
    here = desk.get(f"/p/commission/file/?form=csv&community={east}").content.decode("utf-8-sig")
    assert everything.count("1.86") == 2
    assert here.count("1.86") == 1
    assert str(east) in here
    assert (
        "¥1.86" in text(desk.get(f"/p/commission/?community={east}")).partition("Earned here")[2].partition("</div>")[0]
    )
    assert desk.get(f"/p/commission/file/?form=csv&community={a_community().id}").status_code == 404


def test_what_was_earned_before_a_community_was_given_up_stays_in_the_list_and_in_its_sum(visitor, scope, communities):
    for community in communities:
        shop = a_shop(community=community).open_around_the_clock()
        climb(an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed().at)
    page = text(visitor(replace(scope, communities=(communities[0].id,))).get("/p/commission/"))
    assert page.count("<td>东园</td>") == page.count("<td>西园</td>") == 1
    assert "¥3.72" in page.partition("Earned in all communities")[2].partition("</div>")[0]
    assert "¥3.72" in page.partition("On this page")[2].partition("</div>")[0]
    assert str(communities[1].id) not in page.partition("<select")[2].partition("</select>")[0]


def test_staff_are_let_in_by_phone_and_taken_off_again(desk, company, me):
    phone = a_phone()
    assert desk.post("/p/staff/", {"name": "赵管家", "phone": phone, "duty": "manager"}).status_code == 303
    (added,) = staff_of(company) - {me}
    page = text(desk.get("/p/staff/"))
    assert "赵**" in page
    assert "林经理" in page
    assert phone not in page
    hats = queries.hats(SYSTEM, person=added, at=NOW)
    assert [hat.scope.company for hat in hats if hat.role is Role.PROPERTY] == [company]
    assert desk.post(f"/p/staff/{added}/leaving/").status_code == 303
    assert staff_of(company) == {me}


def test_the_last_one_stays_at_the_desk(desk, company, me):
    assert desk.post(f"/p/staff/{me}/leaving/").status_code == 409
    assert staff_of(company) == {me}


@pytest.mark.parametrize(("field", "value"), [("phone", "12"), ("phone", ""), ("name", ""), ("duty", "king")])
def test_a_person_who_cannot_be_let_in_is_refused_at_the_field(desk, company, me, field, value):
    said = {"name": "赵管家", "phone": a_phone(), "duty": "guard"}
    answer = desk.post("/p/staff/", said | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert staff_of(company) == {me}


def test_a_guard_of_one_community_finds_the_gate_and_not_the_earnings(desk, company, communities, me, visitor):
    east = communities[0]
    said = {"name": "钱保安", "phone": a_phone(), "duty": "guard", "communities": [str(east.id)]}
    assert desk.post("/p/staff/", said).status_code == 303
    (guard,) = staff_of(company) - {me}
    (hat,) = [hat for hat in queries.hats(SYSTEM, person=guard, at=NOW) if hat.role is Role.PROPERTY]
    assert hat.scope.communities == (east.id,)
    assert hat.scope.may(May.CHECK_VISITORS)
    assert not hat.scope.may(May.TAKE_FEES)
    theirs = visitor(hat.scope)
    assert theirs.get("/p/").status_code == 200
    for closed in ("/p/commission/", "/p/payouts/", "/p/residents/", "/p/staff/", f"/p/staff/{guard}/"):
        assert theirs.get(closed).status_code == 404
    promoted = {"duty": "manager", "communities": [str(c.id) for c in communities]}
    assert theirs.post(f"/p/staff/{guard}/", promoted).status_code == 404
    assert queries.company_staff(SYSTEM, company=company, at=NOW)[0].duty is Duty.GUARD


def test_somebody_gets_another_duty_everywhere(desk, company, communities, me):
    said = {"name": "钱保安", "phone": a_phone(), "duty": "guard", "communities": [str(communities[0].id)]}
    desk.post("/p/staff/", said)
    (guard,) = staff_of(company) - {me}
    assert "东园" in text(desk.get("/p/staff/")).partition("Guard")[2].partition("</tr>")[0]
    assert desk.post(f"/p/staff/{guard}/", {"duty": "cashier"}).status_code == 303
    (hat,) = [hat for hat in queries.hats(SYSTEM, person=guard, at=NOW) if hat.role is Role.PROPERTY]
    assert set(hat.scope.communities) == {c.id for c in communities}
    assert hat.scope.duty is Duty.CASHIER


def test_the_last_manager_takes_no_other_duty(desk, company, me):
    desk.post("/p/staff/", {"name": "钱保安", "phone": a_phone(), "duty": "guard"})
    for said in ({"duty": "guard"}, {"duty": "manager", "communities": []}):
        answer = desk.post(f"/p/staff/{me}/", said)
        assert answer.status_code == (409 if said["duty"] == "guard" else 303)
    assert desk.post(f"/p/staff/{me}/leaving/").status_code == 409
    (mine,) = [each for each in queries.company_staff(SYSTEM, company=company, at=NOW) if each.party == me]
    assert (mine.duty, mine.is_everywhere) == (Duty.MANAGER, True)


def test_a_community_of_another_company_is_not_given_to_staff(desk, company, me):
    said = {"name": "钱保安", "phone": a_phone(), "duty": "guard", "communities": [str(a_community().id)]}
    assert desk.post("/p/staff/", said).status_code == 404
    assert staff_of(company) == {me}


def test_another_company_changes_nobody(visitor, company, me):
    other = a_company()
    client = visitor(Scope(role=Role.PROPERTY, person=a_person(), company=other))
    assert client.post(f"/p/staff/{me}/leaving/").status_code == 404
    assert staff_of(company) == {me}


def test_residents_come_from_a_sheet_after_a_look_at_it(desk, communities, scope):
    home = a_home("3-2-501", community=communities[0])
    about = {"community": str(communities[0].id)}
    row = f"3,2,501,李梅,{a_phone()},业主,2026-01-01"
    seen = desk.post("/p/residents/sheet/preview/", about | {"file": a_file(row)}, follow=True)
    assert "1 resident would be registered." in text(seen)
    preview = {"preview": seen.request["QUERY_STRING"].partition("preview=")[2].partition("&")[0]}
    assert queries.household(scope, home=home.id, at=NOW) == ()
    assert desk.post("/p/residents/sheet/", about | preview).status_code == 303
    assert desk.post("/p/residents/sheet/", about | {"file": a_file(row)}).status_code == 303
    (resident,) = queries.household(SYSTEM, home=home.id, at=NOW)
    assert (resident.name, resident.kind, str(resident.start_on)) == ("李梅", "owner", "2026-01-01")


def test_wrong_cells_are_shown_by_row_and_column_and_nobody_is_registered(desk, communities, scope):
    home = a_home("3-2-501", community=communities[0])
    about = {"community": str(communities[0].id)}
    rows = (f"3,2,501,李梅,{a_phone()},owner,2026-01-01", "9,9,999,,12,guest,soon")
    page = text(desk.post("/p/residents/sheet/preview/", about | {"file": a_file(*rows)}, follow=True))
    assert "5 cells have to be corrected." in page
    for words in ("This community has no such door", "This is not a phone number.", "This is not a day"):
        assert words in page
    refused = desk.post("/p/residents/sheet/", about | {"file": a_file(*rows)})
    assert refused.status_code == 422
    assert 'id="file-wrong"' in text(refused)
    columns = desk.post("/p/residents/sheet/preview/", about | {"file": a_file("1", head="door\n")})
    assert columns.status_code == 422
    assert 'id="file-wrong"' in text(columns)
    assert queries.household(scope, home=home.id, at=NOW) == ()


def test_a_sheet_for_another_companys_community_is_refused(desk, communities):
    elsewhere = a_home("3-2-501")
    row = f"3,2,501,李梅,{a_phone()},owner,2026-01-01"
    answer = desk.post("/p/residents/sheet/", {"community": str(elsewhere.community.id), "file": a_file(row)})
    assert answer.status_code == 422
    assert queries.household(SYSTEM, home=elsewhere.id, at=NOW) == ()
