"""Receipts, wallets, months ahead, instalments and automatic payment by the JSON face; nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.billing import a_desk
from harness.callers import Caller
from harness.withholding_words import SaidWithholder
from linli.estate.billing import actions
from linli.estate.billing.models import Line
from linli.estate.billing.rules import Bucket, Channel, TermPrice
from linli.kernel import ids
from linli.kernel.money import Money
from linli.money.payments.gateways.registry import serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that has a receipt, a wallet, a term and a plan."""
    now, home = datetime.now(UTC), desk.a_home("3-1-501")
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(fee, home)
    month = {"community": desk.community.id, "first_on": now.date().replace(day=1), "at": now}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    cash = {"channel": Channel.CASH, "at": now}
    actions.take_payment(desk.scope, subject=home.id, amount=Money(4000), payer=home.owner, **cash)
    for amount in (1000, 2000):
        actions.take_topup(
            desk.scope,
            community=desk.community.id,
            person=home.owner,
            bucket=Bucket.GENERAL,
            amount=Money(amount),
            **cash,
        )
    offer = actions.offer_term(
        desk.scope, community=desk.community.id, item=fee, months=2, price=TermPrice.LOCKED, at=now
    )
    following = (month["first_on"] + timedelta(days=31)).replace(day=1)
    actions.take_term(desk.scope, offer=offer, home=home.id, first_on=following, **cash)
    line = Line.objects.inside().get(home=home.id, kind="charge").pk
    plan = actions.ask_plan(
        desk.scope,
        subject=home.id,
        lines=[line],
        count=2,
        first_on=now.date() + timedelta(days=5),
        why="in parts",
        at=now,
    )
    actions.decide_plan(replace(desk.scope, person=ids.new()), plan=plan, approve=True, at=now)
    return home


def test_a_resident_reads_what_they_keep_and_agreed_and_a_neighbour_does_not(desk, home):
    owner, neighbour = Caller(home.scope), Caller(desk.a_home().scope)
    wallet = f"wallets/{desk.community.id}"
    assert [each["balance"]["minor"] for each in owner.get(wallet).json["wallets"]] == [3000]
    first = owner.get(f"{wallet}/entries?limit=1").json
    assert [each["amount"]["minor"] for each in first["items"]] == [2000]
    second = owner.get(f"{wallet}/entries?limit=1&after={first['next']}").json
    assert ([each["amount"]["minor"] for each in second["items"]], second["next"]) == ([1000], None)
    amounts = [each["amount"]["minor"] for each in owner.get("fee-receipts").json["items"]]
    assert 4000 in amounts
    found = {
        "fee-receipts": owner.get("fee-receipts").json["items"][0]["receipt"],
        "prepaid-terms": owner.get("prepaid-terms").json["terms"][0]["term"],
        "instalment-plans": owner.get("instalment-plans").json["plans"][0]["plan"],
    }
    for noun, one in found.items():
        assert owner.get(f"{noun}/{one}").status == 200
        assert neighbour.get(f"{noun}/{one}").status == 404
    assert neighbour.get("fee-receipts").json["items"] == []
    assert neighbour.get(wallet).json["wallets"] == []
    assert neighbour.get("prepaid-terms").json["terms"] == neighbour.get("instalment-plans").json["plans"] == []
    assert Caller(a_desk().a_home().scope).get(wallet).status == 404


def test_a_part_and_a_top_up_are_paid_like_everything(desk, home):
    owner, neighbour = Caller(home.scope), Caller(desk.a_home().scope)
    plan = owner.get("instalment-plans").json["plans"][0]["plan"]
    made = owner.post(f"instalment-plans/{plan}/payments", {})
    assert made.status == 201
    assert owner.get(f"collections/{made.json['collection']}").json["amount"]["minor"] == 3000
    assert neighbour.post(f"instalment-plans/{plan}/payments", {}).status == 404
    top_up = {"community": str(desk.community.id), "bucket": "general", "amount": {"minor": 500}}
    assert owner.post("wallet-top-ups", top_up).status == 201
    assert owner.post("wallet-top-ups", top_up | {"community": str(ids.new())}).status == 404


def test_automatic_payment_is_asked_for_signed_elsewhere_and_ended(desk, home):
    owner, neighbour = Caller(home.scope), Caller(desk.a_home().scope)
    wanted = {"home": str(home.id), "channel": "wechat", "most": {"minor": 15_000}}
    with serving("embedded", SaidWithholder()):
        assert neighbour.post("mandates", wanted).status == 404
        made = owner.post("mandates", wanted)
        assert made.status == 201
        assert made.json["sign_url"].startswith("https://pay.example/sign/")
        mandate = made.json["mandate"]
        assert [each["state"] for each in owner.get("mandates").json["mandates"]] == ["asked"]
        assert neighbour.get(f"mandates/{mandate}").status == 404
        assert neighbour.delete(f"mandates/{mandate}").status == 404
        assert owner.delete(f"mandates/{mandate}").status == 204
        assert owner.get(f"mandates/{mandate}").json["card"]["state"] == "ended"


def test_a_program_asks_for_an_invoice_over_its_payers_receipt_and_reads_the_answer(desk, home):
    owner, neighbour = Caller(home.scope), Caller(desk.a_home().scope)
    receipt = next(
        each["receipt"] for each in owner.get("fee-receipts").json["items"] if each["amount"]["minor"] == 4000
    )
    path, ask = f"fee-receipts/{receipt}/invoice", {"title": "A Company Ltd", "tax_number": "91330100MA2ABCDE1X"}
    assert owner.get(path).status == 404
    assert neighbour.post(path, ask).status == 404
    assert owner.post(path, {**ask, "tax_number": "no-!"}).json["field"] == "tax_number"
    made = owner.post(path, ask)
    assert made.status == 201
    assert owner.post(path, ask).json["code"] == "billing.AlreadyInvoiced"
    now = datetime.now(UTC)
    actions.issue_invoice(desk.scope, invoice=made.json["invoice"], number="2644000003", at=now)
    shown = owner.get(path).json
    assert (shown["state"], shown["number"], shown["amount"]["minor"]) == ("issued", "2644000003", 4000)
    assert neighbour.get(path).status == 404
