"""Cash at the door: the order goes to its shop unpaid, and the money is taken with the code, or never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_community, a_company, a_home, a_listing, a_shop
from builders.orders import an_order, climb, collect
from harness.payments_words import as_the_house, balance, facts
from linli.ground.people import actions as people
from linli.ground.policies import actions as policies
from linli.kernel.ids import RefundId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries as ledger
from linli.money.payments import queries as payments
from linli.money.payments.rules import State
from linli.money.payouts import actions as payouts
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries, tasks
from linli.trade.orders.rules import OrderState, Payment, RefundAsk, WaitsFor

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00").taking_cash()
    return a_listing("东北大米", shop=shop, price="29.00", stock=10)


@pytest.fixture
def order(rice):
    """58.00 of goods and 4.00 of delivery: the worked order of the books."""
    return an_order(rice, 2)


def due(order):
    return balance(order.shop.community.city, f"cash_due:{order.shop.merchant}")


def escrow(order):
    return balance(order.shop.community.city, f"order_escrow:{order.id}")


def pending(order):
    return balance(order.shop.community.city, f"merchant_pending:{order.shop.merchant}")


def collection_of(order):
    """The one that the order asks by now; a smaller one takes its place when a line is taken off."""
    [(id_,)] = as_the_house("SELECT collection FROM orders_order WHERE id = %s", order.id)
    return payments.collection(SYSTEM, collection=id_)


def sound(at=AT):
    """Every check of the books and of the orders."""
    found = (*ledger.check(SYSTEM), *payments.check(SYSTEM, at=at), *queries.check(SYSTEM, at=at))
    assert [finding.details for finding in found if not finding.ok] == []


def test_a_promised_order_goes_to_its_shop_and_moves_no_money(order):
    promised = order.promised()
    page = promised.page
    assert (page.state, page.payment, page.paid_at, str(page.to_pay)) == (
        OrderState.PROMISED, Payment.CASH, None, "62.00",
    )  # fmt: skip
    assert page.waits_for is WaitsFor.SHOP
    assert (escrow(order), due(order)) == (0, 0)
    assert payments.collection(SYSTEM, collection=order.collection).state is State.CLOSED
    asked = collection_of(order)
    assert (asked.purpose, asked.for_, str(asked.amount), asked.state) == ("order", order.id, "62.00", State.OPEN)
    [card] = queries.shop_board(order.shop.scope).new
    assert (card.order, str(card.to_pay)) == (order.id, "62.00")
    assert queries.checkout_page(order.buyer, checkout=order.checkout).collection is None
    sound(promised.at)


def test_its_goods_stay_held_for_longer_than_any_payment_waits(rice, order):
    order.promised()
    tasks.expire_checkouts(at=AT + timedelta(days=3))
    assert as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", rice.variant) == [(10, 2)]


def test_the_cash_is_taken_with_the_code_and_shared_as_frozen(order):
    ready = order.promised().accepted().ready().dispatched()
    done = ready.handed_over()
    page = done.page
    assert (page.state, page.paid_at, str(page.to_pay)) == (OrderState.COMPLETED, ready.at, "0.00")
    assert (due(order), escrow(order), pending(order)) == (6200, 0, -5336)
    climb(done.at)  # the fact of the collection finds the order paid
    assert done.page.paid_at == ready.at
    assert collection_of(order).channel == "cash"
    sound(done.at)


@pytest.mark.parametrize("cash", [None, "61.99", "62.01", "0.00"])
def test_no_other_sum_is_taken(order, cash):
    ready = order.promised().accepted().ready()
    said = None if cash is None else Money.parse(cash)
    with pytest.raises(actions.CashDue) as refused:
        actions.hand_over_order(order.shop.scope, order=order.id, code=str(ready.page.code), cash=said, at=ready.at)
    assert str(refused.value.values["amount"]) == "62.00"
    assert (ready.state, due(order)) == (OrderState.READY, 0)


def test_a_wrong_code_takes_no_cash(order):
    ready = order.promised().accepted().ready()
    answer = actions.hand_over_order(order.shop.scope, order=order.id, code="x", cash=Money(6200), at=ready.at)
    assert (answer, ready.state, due(order)) == (Redeemed.WRONG, OrderState.READY, 0)


def test_for_a_paid_order_no_cash_is_taken(order):
    ready = order.paid().accepted().ready()
    with pytest.raises(actions.PaidAlready):
        actions.hand_over_order(
            order.shop.scope, order=order.id, code=str(ready.page.code), cash=Money(6200), at=ready.at
        )
    assert (ready.state, due(order)) == (OrderState.READY, 0)


def test_what_nobody_paid_is_not_received_by_a_word(order):
    ready = order.promised().accepted().ready().dispatched()
    with pytest.raises(actions.CashDue):
        actions.confirm_receipt(order.buyer, order=order.id, at=ready.at)
    assert ready.state is OrderState.IN_DELIVERY


@pytest.mark.parametrize("how", ["promised", "accepted", "ready", "dispatched"])
def test_nor_by_silence_it_ends_and_nobody_owes_anything(rice, order, how):
    steps = ["promised", "accepted", "ready", "dispatched"]
    waiting = order
    for step in steps[: steps.index(how) + 1]:
        waiting = getattr(waiting, step)()
    late = waiting.at + timedelta(days=4)
    assert tasks.run_out(at=late) == 1
    assert (waiting.state, waiting.page.refunds) == (OrderState.CANCELLED, ())
    assert (escrow(order), due(order), collection_of(order).state) == (0, 0, State.CLOSED)
    assert as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", rice.variant) == [(10, 0)]
    sound(late)


def test_whoever_does_not_pay_has_it_brought_back_and_called_off(rice, order):
    out = order.promised().accepted().ready().dispatched()
    actions.bring_back_order(order.shop.scope, order=order.id, reason="nobody paid", at=out.at)
    assert (out.state, str(out.page.to_pay)) == (OrderState.READY, "62.00")
    actions.call_off_order(order.shop.scope, order=order.id, reason="nobody paid", at=out.at)
    assert (out.state, str(out.page.to_pay)) == (OrderState.CANCELLED, "0.00")
    assert as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", rice.variant) == [(10, 0)]
    assert (due(order), collection_of(order).state) == (0, State.CLOSED)
    said = as_the_house("SELECT template FROM notify_message WHERE party = %s ORDER BY id", order.buyer.person)
    assert said[-1] == ("order_called_off_unpaid",)


def test_who_paid_nothing_yet_is_told_of_no_money_that_goes_back(order):
    promised = order.promised()
    actions.refuse_order(order.shop.scope, order=order.id, reason="closed today", at=promised.at)
    told = as_the_house("SELECT template FROM notify_message WHERE party = %s ORDER BY id", order.buyer.person)
    assert told == [("order_refused_unpaid",)]


def test_its_buyer_cancels_it_until_the_shop_accepts(order):
    promised = order.promised()
    actions.cancel_order(order.buyer, order=order.id, at=promised.at)
    assert (promised.state, collection_of(order).state) == (OrderState.CANCELLED, State.CLOSED)


def test_not_afterwards(order):
    accepted = order.promised().accepted()
    with pytest.raises(WrongState):
        actions.cancel_order(order.buyer, order=order.id, at=accepted.at)
    assert collection_of(order).state is State.OPEN


def test_a_line_taken_off_before_is_asked_for_no_more(order):
    accepted = order.promised().accepted()
    line = accepted.lines[0].line
    actions.grant_refund(
        order.shop.scope, order=order.id, lines=[RefundAsk(line=line, quantity=1)], reason="broken", at=accepted.at
    )
    asked = collection_of(order)
    assert (str(accepted.page.to_pay), str(asked.amount), asked.state) == ("33.00", "33.00", State.OPEN)
    [refund] = accepted.page.refunds
    assert (refund.state, str(refund.amount)) == ("repaid", "29.00")
    sound(accepted.at)
    done = accepted.ready().handed_over()
    assert (due(order), escrow(order)) == (3300, 0)
    sound(done.at)


def test_when_every_line_is_taken_off_the_order_ends(order):
    accepted = order.promised().accepted()
    asks = [RefundAsk(line=line.line, quantity=2) for line in accepted.lines]
    actions.grant_refund(order.shop.scope, order=order.id, lines=asks, reason="broken", at=accepted.at)
    assert (accepted.state, due(order)) == (OrderState.CANCELLED, 0)
    assert collection_of(order).state is State.CLOSED
    sound(accepted.at)


def test_a_refund_after_the_cash_was_taken_goes_back_by_hand(order):
    done = order.promised().accepted().ready().handed_over()
    line = done.lines[0].line
    refund = actions.grant_refund(
        order.shop.scope, order=order.id, lines=[RefundAsk(line=line, quantity=1)], reason="mouldy", at=done.at
    )
    assert balance(order.shop.community.city, "refund_in_transit:cash") == -2900
    actions.hand_back_cash(order.shop.scope, refund=refund, at=done.at)
    climb(done.at)
    assert (balance(order.shop.community.city, "refund_in_transit:cash"), due(order)) == (0, 3300)
    assert done.page.refunds[0].state == "repaid"
    sound(done.at)


def test_another_shops_refund_is_nobodys_to_hand_back(order):
    done = order.promised().accepted().ready().handed_over()
    asks = [RefundAsk(line=done.lines[0].line, quantity=1)]
    refund = actions.grant_refund(order.shop.scope, order=order.id, lines=asks, reason="mouldy", at=done.at)
    with pytest.raises(NotFound):
        actions.hand_back_cash(a_shop().scope, refund=refund, at=done.at)
    with pytest.raises(NotFound):
        actions.hand_back_cash(order.shop.scope, refund=RefundId(order.id), at=done.at)
    assert due(order) == 6200


def test_who_pays_online_after_all_is_asked_for_no_cash(order):
    accepted = order.promised().accepted()
    asked = collection_of(order)
    assert collect(asked.id, asked.amount, at=accepted.at) == "collected"
    with pytest.raises(actions.PaidMeanwhile):  # the word of it is still climbing
        actions.call_off_order(order.shop.scope, order=order.id, reason="closed", at=accepted.at)
    climb(accepted.at)
    assert (accepted.page.paid_at, str(accepted.page.to_pay), accepted.state) == (
        accepted.at, "0.00", OrderState.ACCEPTED,
    )  # fmt: skip
    done = accepted.ready().handed_over()
    assert (due(order), escrow(order), pending(order)) == (0, 0, -5336)
    asks = [RefundAsk(line=order.lines[0].line, quantity=1)]
    actions.grant_refund(order.shop.scope, order=order.id, lines=asks, reason="mouldy", at=done.at)
    page = done.page
    assert (page.payment, [page.is_by_hand(refund) for refund in page.refunds]) == (Payment.ONLINE, [False])


def test_a_merchants_cash_is_set_off_in_its_next_payout(order):
    done = order.promised().accepted().ready().handed_over()
    city, merchant = order.shop.community.city, order.shop.merchant
    payouts.set_receiver(SYSTEM, payee=merchant, name="店", account="6222", bank="ICBC", at=done.at)
    later = done.at + timedelta(days=30)
    payouts.release_holds(SYSTEM, at=later)
    payouts.draw_payouts(SYSTEM, city=city, at=later)
    rows = as_the_house("SELECT gross_minor, netted_minor, amount_minor FROM payouts_payout WHERE payee = %s", merchant)
    assert rows == [(5736, 5736, 0)]  # 53.36 of goods and 4.00 of its own delivery
    assert due(order) == 6200 - 5736
    sound(done.at)


def test_what_was_given_back_beyond_the_cash_held_is_paid_out(rice):
    done = an_order(rice, 2).promised().accepted().ready().handed_over()
    city, merchant = done.shop.community.city, done.shop.merchant
    payouts.set_receiver(SYSTEM, payee=merchant, name="店", account="6222", bank="ICBC", at=done.at)
    later = done.at + timedelta(days=3)
    asks = [RefundAsk(line=done.lines[0].line, quantity=1)]
    refund = actions.grant_refund(done.shop.scope, order=done.id, lines=asks, reason="mouldy", at=later)
    as_the_house(  # meanwhile all of it was paid in
        "SELECT ledger_post(ARRAY['t'], ARRAY[%s], ARRAY['CNY'], ARRAY['t'], ARRAY['t'], ARRAY[%s], ARRAY[1, 1],"
        " ARRAY['bank:custody', %s], ARRAY[6200, -6200]::bigint[])",
        f"platform:{city}", later, f"cash_due:{merchant}",
    )  # fmt: skip
    actions.hand_back_cash(done.shop.scope, refund=refund, at=later)
    assert due(done) == -2900
    payouts.release_holds(SYSTEM, at=later + timedelta(days=30))
    payouts.draw_payouts(SYSTEM, city=city, at=later + timedelta(days=30))
    rows = as_the_house("SELECT gross_minor, amount_minor FROM payouts_payout WHERE payee = %s", merchant)
    assert rows == [(2668 + 400 + 2900, 2668 + 400 + 2900)]
    assert due(done) == 0


def test_a_shop_that_takes_no_cash_is_promised_none():
    listing = a_listing(price="29.00", shop=a_shop().open_around_the_clock(), stock=1)
    order = an_order(listing)
    with pytest.raises(actions.CashNotTaken) as refused:
        order.promised()
    assert refused.value.field == f"shops.{order.shop.id}"
    assert (order.state, facts("orders.OrderPromised")) == (OrderState.PLACED, [])
    ways = queries.ways_to_pay(order.buyer, checkout=order.checkout, at=AT)
    assert (ways.cash, ways.cash_why) == (False, "shop")


def test_more_than_the_community_allows_is_not_paid_in_cash(order):
    policies.set_policy(
        SYSTEM, word="orders", level="platform", values={"cash_most": {"minor": 61_99}}, start_at=AT, at=AT
    )
    with pytest.raises(actions.CashTooMuch):
        order.promised()
    assert order.state is OrderState.PLACED
    ways = queries.ways_to_pay(order.buyer, checkout=order.checkout, at=AT)
    assert (ways.cash, ways.cash_why, str(ways.cash_most)) == (False, "too_much", "61.99")


def test_promises_are_kept_before_more_are_made(rice):
    home = a_home(community=rice.shop.community).with_owner()
    for _nth in range(3):
        an_order(rice, 1, home=home).promised()
    fourth = an_order(rice, 1, home=home)
    with pytest.raises(actions.TooManyPromises):
        fourth.promised()
    assert fourth.state is OrderState.PLACED


def test_a_checkout_of_somebody_else_is_promised_by_nobody(order):
    stranger = a_home(community=order.shop.community).with_owner()
    with pytest.raises(NotFound):
        actions.promise_cash(stranger.scope, checkout=order.checkout, at=AT)
    with pytest.raises(NotFound):
        queries.ways_to_pay(stranger.scope, checkout=order.checkout, at=AT)
    assert order.state is OrderState.PLACED


def test_what_is_paid_is_not_promised(order):
    paid = order.paid()
    with pytest.raises(WrongState):
        actions.promise_cash(order.buyer, checkout=order.checkout, at=paid.at)
    assert (paid.state, escrow(order)) == (OrderState.PAID, -6200)


def test_a_payment_that_comes_first_wins_over_a_promise(order):
    collect(order.collection, order.total, at=AT)
    with pytest.raises(actions.PaidMeanwhile):
        order.promised()
    climb(AT)
    assert (order.state, escrow(order)) == (OrderState.PAID, -6200)


def test_a_payment_that_comes_after_a_promise_goes_back(order):
    promised = order.promised()
    assert collect(order.collection, order.total, at=promised.at) == "after_close"
    climb(promised.at)
    assert (promised.state, escrow(order), str(promised.page.to_pay)) == (OrderState.PROMISED, 0, "62.00")


def by_transfer(at=AT):
    values = {"transfer_account_name": "邻里托管", "transfer_account": "6200 0001", "transfer_bank": "ICBC"}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=at, at=at)
    values = {"transfer_from": {"minor": 10_00}}
    policies.set_policy(SYSTEM, word="orders", level="platform", values=values, start_at=at, at=at)


def test_a_checkout_waits_longer_for_a_transfer(order):
    by_transfer()
    assert queries.ways_to_pay(order.buyer, checkout=order.checkout, at=AT).transfer
    slip = actions.choose_transfer(order.buyer, checkout=order.checkout, at=AT)
    assert (str(slip.amount), slip.account) == ("62.00", "6200 0001")
    assert actions.choose_transfer(order.buyer, checkout=order.checkout, at=AT) == slip
    ways = queries.ways_to_pay(order.buyer, checkout=order.checkout, at=AT)
    assert (ways.slip, ways.cash) == (slip, False)
    assert tasks.expire_checkouts(at=AT + timedelta(hours=71)) == 0
    standing = queries.checkout_page(order.buyer, checkout=order.checkout)
    assert (standing.due_at, standing.collection) == (AT + timedelta(hours=72), collection_of(order).id)
    paid_at = AT + timedelta(hours=30)
    collect(collection_of(order).id, order.total, at=paid_at)
    climb(paid_at)
    assert (order.state, escrow(order)) == (OrderState.PAID, -6200)
    sound(paid_at)


def test_a_transfer_that_never_comes_frees_the_goods(rice, order):
    by_transfer()
    actions.choose_transfer(order.buyer, checkout=order.checkout, at=AT)
    assert tasks.expire_checkouts(at=AT + timedelta(hours=72)) == 1
    assert (order.state, collection_of(order).state) == (OrderState.CANCELLED, State.CLOSED)
    assert as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", rice.variant) == [(10, 0)]


def test_small_sums_are_not_transferred(order):
    with pytest.raises(actions.TransferNotTaken):
        actions.choose_transfer(order.buyer, checkout=order.checkout, at=AT)
    assert not queries.ways_to_pay(order.buyer, checkout=order.checkout, at=AT).transfer
    assert collection_of(order).id == order.collection
