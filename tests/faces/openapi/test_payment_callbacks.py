"""Call-backs over the program's own HTTP: only what is proven counts, and it counts once."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from harness.payments_words import CLEARING, NOW, PSP, SaidProvider, a_collection, counts
from harness.payouts_words import FREE, a_completed_order
from linli.kernel import ids
from linli.money.payments.gateways.protocol import EventKind, GatewayEvent
from linli.money.payments.gateways.registry import serving
from linli.money.payouts import actions as payouts
from linli.money.payouts import queries as payout_queries
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
ADDRESS = f"/callbacks/payments/{PSP}/"


class Program(Client):
    """A caller without a browser: Django's own client always carries a cookie header, programs carry none."""

    def _base_environ(self, **request):
        environ = super()._base_environ(**request)
        environ.pop("HTTP_COOKIE")
        return environ


@pytest.fixture(autouse=True)
def provider():
    with serving(PSP, SaidProvider()) as said:
        yield said


def told(kind: EventKind, reference: str, minor: int) -> bytes:
    return msgspec.json.encode(
        GatewayEvent(
            event_id=ids.new(), kind=kind, reference=reference, charge_reference=reference, provider_reference="x",
            amount_minor=minor, fee_minor=0, currency="CNY", occurred_at=NOW, reason="",
        )
    )  # fmt: skip


def post(body: bytes, *, signed: bool = True, address: str = ADDRESS) -> int:
    headers = {"signed": "yes"} if signed else {}
    return Program().post(address, body, content_type="application/json", headers=headers).status_code


def test_a_proven_callback_is_recorded_once_however_often_it_is_told(monkeypatch):
    monkeypatch.setattr("linli.faces.openapi.payment_callbacks.now", lambda: NOW)
    due = a_collection()
    body = told(EventKind.CHARGE_PAID, str(due.id), 5700)
    assert post(body) == 204
    assert due.balance(CLEARING) == 5700
    before = counts()
    assert post(body) == 204
    assert counts() == before


def test_a_forged_callback_changes_nothing():
    due = a_collection()
    before = counts()
    assert post(told(EventKind.CHARGE_PAID, str(due.id), 5700), signed=False) == 401
    assert counts() == before


def test_a_provider_that_nobody_configured_is_not_there():
    assert post(b"{}", address="/callbacks/payments/stranger/") == 404


def test_a_callback_is_a_post_of_bounded_length():
    assert Program().get(ADDRESS).status_code == 405
    assert post(b"x" * (64 * 1024 + 1)) == 413


def test_a_callback_about_a_payout_reaches_the_payout():
    shared = a_completed_order()
    payouts.release_holds(SYSTEM, at=FREE)
    payouts.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [card] = payout_queries.payouts(SYSTEM, payee=shared.merchant)
    assert post(told(EventKind.TRANSFER_RETURNED, str(card.id), 5336)) == 204
    [card] = payout_queries.payouts(SYSTEM, payee=shared.merchant)
    assert card.state == "returned"
