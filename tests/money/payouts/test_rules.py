"""Payouts' rules: lives that end, signals in any order, nothing netted beyond what there is."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import ids
from linli.kernel.ids import CommunityId, OrderId, PartyId
from linli.kernel.money import Money
from linli.money.payouts.gateways import harmless
from linli.money.payouts.rules import (
    LINE_LIFE,
    PAYOUT_LIFE,
    Kind,
    LineState,
    PayoutState,
    Signal,
    TakeBack,
    net,
    state_after,
    waterfall_of,
)
from linli.spine import sql


@given(st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_netting_takes_what_is_owed_and_no_more_than_there_is(gross: int, owed: int):
    netted, paid = net(Money(gross), Money(owed))
    assert netted + paid == Money(gross)
    assert netted == Money(min(gross, max(owed, 0)))


def test_lines_and_payouts_can_be_reached_and_can_end():
    assert LINE_LIFE.reachable == set(LineState) - {LineState.REVERSAL}
    assert PAYOUT_LIFE.reachable == set(PayoutState)
    assert PAYOUT_LIFE.ends == {PayoutState.FAILED, PayoutState.RETURNED}
    assert PAYOUT_LIFE.stuck(waiting=[PayoutState.SETTLED]) == frozenset()


@pytest.mark.parametrize("order", list(permutations([Signal.SUCCEEDED, Signal.BOOKED_OUT, Signal.RETURNED])))
def test_a_payout_that_came_back_never_reads_as_settled(order: tuple[Signal, ...]):
    state = PayoutState.DRAWN
    for signal in order:
        state = state_after(state, signal)
    assert state is PayoutState.RETURNED


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(PayoutState))
@pytest.mark.parametrize("signal", list(Signal))
def test_sql_says_what_the_rules_say_of_every_signal(state: PayoutState, signal: Signal):
    assert sql.fetch_one("SELECT payouts_state_after(%s, %s)", state.value, signal.value) == (
        state_after(state, signal),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(Kind))
def test_sql_and_rules_name_the_same_waterfall(kind: Kind):
    item = TakeBack(
        payee=PartyId(ids.new()), kind=kind, order=OrderId(ids.new()), community=CommunityId(ids.new()), amount=Money(1)
    )
    row = sql.fetch_one("SELECT payouts_waterfall(%s, %s, %s)", kind.value, item.payee, item.community)
    assert row == (list(waterfall_of(item)),)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_that_looks_like_a_formula_is_kept_from_being_one(cell: str):
    assert harmless(cell) == f"'{cell}"


def test_a_plain_cell_stays_as_it_is():
    assert [harmless(cell) for cell in ("老王水果店", "12.30", "")] == ["老王水果店", "12.30", ""]
