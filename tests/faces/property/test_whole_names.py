"""Whole names and numbers of residents stand on no page of the desk, but for whoever says why: each page is walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest

from builders import AT, a_person
from builders.billing import SINCE, a_desk
from builders.contracts import a_contract
from builders.people import a_phone
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Line
from linli.estate.billing.rules import Bucket, Channel
from linli.estate.contracts.rules import Direction
from linli.estate.visits import actions as visits
from linli.estate.visits.rules import PassDraft, PassKind
from linli.faces.shell.pages import Page, house
from linli.ground.people import actions as people
from linli.ground.people import queries as known
from linli.kernel import ids
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳小明", "13912345678"
MASKED = "欧***"
JANUARY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home at every counter of charging: owing, paying, with a deposit, a wallet, a plan, a waiver and a contract."""
    home = desk.a_home_of(a_person(NAME, phone=PHONE), "3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), home)
    month = {"community": desk.community.id, "first_on": JANUARY, "at": AT}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    return home


@pytest.fixture
def places(desk, home) -> dict[str, object]:
    """What stands in the addresses of pages: something of the home for every name of a part."""
    (line,) = Line.objects.inside().filter(home=home.id)
    taken = actions.take_payment(
        desk.scope, subject=home.id, amount=Money(500), channel=Channel.CASH, payer=home.owner, at=AT
    )
    deposit = actions.ask_deposit(
        desk.scope,
        community=desk.community.id,
        subject=home.id,
        home=home.id,
        obligor=home.owner,
        word="decoration",
        title={"zh": "装修押金", "en": "Decoration"},
        amount=Money(100_00),
        at=AT,
    )
    of = {"community": desk.community.id, "person": home.owner}
    actions.take_topup(desk.scope, **of, bucket=Bucket.GENERAL, amount=Money(900), channel=Channel.CASH, at=AT)
    plan = actions.ask_plan(
        desk.scope, subject=home.id, lines=[line.pk], count=2, first_on=date(2026, 4, 1), why="Ill", at=AT
    )
    contract = a_contract(desk, direction=Direction.COLLECT, party_name=NAME, party_phone=PHONE)
    once = PassDraft(kind=PassKind.ONCE, first_on=date(2026, 3, 2), last_on=date(2026, 3, 2), guest_name="Guest")
    visits.invite(home.scope, home=home.id, draft=once, at=AT)
    return of | {
        "subject": home.id,
        "home": home.id,
        "party": home.owner,
        "bill": line.bill_id,
        "receipt": taken.receipt,
        "deposit": deposit,
        "plan": plan,
        "contract": contract,
        "item": line.item,
    }


def walked(places: dict[str, object]) -> Iterator[str]:
    """The addresses of all pages of the desk that can be made of these, each also as what is taken away."""
    for page in house.pages():
        if page.role is Role.PROPERTY and page.method == "GET" and set(page.parts) <= set(places):
            yield address_of(page, places)


def address_of(page: Page, places: dict[str, object]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(places[part[1]]), page.address)


def test_no_page_of_the_desk_shows_a_whole_name_or_number(visitor, desk, home, places):
    clerk, found, shown = visitor(desk.scope), [], 0
    assert clerk.get("/p/").status_code == 200
    query = urlencode({"community": desk.community.id, "words": "3-1-501", "form": "csv"})
    for where in walked(places):
        answer = clerk.get(f"{where}?{query}")
        said = (
            b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")
        )
        shown += answer.status_code == 200 and MASKED in said
        found += [where for whole in (NAME, PHONE) if whole in said]
    assert found == []
    assert shown >= 15, "the walk has to meet the name, masked, where it stands"


def test_who_asks_why_sees_a_name_or_a_number_once_and_it_is_written_down(visitor, desk, home):
    clerk = visitor(desk.scope)
    where = f"/p/persons/{home.owner}/"
    assert MASKED in clerk.get(where).content.decode()
    assert clerk.post(f"{where}name/", {"why_name": ""}).status_code == 422
    assert readings() == []
    named = clerk.post(f"{where}name/", {"why_name": "To write to her"}).content.decode()
    assert NAME in named
    assert PHONE not in named
    assert PHONE in clerk.post(f"{where}phone/", {"why_phone": "To call her"}).content.decode()
    assert readings() == [
        ("read.name", {"subject": str(home.owner), "why": "To write to her"}),
        ("read.contact", {"subject": str(home.owner), "why": "To call her"}),
    ]
    assert NAME not in clerk.get(where).content.decode()


def test_letters_carry_the_whole_name_and_each_is_written_down(visitor, desk, home):
    other = desk.a_home_of(a_person("司马光", phone=a_phone()), "3-1-502")
    desk.charged(next(iter(queries.items(desk.scope, on=SINCE))).item, other)
    clerk = visitor(desk.scope)
    assert clerk.get(f"/p/arrears/{home.id}/letter/").status_code == 405
    letter = clerk.post(f"/p/arrears/{home.id}/letter/")
    assert (letter.status_code, letter["Content-Type"]) == (200, "application/pdf")
    assert readings() == [("read.name", {"subject": str(home.owner), "why": "A letter about what is owed"})]


def test_who_may_not_read_personal_data_and_strangers_find_nobody(visitor, desk, home):
    for scope in (replace(desk.scope, duty=Duty.GUARD, person=a_person()), a_desk().scope):
        client = visitor(scope)
        assert client.get(f"/p/persons/{home.owner}/").status_code == 404
        assert client.post(f"/p/persons/{home.owner}/name/", {"why_name": "Curious"}).status_code == 404
        assert client.post(f"/p/persons/{home.owner}/phone/", {"why_phone": "Curious"}).status_code == 404
    assert readings() == []


def test_the_desk_knows_people_masked_and_itself_whole(desk, home):
    own = a_person("诸葛亮")
    people.move_in(SYSTEM, party=own, home=home.id, kind="family", start_on=SINCE, at=AT)
    scope = replace(desk.scope, person=own)
    named = known.names(scope, parties=[home.owner, own, desk.company])
    assert (named[home.owner], named[own]) == (MASKED, "诸葛亮")
    assert "*" not in named[desk.company]
    assert {each.party: each.name for each in known.household(scope, home=home.id, at=AT)} == {
        home.owner: MASKED,
        own: "诸葛亮",
    }
    assert known.names(SYSTEM, parties=[home.owner, ids.new()]) == {home.owner: NAME}


def readings() -> list[tuple[str, object]]:
    rows = sql.fetch("SELECT action, said::text FROM spine_audit WHERE starts_with(action, 'read.') ORDER BY id")
    return [(action, sql.from_json(said)) for action, said in rows]
