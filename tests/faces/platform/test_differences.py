"""Differences at the desk: each kind in words, suspense emptied in each way, bills by day, accounts by their names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from builders import a_city, a_person
from harness.budget import budget
from harness.payments_words import CLEARING, IN_TRANSIT, NOW, PSP, Due, SaidProvider, a_collection, a_paid_collection
from linli.faces.platform.account_names import ACCOUNTS
from linli.faces.platform.difference_words import MEANINGS
from linli.kernel.money import Money
from linli.money.ledger.rules import CHART
from linli.money.payments import actions, queries
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import DifferenceKind, DifferenceState, State
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture(autouse=True)
def provider():
    with serving(PSP, SaidProvider()) as gateway:
        yield gateway


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def line(due: Due, **changes: object) -> says.BillLine:
    usual = says.BillLine(
        kind=says.BillKind.CHARGE, reference=str(due.id), charge_reference=str(due.id), provider_reference="ch",
        channel=says.Channel.WECHAT, amount_minor=5700, fee_minor=34, net_minor=5666, currency="CNY",
        status=says.BillStatus.SUCCEEDED, occurred_at=NOW,
    )  # fmt: skip
    return replace(usual, **changes)  # type: ignore[arg-type]


def read(*lines: says.BillLine) -> None:
    actions.import_bill(SYSTEM, source=PSP, day=DAY, lines=lines, at=NOW)


def the_difference() -> queries.DifferenceCard:
    (found,) = queries.differences(SYSTEM, open_only=False)
    return found


def where(verb: str, difference: UUID | None = None) -> str:
    return f"/platform/differences/{difference or the_difference().id}/{verb}/"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def city():
    return a_city().id


def test_each_kind_of_difference_is_explained_with_what_to_do():
    assert set(MEANINGS) == set(DifferenceKind)


def test_every_account_of_the_chart_has_a_name():
    assert set(ACCOUNTS) == set(CHART)


def test_accounts_are_named_in_the_readers_language(visitor, operator):
    due = a_paid_collection(city=a_city().id)
    for locale, named in (("en", "Escrow of an order"), ("zh-CN", "订单待结算款")):
        client = visitor(operator, locale=locale)
        for page in (
            f"/platform/trial-balance/?city={due.city}",
            f"/platform/trial-balance/order_escrow/?city={due.city}",
            f"/platform/account/?city={due.city}&address={due.escrow}",
        ):
            assert named in text(client.get(page)), (locale, page)


def test_the_pages_keep_their_budgets_in_both_languages(visitor, operator, city):
    a_paid_collection(city=city)
    read()
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        for page, statements in {f"/platform/differences/?city={city}": 5, "/platform/bills/": 2}.items():
            client.get(page)
            with budget(statements):
                assert client.get(page).status_code == 200


def test_a_difference_says_what_it_means(desk, city):
    a_paid_collection(city=city)
    read()
    page = text(desk.get(f"/platform/differences/?city={city}"))
    assert "We took a payment that the provider does not bill" in page
    assert "close by themselves" in page


def test_what_the_bill_says_is_recorded(desk, city):
    due = a_collection(city=city)
    read(line(due))
    assert desk.post(where("recording")).status_code == 303
    assert queries.collection(SYSTEM, collection=due.id).state is State.COLLECTED
    assert the_difference().state is DifferenceState.RESOLVED


def test_ticked_differences_are_closed_for_one_reason_but_not_what_waits_on_suspense(desk, on_suspense, city):
    a_paid_collection(city=city)
    read()
    known = queries.differences(SYSTEM)
    held = [each.id for each in known if each.in_suspense]
    free = [each.id for each in known if not each.in_suspense]
    assert held
    assert free
    every = {"chosen": [*held, *free]}
    assert desk.post("/platform/differences/acceptances/", {**every, "how": ""}).status_code == 422
    answer = desk.post("/platform/differences/acceptances/", {**every, "how": "Agreed by telephone"})
    assert answer.status_code == 303
    assert "cannot be resolved in this way" in text(desk.get(answer["Location"]))
    after = {each.id: each.state for each in queries.differences(SYSTEM, open_only=False)}
    assert [after[each] for each in free] == [DifferenceState.RESOLVED] * len(free)
    assert [after[each] for each in held] == [DifferenceState.OPEN] * len(held)


@pytest.fixture
def on_suspense(desk, city) -> Due:
    """1.00 of nobody, placed on suspense through the page."""
    due = a_paid_collection(city=city)
    read(line(due), line(due, reference="phantom", charge_reference="phantom", amount_minor=100, net_minor=99))
    assert desk.post(where("suspense"), {"city": str(city)}).status_code == 303
    assert (due.balance("suspense"), due.balance(CLEARING)) == (-100, 5800)
    return due


def test_suspense_is_matched_to_the_account_it_belongs_to(desk, on_suspense):
    difference = the_difference().id
    form = {f"address.{difference}": "own_funds", f"matched.{difference}": "Our own test payment"}
    assert desk.post(where("match"), form).status_code == 303
    assert (on_suspense.balance("suspense"), on_suspense.balance("own_funds")) == (0, -100)
    assert "Our own test payment" in the_difference().how


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("address", "treasure:1", "The book has no such account."), ("address", "", "Please"), ("matched", "", "Please")],
)
def test_a_match_that_cannot_be_is_refused_at_its_field(desk, on_suspense, field, value, reason):
    difference = the_difference().id
    form = {f"address.{difference}": "own_funds", f"matched.{difference}": "found"} | {f"{field}.{difference}": value}
    answer = desk.post(where("match"), form)
    assert answer.status_code == 422
    assert reason in text(answer).partition(f'id="{field}.{difference}-wrong"')[2].partition("</p>")[0]
    assert on_suspense.balance("suspense") == -100


def test_what_waits_on_suspense_is_not_closed_by_words(desk, on_suspense):
    answer = desk.post(where("acceptance"), {f"how.{the_difference().id}": "never mind"})
    assert answer.status_code == 409
    assert the_difference().state is DifferenceState.OPEN


def test_a_wrong_amount_is_given_back(desk, city):
    due = a_collection(city=city)
    actions.record_told(SYSTEM, told=due.paid(amount=Money(57)), at=NOW)
    assert due.balance("suspense") == -57
    assert desk.post(where("giving-back")).status_code == 303
    assert (due.balance("suspense"), due.balance(IN_TRANSIT)) == (0, -57)


def test_a_difference_that_moved_nothing_is_closed_with_words(desk, city):
    a_paid_collection(city=city)
    read()
    field = f"how.{the_difference().id}"
    refused = desk.post(where("acceptance"), {field: ""})
    assert refused.status_code == 422
    assert f'id="{field}-wrong"' in text(refused)
    assert desk.post(where("acceptance"), {field: "The provider mends it tomorrow"}).status_code == 303
    assert the_difference().how == "The provider mends it tomorrow"


def test_bills_are_shown_by_day_and_read_again(desk, provider):
    page = text(desk.get("/platform/bills/"))
    assert "the day is not over" in page
    assert "not read" in page
    due = a_paid_collection(city=a_city().id)
    provider.bill[DAY] = [line(due)]
    assert desk.post("/platform/bills/reading/", {"source": PSP, "day": DAY.isoformat()}).status_code == 303
    (bill,) = queries.bills(SYSTEM, since=DAY - timedelta(days=1))
    assert (bill.source, bill.day, bill.lines, bill.open) == (PSP, DAY, 1, 0)
    wrong = desk.post("/platform/bills/reading/", {"source": "nobody", "day": DAY.isoformat()})
    assert wrong.status_code == 422


def test_strangers_settle_nothing(visitor, on_suspense):
    for role in (Role.MERCHANT, Role.PROPERTY, Role.RESIDENT):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get("/platform/bills/").status_code == 404
        for verb in ("match", "giving-back", "acceptance", "recording", "suspense"):
            assert client.post(where(verb)).status_code == 404
    assert on_suspense.balance("suspense") == -100
