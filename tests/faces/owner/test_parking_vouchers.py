"""A shop's code on the guest's phone: opened by its QR or typed where the parking is paid, without a sign-in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders.clock import AT
from builders.parking import a_lot
from builders.people import a_person
from harness.budget import budget
from linli.estate.parking import actions, queries
from linli.estate.parking.rules import Terms, VoucherKind
from linli.kernel.ids import ShopId, new
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=2)
CAR = "浙A12345"


@pytest.fixture(autouse=True)
def two_hours_later(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)


@pytest.fixture
def lot():
    lot = a_lot()
    lot.enters(CAR)
    return lot


@pytest.fixture
def code(lot):
    merchant = a_person("店主")
    shop = Scope(role=Role.MERCHANT, person=merchant, company=merchant, shop=ShopId(new()))
    stock = actions.grant_vouchers(
        lot.scope, community=lot.desk.community.id, giver=merchant, kind=VoucherKind.MINUTES, count=3, minutes=60,
        terms=Terms.OWED, expires_at=AT + timedelta(days=30), at=AT,
    )  # fmt: skip
    return actions.offer_voucher(shop, stock=stock, at=AT).code


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode().replace('<span class="money-cents">', "")


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_qr_of_a_shop_asks_for_a_plate_and_goes_on_to_what_is_still_due(visitor, lot, code, locale):
    guest = visitor(locale=locale)
    where = f"/o/parking/vouchers/{code}/"
    with budget(4):
        assert "60" in text(guest.get(where))
    text(guest.post(where, {"plate": "浙B99999"}), 409)
    used = guest.post(where, {"plate": CAR}, follow=True)
    assert "¥5.00" in text(used)
    assert guest.get(where).status_code == 404


def test_a_code_is_typed_where_the_parking_is_paid_and_a_wrong_one_is_told_there(visitor, lot, code):
    guest = visitor()
    (card,) = queries.lots(lot.scope, at=AT)
    page = f"/o/parking/{card.code}/"
    assert "¥10.00" in text(guest.get(page, {"plate": CAR}))
    wrong = text(guest.post(f"{page}voucher/", {"plate": CAR, "voucher": "22222222"}), 409)
    assert "¥10.00" in wrong
    assert 'id="voucher-wrong"' in wrong
    done = guest.post(f"{page}voucher/", {"plate": CAR, "voucher": code.lower()}, follow=True)
    assert "¥5.00" in text(done)
