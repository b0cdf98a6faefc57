"""The desk of charging: items, tariffs tried before they are set, a month from draft to close, the till."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_community, a_home
from builders.billing import a_desk
from builders.sheets import a_csv
from harness.budget import budget
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Assignment, Bill, Item, Line, Month, Receipt, TariffVersion
from linli.estate.billing.rules import Channel
from linli.faces.property.tariff_forms import as_typed
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
MARCH, WORD = date(2026, 3, 1), "2026-03"


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def a_month(desk, *, month: date = MARCH, issue: bool = True) -> None:
    actions.draft_month(desk.scope, community=desk.community.id, first_on=month, at=AT)
    if issue:
        actions.issue_month(desk.scope, community=desk.community.id, first_on=month, at=AT)


def an_owing_home(desk, door: str = "3-1-501"):
    home = desk.a_home(door)
    desk.charged(desk.priced(desk.an_item("property_fee"), price="2.85"), home)
    a_month(desk)
    return home


def test_a_door_that_many_homes_have_leaves_none_out_of_a_list_and_says_where_it_stops(clerk: Client, desk):
    """Fifty homes were looked for and the rest forgotten without a word."""
    homes = [desk.a_home(f"7-1-{nth}") for nth in range(101, 171)]
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="1"), *homes)
    a_month(desk)
    listed = clerk.get("/p/bills/sheet/?form=csv&words=7-1").content.decode("utf-8-sig")
    assert len(listed.splitlines()) == 1 + 70
    shown = text(clerk.get("/p/cashier/?words=7-1"))
    assert ("Only the first 30 homes" in shown) or ("只显示前 30 户" in shown)
    assert "Only the first" not in text(clerk.get("/p/cashier/?words=7-1-101"))
    residents = text(clerk.get("/p/residents/?words=7"))
    assert ("Only the first 60 homes" in residents) or ("只显示前 60 户" in residents)


def test_a_receipt_says_which_of_its_lines_is_a_late_fee_and_when_it_was_with_the_year(clerk: Client, desk):
    home = an_owing_home(desk)
    line = Line.objects.inside().get(home=home.id)
    Line.objects.inside().filter(pk=line.pk).update(kind="late_fee")
    taken = actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("10"), channel=Channel.CASH, at=AT)
    shown = text(clerk.get(f"/p/fee-receipts/{taken.receipt}/"))
    assert ("late fee" in shown) or ("违约金" in shown)
    assert "2026-03-02 10:00" in shown


def test_an_item_is_added_tried_set_and_charged_to_a_building(clerk: Client, desk):
    home = desk.a_home("3-1-501")
    desk.a_home("3-1-502", area_m2="120")
    form = {
        "zh": "物业费",
        "en": "Property fee",
        "word": "property_fee",
        "payer": "owner",
        "online": "1",
        "priority": "10",
    }
    where = clerk.post("/p/fee-items/", form)["Location"]
    item = Item.objects.inside().get(word="property_fee")
    tariff = {"preset": "built_area", "parameters.price": "2.85", "start_on": "2026-03-01", "due_day": "28"}
    tried = text(clerk.post(f"{where}tariff/", {**tariff, "do": "try"}))
    assert "¥254.70" in tried
    assert "¥596.70" in tried
    assert not TariffVersion.objects.inside().filter(item=item).exists()
    assert clerk.post(f"{where}tariff/", {**tariff, "do": "set"}).status_code == 303
    homes = f"{where}homes/{desk.community.id}/"
    (building, _unit, _label), _home = next(iter(places.doors(desk.community.id).items()))
    chosen = {"buildings": [building], "start_on": "2026-03-01"}
    text(clerk.post(homes, {**chosen, "do": "count"}))
    assert not Assignment.objects.inside().filter(item=item).exists()
    assert clerk.post(homes, {**chosen, "do": "apply"}).status_code == 303
    assert Assignment.objects.inside().filter(item=item).count() == 2
    assert "3-1-502" in text(clerk.get(homes))
    ended = clerk.post(f"{homes}end/{home.id}/", {"end_on": "2026-04-01"})
    assert ended.status_code == 303
    assert Assignment.objects.inside().get(item=item, subject=home.id).end_on == date(2026, 4, 1)


def test_a_formula_is_refused_at_its_letter_and_nothing_is_set(clerk: Client, desk):
    item = desk.an_item()
    form = {"preset": "own", "formula": "home.aera * 2", "basis": "month", "start_on": "2026-03-01", "do": "set"}
    refused = text(clerk.post(f"/p/fee-items/{item}/tariff/", form), 422)
    assert '<mark class="formula-place">h</mark>ome.aera * 2' in refused
    assert "home.area" in refused
    assert not TariffVersion.objects.inside().filter(item=item).exists()


def test_times_of_the_day_have_their_own_prices(clerk: Client, desk):
    item = desk.an_item()
    form = {"preset": "usage", "parameters.price": "0", "start_on": "2026-03-01", "meter": "electricity", "do": "set"}
    text(clerk.post(f"/p/fee-items/{item}/tariff/", {**form, "bands.peak": "cheap"}), 422)
    assert not TariffVersion.objects.inside().filter(item=item).exists()
    prices = {"bands.peak": "0.568", "bands.valley": "0.288"}
    assert clerk.post(f"/p/fee-items/{item}/tariff/", {**form, **prices}).status_code == 303
    (version,) = queries.item_page(desk.scope, item=item, on=MARCH).tariffs
    assert version.draft.terms.bands == {"peak": Decimal("0.568"), "valley": Decimal("0.288")}


def test_a_dry_run_names_the_homes_that_cannot_be_worked_out(clerk: Client, desk):
    item = desk.an_item()
    whole, bare = desk.a_home("3-1-501"), desk.a_home("3-1-502", area_m2=None)
    desk.charged(item, whole, bare)
    draft = {"preset": "built_area", "parameters.price": "2.85", "start_on": "2026-03-01", "do": "try"}
    shown = text(clerk.post(f"/p/fee-items/{item}/tariff/", draft))
    assert "3-1-502" in shown
    assert "¥254.70" in shown


def test_what_can_charge_nobody_is_not_offered_to_be_set_and_a_formula_is_quoted_as_it_was_typed(clerk: Client, desk):
    desk.charged(item := desk.an_item(), desk.a_home("3-1-501"))
    draft = {"preset": "own", "basis": "month", "name.0": "lift", "value.0": "35", "start_on": "2026-03-01"}
    where = f"/p/fee-items/{item}/tariff/"
    assert 'value="set"' in text(clerk.post(where, {**draft, "formula": "lift"}))
    assert 'value="set"' not in text(clerk.post(where, {**draft, "formula": "0 - lift"}))
    assert "“step”" in text(clerk.post(where, {**draft, "formula": "lift * step"}), 422)


def test_a_month_is_drafted_looked_at_issued_and_closed(clerk: Client, desk):
    fee = desk.priced(desk.an_item("property_fee"), price="2.85")
    home, bare = desk.a_home("3-1-501"), desk.a_home("3-1-502", area_m2=None)
    desk.charged(fee, home, bare)
    month = {"community": desk.community.id, "month": WORD}
    where = clerk.post("/p/charging/draft/", month)["Location"]
    assert where == f"/p/charging/{desk.community.id}/{WORD}/"
    with budget(7):
        shown = text(clerk.get(where))
    assert "¥254.70" in shown
    assert "3-1-502" in shown
    assert clerk.post(f"{where}issue/").status_code == 409
    assert not Bill.objects.inside().filter(home=home.id).exists()
    assert clerk.post(f"{where}issue/", {"without_stopped": "1"}).status_code == 303
    assert Bill.objects.inside().filter(home=home.id).count() == 1
    assert "¥254.70" in text(clerk.get("/p/charging/"))
    assert clerk.post(f"{where}closing/").status_code == 303
    assert Month.objects.inside().get(community=desk.community.id).state == "closed"


def test_a_company_of_two_communities_chooses_between_them(visitor, desk):
    other = a_community("西园")
    clerk = visitor(replace(desk.scope, communities=(*desk.scope.communities, other.id)), locale="zh-CN")
    for where in ("charging", "bills", "cashier"):
        assert "西园" in text(clerk.get(f"/p/{where}/"))


def test_a_month_far_from_the_one_before_is_pointed_out(clerk: Client, desk):
    item = desk.an_item("property_fee")
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(item, "fixed", amount="100"), home)
    a_month(desk)
    desk.priced(item, "fixed", since=date(2026, 4, 1), amount="190")
    a_month(desk, month=date(2026, 4, 1), issue=False)
    page = queries.month_page(desk.scope, community=desk.community.id, first_on=date(2026, 4, 1))
    assert [(one.subject, str(one.amount), str(one.before)) for one in page.outliers] == [(home.id, "190.00", "100.00")]
    assert "+¥90.00" in text(clerk.get(f"/p/charging/{desk.community.id}/2026-04/")).replace(
        '<span class="money-cents">', ""
    )


def test_bills_are_found_by_month_standing_and_door(clerk: Client, desk):
    home = an_owing_home(desk)
    bill = Bill.objects.inside().get(home=home.id)
    with budget(7):
        shown = text(clerk.get(f"/p/bills/?month={WORD}&standing=open"))
    assert bill.number in shown
    assert bill.number in text(clerk.get("/p/bills/?words=3-1-501"))
    assert bill.number in text(clerk.get(f"/p/bills/?words={bill.number}"))
    assert bill.number not in text(clerk.get("/p/bills/?words=9-9-901"))
    assert bill.number not in text(clerk.get("/p/bills/?standing=paid"))
    assert bill.number in clerk.get("/p/bills/sheet/?form=csv").content.decode()


def test_a_line_is_taken_back_with_a_reason(clerk: Client, desk):
    home = an_owing_home(desk)
    line = Line.objects.inside().get(home=home.id)
    where = f"/p/bills/{line.bill_id}/"
    text(clerk.post(f"{where}lines/{line.pk}/credit/", {f"amount.{line.pk}": "300"}), 422)
    assert Line.objects.inside().filter(home=home.id).count() == 1
    answer = clerk.post(
        f"{where}lines/{line.pk}/credit/", {f"amount.{line.pk}": "54.70", f"why.{line.pk}": "The lift stood still"}
    )
    assert answer.status_code == 303
    shown = text(clerk.get(where))
    assert "The lift stood still" in shown
    assert str(queries.bill_page(desk.scope, bill=line.bill_id).card.amount) == "200.00"


def test_money_at_the_till_pays_what_is_ticked_and_prints_a_receipt(clerk: Client, desk):
    home = an_owing_home(desk)
    line = Line.objects.inside().get(home=home.id)
    assert "3-1-501" in text(clerk.get("/p/cashier/?words=501"))
    where = f"/p/accounts/{home.id}/payment/"
    with budget(11):
        assert "¥254.70" in text(clerk.get(where)).replace('<span class="money-cents">', "")
    money = {"amount": "300", "channel": "pos", "payer": home.owner, "lines": [line.pk], "desk": "东门"}
    refused = clerk.post(where, money)
    assert (refused.status_code, 'id="desk-wrong"' in refused.content.decode()) == (422, True)
    answer = clerk.post(where, money | {"desk": "East 2"})
    receipt = Receipt.objects.inside().get(home=home.id)
    assert receipt.desk == "east-2"
    assert answer["Location"] == f"/p/fee-receipts/{receipt.pk}/"
    shown = text(clerk.get(answer["Location"])).replace('<span class="money-cents">', "")
    assert "¥254.70" in shown
    assert "¥45.30" in shown
    account = queries.account_page(desk.scope, subject=home.id)
    assert [str(entry.balance) for entry in account.entries] == ["-45.30", "254.70"]
    assert (str(account.open), str(account.kept)) == ("0.00", "45.30")
    assert "-¥45.30" in text(clerk.get(f"/p/accounts/{home.id}/")).replace('<span class="money-cents">', "")


def test_where_nobody_is_registered_and_nothing_is_owed_the_till_says_what_comes_first(clerk: Client, desk):
    """Only "somebody else" was offered there, and then refused."""
    bare, kept = a_home("3-1-501", community=desk.community), desk.a_home("3-1-502")
    shown = text(clerk.get(f"/p/accounts/{bare.id}/payment/"))
    assert 'name="payer"' not in shown
    assert 'href="/p/residents/sheet/"' in shown
    offered = text(clerk.get(f"/p/accounts/{kept.id}/payment/"))
    assert f'<option value="{kept.owner}"' in offered
    assert '<option value=""' not in offered
    answer = clerk.post(f"/p/accounts/{kept.id}/payment/", {"amount": "10", "channel": "cash", "payer": kept.owner})
    assert answer.status_code == 303
    assert str(queries.account_page(desk.scope, subject=kept.id).kept) == "10.00"


def test_an_amount_of_nothing_is_refused_and_nothing_is_taken(clerk: Client, desk):
    home = an_owing_home(desk)
    for wrong in (
        {"amount": "0"},
        {"amount": "abc"},
        {"amount": "5", "channel": "online"},
        {"amount": "5", "lines": "x"},
    ):
        text(clerk.post(f"/p/accounts/{home.id}/payment/", {"channel": "cash", **wrong}), 422)
    assert not Receipt.objects.inside().filter(home=home.id).exists()


def test_another_companys_home_bill_and_month_are_not_there(visitor, desk):
    home = an_owing_home(desk)
    bill = Bill.objects.inside().get(home=home.id)
    stranger = visitor(a_desk().scope)
    for where in (
        f"/p/bills/{bill.pk}/",
        f"/p/accounts/{home.id}/",
        f"/p/accounts/{home.id}/payment/",
        f"/p/charging/{desk.community.id}/{WORD}/",
        f"/p/home-facts/{desk.community.id}/",
    ):
        assert stranger.get(where).status_code == 404, where
    money = {"amount": "5", "channel": "cash"}
    assert stranger.post(f"/p/accounts/{home.id}/payment/", money).status_code == 404
    assert not Receipt.objects.inside().filter(home=home.id).exists()


def test_a_guard_finds_nothing_of_charging(visitor, desk):
    guard = visitor(replace(desk.scope, duty=Duty.GUARD))
    for where in ("/p/fee-items/", "/p/charging/", "/p/bills/", "/p/cashier/"):
        assert guard.get(where).status_code == 404


def test_home_facts_are_kept_and_used(clerk: Client, desk):
    home = desk.a_home("3-1-501")
    where = f"/p/home-facts/{desk.community.id}/"
    form = {"inner_area": "70.5", "floor": "5", "attributes": "garden=12.5"}
    assert clerk.post(f"{where}{home.id}/", form).status_code == 303
    assert "garden=12.5" in text(clerk.get(where))
    values = queries.values_of_homes(desk.scope, community=desk.community.id, homes=[home.id])[home.id]
    assert (str(values["home.inner_area"]), str(values["attr:garden"])) == ("141/2", "25/2")
    text(clerk.post(f"{where}{home.id}/", {"attributes": "garden"}), 422)


WHOLE = {
    "preset": "usage",
    "parameters.price": "0.52",
    "parameters.surcharge": "1.5",
    "start_on": "2026-03-01",
    "meter": "electricity",
    "due_day": "25",
    "due_after": "1",
    "read_day": "25",
    "read_before": "1",
    "proration": "half_month",
    "anchor": "31",
    "whole_from_days": "20",
    "step": "10",
    "towards": "up",
    "smallest": "5.00",
    "up_to.0": "200",
    "tier_price.0": "0",
    "tier_price.1": "0.1",
    "pool": "year",
    "tier_persons": "3",
    "tier_extra": "50",
    "bands.peak": "0.3",
    "late": "daily_compound",
    "late_rate": "0.05",
    "late_grace": "10",
    "late_from_due": "1",
    "late_cap": "100",
    "late_cap_amount": "80.00",
    "late_stops_on": "2027-01-01",
}
"""Every field of the form of a tariff."""


def test_everything_that_a_tariff_can_say_is_said_in_its_form_and_the_next_version_begins_with_it(clerk: Client, desk):
    item = desk.an_item()
    assert clerk.post(f"/p/fee-items/{item}/tariff/", {**WHOLE, "do": "set"}).status_code == 303
    (version,) = queries.item_page(desk.scope, item=item, on=MARCH).tariffs
    terms = version.draft.terms
    assert (terms.tiers.persons, terms.tiers.per_extra_person, terms.tiers.pool) == (3, Decimal(50), "year")
    assert (terms.rounding.towards, terms.rounding.step) == ("up", 10)
    assert (terms.late.cap, terms.late.cap_bp, terms.late.from_due_on) == (Money(80_00), 10_000, True)
    assert (terms.late.stops_on, terms.late.rate) == (date(2027, 1, 1), Decimal("0.0005"))
    shown = text(clerk.get(f"/p/fee-items/{item}/tariff/"))
    said = {**as_typed(version.draft), "start_on": "2026-04-01"}
    assert all(f'value="{value}"' in shown for name, value in said.items() if name.startswith(("tier_", "late_")))
    assert clerk.post(f"/p/fee-items/{item}/tariff/", {**said, "do": "set"}).status_code == 303
    latest, _before = queries.item_page(desk.scope, item=item, on=MARCH).tariffs
    assert latest.draft == version.draft
    page = text(clerk.get(f"/p/fee-items/{item}/"))
    assert all(words in page for words in ("¥80.00", "0.05 %", "¥5.00"))


def test_a_version_to_come_is_taken_back_and_the_one_before_holds_on(clerk: Client, desk):
    """A mistake of a day to come is no dead end; what holds, or what was billed by, stays."""
    item, home = desk.an_item(), desk.a_home("3-1-501")
    desk.priced(item, "fixed", amount="100")
    desk.charged(item, home)
    (held,) = queries.item_page(desk.scope, item=item, on=MARCH).tariffs
    wrong = {"preset": "fixed", "parameters.amount": "1000", "start_on": "2099-01-01", "do": "set"}
    assert clerk.post(f"/p/fee-items/{item}/tariff/", wrong).status_code == 303
    later, _held = queries.item_page(desk.scope, item=item, on=MARCH).tariffs
    assert clerk.post(f"/p/fee-items/{item}/tariff/{held.tariff}/withdrawal/").status_code == 409
    assert clerk.post(f"/p/fee-items/{item}/tariff/{later.tariff}/withdrawal/").status_code == 303
    assert queries.item_page(desk.scope, item=item, on=MARCH).tariffs == (held,)
    assert clerk.post(f"/p/fee-items/{item}/tariff/{later.tariff}/withdrawal/").status_code == 404


def test_an_item_is_called_otherwise_and_its_word_in_the_books_stays(clerk: Client, desk):
    item = desk.an_item("lift")
    form = {"zh": "电梯费", "en": "Lifts", "payer": "tenant", "priority": "5"}
    assert clerk.post(f"/p/fee-items/{item}/", form).status_code == 303
    card = queries.item_page(desk.scope, item=item, on=MARCH).card
    assert (card.word, card.name, card.payer, card.priority) == ("lift", {"zh": "电梯费", "en": "Lifts"}, "tenant", 5)
    assert not card.payable_online
    text(clerk.post(f"/p/fee-items/{item}/", {**form, "zh": "", "en": ""}), 422)
    assert queries.item_page(desk.scope, item=item, on=MARCH).card == card


def test_a_sheet_brings_amounts_home_by_home_and_a_wrong_cell_is_named(clerk: Client, desk):
    item, home = desk.priced(desk.an_item("heat"), "imported"), desk.a_home("3-1-501")
    where = f"/p/fee-items/{item}/homes/{desk.community.id}/"
    assert "3,1,501" in clerk.get(f"{where}amounts/?form=csv").content.decode()

    def brought(amount: str) -> SimpleUploadedFile:
        heading = ["building", "unit", "home", "amount"]
        return SimpleUploadedFile("heat.csv", a_csv(["3", "1", "501", amount], heading=heading), "text/csv")

    assert "amount" in text(clerk.post(f"{where}amounts/", {"file": brought("much")}), 422)
    assert not Assignment.objects.inside().exists()
    assert clerk.post(f"{where}amounts/", {"file": brought("80.10")}).status_code == 303
    assert Assignment.objects.inside().get(subject=home.id).parameters == {"amount": "80.10"}
    assert "80.10" in text(clerk.get(where))
