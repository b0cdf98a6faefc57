"""Bills on the phone: what is owed, why each line costs what it does, paying, receipts, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT
from builders.billing import a_desk
from builders.pictures import a_picture
from harness.budget import budget
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Bill, Invoice, Line, Payment, Receipt
from linli.estate.billing.rules import Bucket, Channel
from linli.ground.policies import queries as policies
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home of 89.37 m² that owes 254.70 and 30.00 for March."""
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), price="2.85"), home)
    desk.charged(desk.priced(desk.an_item("lift"), "fixed", amount="30"), home)
    march = {"community": desk.community.id, "first_on": MARCH, "at": AT}
    actions.draft_month(desk.scope, **march)
    actions.issue_month(desk.scope, **march)
    return home


@pytest.fixture(params=["en", "zh-CN"])
def resident(request, home, visitor) -> Client:
    return visitor(home.scope, locale=request.param)


@pytest.fixture
def bill(home) -> str:
    return f"/o/bills/{Bill.objects.inside().get(home=home.id).pk}/"


def begun(resident: Client, home) -> str:
    """Where the payment of everything owed for a home stands."""
    answer = resident.post("/o/bills/payments/", {"subject": home.id})
    assert answer.status_code == 303
    return answer["Location"]


def arrives(where: str) -> None:
    collection = where.rstrip("/").rpartition("/")[2]
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=collection, at=AT
    )
    actions.record_payment(SYSTEM, payment=card.for_, at=AT)


def test_what_is_owed_stands_first_with_one_button(resident: Client, home):
    policies.forget()
    with budget(8):
        shown = resident.get("/o/bills/").content.decode()
    assert "¥284.70" in shown
    assert "3-1-501" in shown
    assert f'name="subject" value="{home.id}"' in shown


def test_what_is_kept_for_the_next_bills_is_shown_whoever_brought_it(resident: Client, desk, home):
    """The desk took 300.00 and did not ask who paid: what was too much belongs to the owner, and the owner sees it."""
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("300"), channel=Channel.CASH, at=AT)
    shown = resident.get("/o/bills/").content.decode()
    assert "¥15.30" in shown
    assert (": kept for the next bills" in shown) or ("：留待抵扣后续账单" in shown)


def test_a_wallet_for_fees_alone_is_offered_for_fees_and_never_for_a_repair(resident: Client, desk, home):
    """3-1-501 owes 284.70 of fees and 80.00 for a repair; a home beside it owes for a repair alone."""
    other = desk.a_home_of(home.owner, "3-1-502")
    repairs = desk.an_item("repairs")
    for one in (home, other):
        actions.charge_once(
            SYSTEM, community=desk.community.id, subject=one.id, item=repairs, amount=Money.parse("80"),
            title={"en": "Repair"}, source=f"work_order:{one.id}", at=AT,
        )  # fmt: skip
    keep = {"community": desk.community.id, "person": home.owner, "channel": Channel.CASH, "at": AT}
    actions.take_topup(desk.scope, bucket=Bucket.PROPERTY, amount=Money.parse("500"), **keep)
    shown = resident.get("/o/bills/").content.decode()
    assert shown.count('action="/o/bills/wallet-payments/"') == 1
    assert "(¥284.70)" in shown or "（¥284.70）" in shown
    actions.take_topup(desk.scope, bucket=Bucket.GENERAL, amount=Money.parse("30"), **keep)
    shown = resident.get("/o/bills/").content.decode()
    assert shown.count('action="/o/bills/wallet-payments/"') == 2
    assert "¥314.70" in shown
    assert resident.post("/o/bills/wallet-payments/", {"subject": home.id}).status_code == 303
    assert sum(line.paid_minor for line in Line.objects.inside().filter(subject=home.id)) == 31470


def test_a_bill_tells_why_each_line_costs_what_it_does(resident: Client, bill):
    policies.forget()
    with budget(8):
        shown = resident.get(bill).content.decode()
    assert "89.37 × 2.85 = <b>¥254.7045</b>" in shown
    assert "89.37 m²" in shown
    assert "¥30" in shown
    assert "+ 0" not in shown


def test_a_bill_says_by_when_to_pay_it_and_that_it_was_due_once_that_day_is_over(visitor, monkeypatch, home, bill):
    owner = visitor(home.scope, locale="en")
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    assert "Please pay by" in owner.get(bill).content.decode()
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(days=90))
    late = owner.get(bill).content.decode()
    assert "It was due on" in late
    assert "Please pay by" not in late


def test_the_lines_of_a_bill_add_up_to_it(home, bill):
    shown = queries.bill_page(home.scope, bill=bill.split("/")[3])
    assert [str(line.amount) for line in shown.lines] == ["254.70", "30.00"]
    assert (str(shown.card.amount), str(shown.card.open)) == ("284.70", "284.70")


def test_paying_everything_of_a_home_pays_its_lines_and_leaves_a_receipt(resident: Client, home, bill):
    where = begun(resident, home)
    assert "¥284.70" in resident.get(where).content.decode()
    arrives(where)
    receipt = Receipt.objects.inside().get(home=home.id)
    assert f"/o/bills/receipts/{receipt.pk}/" in resident.get(where + "return/").content.decode()
    assert "¥284.70" in resident.get(f"/o/bills/receipts/{receipt.pk}/").content.decode()
    assert receipt.number in resident.get("/o/bills/receipts/").content.decode()
    assert receipt.number in resident.get(bill).content.decode()
    assert not queries.owed(home.scope, at=AT).amount


def test_the_payer_picks_lines_and_pays_a_part_of_them(resident: Client, home, bill):
    """The lift fee alone, then 100 of the property fee; what is left is the debt less both."""
    choice = f"/o/bills/choices/{home.id}/"
    policies.forget()
    with budget(5):
        shown = resident.get(choice).content.decode()
    fee, lift = Line.objects.inside().filter(home=home.id).order_by("id")
    assert all(f'name="lines" value="{line.pk}"' in shown for line in (fee, lift))
    assert "¥284" in shown
    paid = resident.post(choice, {"lines": lift.pk})
    arrives(paid["Location"])
    part = resident.post(choice, {"lines": fee.pk, "amount": "100"})
    assert "¥100.00" in resident.get(part["Location"]).content.decode()
    arrives(part["Location"])
    fee.refresh_from_db()
    lift.refresh_from_db()
    assert (fee.paid_minor, lift.paid_minor) == (100_00, 30_00)
    assert str(queries.owed(home.scope, at=AT).amount) == "154.70"


@pytest.mark.parametrize("amount", ["0", "-1", "284.71"])
def test_a_part_above_what_is_open_is_refused_and_what_was_ticked_stays(resident: Client, home, amount):
    line = Line.objects.inside().filter(home=home.id).order_by("id")[0]
    answer = resident.post(f"/o/bills/choices/{home.id}/", {"lines": line.pk, "amount": amount})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'value="{line.pk}" data-price="25470" checked' in shown
    assert f'value="{line.pk + 1}" data-price="3000" checked' not in shown
    assert not Payment.objects.inside().exists()


def test_nothing_ticked_is_refused_and_a_neighbours_home_is_not_there(resident: Client, desk, home, visitor):
    assert resident.post(f"/o/bills/choices/{home.id}/").status_code == 422
    neighbour = visitor(desk.a_home().scope)
    assert neighbour.get(f"/o/bills/choices/{home.id}/").status_code == 404
    line = Line.objects.inside().filter(home=home.id).order_by("id")[0]
    assert neighbour.post(f"/o/bills/choices/{home.id}/", {"lines": line.pk}).status_code in (404, 409)
    assert not Payment.objects.inside().exists()


def test_what_only_the_desk_takes_is_shown_and_the_rest_is_paid(desk, visitor):
    fee, lift = desk.an_item("fee", payable_online=False), desk.an_item("lift")
    home = desk.a_home()
    desk.charged(desk.priced(fee, "fixed", amount="10"), home)
    desk.charged(desk.priced(lift, "fixed", amount="30"), home)
    desk.issued(MARCH)
    resident = visitor(home.scope, locale="en")
    assert f"/o/bills/choices/{home.id}/" in resident.get("/o/bills/").content.decode()
    shown = resident.get(f"/o/bills/choices/{home.id}/").content.decode()
    assert "at the property desk only" in shown
    assert shown.count('name="lines"') == 1


def test_what_somebody_else_paid_meanwhile_is_said_to_come_back(resident: Client, home, desk):
    where = begun(resident, home)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("84.70"), channel=Channel.CASH, at=AT)
    arrives(where)
    shown = resident.get(where).content.decode()
    assert "¥200.00" in shown
    assert "¥84.70" in shown


def test_paying_what_is_paid_is_refused_in_words(resident: Client, home):
    arrives(begun(resident, home))
    assert resident.post("/o/bills/payments/", {"subject": home.id}).status_code == 409
    assert Receipt.objects.inside().filter(home=home.id).count() == 1


def test_one_bill_is_paid_by_itself(resident: Client, home, bill):
    answer = resident.post(f"{bill}payments/")
    assert answer.status_code == 303
    arrives(answer["Location"])
    assert {(line.amount_minor, line.paid_minor) for line in Line.objects.inside().filter(home=home.id)} == {
        (25470, 25470),
        (3000, 3000),
    }


def test_a_neighbours_bill_payment_and_receipt_are_not_there(visitor, desk, home, bill):
    owner = visitor(home.scope)
    where = begun(owner, home)
    arrives(where)
    receipt = Receipt.objects.inside().get(home=home.id)
    neighbour = visitor(desk.a_home().scope)
    for address in (bill, where, f"/o/bills/receipts/{receipt.pk}/"):
        assert owner.get(address).status_code == 200
        assert neighbour.get(address).status_code == 404
    assert neighbour.post(f"{bill}payments/").status_code == 404
    assert neighbour.post(where, {"channel": "wechat"}).status_code == 404
    assert neighbour.post("/o/bills/payments/", {"subject": home.id}).status_code == 409
    assert "3-1-501" not in neighbour.get("/o/bills/").content.decode()


def test_an_invoice_is_asked_for_on_the_phone_answered_at_the_desk_and_opened_there(visitor, desk, home, bill):
    owner, clerk = visitor(home.scope), visitor(desk.scope)
    arrives(begun(owner, home))
    where = f"/o/bills/receipts/{Receipt.objects.inside().get(home=home.id).pk}/"
    assert "/invoice/" in owner.get(where).content.decode()
    assert owner.post(f"{where}invoice/", {"title": "A Company Ltd", "tax_number": "no-!"}).status_code == 422
    assert not Invoice.objects.inside().filter(payer=home.owner).exists()
    assert owner.post(f"{where}invoice/", {"title": "A Company Ltd", "tax_number": "91330100X"}).status_code == 303
    asked = Invoice.objects.inside().get(payer=home.owner)
    assert (asked.amount_minor, asked.state) == (28470, "asked")
    assert "<form" not in owner.get(where).content.decode().partition("A Company Ltd")[2].partition("</main>")[0]
    assert owner.post(f"{where}invoice/", {"title": "Once more"}).status_code == 409
    assert owner.get(f"{where}invoice/").status_code == 404
    paper = SimpleUploadedFile("invoice.png", a_picture("PNG"))
    issued = {"number": "25332000000012345678", "file": paper}
    assert clerk.post(f"/p/fee-invoices/{asked.pk}/issue/", issued).status_code == 303
    assert "25332000000012345678" in owner.get(where).content.decode()
    assert owner.get(owner.get(f"{where}invoice/")["Location"]).status_code == 200
    neighbour = visitor(desk.a_home().scope)
    assert neighbour.get(f"{where}invoice/").status_code == 404
    assert neighbour.post(f"{where}invoice/", {"title": "Mine"}).status_code == 404
    assert clerk.post(f"/p/fee-invoices/{asked.pk}/refusal/", {"answer": "Wrong title"}).status_code == 303
    assert "Wrong title" in owner.get(where).content.decode()
    assert owner.post(f"{where}invoice/", {"title": "Once more"}).status_code == 303


def test_large_text_is_large(resident: Client, bill):
    resident.cookies["linli_text"] = "large"
    assert "¥284.70" in resident.get(bill).content.decode()


def test_a_months_bill_is_called_by_its_month_whatever_its_lines_are_for(desk):
    owner = desk.a_home("3-1-601")
    late = desk.priced(desk.an_item("property_fee"), price="2.85")
    desk.charged(late, owner)
    desk.issued(MARCH)
    bill = Bill.objects.inside().get(home=owner.id)
    Line.objects.inside().filter(bill=bill).update(start_on=date(2026, 2, 1))
    assert queries.my_bills(owner.scope)[0].month == MARCH
