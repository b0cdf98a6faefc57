"""A code at the desk: shown for what is open, seen as paid by itself, over in minutes, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from builders import AT
from builders.billing import a_desk
from harness.budget import budget
from harness.payments_words import PSP, SaidProvider
from linli.estate.billing import actions
from linli.estate.billing.models import Payment, Receipt
from linli.ground.policies import queries as policies
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments.gateways.registry import serving
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MARCH, OWED = date(2026, 3, 1), Money.parse("254.70")


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home_owing("254.70", since=MARCH, door="3-1-501")


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def shown_to(clerk: Client, home, by: str = "wechat", **form: str) -> str:
    """Where the code stands that a clerk had made."""
    with serving(PSP, SaidProvider()):
        answer = clerk.post(f"/p/accounts/{home.id}/codes/", {"amount": "254.70", "by": by, "desk": "front"} | form)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    return answer["Location"]


def test_the_till_offers_a_code_and_shows_it_until_it_is_paid(clerk: Client, desk, home):
    till = clerk.get(f"/p/accounts/{home.id}/payment/").content.decode()
    assert till.count(f'formaction="/p/accounts/{home.id}/codes/"') == 2
    where = shown_to(clerk, home)
    policies.forget()
    with budget(10):
        page = clerk.get(where).content.decode()
    assert "¥254.70" in page
    assert 'class="qr"' in page
    assert f'hx-get="{where}"' in page
    row = Payment.objects.inside().get()
    payments.record_bank_transfer(SYSTEM, collection=row.collection, account="custody", amount=OWED, line="b-1", at=AT)
    arrived = clerk.get(where).content.decode()
    assert 'class="qr"' not in arrived
    assert f'hx-get="{where}"' in arrived
    actions.record_payment(SYSTEM, payment=row.pk, at=AT)
    paid = clerk.get(where).content.decode()
    assert f"/p/fee-receipts/{Receipt.objects.inside().get().pk}/" in paid
    assert f'hx-get="{where}"' not in paid


def test_a_withdrawn_code_leads_back_to_the_till(clerk: Client, desk, home):
    where = shown_to(clerk, home, by="alipay")
    answer = clerk.post(f"{where}withdrawal/")
    assert answer["Location"].startswith(f"/p/accounts/{home.id}/payment/")
    page = clerk.get(where).content.decode()
    assert 'class="qr"' not in page
    assert f'hx-get="{where}"' not in page


def test_too_much_is_refused_at_the_amount_and_no_code_is_made(clerk: Client, desk, home):
    answer = clerk.post(f"/p/accounts/{home.id}/codes/", {"amount": "300", "by": "wechat"})
    assert answer.status_code == 422
    assert "254.70" in answer.content.decode()
    assert Payment.objects.inside().count() == 0


def test_what_has_no_code_is_said_where_it_was_asked(clerk: Client, desk):
    home = desk.a_home()
    desk.charged(desk.priced(desk.an_item(payable_online=False), "fixed", amount="100"), home)
    desk.issued(MARCH)
    answer = clerk.post(f"/p/accounts/{home.id}/codes/", {"amount": "100", "by": "wechat"})
    assert answer.status_code == 409 or answer.status_code == 422
    shown = answer.content.decode()
    assert "not collected by a code" in shown or "不能用收款码收取" in shown


def test_a_stranger_finds_no_code(clerk: Client, home, visitor):
    where, stranger = shown_to(clerk, home), visitor(a_desk().scope)
    assert stranger.get(where).status_code == 404
    assert stranger.post(f"{where}withdrawal/").status_code == 404
    assert stranger.post(f"/p/accounts/{home.id}/codes/", {"amount": "1", "by": "wechat"}).status_code == 404
