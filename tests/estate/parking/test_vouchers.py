"""A shop pays for its guests' parking: prepaid, owed, or granted, and never more than the stay costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders.clock import AT
from builders.parking import a_lot
from builders.people import a_person
from linli.estate.billing import actions as billing
from linli.estate.billing.models import Line
from linli.estate.billing.rules import Channel
from linli.estate.parking import actions, queries
from linli.estate.parking.models import Stock, VoucherRow
from linli.estate.parking.rules import Channel as ByHand
from linli.estate.parking.rules import ExitOutcome, Terms, VoucherKind
from linli.kernel.ids import ShopId, new
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import fee_income, property_book
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
GUEST_CAR = "浙A12345"


def after(**span):
    return AT + timedelta(**span)


@pytest.fixture
def lot():
    return a_lot()


@pytest.fixture
def shop(lot):
    merchant = a_person("店主")
    return Scope(role=Role.MERCHANT, person=merchant, company=merchant, shop=ShopId(new()))


def granted(lot, shop, *, kind=VoucherKind.MINUTES, terms=Terms.OWED, count=3, **given):
    given = {"minutes": 60} | given if kind is VoucherKind.MINUTES else given
    return actions.grant_vouchers(
        lot.scope, community=lot.desk.community.id, giver=shop.company, kind=kind, count=count, terms=terms,
        expires_at=after(days=30), at=AT, **given,
    )  # fmt: skip


def test_an_hour_from_the_shop_makes_two_hours_cost_one(lot, shop):
    stock = granted(lot, shop)
    lot.enters(GUEST_CAR)
    assert actions.give_voucher(shop, stock=stock, plate="浙a 12345", at=after(hours=1)) == 2
    left = lot.leaves(GUEST_CAR, after(hours=2))
    assert (left.outcome, str(left.due)) == (ExitOutcome.PAY, "5.00")
    actions.take_at_gate(lot.scope, session=left.session, amount=Money(500), channel=ByHand.CASH, at=after(hours=2))
    page = queries.stay(lot.scope, session=left.session, at=after(hours=3))
    assert (str(page.row.gross), str(page.row.off), str(page.row.paid)) == ("10.00", "5.00", "5.00")
    assert [(line.state.value, str(line.worth)) for line in page.vouchers] == [("used", "5.00")]


def test_what_vouchers_bore_is_charged_to_the_giver_at_the_months_end(lot, shop):
    stock = granted(lot, shop, kind=VoucherKind.WHOLE)
    lot.enters(GUEST_CAR)
    actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=AT)
    assert lot.leaves(GUEST_CAR, after(hours=2)).outcome is ExitOutcome.OUT
    owed = {"stock": stock, "until": after(days=30), "on": (AT + timedelta(days=30)).date(), "at": after(days=30)}
    assert str(actions.charge_used(SYSTEM, **owed)) == "10.00"
    assert actions.charge_used(SYSTEM, **owed) == Money.zero
    line = Line.objects.inside().get(subject=stock)
    assert (line.obligor, line.amount_minor) == (shop.company, 1000)
    book = property_book(lot.desk.company)
    assert str(ledger.balance(SYSTEM, book=book, address=fee_income("parking_vouchers"))) == "-10.00"


def test_prepaid_vouchers_are_charged_at_once_and_open_when_they_are_paid(lot, shop):
    stock = granted(lot, shop, terms=Terms.PREPAID, price=Money(9000))
    lot.enters(GUEST_CAR)
    with pytest.raises(actions.NoneLeft):
        actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=after(hours=1))
    billing.take_payment(lot.scope, subject=stock, amount=Money(9000), channel=Channel.BANK, at=AT)
    actions.open_stock(SYSTEM, stock=stock, at=AT)
    assert actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=after(hours=1)) == 2


def test_a_voucher_that_bore_nothing_goes_back_to_its_stock(lot, shop):
    stock = granted(lot, shop)
    lot.enters(GUEST_CAR)
    actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=AT)
    lot.leaves(GUEST_CAR, after(minutes=20))
    (card,) = queries.my_stocks(shop)
    assert (card.left, card.used, str(card.worth)) == (3, 0, "0.00")


def test_one_giver_gives_a_stay_one_voucher_and_none_without_stock(lot, shop):
    stock = granted(lot, shop, count=1)
    lot.enters(GUEST_CAR)
    lot.enters("浙B00001")
    actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=AT)
    with pytest.raises(actions.NoneLeft):
        actions.give_voucher(shop, stock=stock, plate="浙B00001", at=AT)
    again = granted(lot, shop, kind=VoucherKind.AMOUNT, amount=Money(300))
    with pytest.raises(actions.GivenAlready):
        actions.give_voucher(shop, stock=again, plate=GUEST_CAR, at=AT)
    assert VoucherRow.objects.inside().count() == 1


def test_nobody_gives_to_a_car_that_is_not_inside_or_stands_on_its_own_space(lot, shop):
    stock = granted(lot, shop)
    lot.a_resident("浙AD54321", space="A-001")
    lot.enters("浙AD54321")
    for plate in (GUEST_CAR, "浙AD54321"):
        with pytest.raises(actions.NotThere):
            actions.give_voucher(shop, stock=stock, plate=plate, at=AT)
        queries.my_stocks(shop)


def test_an_expired_stock_a_closed_one_and_another_shops_give_nothing(lot, shop):
    stock = granted(lot, shop)
    lot.enters(GUEST_CAR)
    stranger = Scope(role=Role.MERCHANT, person=a_person(), company=a_person(), shop=ShopId(new()))
    with pytest.raises(NotFound):
        actions.give_voucher(stranger, stock=stock, plate=GUEST_CAR, at=AT)
    with pytest.raises(actions.NoneLeft):
        actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=after(days=30))
    actions.close_stock(lot.scope, stock=stock, at=AT)
    with pytest.raises(actions.NoneLeft):
        actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=AT)
    assert Stock.objects.inside().get(pk=stock).given == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"count": 0}, "count"),
        ({"minutes": 0}, "minutes"),
        ({"terms": Terms.PREPAID}, "price"),
        ({"price": Money(1)}, "price"),
        ({"kind": VoucherKind.AMOUNT}, "amount"),
        ({"kind": VoucherKind.WHOLE, "minutes": 5}, "kind"),
    ],
)
def test_a_stock_that_says_too_little_or_too_much_is_refused_at_its_field(lot, shop, given, field):
    with pytest.raises(Invalid) as refused:
        granted(lot, shop, **given)
    assert refused.value.field == field
    assert not Stock.objects.inside().exists()


def test_a_code_of_a_shop_is_used_once_for_a_car_inside_and_leads_to_its_lot(lot, shop):
    stock = granted(lot, shop)
    offered = actions.offer_voucher(shop, stock=stock, at=AT)
    assert (offered.left, offered.until) == (2, after(hours=24))
    assert [(each.code, each.minutes) for each in queries.my_offers(shop, at=AT)] == [(offered.code, 60)]
    assert queries.offered(GUEST, code=f"{offered.code[:4]} {offered.code[4:].lower()}", at=AT).minutes == 60
    with pytest.raises(actions.NotThere):
        actions.redeem_voucher(GUEST, code=offered.code, plate=GUEST_CAR, at=after(minutes=5))
    lot.enters(GUEST_CAR)
    typed = f" {offered.code[:4].lower()}-{offered.code[4:].lower()} "
    code = actions.redeem_voucher(GUEST, code=typed, plate="浙a 12345", at=after(hours=1))
    assert code == next(card.code for card in queries.lots(lot.scope, at=AT) if card.lot == lot.id)
    assert str(lot.leaves(GUEST_CAR, after(hours=2)).due) == "5.00"
    with pytest.raises(actions.NoSuchVoucher):
        actions.redeem_voucher(GUEST, code=offered.code, plate=GUEST_CAR, at=after(hours=1))
    assert queries.my_offers(shop, at=after(hours=1)) == ()


def test_a_code_that_nobody_used_in_time_is_worth_nothing_and_goes_back(lot, shop):
    stock = granted(lot, shop)
    offered = actions.offer_voucher(shop, stock=stock, at=AT)
    lot.enters(GUEST_CAR)
    with pytest.raises(actions.NoSuchVoucher):
        actions.redeem_voucher(GUEST, code=offered.code, plate=GUEST_CAR, at=after(hours=24))
    with pytest.raises(NotFound):
        queries.offered(GUEST, code=offered.code, at=after(hours=24))
    assert actions.end_offers(SYSTEM, at=after(hours=23)) == 0
    assert actions.end_offers(SYSTEM, at=after(hours=24)) == 1
    assert actions.end_offers(SYSTEM, at=after(hours=24)) == 0
    (card,) = queries.my_stocks(shop)
    assert (card.left, card.used) == (3, 0)


def test_a_giver_gives_a_stay_one_voucher_by_plate_or_by_code(lot, shop):
    stock = granted(lot, shop)
    lot.enters(GUEST_CAR)
    offered = actions.offer_voucher(shop, stock=stock, at=AT)
    actions.give_voucher(shop, stock=stock, plate=GUEST_CAR, at=after(minutes=1))
    with pytest.raises(actions.GivenAlready):
        actions.redeem_voucher(GUEST, code=offered.code, plate=GUEST_CAR, at=after(minutes=2))
    assert [each.code for each in queries.my_offers(shop, at=after(minutes=2))] == [offered.code]


def test_a_stranger_offers_no_voucher_of_a_shop_and_an_empty_stock_gives_no_code(lot, shop):
    stock = granted(lot, shop, count=1)
    stranger = a_person("别家")
    other = Scope(role=Role.MERCHANT, person=stranger, company=stranger, shop=ShopId(new()))
    with pytest.raises(NotFound):
        actions.offer_voucher(other, stock=stock, at=AT)
    actions.offer_voucher(shop, stock=stock, at=AT)
    with pytest.raises(actions.NoneLeft):
        actions.offer_voucher(shop, stock=stock, at=AT)
    assert queries.my_offers(other, at=AT) == ()
    assert len(queries.my_offers(shop, at=AT)) == 1
