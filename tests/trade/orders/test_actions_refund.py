"""Refunds: before completion out of the escrow, afterwards from all who earned; asked, answered, disputed, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders import AT, a_community, a_company, a_home, a_listing, a_shop
from builders.orders import an_order, climb
from harness.payments_words import as_the_house, balance, facts
from linli.ground.people import actions as people
from linli.kernel import ids
from linli.kernel.ids import LineId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.payments import actions as payments
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.money.payouts import actions as payouts
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions, queries, tasks
from linli.trade.orders.rules import OrderState, RefundAsk, RefundState

pytestmark = pytest.mark.django_db
PLATFORM = Scope(role=Role.PLATFORM, person=ids.new())  # type: ignore[arg-type]


@pytest.fixture
def rice():
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00")
    return a_listing("东北大米", shop=shop, price="29.00", stock=10)


@pytest.fixture
def order(rice):
    return an_order(rice, 2).paid()


def stock_of(listing):
    return as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", listing.variant)[0]


def accounts(order):
    shop, city = order.shop, order.shop.community.city
    company = as_the_house("SELECT company FROM orders_order WHERE id = %s", order.id)[0][0]
    named = {
        "escrow": f"order_escrow:{order.id}",
        "pending": f"merchant_pending:{shop.merchant}",
        "available": f"merchant_available:{shop.merchant}",
        "owed": f"merchant_receivable:{shop.merchant}",
        "company": f"property_pending:{company}:{shop.community.id}",
        "platform": "platform_commission",
        "delivery": f"delivery_payable:{shop.merchant}",
        "refunds": "refund_in_transit:embedded",
    }
    return {word: found for word, address in named.items() if (found := balance(city, address))}


def letters(party):
    rows = as_the_house("SELECT template FROM notify_message WHERE party = %s ORDER BY id", party)
    return [row[0] for row in rows]


def one(order, **what):
    return [RefundAsk(line=order.lines[0].line, **what)]


def grant(order, *, scope=None, **how):
    how.setdefault("lines", one(order, quantity=1))
    return actions.grant_refund(scope or order.shop.scope, order=order.id, reason="少了一袋", at=order.at, **how)


def ask(order, **how):
    how.setdefault("lines", one(order, quantity=1))
    return actions.request_refund(order.buyer, order=order.id, reason="少了一袋", at=order.at, **how)


def world():
    return as_the_house(
        "SELECT (SELECT jsonb_agg(to_jsonb(o) ORDER BY id) FROM orders_order AS o)::text,"
        " (SELECT jsonb_agg(to_jsonb(l) ORDER BY id) FROM orders_line AS l)::text,"
        " (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM orders_refund AS r)::text,"
        " (SELECT count(*) FROM ledger_journal), (SELECT count(*) FROM spine_fact), (SELECT count(*) FROM orders_move),"
        " (SELECT sum(reserved) FROM stock_level), (SELECT sum(on_hand) FROM stock_level)"
    )


# granted by the shop


def test_before_completion_a_unit_comes_out_of_the_escrow_and_is_free_again(order, rice):
    grant(order)
    assert accounts(order) == {"escrow": -3300, "refunds": -2900}
    assert stock_of(rice) == (10, 1)
    done = order.accepted().ready().handed_over()
    assert accounts(order) == {"pending": -2668, "company": -93, "platform": -139, "delivery": -400, "refunds": -2900}
    assert stock_of(rice) == (9, 0)
    assert str(done.page.refunded) == "29.00"


def test_after_completion_each_payee_gives_back_its_part(order):
    done = order.accepted().ready().handed_over()
    grant(done, lines=one(done, amount=Money.parse("10.00")))
    assert accounts(order) == {
        "pending": -5336 + 920,
        "company": -186 + 32,
        "platform": -278 + 48,
        "delivery": -400,
        "refunds": -1000,
    }
    taken = as_the_house(
        "SELECT kind, amount_minor::int FROM payouts_line WHERE order_id = %s AND amount_minor < 0 ORDER BY kind",
        order.id,
    )
    assert taken == [("merchant", -920), ("property", -32)]


def test_everything_after_completion_brings_every_payee_to_zero(order, rice):
    done = order.accepted().ready().handed_over()
    grant(done, lines=one(done, quantity=1))
    grant(done, lines=one(done, amount=Money(1)))
    grant(done, lines=one(done, quantity=1), with_fee=True, restock=True)
    assert accounts(order) == {"refunds": -6200}
    assert stock_of(rice) == (9, 0)
    assert str(done.page.refunded) == "62.00"
    with pytest.raises(actions.NotRefundable):
        grant(done)


def test_what_the_merchant_has_not_any_more_it_owes(order):
    done = order.accepted().ready().handed_over()
    payouts.release_holds(SYSTEM, at=done.at + timedelta(days=8))
    assert accounts(order)["available"] == -5336
    payouts.set_receiver(SYSTEM, payee=order.shop.merchant, name="老王", account="6222", bank="ICBC", at=AT)
    payouts.draw_payouts(SYSTEM, city=order.shop.community.city, at=done.at + timedelta(days=8))
    grant(replace(done, at=done.at + timedelta(days=6)))
    found = accounts(order)
    assert (found.get("pending", 0), found.get("available", 0), found["owed"]) == (0, 0, 2668)


def test_amounts_that_leave_nothing_before_completion_end_the_order_and_give_every_unit_back(order, rice):
    left = order.lines[0].net
    grant(order, lines=one(order, amount=Money(left.minor - 1)))
    assert order.lines[0].refunded_quantity == 0
    grant(order, lines=one(order, amount=Money(1)))
    assert order.state is OrderState.CANCELLED
    assert (order.lines[0].refunded, order.lines[0].refunded_quantity) == (left, 2)
    assert stock_of(rice) == (10, 0)


def test_giving_everything_back_before_completion_ends_the_order(order, rice):
    grant(order, lines=one(order, quantity=2))
    assert order.state is OrderState.CANCELLED
    assert accounts(order) == {"refunds": -6200}  # what nobody will deliver costs no fee either
    assert stock_of(rice) == (10, 0)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"quantity": 3}, "too_many_units"),
        ({"quantity": -1}, "units_or_amount"),
        ({"amount": Money(5801)}, "more_than_paid"),
        ({"amount": Money(0)}, "nothing_left"),
    ],
)
def test_never_more_than_was_paid(order, what, why):
    before = world()
    with pytest.raises(actions.NotRefundable) as refused:
        grant(order, lines=one(order, **what))
    assert (refused.value.field, refused.value.values["why"]) == ("lines.0", why)
    assert world() == before


def test_nothing_is_no_refund_and_a_line_of_another_order_is_none(order, rice):
    other = an_order(rice).paid()
    before = world()
    with pytest.raises(Invalid):
        grant(order, lines=[])
    for line in (other.lines[0].line, LineId(ids.new())):
        with pytest.raises(actions.NotRefundable):
            grant(order, lines=[RefundAsk(line=line, quantity=1)])
    assert world() == before


def test_what_is_not_paid_or_is_over_is_not_refunded(order, rice):
    unpaid = an_order(rice)
    with pytest.raises(actions.RefundsOver):
        grant(unpaid)
    closed = order.accepted().ready().handed_over().closed()
    before = world()
    with pytest.raises(actions.RefundsOver):
        grant(closed)
    assert world() == before


def test_the_fee_goes_back_once(order):
    done = order.accepted().ready().handed_over()
    grant(done, lines=[], with_fee=True)
    with pytest.raises(Invalid):
        grant(done, lines=[], with_fee=True)
    assert accounts(order)["refunds"] == -400
    assert "delivery" not in accounts(order)


def test_a_refund_is_repaid_when_the_provider_says_so(order):
    refund = grant(order)
    told = Told(
        source="embedded",
        kind=EventKind.REFUND,
        outcome=Outcome.SUCCESS,
        reference=str(refund),
        provider_reference="rf-1",
        address="psp_clearing:embedded",
        amount=Money(2900),
        fee=Money.zero,
        currency="CNY",
        occurred_at=AT,
    )
    assert payments.record_told(SYSTEM, told=told, at=AT) == "refunded"
    climb(AT)
    assert order.page.refunds[0].state is RefundState.REPAID
    actions.mark_repaid(SYSTEM, refunds=[refund], at=AT)
    assert [m.verb for m in order.page.moments if m.refund == refund] == ["grant", "repay"]


# asked by the buyer


def test_a_request_waits_for_its_shop_which_grants_it(order):
    done = order.accepted().ready().handed_over()
    refund = ask(done)
    (card,) = queries.refund_requests(order.shop.scope)
    assert (card.refund, card.state, str(card.amount), card.lines[0].quantity) == (
        refund,
        RefundState.ASKED,
        "29.00",
        1,
    )
    assert card.due_at == done.at + timedelta(hours=24)
    assert "refunds" not in accounts(order)
    actions.answer_refund(order.shop.scope, refund=refund, grant=True, at=done.at)
    assert accounts(order)["refunds"] == -2900
    assert letters(order.buyer.person) == ["refund_given"]
    assert queries.refund_requests(order.shop.scope) == ()
    with pytest.raises(WrongState):
        actions.answer_refund(order.shop.scope, refund=refund, grant=True, at=done.at)
    assert accounts(order)["refunds"] == -2900


def test_one_request_at_a_time_and_it_can_be_withdrawn(order):
    refund = ask(order)
    before = world()
    with pytest.raises(actions.RefundAskedAlready):
        ask(order)
    assert world() == before
    actions.withdraw_refund(order.buyer, refund=refund, at=order.at)
    ask(order)
    with pytest.raises(WrongState):
        actions.withdraw_refund(order.buyer, refund=refund, at=order.at)


@pytest.mark.parametrize(("granted", "state", "minor"), [(True, "granted", -2900), (False, "rejected", 0)])
def test_what_the_shop_declines_the_platform_decides(order, granted, state, minor):
    refund = ask(order)
    with pytest.raises(Invalid):
        actions.answer_refund(order.shop.scope, refund=refund, grant=False, at=order.at)
    actions.answer_refund(order.shop.scope, refund=refund, grant=False, reason="都装进去了", at=order.at)
    assert queries.refund_requests(order.shop.scope) == ()
    (card,) = queries.refund_requests(PLATFORM)
    assert (card.refund, card.state) == (refund, RefundState.DISPUTED)
    assert letters(order.buyer.person) == ["refund_declined"]
    with pytest.raises(NotFound):
        actions.decide_refund(order.shop.scope, refund=refund, grant=False, reason="不退", at=order.at)
    actions.decide_refund(PLATFORM, refund=refund, grant=granted, reason="看了照片", at=order.at)
    assert order.page.refunds[0].state == state
    assert accounts(order).get("refunds", 0) == minor
    said = "refund_decided_given" if granted else "refund_decided_rejected"
    assert letters(order.shop.merchant) == [said]
    assert letters(order.buyer.person) == ["refund_declined", "refund_given" if granted else "refund_rejected"]
    with pytest.raises(WrongState):
        actions.decide_refund(PLATFORM, refund=refund, grant=True, reason="再看", at=order.at)


def test_silence_costs_the_buyer_nothing(order):
    done = order.accepted().ready().handed_over()
    refund = ask(done)
    assert tasks.settle_refund_requests(at=done.at + timedelta(hours=23)) == 0
    assert tasks.settle_refund_requests(at=done.at + timedelta(hours=24)) == 1
    assert done.page.refunds[0].state is RefundState.DISPUTED
    assert tasks.settle_refund_requests(at=done.at + timedelta(hours=24 + 72)) == 1
    assert done.page.refunds[0].state is RefundState.GRANTED
    assert accounts(order)["refunds"] == -2900
    assert letters(order.buyer.person) == ["refund_unanswered", "refund_given"]
    assert [m.verb for m in done.page.moments if m.refund == refund] == ["ask", "lapse", "lapse"]
    assert tasks.settle_refund_requests(at=done.at + timedelta(days=9)) == 0


def test_an_order_stays_open_while_a_request_waits(order):
    done = order.accepted().ready().handed_over()
    late = done.at + timedelta(days=6, hours=23)
    refund = ask(replace(done, at=late))
    assert tasks.run_out(at=late + timedelta(days=1)) == 0
    assert actions.close_orders(SYSTEM, orders=[order.id], at=late + timedelta(days=1)) == 0
    actions.answer_refund(order.shop.scope, refund=refund, grant=True, at=late)
    assert tasks.run_out(at=late + timedelta(days=1)) == 1
    assert order.state is OrderState.CLOSED


def test_a_request_for_more_than_is_left_by_then_is_not_granted(order):
    done = order.accepted().ready().handed_over()
    refund = ask(done, lines=one(done, quantity=2))
    grant(done)
    before = world()
    with pytest.raises(actions.NotRefundable):
        actions.answer_refund(order.shop.scope, refund=refund, grant=True, at=done.at)
    assert world() == before


@pytest.mark.parametrize(("granted", "state", "minor"), [(1, "granted", -5800), (2, "rejected", -5800)])
def test_the_clock_grants_what_is_still_there_of_a_request(order, granted, state, minor):
    done = order.accepted().ready().handed_over()
    refund = ask(done, lines=one(done, quantity=2))
    grant(done, lines=one(done, quantity=granted))
    for hours in (24, 24 + 72):
        assert tasks.settle_refund_requests(at=done.at + timedelta(hours=hours)) == 1
    assert {r.refund: r.state for r in done.page.refunds}[refund] == state
    assert accounts(order)["refunds"] == minor


def test_strangers_find_no_refund(order):
    refund = ask(order)
    neighbour = a_home(community=order.shop.community).with_owner().scope
    rival = a_shop(community=order.shop.community).scope
    before = world()
    with pytest.raises(NotFound):
        actions.withdraw_refund(neighbour, refund=refund, at=order.at)
    with pytest.raises(NotFound):
        actions.answer_refund(rival, refund=refund, grant=True, at=order.at)
    with pytest.raises(NotFound):
        grant(order, scope=rival)
    with pytest.raises(NotFound):
        actions.request_refund(neighbour, order=order.id, lines=one(order, quantity=1), reason="我的", at=order.at)
    with pytest.raises(Denied):
        actions.answer_refund(order.buyer, refund=refund, grant=True, at=order.at)
    assert queries.refund_requests(rival) == ()
    assert world() == before


def test_the_company_reads_its_part_and_no_person(order):
    done = order.accepted().ready().handed_over()
    grant(done, lines=one(done, amount=Money.parse("10.00")))
    company = as_the_house("SELECT company FROM orders_order WHERE id = %s", order.id)[0][0]
    scope = Scope(role=Role.PROPERTY, person=ids.new(), communities=(order.shop.community.id,), company=company)  # type: ignore[arg-type]
    (line,) = queries.commission_lines(scope, start=AT, end=AT + timedelta(days=1))
    assert (str(line.net), str(line.refunded), str(line.commission), str(line.company)) == (
        "58.00",
        "10.00",
        "3.84",
        "1.54",
    )
    assert queries.commission_lines(scope, start=AT, end=AT + timedelta(days=1), after=line.line) == ()
    assert queries.commission_lines(replace(scope, communities=()), start=AT, end=AT + timedelta(days=1)) == ()
    assert not any(field in ("buyer", "home", "person") for field in type(line).__slots__)
    with pytest.raises(NotFound):
        queries.commission_lines(replace(scope, company=None), start=AT, end=AT)


@pytest.mark.parametrize("sort", queries.CommissionSort)
def test_the_companys_lines_are_sorted_over_all_pages(rice, order, sort):
    """Also where two lines cost the same; by age the pages are what they always were."""
    again = an_order(rice, 2, at=AT + timedelta(hours=1)).paid()
    for each in (order, again, an_order(rice, 1).paid()):
        done = each.accepted().ready().handed_over()
    grant(done, lines=one(done, amount=Money.parse("10.00")))
    company = as_the_house("SELECT company FROM orders_order WHERE id = %s", order.id)[0][0]
    scope = Scope(role=Role.PROPERTY, person=ids.new(), communities=(order.shop.community.id,), company=company)  # type: ignore[arg-type]
    ask = partial(queries.commission_lines, scope, start=AT, end=AT + timedelta(days=1), order=sort)
    of = {"completed": "completed_at", "sold": "net", "refunded": "refunded"}[sort]
    key = lambda line: (getattr(line, of), line.line)  # noqa: E731
    for rising in (True, False):
        whole = ask(is_rising=rising)
        assert len(whole) == 3
        assert whole == tuple(sorted(whole, key=key, reverse=not rising))
        paged, after = [], None
        while found := ask(is_rising=rising, after=after, limit=1):
            paged += found
            after = found[-1].line
        assert tuple(paged) == whole


def test_facts_name_the_refund_and_its_amount(order):
    refund = grant(order)
    (fact,) = facts("orders.OrderRefunded")
    assert (fact["refund"], fact["amount"]) == (str(refund), {"minor": 2900})
