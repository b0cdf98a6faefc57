"""Deposits, waivers, refunds and invoices at the desk, each from the first ask to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_person
from builders.billing import a_desk
from builders.pictures import a_picture
from harness.budget import budget
from linli.estate.billing import actions, rules
from linli.estate.billing import queries as billing
from linli.estate.billing.models import Deposit, Invoice, Line, Receipt, Waiver
from linli.kernel.ids import ReceiptId
from linli.kernel.money import Money
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for March."""
    return desk.a_home_owing("100", since=MARCH, door="3-1-501")


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode().replace('<span class="money-cents">', "")


def paid(desk, home, amount="100") -> Receipt:
    cash = {"channel": rules.Channel.CASH, "payer": home.owner, "at": AT}
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse(amount), **cash)
    return Receipt.objects.inside().get(home=home.id)


def test_a_deposit_is_asked_taken_deducted_and_given_back(clerk: Client, desk, home):
    damage = desk.an_item("damage")
    new = f"/p/accounts/{home.id}/deposit/"
    text(clerk.get(new))
    form = {"obligor": home.owner, "word": "renovation", "title": "Works", "amount": "2000"}
    text(clerk.post(new, {**form, "obligor": a_person()}), 422)
    assert not Deposit.objects.inside().filter(home=home.id).exists()
    where = clerk.post(new, form)["Location"]
    assert "¥2,000.00" in text(clerk.get(where))
    assert clerk.post(f"{where}taking/", {"channel": "cash"}).status_code == 303
    text(clerk.post(f"{where}deduction/", {"item": damage, "deducted": "350"}), 422)
    assert clerk.post(f"{where}deduction/", {"item": damage, "deducted": "350", "why": "Lift door"}).status_code == 303
    assert "¥1650.00" in text(clerk.post(f"{where}return/", {"back_by": "cash", "back": "1650.01"}), 409)
    with budget(7):
        shown = text(clerk.get(where))
    assert "Lift door" in shown
    assert "¥1,650.00" in shown
    assert clerk.post(f"{where}return/", {"back_by": "bank"}).status_code == 303
    assert Deposit.objects.inside().get(home=home.id).state == "settled"
    told = text(clerk.get(where))
    assert ("<td>Given back</td>" in told) or ("<td>已退</td>" in told)
    with budget(6):
        assert "D2026-000001" in text(clerk.get("/p/deposits/?words=501&state=settled"))
    assert "D2026-000001" not in text(clerk.get("/p/deposits/?state=held"))
    assert "1650.00" in clerk.get("/p/deposits/sheet/?form=csv").content.decode()


def test_a_waiver_is_asked_by_one_and_approved_by_another(clerk: Client, desk, home, visitor):
    line = Line.objects.inside().get(home=home.id)
    new = f"/p/accounts/{home.id}/waiver/"
    assert "¥100.00" in text(clerk.get(new))
    text(clerk.post(new, {"why": "The lift stood still"}), 422)
    text(clerk.post(new, {"lines": [line.pk], f"amount.{line.pk}": "100.01", "why": "Too much"}), 422)
    assert not Waiver.objects.inside().filter(subject=home.id).exists()
    form = {"lines": [line.pk], f"amount.{line.pk}": "40", "why": "The lift stood still"}
    where = clerk.post(new, form)["Location"]
    with budget(6):
        shown = text(clerk.get(where))
    assert "The lift stood still" in shown
    assert 'value="approve"' not in shown
    assert 'value="refuse"' in shown
    assert "拒单" not in shown
    text(clerk.post(f"{where}decision/", {"do": "approve"}), 409)
    assert Line.objects.inside().get(pk=line.pk).credited_minor == 0
    other = visitor(replace(desk.scope, person=a_person()))
    waits = '<a href="/p/waivers/">'
    assert waits in text(other.get("/p/")).partition("<h1")[2]
    assert waits not in text(clerk.get("/p/")).partition("<h1")[2]
    assert 'value="approve"' in text(other.get(where))
    text(other.post(f"{where}decision/", {"do": "refuse"}), 422)
    assert other.post(f"{where}decision/", {"do": "approve"}).status_code == 303
    assert Line.objects.inside().get(pk=line.pk).credited_minor == 4000
    with budget(5):
        assert "¥40.00" in text(clerk.get("/p/waivers/?state=approved"))
    assert "The lift stood still" in clerk.get("/p/waivers/sheet/?form=csv").content.decode()


def test_who_may_take_money_may_ask_for_a_waiver_and_not_decide_on_one(visitor, desk, home):
    line = Line.objects.inside().get(home=home.id)
    cashier = visitor(replace(desk.scope, duty=Duty.CASHIER, person=a_person()))
    form = {"lines": [line.pk], "why": "The lift stood still"}
    where = cashier.post(f"/p/accounts/{home.id}/waiver/", form)["Location"]
    assert cashier.post(f"{where}decision/", {"do": "approve"}).status_code == 404
    assert Waiver.objects.inside().get(subject=home.id).state == "asked"


def test_what_was_paid_of_a_line_goes_back_and_the_line_is_open_again(clerk: Client, desk, home):
    line = Line.objects.inside().get(home=home.id)
    paid(desk, home)
    where = f"/p/bills/{line.bill_id}/lines/{line.pk}/refund/"
    text(clerk.post(where, refund_of(line, back="100.01")), 409)
    assert Line.objects.inside().get(pk=line.pk).paid_minor == 10000
    assert "¥30.00" in text(clerk.post(where, refund_of(line, back="30"), follow=True)).partition("</main>")[0]
    assert Line.objects.inside().get(pk=line.pk).paid_minor == 7000
    assert "¥30.00" in text(clerk.get(f"/p/bills/{line.bill_id}/"))


def refund_of(line: Line, **form: str) -> dict[str, str]:
    form = {"channel": "cash", "back_why": "Paid twice", **form}
    return {f"{name}.{line.pk}": value for name, value in form.items()}


def test_a_bill_and_its_receipt_say_what_was_paid_and_what_of_it_went_back(clerk: Client, visitor, desk, home):
    line = Line.objects.inside().get(home=home.id)
    receipt = paid(desk, home, "112")
    where = f"/p/bills/{line.bill_id}/lines/{line.pk}/refund/"
    assert clerk.post(where, refund_of(line, back="30")).status_code == 303
    assert clerk.post(where, refund_of(line, channel="bank")).status_code == 303
    actions.refund_rest(desk.scope, receipt=ReceiptId(receipt.pk), channel=rules.Channel.CASH, why="Too much", at=AT)
    of_bill = billing.bill_page(desk.scope, bill=line.bill_id)
    assert [str(each.amount) for each in of_bill.paid_by] == ["100.00"]
    assert [(each.channel, str(each.amount), each.why) for each in of_bill.given_back] == [
        (rules.Channel.BANK, "70.00", "Paid twice"),
        (rules.Channel.CASH, "30.00", "Paid twice"),
    ]
    of_receipt = billing.receipt_page(desk.scope, receipt=ReceiptId(receipt.pk))
    assert [str(each.amount) for each in of_receipt.lines] == ["100.00"]
    assert (str(of_receipt.no_longer_kept), str(of_receipt.elsewhere)) == ("12.00", "0.00")
    assert [each.number for each in of_receipt.given_back] == [f"T{AT.year}-00000{nth}" for nth in (2, 1, 3)]
    owner = visitor(home.scope)
    for who, prefix in ((clerk, "/p/bills/"), (owner, "/o/bills/")):
        assert f"T{AT.year}-000002" in text(who.get(f"{prefix}{line.bill_id}/")), prefix
    for who, prefix in ((clerk, "/p/fee-receipts/"), (owner, "/o/bills/receipts/")):
        shown = text(who.get(f"{prefix}{receipt.pk}/"))
        assert f"T{AT.year}-000003" in shown, prefix
        assert "Too much" in shown, prefix


def test_what_came_by_bank_becomes_cash_only_when_that_is_said(clerk: Client, desk, home):
    line = Line.objects.inside().get(home=home.id)
    bank = {"channel": rules.Channel.BANK, "payer": home.owner, "at": AT}
    taken = actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("130"), **bank)
    where = f"/p/bills/{line.bill_id}/lines/{line.pk}/refund/"
    assert "another_way" not in text(clerk.get(f"/p/bills/{line.bill_id}/"))
    asked = text(clerk.post(where, refund_of(line)), 409)
    assert f'name="another_way.{line.pk}"' in asked
    assert Line.objects.inside().get(pk=line.pk).paid_minor == 10000
    rest = f"/p/fee-receipts/{taken.receipt}/refund/"
    form = {"channel": "cash", "why": "Paid too much"}
    assert 'name="another_way"' in text(clerk.post(rest, form), 409)
    assert Receipt.objects.inside().get(pk=taken.receipt).rest_minor == 3000
    assert clerk.post(where, refund_of(line, another_way="1")).status_code == 303
    assert clerk.post(rest, {**form, "another_way": "1"}).status_code == 303
    assert Receipt.objects.inside().get(pk=taken.receipt).rest_minor == 0


def test_a_deposit_by_bank_becomes_cash_only_when_that_is_said(clerk: Client, desk, home):
    cards = {"subject": home.id, "obligor": home.owner, "community": desk.community.id, "at": AT}
    deposit = actions.ask_deposit(desk.scope, word="other", title={"en": "Card"}, amount=Money(5000), **cards)
    actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.BANK, at=AT)
    where = f"/p/deposits/{deposit}/return/"
    assert 'name="another_way"' in text(clerk.post(where, {"back_by": "cash"}), 409)
    assert Deposit.objects.inside().get(pk=deposit).returned_minor == 0
    assert clerk.post(where, {"back_by": "cash", "another_way": "1"}).status_code == 303
    assert Deposit.objects.inside().get(pk=deposit).state == "settled"


def test_what_is_kept_of_a_receipt_goes_back(clerk: Client, desk, home):
    receipt = paid(desk, home, "112")
    where = f"/p/fee-receipts/{receipt.pk}/"
    assert "¥12.00" in text(clerk.get(where))
    assert clerk.post(f"{where}refund/", {"channel": "bank", "why": "Paid too much"}).status_code == 303
    assert Receipt.objects.inside().get(pk=receipt.pk).rest_minor == 0


def asked(desk, home) -> UUID:
    receipt = ReceiptId(paid(desk, home).pk)
    return actions.ask_invoice(home.scope, receipts=[receipt], title="杭州某某有限公司", tax_number="91330100X", at=AT)


def test_an_invoice_is_issued_with_its_number_and_may_be_taken_back(clerk: Client, desk, home):
    invoice = asked(desk, home)
    with budget(4):
        assert "杭州某某有限公司" in text(clerk.get("/p/fee-invoices/?state=asked"))
    where = f"/p/fee-invoices/{invoice}/"
    with budget(5):
        assert "91330100X" in text(clerk.get(where))
    text(clerk.post(f"{where}issue/", {"number": ""}), 422)
    assert clerk.post(f"{where}issue/", {"number": "25332000000012345678"}).status_code == 303
    assert "25332000000012345678" in text(clerk.get("/p/fee-invoices/?words=25332000000012345678"))
    assert "25332000000012345678" in clerk.get("/p/fee-invoices/sheet/?form=csv").content.decode()
    assert clerk.post(f"{where}refusal/", {"answer": "Wrong title"}).status_code == 303
    assert Invoice.objects.inside().get(pk=invoice).state == "revoked"


def test_the_paper_of_an_invoice_is_kept_and_opens_for_its_desk_alone(clerk: Client, visitor, desk, home):
    where = f"/p/fee-invoices/{asked(desk, home)}/"
    assert clerk.get(f"{where}file/").status_code == 404
    wrong = SimpleUploadedFile("invoice.exe", b"MZ\x00 not a paper")
    text(clerk.post(f"{where}issue/", {"number": "2533", "file": wrong}), 415)
    paper = SimpleUploadedFile("invoice.png", a_picture("PNG"))
    assert clerk.post(f"{where}issue/", {"number": "2533", "file": paper}).status_code == 303
    opened = clerk.get(f"{where}file/")
    assert opened.status_code == 303
    assert clerk.get(opened["Location"]).status_code == 200
    assert visitor(a_desk().scope).get(f"{where}file/").status_code == 404


def test_an_invoice_is_refused_with_a_reason(clerk: Client, desk, home):
    where = f"/p/fee-invoices/{asked(desk, home)}/"
    text(clerk.post(f"{where}refusal/", {}), 422)
    assert clerk.post(f"{where}refusal/", {"answer": "The tax number is wrong"}).status_code == 303
    assert "The tax number is wrong" in text(clerk.get(where))


def test_a_guard_and_a_stranger_find_nothing_of_it(visitor, desk, home):
    invoice = asked(desk, home)
    cards = {"subject": home.id, "obligor": home.owner, "community": desk.community.id, "at": AT}
    deposit = actions.ask_deposit(desk.scope, word="other", title={"en": "Card"}, amount=Money(5000), **cards)
    for who in (visitor(replace(desk.scope, duty=Duty.GUARD)), visitor(a_desk().scope)):
        for page in (f"fee-invoices/{invoice}/", f"deposits/{deposit}/", f"accounts/{home.id}/deposit/"):
            assert who.get(f"/p/{page}").status_code == 404, page
        assert who.post(f"/p/deposits/{deposit}/taking/", {"channel": "cash"}).status_code == 404
    assert Deposit.objects.inside().get(pk=deposit).state == "asked"
