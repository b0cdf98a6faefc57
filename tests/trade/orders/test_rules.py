"""Prices, shares, refunds, lives and deadlines as worked tables and as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import ids
from linli.kernel.ids import LineId, ListingId, OptionId, OrderId, PartyId, ShopId, VariantId
from linli.kernel.money import Money
from linli.trade.orders import rules
from linli.trade.orders.rules import Canceller, Fulfilment, OrderState, OrderVerb, Shares, SoldLine, StageName, WaitsFor

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ZH = {"zh": "面", "en": "Noodles"}


def money(text: str) -> Money:
    return Money.parse(text)


def goods(price="10.00", *, listed=None, options=(), quantity=1) -> rules.Goods:
    return rules.Goods(
        variant=VariantId(ids.new()),
        listing=ListingId(ids.new()),
        shop=ShopId(ids.new()),
        title=ZH,
        label={},
        kind="prepared",
        list_price=money(listed or price),
        place_price=money(price),
        choices=tuple(rules.Choice(option=OptionId(ids.new()), name=ZH, price=money(p)) for p in options),
        quantity=quantity,
    )


def terms(*, commission_bp=800, property_share_bp=4000, company=True, fee="4.00", free_from=None) -> rules.Terms:
    return rules.Terms(
        shop=ShopId(ids.new()),
        name=ZH,
        merchant=PartyId(ids.new()),
        carrier=PartyId(ids.new()),
        company=PartyId(ids.new()) if company else None,
        commission_bp=commission_bp,
        property_share_bp=property_share_bp,
        delivery_fee=money(fee),
        free_delivery_from=free_from and money(free_from),
        minutes_promised=45,
    )


def priced(*lines: rules.Goods, fulfilment=Fulfilment.SHOP_DELIVERY, **how) -> rules.PricedOrder:
    return rules.price_order(
        OrderId(ids.new()), terms(**how), fulfilment, [(LineId(ids.new()), each) for each in lines]
    )


# prices


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        (goods("10.00"), [("list_price", "10.00")]),
        (goods("9.00", listed="10.00"), [("list_price", "10.00"), ("place_price", "-1.00")]),
        (goods("10.00", quantity=3), [("list_price", "10.00"), ("quantity", "20.00")]),
        (
            goods("9.00", listed="10.00", options=("2.00", "0.00"), quantity=3),
            [
                ("list_price", "10.00"),
                ("place_price", "-1.00"),
                ("option", "2.00"),
                ("option", "0.00"),
                ("quantity", "22.00"),
            ],
        ),
    ],
)
def test_each_step_of_a_price_is_named_and_they_add_up(line, steps):
    order = priced(line)
    told = rules.explain(order.lines[0])
    assert [(s.name, str(s.amount)) for s in told] == steps
    assert Money.total(s.amount for s in told) == order.lines[0].net


def test_an_option_is_explained_by_its_name():
    assert [s.label for s in rules.stages(goods(options=("2.00",))) if s.name is StageName.OPTION] == [ZH]


@pytest.mark.parametrize(
    ("price", "fulfilment", "free_from", "fee"),
    [
        ("48.99", Fulfilment.SHOP_DELIVERY, "49.00", "4.00"),
        ("49.00", Fulfilment.SHOP_DELIVERY, "49.00", "0.00"),
        ("490.00", Fulfilment.SHOP_DELIVERY, None, "4.00"),
        ("48.99", Fulfilment.PICK_UP, "49.00", "0.00"),
    ],
)
def test_the_delivery_fee(price, fulfilment, free_from, fee):
    order = priced(goods(price), fulfilment=fulfilment, free_from=free_from)
    assert str(order.delivery_fee) == fee
    assert order.total == order.goods + order.delivery_fee


amounts = st.integers(0, 500_000).map(Money)
baskets = st.lists(
    st.builds(
        lambda listed, place, options, quantity: rules.Goods(
            variant=VariantId(ids.new()),
            listing=ListingId(ids.new()),
            shop=ShopId(ids.new()),
            title=ZH,
            label={},
            kind="packaged",
            list_price=listed,
            place_price=place,
            choices=tuple(rules.Choice(option=OptionId(ids.new()), name=ZH, price=o) for o in options),
            quantity=quantity,
        ),
        amounts,
        amounts,
        st.lists(amounts, max_size=3),
        st.integers(1, 99),
    ),
    min_size=1,
    max_size=8,
)
rates = st.integers(0, 10_000)


@given(baskets, rates, rates, st.booleans())
def test_stages_and_shares_of_every_line_sum_to_its_price(lines, commission_bp, company_bp, company):
    order = priced(*lines, commission_bp=commission_bp, property_share_bp=company_bp, company=company)
    for line in order.lines:
        g = line.goods
        unit = g.place_price + Money.total(c.price for c in g.choices)
        assert line.net == unit * g.quantity == Money.total(s.amount for s in line.stages)
        assert line.shares.total == line.net
        assert min(line.shares.merchant, line.shares.company, line.shares.platform) >= Money.zero
    assert order.goods == Money.total(line.net for line in order.lines)


# shares


@given(baskets, rates, rates)
def test_the_commission_of_an_order_is_rounded_once_and_nothing_is_lost_in_dividing_it(
    lines, commission_bp, company_bp
):
    order = priced(*lines, commission_bp=commission_bp, property_share_bp=company_bp)
    commission = Money.from_basis_points(order.goods, commission_bp)
    assert Money.total(line.shares.commission for line in order.lines) == commission
    assert Money.total(line.shares.company for line in order.lines) == Money.from_basis_points(commission, company_bp)


def test_the_worked_order_of_the_books():
    order = priced(goods("58.00"))
    shares = order.lines[0].shares
    assert (str(shares.merchant), str(shares.company), str(shares.platform)) == ("53.36", "1.86", "2.78")
    assert str(order.delivery_fee) == "4.00"


def test_equal_lines_get_the_odd_fen_by_their_ids():
    order = priced(goods("0.50"), goods("0.50"), goods("0.50"), commission_bp=667, property_share_bp=5000)
    assert str(Money.from_basis_points(order.goods, 667)) == "0.10"
    assert [str(line.shares.commission) for line in order.lines] == ["0.04", "0.03", "0.03"]
    assert [str(line.shares.company) for line in order.lines] == ["0.02", "0.02", "0.01"]


def test_the_order_in_which_lines_are_told_does_not_matter():
    nets = {LineId(ids.new()): Money(n) for n in (50, 50, 50, 33)}
    backwards = dict(reversed(list(nets.items())))
    assert rules.shares(nets, 667, 5000) == rules.shares(backwards, 667, 5000)


def test_without_a_company_the_platform_keeps_the_whole_commission():
    shares = priced(goods("58.00"), company=False).lines[0].shares
    assert (str(shares.merchant), str(shares.company), str(shares.platform)) == ("53.36", "0.00", "4.64")


# refunds


def sold(net="58.00", quantity=4, shares=("53.36", "1.86", "2.78"), refunded="0.00", refunded_quantity=0) -> SoldLine:
    merchant, company, platform = map(money, shares)
    return SoldLine(
        line=LineId(ids.new()),
        quantity=quantity,
        net=money(net),
        shares=Shares(merchant=merchant, company=company, platform=platform),
        refunded=money(refunded),
        refunded_quantity=refunded_quantity,
    )


def refund(line: SoldLine, *, quantity=0, amount=None) -> rules.RefundedLine:
    ask = rules.RefundAsk(line=line.line, quantity=quantity, amount=amount and money(amount))
    (back,) = rules.refund_lines({line.line: line}, [ask])
    return back


def test_a_refund_of_ten_takes_each_payee_its_part():
    shares = refund(sold(), amount="10.00").shares
    assert (str(shares.merchant), str(shares.company), str(shares.platform)) == ("9.20", "0.32", "0.48")


def test_the_last_unit_brings_back_what_is_left():
    line = sold("10.00", 3, ("9.20", "0.32", "0.48"))
    assert str(refund(line, quantity=1).amount) == "3.33"
    assert str(refund(line, quantity=2).amount) == "6.66"
    assert str(refund(line, quantity=3).amount) == "10.00"
    rest = sold("10.00", 3, ("9.20", "0.32", "0.48"), refunded="6.66", refunded_quantity=2)
    assert str(refund(rest, quantity=1).amount) == "3.34"


def test_units_never_bring_back_more_than_an_earlier_amount_left():
    line = sold("10.00", 2, ("10.00", "0.00", "0.00"), refunded="8.00")
    assert str(refund(line, quantity=1).amount) == "2.00"


@pytest.mark.parametrize(
    ("line", "ask", "reason"),
    [
        (sold(), {"quantity": 5}, "too_many_units"),
        (sold(refunded_quantity=3), {"quantity": 2}, "too_many_units"),
        (sold(), {"amount": "58.01"}, "more_than_paid"),
        (sold(refunded="50.00"), {"amount": "8.01"}, "more_than_paid"),
        (sold(refunded="58.00"), {"quantity": 1}, "nothing_left"),
        (sold(), {"amount": "0.00"}, "nothing_left"),
        (sold(), {"amount": "-1.00"}, "nothing_left"),
        (sold(), {"quantity": -1}, "units_or_amount"),
        (sold(), {}, "units_or_amount"),
        (sold(), {"quantity": 1, "amount": "1.00"}, "units_or_amount"),
    ],
)
def test_what_cannot_be_given_back(line, ask, reason):
    with pytest.raises(rules.NotRefundable) as refused:
        refund(line, **ask)
    assert (refused.value.nth, refused.value.reason) == (0, reason)


def test_a_line_is_named_once_and_must_be_of_the_order():
    line = sold()
    ask = rules.RefundAsk(line=line.line, quantity=1)
    with pytest.raises(rules.NotRefundable, match="named_twice"):
        rules.refund_lines({line.line: line}, [ask, ask])
    with pytest.raises(rules.NotRefundable, match="unknown_line"):
        rules.refund_lines({}, [ask])


@st.composite
def lines_and_refunds(draw):
    """A sold line, and a way of refunding all of it: by units, by amounts, or both."""
    net = draw(st.integers(0, 50_000))
    commission = draw(st.integers(0, net))
    company = draw(st.integers(0, commission))
    quantity = draw(st.integers(1, 9))
    shares = Shares(merchant=Money(net - commission), company=Money(company), platform=Money(commission - company))
    line = SoldLine(line=LineId(ids.new()), quantity=quantity, net=Money(net), shares=shares)
    steps = draw(st.lists(st.one_of(st.integers(1, 9), st.integers(1, 50_000).map(Money)), max_size=12))
    return line, steps


@given(lines_and_refunds())
def test_no_sequence_of_refunds_exceeds_the_line_pays_a_payee_or_loses_a_fen(case):
    line, steps = case
    given_back = rules.NOTHING
    for wanted in steps:
        ask = (
            rules.RefundAsk(line=line.line, quantity=wanted)
            if isinstance(wanted, int)
            else rules.RefundAsk(line=line.line, amount=wanted)
        )
        try:
            (back,) = rules.refund_lines({line.line: line}, [ask])
        except rules.NotRefundable:
            continue
        assert min(back.shares.merchant, back.shares.company, back.shares.platform) >= Money.zero
        assert back.shares.total == back.amount
        given_back += back.shares
        line = SoldLine(
            line=line.line,
            quantity=line.quantity,
            net=line.net,
            shares=line.shares,
            refunded=line.refunded + back.amount,
            refunded_quantity=line.refunded_quantity + back.quantity,
        )
        assert line.refunded <= line.net
        assert given_back == rules.given_back(line.shares, line.refunded)
        assert given_back + rules.still_earned(line) == line.shares
    rest = rules.everything_left({line.line: line})
    assert given_back + sum((each.shares for each in rest), rules.NOTHING) == line.shares


# lives and deadlines


@pytest.mark.parametrize("life", [rules.ORDER_LIFE, rules.CHECKOUT_LIFE, rules.REFUND_LIFE])
def test_every_state_is_reached_and_every_life_ends(life):
    assert life.reachable == frozenset(life.states)
    assert life.stuck() == frozenset()


PATIENCE = rules.patience(rules.OrderPolicy())


@pytest.mark.parametrize("fulfilment", Fulfilment)
@pytest.mark.parametrize("state", [s for s in OrderState if s not in rules.ORDER_LIFE.ends])
def test_every_waiting_state_has_a_deadline_somebody_it_waits_for_and_an_end_by_the_clock(state, fulfilment):
    due = rules.due_at(state, fulfilment, AT, PATIENCE, None)
    assert due is not None
    assert due > AT
    assert rules.waits_for(state, fulfilment) is not WaitsFor.NOBODY
    verb = rules.when_time_is_up(state, fulfilment)
    assert verb is not None
    assert rules.ORDER_LIFE.allows(state, verb)
    if verb is OrderVerb.CANCEL and state is not OrderState.PLACED:
        assert rules.may_cancel(Canceller.TIME, state, by_courier=fulfilment.way is not None)


@pytest.mark.parametrize("state", sorted(rules.ORDER_LIFE.ends))
def test_what_has_ended_waits_for_nobody(state):
    assert rules.due_at(state, Fulfilment.PICK_UP, AT, PATIENCE, None) is None
    assert rules.waits_for(state, Fulfilment.PICK_UP) is WaitsFor.NOBODY
    assert rules.when_time_is_up(state, Fulfilment.PICK_UP) is None


@pytest.mark.parametrize(
    ("state", "fulfilment", "verb"),
    [
        (OrderState.PAID, Fulfilment.PICK_UP, OrderVerb.CANCEL),
        (OrderState.READY, Fulfilment.PICK_UP, OrderVerb.COMPLETE),
        (OrderState.READY, Fulfilment.SHOP_DELIVERY, OrderVerb.CANCEL),
        (OrderState.IN_DELIVERY, Fulfilment.SHOP_DELIVERY, OrderVerb.COMPLETE),
        (OrderState.COMPLETED, Fulfilment.PICK_UP, OrderVerb.CLOSE),
    ],
)
def test_who_let_the_time_pass_bears_it(state, fulfilment, verb):
    assert rules.when_time_is_up(state, fulfilment) is verb


def test_only_its_own_side_cancels_an_order():
    assert rules.may_cancel(Canceller.BUYER, OrderState.PAID)
    assert not rules.may_cancel(Canceller.BUYER, OrderState.ACCEPTED)
    assert not rules.may_cancel(Canceller.SHOP, OrderState.PAID)  # it refuses instead
    assert not any(rules.may_cancel(who, OrderState.COMPLETED) for who in Canceller)


def test_an_order_for_tomorrow_is_not_cancelled_while_the_shop_sleeps():
    window = rules.Window(AT + timedelta(hours=14), AT + timedelta(hours=16))
    due = {s: rules.due_at(s, Fulfilment.SHOP_DELIVERY, AT, PATIENCE, window) for s in OrderState}
    assert due[OrderState.PAID] == window.start - timedelta(minutes=90)
    assert due[OrderState.ACCEPTED] == due[OrderState.READY] == window.end
    assert rules.promised_at(AT, 45, window) == window.end
    assert rules.promised_at(AT, 45, None) == AT + timedelta(minutes=45)


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (1, 3, None),
        (-1, 1, None),
        (3, 3, "window_ends_before_it_starts"),
        (3, 1, "window_ends_before_it_starts"),
        (1, 14, "window_too_long"),
        (-3, 0, "window_is_over"),
        (7 * 24 + 1, 7 * 24 + 3, "window_too_far"),
    ],
)
def test_windows_that_nobody_can_keep(start, end, fault):
    window = rules.Window(AT + timedelta(hours=start), AT + timedelta(hours=end))
    assert rules.window_fault(window, AT) == fault
