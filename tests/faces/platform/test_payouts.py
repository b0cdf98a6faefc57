"""The payouts desk: who waits and why, the receiver, holds, calling off, and the bank's files both ways."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import a_city, a_company, a_person
from harness.budget import budget
from harness.payments_words import NOW, PSP, SaidProvider, a_collection, as_the_house
from harness.payouts_words import FREE, Shared, a_completed_order
from linli.ground.policies import actions as policies
from linli.kernel.ids import PartyId, PayoutId
from linli.money.payments import actions as payments
from linli.money.payments.gateways.registry import serving
from linli.money.payouts import actions, queries
from linli.money.payouts.rules import PayoutState
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def when_everything_is_free(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: FREE)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: FREE)


@pytest.fixture(autouse=True)
def provider():
    with serving(PSP, SaidProvider()) as gateway:
        yield gateway


@pytest.fixture
def shared() -> Shared:
    found = a_completed_order(city=a_city().id, merchant=a_person("周老板"))
    actions.release_holds(SYSTEM, at=FREE)
    return found


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def drawn(shared: Shared) -> PayoutId:
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [(id_,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s", shared.merchant)
    return PayoutId(id_)


def text(response) -> str:
    return response.content.decode()


def card(shared: Shared) -> queries.PayeeCard:
    return queries.payee(SYSTEM, payee=shared.merchant)


def test_every_page_keeps_its_budget_in_both_languages(visitor, operator, shared):
    payout = drawn(shared)
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        for where, statements in {
            f"/platform/payouts/?city={shared.city}": 6,
            f"/platform/payouts/{payout}/": 6,
            f"/platform/payees/{shared.merchant}/": 5,
            f"/platform/bank-files/?city={shared.city}": 1,
        }.items():
            client.get(where)
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_who_waits_is_told_with_the_reason_and_the_way_on(desk):
    shared = a_completed_order(city=a_city().id, merchant=a_person(), receivers=False)
    actions.release_holds(SYSTEM, at=FREE)
    actions.set_receiver(SYSTEM, payee=shared.courier, name="x", account="1", bank="B", at=FREE)
    actions.hold_payee(SYSTEM, payee=shared.company, why="Contract ended", at=FREE)
    actions.set_receiver(SYSTEM, payee=shared.courier, name="x", account="622202020011", bank="B", at=FREE)
    page = text(desk.get(f"/platform/payouts/?city={shared.city}"))
    for words in ("nowhere to send it", "Enter the bank account", "Contract ended"):
        assert words in page


def test_a_receiver_is_set_shown_masked_and_written_down(desk, shared, operator):
    where = f"/platform/payees/{shared.merchant}/receiver/"
    form = {"name": "周老板", "account": "6222 0202 7788", "bank": "CCB"}
    assert desk.post(where, form).status_code == 303
    page = text(desk.get(f"/platform/payees/{shared.merchant}/"))
    assert "•••• 7788" in page
    assert "6222 0202 7788" not in page
    [(person, said)] = as_the_house(
        "SELECT person, said::text FROM spine_audit WHERE action = 'payouts.set_receiver' AND person IS NOT NULL"
    )
    assert person == operator.person
    assert "7788" not in said


@pytest.mark.parametrize(
    ("verb", "form", "field"),
    [
        ("receiver", {"name": "x", "bank": "y"}, "account"),
        ("receiver", {"name": "x", "bank": "y", "account": "1" * 65}, "account"),
        ("receiver", {"account": "1", "bank": "y"}, "name"),
        ("hold", {"hold_why": ""}, "hold_why"),
        ("hold-days", {"days": "61"}, "days"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field_and_nothing_changes(desk, shared, verb, form, field):
    before = card(shared)
    answer = desk.post(f"/platform/payees/{shared.merchant}/{verb}/", form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert card(shared) == before


def test_a_payee_is_held_and_freed_and_its_days_are_set(desk, shared):
    where = f"/platform/payees/{shared.merchant}/"
    assert desk.post(where + "hold/", {"hold_why": "Papers have expired"}).status_code == 303
    assert card(shared).held_why == "Papers have expired"
    assert desk.post(where + "freeing/").status_code == 303
    assert card(shared).held_at is None
    assert desk.post(where + "hold-days/", {"days": "3"}).status_code == 303
    assert card(shared).hold_days == 3
    assert desk.post(where + "hold-days/", {"days": ""}).status_code == 303
    assert card(shared).hold_days is None


def test_held_payees_are_freed_together_and_who_is_not_held_is_named(desk, shared):
    for payee in (shared.merchant, shared.company):
        actions.hold_payee(SYSTEM, payee=payee, why="Papers have expired", at=FREE)
    page = text(desk.get(f"/platform/payouts/?city={shared.city}"))
    assert all(f'value="{payee}" aria-label="Choose' in page for payee in (shared.merchant, shared.company))
    every = {"chosen": [shared.merchant, shared.company, shared.courier]}
    answer = desk.post(f"/platform/payees/freeings/?city={shared.city}", every)
    assert answer["Location"] == f"/platform/payouts/?city={shared.city}"
    page = text(desk.get(answer["Location"]))
    assert "2 payees are free again." in page
    assert "Its money is not held." in page
    assert [queries.payee(SYSTEM, payee=each).held_at for each in every["chosen"]] == [None] * 3


def test_payees_are_held_together_for_one_reason_and_who_was_held_before_keeps_theirs(desk, shared):
    actions.hold_payee(SYSTEM, payee=shared.company, why="Contract ended", at=FREE)
    page = text(desk.get(f"/platform/payouts/?city={shared.city}"))
    assert f'value="{shared.company}" aria-label="Choose' in page
    where = f"/platform/payees/holds/?city={shared.city}"
    every = [shared.merchant, shared.company, shared.courier]
    answer = desk.post(where, {"chosen": every, "holds_why": "Papers have expired"})
    assert answer["Location"] == f"/platform/payouts/?city={shared.city}"
    page = text(desk.get(answer["Location"]))
    assert "2 payees are held." in page
    assert "Its money is held already." in page
    assert [queries.payee(SYSTEM, payee=each).held_why for each in every] == [
        "Papers have expired",
        "Contract ended",
        "Papers have expired",
    ]
    assert actions.draw_payouts(SYSTEM, city=shared.city, at=FREE) == ()


def test_many_are_held_only_with_a_reason_and_nothing_changes_without_one(desk, shared):
    answer = desk.post(f"/platform/payees/holds/?city={shared.city}", {"chosen": [shared.merchant], "holds_why": ""})
    assert answer.status_code == 422
    assert 'id="holds_why-wrong"' in text(answer)
    assert card(shared).held_at is None


def test_nobody_known_is_no_payee(desk):
    assert desk.get(f"/platform/payees/{PartyId(PayoutId(a_city().id))}/").status_code == 404


def test_what_is_drawn_is_sent_and_can_be_called_off_only_before(desk, shared):
    payout = drawn(shared)
    where = f"/platform/payouts/{payout}/"
    nothing_said = desk.post(where + "calling-off/", {"why": ""})
    assert nothing_said.status_code == 422
    assert 'id="why-wrong"' in text(nothing_said)
    assert "Call it off" in text(desk.get(where))
    assert desk.post("/platform/payouts/sending/").status_code == 303
    assert queries.payout_page(SYSTEM, payout=payout).card.state is not PayoutState.DRAWN
    assert "Call it off" not in text(desk.get(where))
    assert desk.post(where + "calling-off/", {"why": "Too late"}).status_code == 409


def test_a_payout_is_called_off_and_says_why(desk, shared):
    payout = drawn(shared)
    where = f"/platform/payouts/{payout}/"
    assert desk.post(where + "calling-off/", {"why": "Wrong account"}).status_code == 303
    page = text(desk.get(where))
    assert "Wrong account" in page
    assert "draw again" in page


def test_the_bank_gets_its_file_once(desk, shared):
    payout = drawn(shared)
    file = desk.post("/platform/payouts/bank-file/", {"city": str(shared.city)})
    assert file["Content-Type"] == "text/csv"
    assert str(payout) in text(file)
    again = desk.post("/platform/payouts/bank-file/", {"city": str(shared.city)})
    assert again.status_code == 303


def sheet(shared: Shared, payout: PayoutId, amount: str = "-53.36") -> SimpleUploadedFile:
    lines = (
        "line,kind,reference,amount,booked_on",
        f"B-1,payout,{payout},{amount},2026-12-01",
        "B-2,payout,x,-5.00,2026-12-01",
    )
    return SimpleUploadedFile("bank.csv", "\n".join(lines).encode())


def test_a_bank_file_is_looked_at_then_taken_in(desk, shared):
    payout = drawn(shared)
    about = {"city": str(shared.city), "source": PSP}
    page = text(desk.post("/platform/bank-files/preview/", about | {"file": sheet(shared, payout)}))
    assert "finds its place" in page
    assert "goes to suspense" in page
    assert queries.payout_page(SYSTEM, payout=payout).card.state is PayoutState.DRAWN
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    assert desk.post("/platform/bank-files/", about | {"kept": kept}).status_code == 303
    assert queries.payout_page(SYSTEM, payout=payout).card.state is PayoutState.SETTLED
    assert desk.post("/platform/bank-files/", about | {"kept": kept}).status_code == 303
    assert as_the_house("SELECT count(*) FROM payouts_bank_line") == [(2,)]


def test_wrong_cells_of_a_bank_file_are_shown_by_row_and_column(desk, shared):
    about = {"city": str(shared.city), "source": PSP, "file": sheet(shared, drawn(shared), "many")}
    page = text(desk.post("/platform/bank-files/preview/", about))
    assert "This is not an amount" in page
    assert 'name="kept"' not in page
    nothing = desk.post("/platform/bank-files/preview/", {"city": str(shared.city), "source": PSP})
    assert nothing.status_code == 422
    assert 'id="file-wrong"' in text(nothing)


def test_strangers_move_nothing(visitor, shared):
    payout = drawn(shared)
    for scope in (
        Scope(role=Role.MERCHANT, person=shared.merchant),
        Scope(role=Role.PROPERTY, person=a_person(), company=a_company()),
        Scope(role=Role.RESIDENT, person=a_person()),
    ):
        client = visitor(scope)
        for where in ("payouts/", f"payouts/{payout}/", f"payees/{shared.merchant}/", "bank-files/"):
            assert client.get(f"/platform/{where}").status_code == 404
        form = {"why": "x", "hold_why": "x", "name": "x", "account": "1", "bank": "x", "city": str(shared.city)}
        for where in (
            f"payouts/{payout}/calling-off/",
            "payouts/sending/",
            "payouts/bank-file/",
            f"payees/{shared.merchant}/receiver/",
            f"payees/{shared.merchant}/hold/",
        ):
            assert client.post(f"/platform/{where}", form).status_code == 404
    assert queries.payout_page(SYSTEM, payout=payout).card.state is PayoutState.DRAWN
    assert card(shared).receiver_account == "•••• 0011"


@pytest.fixture
def splits():
    values = {"held_for_split": True, "split_most_bp": 10_000}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)


@pytest.fixture
def share(splits) -> PayoutId:
    """A share of a held charge that the provider has promised to pay."""
    due = a_collection(city=a_city().id)
    payments.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
    payments.record_told(SYSTEM, told=due.paid(), at=NOW)
    sold = a_completed_order(due=due, merchant=a_person("周老板"))
    actions.set_split_receiver(SYSTEM, payee=sold.merchant, receiver="receiver-1", at=NOW)
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=sold.city, at=FREE)
    actions.send_payouts(at=FREE)
    [(payout,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s AND way = 'split'", sold.merchant)
    return PayoutId(payout)


def recalls() -> int:
    [(count,)] = as_the_house("SELECT count(*) FROM payouts_payout WHERE recall_at IS NOT NULL")
    return int(count)


def test_a_receiver_of_shares_is_asked_for_only_where_providers_split(desk, shared):
    assert "Shares paid by the provider" not in text(desk.get(f"/platform/payees/{shared.merchant}/"))


def test_a_receiver_of_shares_is_set_and_taken_away(desk, shared, splits):
    where = f"/platform/payees/{shared.merchant}/"
    assert desk.post(where + "split-receiver/", {"receiver": "receiver-1"}).status_code == 303
    assert card(shared).split_receiver == "receiver-1"
    assert 'value="receiver-1"' in text(desk.get(where))
    refused = desk.post(where + "split-receiver/", {"receiver": "a b"})
    assert refused.status_code == 422
    assert 'id="receiver-wrong"' in text(refused)
    assert card(shared).split_receiver == "receiver-1"
    assert desk.post(where + "split-receiver/", {"receiver": ""}).status_code == 303
    assert card(shared).split_receiver == ""


def test_a_share_is_asked_back_once_with_a_reason(desk, share):
    where = f"/platform/payouts/{share}/"
    assert "Ask it back" in text(desk.get(where))
    nothing_said = desk.post(where + "recall/", {"recall_why": ""})
    assert nothing_said.status_code == 422
    assert 'id="recall_why-wrong"' in text(nothing_said)
    assert recalls() == 0
    assert desk.post(where + "recall/", {"recall_why": "Wrong receiver"}).status_code == 303
    assert recalls() == 1
    assert "being asked to take this share back" in text(desk.get(where))
    assert desk.post(where + "recall/", {"recall_why": "Wrong receiver"}).status_code == 409


def test_what_left_through_the_bank_is_not_asked_back(desk, shared):
    payout = drawn(shared)
    assert "Ask it back" not in text(desk.get(f"/platform/payouts/{payout}/"))
    assert desk.post(f"/platform/payouts/{payout}/recall/", {"recall_why": "x"}).status_code == 409


def test_strangers_ask_nothing_back_and_set_no_receiver_of_shares(visitor, share, shared):
    for role in (Role.MERCHANT, Role.PROPERTY, Role.RESIDENT):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.post(f"/platform/payouts/{share}/recall/", {"recall_why": "x"}).status_code == 404
        form = {"receiver": "receiver-2"}
        assert client.post(f"/platform/payees/{shared.merchant}/split-receiver/", form).status_code == 404
    assert (recalls(), card(shared).split_receiver) == (0, "")
