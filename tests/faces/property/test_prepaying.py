"""Wallets and months paid ahead, at the desk and on the phone, from the offer to what goes back."""

from __future__ import annotations

from datetime import date

import pytest

from builders import AT
from builders.billing import a_desk
from harness.budget import statements_of_pages
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Term, TopUp
from linli.estate.billing.rules import Bucket, Channel
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("2-1-301")


@pytest.fixture
def fee(desk, home):
    item = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(item, home)
    return item


def text(answer) -> str:
    return answer.content.decode()


def arrives(where: str) -> None:
    collection = where.rstrip("/").rpartition("/")[2]
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=collection, at=AT
    )


def offered(office, desk, fee):
    answer = office.post(
        "/p/term-offers/",
        {"community": desk.community.id, "item": fee, "months": "2", "gifts": "1", "price": "locked"},
    )
    assert answer.status_code == 303


def test_months_are_offered_bought_on_the_phone_billed_and_given_back(visitor, desk, home, fee):
    office, owner = visitor(desk.scope), visitor(home.scope)
    offered(office, desk, fee)
    again = {"community": desk.community.id, "item": fee, "months": "2", "gifts": "1", "price": "locked"}
    assert office.post("/p/term-offers/", again).status_code == 422
    (offer,) = queries.offers(desk.scope, community=desk.community.id)
    shown = text(owner.get("/o/prepaid/"))
    assert "¥200.00" in shown
    begun = owner.post("/o/prepaid/", {"offer": offer.offer, "home": home.id, "first_on": "2026-03-01"})
    assert begun.status_code == 303
    assert "¥200.00" in text(owner.get(begun["Location"]))
    arrives(begun["Location"])
    term = Term.objects.inside().get().pk
    actions.record_term(SYSTEM, term=term, at=AT)
    assert "/o/bills/receipts/" in text(owner.get(begun["Location"]))
    for month in (3, 4):
        given = {"community": desk.community.id, "first_on": date(2026, month, 1), "at": AT}
        actions.draft_month(desk.scope, **given)
        actions.issue_month(desk.scope, **given)
        if month == 3:
            refused = office.post(f"/p/terms/{term}/returns/", {"since": "2026-04-01", "channel": "cash"})
            assert refused.status_code == 422
    assert "¥100.00" in text(owner.get(f"/o/prepaid/{term}/"))
    assert not queries.owed(home.scope, at=AT).amount
    late = office.post(f"/p/terms/{term}/returns/", {"channel": "cash", "why": "搬走"})
    assert late.status_code == 409
    assert text(office.get("/p/terms/file/?form=csv")).count("2-1-301") == 1
    assert len(text(office.get("/p/wallets/file/?form=csv")).splitlines()) == 1


def test_the_desk_sells_months_and_gives_back_what_is_left(visitor, desk, home, fee):
    office = visitor(desk.scope)
    offered(office, desk, fee)
    (offer,) = queries.offers(desk.scope, community=desk.community.id)
    where = f"/p/accounts/{home.id}/terms/"
    assert "¥200.00" in text(office.get(where))
    sold = office.post(where, {"offer": offer.offer, "first_on": "2026-03-01", "channel": "bank"})
    assert sold.status_code == 303
    account = queries.account_page(desk.scope, subject=home.id)
    assert (str(account.open), str(account.kept), str(account.elsewhere)) == ("0.00", "0.00", "200.00")
    assert office.post(where, {"offer": offer.offer, "first_on": "2026-03-01", "channel": "cash"}).status_code == 409
    returned = {"since": "2026-04-01", "channel": "cash", "why": "搬走"}
    refused = office.post(f"{sold['Location']}returns/", returned)
    assert refused.status_code == 409
    assert 'name="another_way"' in text(refused)
    assert office.post(f"{sold['Location']}returns/", {**returned, "another_way": "1"}).status_code == 303
    page = queries.term_page(desk.scope, term=sold["Location"].split("/")[3])
    assert (str(page.card.returned), str(page.card.left)) == ("100.00", "100.00")
    assert office.post(f"/p/term-offers/{offer.offer}/withdrawal/").status_code == 303
    assert queries.offers(desk.scope, community=desk.community.id) == ()


def test_money_kept_in_another_community_is_shown_and_a_strangers_is_not(visitor, desk, home):
    there, stranger = a_desk(), a_desk()
    for one, amount in ((desk, "20.00"), (there, "30.00")):
        given = {"bucket": Bucket.GENERAL, "amount": Money.parse(amount), "channel": Channel.CASH, "at": AT}
        actions.take_topup(one.scope, community=one.community.id, person=home.owner, **given)
    owner = visitor(home.scope)
    first = text(owner.get("/o/wallet/"))
    assert "¥20.00" in first
    assert "¥30.00" not in first
    where = f"/o/wallet/?community={there.community.id}"
    assert where in first
    other = text(owner.get(where))
    assert "¥30.00" in other
    assert "¥20.00" not in other
    assert 'name="amount"' not in other
    assert f"/o/wallet/?community={desk.community.id}" in other
    assert "¥20.00" in text(owner.get(f"/o/wallet/?community={stranger.community.id}"))


def test_a_wallet_from_the_phone_to_a_bill_and_back_at_the_desk(visitor, desk, home, fee):
    office, owner = visitor(desk.scope), visitor(home.scope)
    begun = owner.post("/o/wallet/", {"bucket": "general", "amount": "150"})
    assert begun.status_code == 303
    assert "¥150.00" in text(owner.get(begun["Location"]))
    arrives(begun["Location"])
    actions.record_topup(SYSTEM, topup=TopUp.objects.inside().get().pk, at=AT)
    assert "¥150.00" in text(owner.get("/o/wallet/"))
    month = {"community": desk.community.id, "first_on": date(2026, 3, 1), "at": AT}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    assert owner.post("/o/bills/wallet-payments/", {"subject": home.id}).status_code == 303
    assert not queries.owed(home.scope, at=AT).amount
    where = f"/p/wallets/{desk.community.id}/{home.owner}/"
    assert office.post(where, {"bucket": "property", "amount": "20", "channel": "cash"}).status_code == 303
    cards = {card.bucket.value: card for card in queries.wallets(desk.scope, community=desk.community.id)}
    too_much = {"wallet": cards["general"].wallet, "back": "50.01", "back_channel": "cash", "why": "要求退"}
    assert office.post(f"{where}refunds/", too_much).status_code in (409, 422)
    assert office.post(f"{where}refunds/", too_much | {"back": "50.00"}).status_code == 303
    balances = {c.bucket.value: str(c.balance) for c in queries.wallets(desk.scope, community=desk.community.id)}
    assert balances == {"general": "0.00", "property": "20.00"}


def test_a_neighbour_finds_no_term_and_a_resident_no_desk(visitor, desk, home, fee):
    office, neighbour = visitor(desk.scope), visitor(desk.a_home("2-1-302").scope)
    offered(office, desk, fee)
    (offer,) = queries.offers(desk.scope, community=desk.community.id)
    sold = office.post(
        f"/p/accounts/{home.id}/terms/", {"offer": offer.offer, "first_on": "2026-03-01", "channel": "cash"}
    )
    term = sold["Location"].split("/")[3]
    assert neighbour.get(f"/o/prepaid/{term}/").status_code == 404
    stranger = visitor(a_desk().scope)
    assert stranger.get(f"/p/terms/{term}/").status_code == 404
    assert stranger.get(f"/p/wallets/{desk.community.id}/{home.owner}/").status_code == 404


def test_every_page_opens_in_both_languages_within_its_budget(visitor, desk, home, fee):
    office = visitor(desk.scope)
    offered(office, desk, fee)
    (offer,) = queries.offers(desk.scope, community=desk.community.id)
    given = {"offer": offer.offer, "first_on": "2026-03-01", "channel": "cash"}
    term = office.post(f"/p/accounts/{home.id}/terms/", given)["Location"]
    where = f"/p/wallets/{desk.community.id}/{home.owner}/"
    office.post(where, {"bucket": "general", "amount": "20", "channel": "cash"})
    of_desk = {
        "/p/wallets/": 4,
        where: 5,
        "/p/terms/": 5,
        term: 7,
        f"/p/accounts/{home.id}/terms/": 17,
        "/p/term-offers/": 4,
        "/p/term-offers/file/?form=csv": 3,
    }
    of_owner = {"/o/wallet/": 4, "/o/prepaid/": 17, f"/o/prepaid/{term.split('/')[3]}/": 5, "/o/bills/": 6}
    for locale in ("en", "zh-CN"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(home.scope, locale=locale), of_owner) == of_owner
