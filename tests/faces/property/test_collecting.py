"""The desk that gets what is owed: arrears, notes, letters, collection, and the lines of the bank."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_community, a_home
from builders.billing import a_desk
from builders.contracts import a_contract
from harness.budget import budget
from linli.estate.billing import actions, queries
from linli.estate.billing.models import ArrearsNote, Line, Receipt
from linli.estate.billing.queries import ReceiptOrder
from linli.estate.billing.rules import Bucket, Channel
from linli.estate.contracts.queries import contract_page
from linli.estate.contracts.tasks import charge_rows
from linli.ground.people import actions as people_actions
from linli.kernel.money import Money
from linli.spine.audit import entries
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
NOW = AT.replace(year=2026, month=5, day=20)


@pytest.fixture(autouse=True)
def two_months_later(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that has owed 100.00 since the 28th of March."""
    return desk.a_home_owing("100", since=MARCH, door="3-1-501")


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode().replace('<span class="money-cents">', "")


def test_arrears_are_listed_with_their_age_and_taken_away(clerk: Client, home):
    with budget(7):
        shown = text(clerk.get("/p/arrears/"))
    assert "3-1-501" in shown
    assert "¥100.00" in shown
    assert "3-1-501" not in text(clerk.get("/p/arrears/?days=60"))
    assert "3-1-501" in clerk.get("/p/arrears/sheet/?form=csv").content.decode()


def test_a_contract_among_the_arrears_is_called_by_its_number(clerk: Client, desk):
    label = contract_page(desk.scope, contract=a_contract(desk), at=AT).card.label
    charge_rows(at=AT)
    with budget(10):
        assert label in text(clerk.get("/p/arrears/"))
    assert label in clerk.get("/p/arrears/sheet/?form=csv").content.decode()


def test_the_arrears_of_many_homes_cost_no_more_statements(clerk: Client, desk, home):
    item = desk.priced(desk.an_item(), "fixed", amount="10")
    desk.charged(item, *(desk.a_home(f"4-1-{n}01") for n in range(1, 21)))
    actions.draft_month(desk.scope, community=desk.community.id, first_on=date(2026, 4, 1), at=AT)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=date(2026, 4, 1), at=AT)
    with budget(7):
        assert "4-1-2001" in text(clerk.get("/p/arrears/"))


def test_what_was_said_is_written_down(clerk: Client, home):
    where = f"/p/arrears/{home.id}/"
    promise = {"kind": "promise", "text": "After the holidays", "promised_on": "2026-06-01", "amount": "60"}
    assert clerk.post(where, promise).status_code == 303
    assert "After the holidays" in text(clerk.get(where))
    text(clerk.post(where, {"kind": "promise", "text": "Some day"}), 422)
    text(clerk.post(where, {"kind": "visit", "text": ""}), 422)
    assert ArrearsNote.objects.inside().filter(subject=home.id).count() == 1


def test_letters_are_made_as_pdf(clerk: Client, desk, home):
    for where, form in (
        (f"/p/arrears/{home.id}/letter/", {}),
        ("/p/arrears/letters/", here := {"community": desk.community.id}),
    ):
        answer = clerk.post(where, form)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
    assert clerk.post("/p/arrears/letters/", here | {"days": "300"}).status_code == 404


def test_a_letter_asks_for_what_is_late_and_calls_a_late_fee_so(clerk: Client, desk, home, monkeypatch):
    """March is late with its late fee, June is not due yet: the letter of the 20th of May asks for the first two."""
    written = []
    monkeypatch.setattr(
        "linli.faces.property.arrears_letters.pdf", lambda papers, **_title: written.extend(papers) or b""
    )
    march = Line.objects.inside().get(home=home.id)
    fee = {"late_of": march, "kind": "late_fee", "amount_minor": 5_00, "due_on": date(2026, 4, 28)}
    later = {"kind": "once", "amount_minor": 70_00, "due_on": date(2026, 6, 28)}
    for nth, other in enumerate((fee, later), start=1):
        march.pk, march._state.adding = march.pk + nth, True
        for name, value in other.items():
            setattr(march, name, value)
        march.save(force_insert=True)
    assert clerk.post(f"/p/arrears/{home.id}/letter/").status_code == 200
    (letter,) = written
    table = next(part for part in letter.parts if not isinstance(part, str))
    assert [row[-1] for row in table.rows] == ["¥100.00", "¥5.00", "¥105.00"]
    assert "·" in table.rows[1][0]
    assert letter.parts[-1] == "2026-05-20"


def test_reminders_can_be_sent_now(clerk: Client, desk, home):
    assert clerk.post("/p/arrears/reminders/", {"community": desk.community.id}).status_code == 303
    (found,) = queries.arrears(desk.scope, community=desk.community.id, on=NOW.date())
    assert found.stage == 3


def test_collection_is_told_by_building(clerk: Client, desk, home):
    with budget(7):
        shown = text(clerk.get("/p/collection/"))
    assert "¥100.00" in shown
    assert "0%" in shown


def test_a_sheet_of_the_bank_is_taken_in_and_its_line_posted(clerk: Client, desk, home):
    content = "日期,金额,付款人,摘要,流水号\n2026-05-02,100.00,王,3栋1单元501,A1\n2026-05-02,7.00,李,,A2\n".encode()
    files = {"file": SimpleUploadedFile("bank.csv", content)}
    assert clerk.post("/p/bank/", files).status_code == 303
    with budget(8):
        shown = text(clerk.get("/p/bank/"))
    assert "3-1-501" in shown
    of = {str(each.amount): each.line for each in queries.bank_lines(desk.scope)}
    text(clerk.post("/p/bank/matches/", {"lines": [of["7.00"]]}), 422)
    text(clerk.post(f"/p/bank/{of['7.00']}/match/", {f"door.{of['7.00']}": "9-9-909"}), 422)
    assert not Receipt.objects.inside().filter(home=home.id).exists()
    assert clerk.post("/p/bank/matches/", {"lines": [of["100.00"]]}).status_code == 303
    assert clerk.post(f"/p/bank/{of['7.00']}/aside/", {f"why.{of['7.00']}": "Rent"}).status_code == 303
    assert "Rent" in text(clerk.get("/p/bank/?state=set_aside"))
    assert not queries.account_page(desk.scope, subject=home.id).open
    assert clerk.post(f"/p/bank/{of['7.00']}/waiting/").status_code == 303
    assert clerk.post(f"/p/bank/{of['7.00']}/match/", {f"door.{of['7.00']}": "3-1-501"}).status_code == 303
    assert str(queries.account_page(desk.scope, subject=home.id).kept) == "7.00"


def test_a_line_of_the_bank_is_posted_by_the_form_as_it_stands_on_the_page(clerk: Client, desk, home):
    """What a browser sends: the key of the form, and whose the line seems to be, chosen already."""
    content = "日期,金额,付款人,摘要\n2026-05-02,100.00,王,3-1-501\n".encode()
    actions.import_bank_lines(desk.scope, file_name="bank.csv", content=content, at=AT)
    (line,) = (each.line for each in queries.bank_lines(desk.scope))
    shown = text(clerk.get("/p/bank/"))
    form = shown.split(f"/p/bank/{line}/match/")[1].split("</form>")[0]
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', form))
    sent[f"subject.{line}"] = re.search(r'<option value="([^"]+)"', form)[1]
    assert clerk.post(f"/p/bank/{line}/match/", sent).status_code == 303
    assert not queries.account_page(desk.scope, subject=home.id).open
    assert Receipt.objects.inside().filter(home=home.id).count() == 1


def test_a_door_that_several_communities_have_is_posted_where_it_was_chosen(desk, home, visitor):
    other = a_community("梧桐里")
    people_actions.entrust_community(SYSTEM, community=other.id, company=desk.company, start_on=date(2026, 1, 1), at=AT)
    a_home("3-1-501", community=other)
    scope = replace(desk.scope, communities=(desk.community.id, other.id))
    actions.import_bank_lines(scope, file_name="bank.csv", content="日期,金额\n2026-05-02,7.00\n".encode(), at=AT)
    (line,) = (each.line for each in queries.bank_lines(scope))
    clerk = visitor(scope, locale="en")
    assert "梧桐里" in text(clerk.get("/p/bank/"))
    door = {f"door.{line}": "3-1-501"}
    text(clerk.post(f"/p/bank/{line}/match/", door), 422)
    assert clerk.post(f"/p/bank/{line}/match/", {**door, f"place.{line}": desk.community.id}).status_code == 303
    assert str(queries.account_page(desk.scope, subject=home.id).open) == "93.00"


def test_who_owes_is_whom_the_till_takes_for_the_payer(clerk: Client, desk, home):
    shown = text(clerk.get(f"/p/accounts/{home.id}/payment/"))
    assert f'<option value="{home.owner}" selected>' in shown


def test_a_sheet_of_the_bank_with_a_wrong_cell_is_told_and_brings_nothing(clerk: Client, desk, visitor):
    content = "日期,金额\n2026-05-02,100.00\n2026-05-02,hundred\n".encode()
    answer = clerk.post("/p/bank/", {"file": SimpleUploadedFile("bank.csv", content)}, follow=True)
    assert "hundred" in text(answer)
    assert queries.bank_lines(desk.scope) == ()
    where = answer.redirect_chain[-1][0]
    assert "?sheet=" in where
    assert visitor(a_desk().scope).get(where).status_code == 404


def test_names_at_the_bank_are_masked_and_shown_once_to_whoever_says_why(clerk: Client, desk, home):
    rows = "2026-05-02,100.00,欧阳小明,欧阳小明 3-1-501\n2026-05-02,7.00,长丰贸易有限公司,货款\n"
    content = f"日期,金额,付款人,摘要\n{rows}".encode()
    actions.import_bank_lines(desk.scope, file_name="bank.csv", content=content, at=AT)
    shown = text(clerk.get("/p/bank/"))
    assert "欧阳小明" not in shown
    assert "欧*** 3-1-501" in shown
    assert "长丰贸易有限公司" in shown
    line = next(each.line for each in queries.bank_lines(desk.scope) if str(each.amount) == "100.00")
    text(clerk.post(f"/p/bank/{line}/words/", {f"why_words.{line}": " "}), 422)
    assert not entries(desk.scope, action="read.bank_line")
    assert "欧阳小明 3-1-501" in text(clerk.post(f"/p/bank/{line}/words/", {f"why_words.{line}": "He asks for it"}))
    assert len(entries(desk.scope, action="read.bank_line")) == 1


def test_a_stranger_finds_no_arrears_letter_or_line(visitor, desk, home):
    stranger = visitor(a_desk().scope)
    assert stranger.get(f"/p/arrears/{home.id}/").status_code == 404
    assert stranger.post(f"/p/arrears/{home.id}/letter/").status_code == 404
    assert stranger.post("/p/arrears/letters/", {"community": desk.community.id}).status_code == 404
    assert stranger.get(f"/p/arrears/?community={desk.community.id}").status_code == 404
    assert stranger.post("/p/arrears/reminders/", {"community": desk.community.id}).status_code == 404


def test_the_report_is_a_page_a_spreadsheet_and_a_paper_from_the_same_question(clerk: Client, desk, home):
    clerk.post(f"/p/accounts/{home.id}/payment/", {"amount": "30.50", "channel": "cash", "desk": "front"})
    shown = text(clerk.get("/p/fee-report/?since=2026-01&until=2026-12"))
    assert "¥100.00" in shown
    assert "100" in clerk.get("/p/fee-report/sheet/?form=csv&since=2026-01&until=2026-12").content.decode()
    came = clerk.get("/p/fee-report/sheet/?form=csv&of=received&since=2026-01&until=2026-12").content.decode()
    rows = [row.split(",") for row in came.splitlines()[1:]]
    assert [row[2] for row in rows] == ["1"]
    assert all(f"¥{float(cell):,.2f}" in shown for row in rows for cell in row[3:])
    assert clerk.get("/p/fee-report/paper/?since=2026-01&until=2026-12").content.startswith(b"%PDF-")
    assert clerk.get("/p/fee-receipts/").status_code == 200


def test_all_money_of_a_month_stands_on_one_page_with_its_sheet_and_agrees_with_the_book(clerk: Client, desk, visitor):
    home = desk.a_home_owing("100", since=date(2026, 3, 1), door="3-1-501")
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("60"), channel=Channel.CASH, at=AT)
    actions.take_topup(
        desk.scope, community=desk.community.id, person=home.owner, bucket=Bucket.GENERAL,
        amount=Money.parse("30"), channel=Channel.POS, at=AT,
    )  # fmt: skip
    report = text(clerk.get("/p/fee-report/?since=2026-03&until=2026-03"))
    assert "purpose=bills&amp;channel=cash" in report
    assert "purpose=wallets&amp;channel=pos" in report
    sheet = clerk.get("/p/fee-report/sheet/?form=csv&of=money&since=2026-03&until=2026-03").content.decode("utf-8-sig")
    assert [row.split(",")[3:] for row in sheet.splitlines()[1:]] == [
        ["1", "60.00", "0.00", "60.00"],
        ["1", "30.00", "0.00", "30.00"],
    ]
    moves = text(clerk.get("/p/money-moves/?month=2026-03"))
    assert "¥90.00" in moves
    assert ("says the same of each" in moves) or ("与公司账簿逐笔一致" in moves)
    only = text(clerk.get("/p/money-moves/?month=2026-03&purpose=wallets"))
    assert "¥30.00" in only
    assert "¥60.00" not in only
    listed = clerk.get("/p/money-moves/?month=2026-03&form=csv").content.decode("utf-8-sig")
    assert len(listed.splitlines()) == 3
    stranger = visitor(a_desk().scope)
    assert "¥30.00" not in text(stranger.get("/p/money-moves/?month=2026-03"))


def test_receipts_and_moves_of_money_are_sorted_over_all_pages_and_keep_views(clerk: Client, desk):
    home = desk.a_home_owing("100", since=date(2026, 3, 1), door="3-1-501")
    for nth, amount in enumerate(("20", "50", "10")):
        actions.take_payment(
            desk.scope,
            subject=home.id,
            amount=Money.parse(amount),
            channel=Channel.CASH,
            at=AT + timedelta(minutes=nth),
        )

    def told(page: str, by: str, column: int) -> list[str]:
        assert "saved-views" in text(clerk.get(f"{page}?month=2026-03"))
        sheet = clerk.get(f"{page}?month=2026-03&by={by}&form=csv").content.decode("utf-8-sig")
        return [row.split(",")[column] for row in sheet.splitlines()[1:]]

    for page, key, column in (("/p/fee-receipts/", "amount", 4), ("/p/money-moves/", "in", 5)):
        assert told(page, key, column) == ["10.00", "20.00", "50.00"]
        assert told(page, f"-{key}", column) == ["50.00", "20.00", "10.00"]
        assert told(page, "nothing", column) == ["10.00", "50.00", "20.00"]
    first, *_others = queries.receipts(desk.scope, communities=[desk.community.id], order=ReceiptOrder.AMOUNT, limit=1)
    rest = queries.receipts(
        desk.scope, communities=[desk.community.id], order=ReceiptOrder.AMOUNT, after=first.receipt, limit=9
    )
    assert [one.amount for one in (first, *rest)] == [Money.parse(each) for each in ("50", "20", "10")]


def test_money_that_moved_and_a_promise_to_pay_are_not_said_as_stock_and_cash_on_delivery(clerk: Client, home):
    """They stood there in the Chinese words of a shop's stock and of an order paid in cash."""
    moved = text(clerk.get("/p/money-moves/"))
    assert ("Money in" in moved) or ("收入金额" in moved)
    for page in ("/p/money-moves/", "/p/fee-report/", f"/p/arrears/{home.id}/", "/p/arrears/"):
        shown = text(clerk.get(page))
        assert not [word for word in ("入库时间", "库存流水", "约定付现金") if word in shown], page
