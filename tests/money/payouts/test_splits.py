"""The second way out: the provider pays the shares of a charge that it holds, once each, whoever dies in between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from harness.payments_words import CLEARING, NOW, PSP, Due, SaidProvider, a_collection, as_the_house, ask_refund
from harness.payouts_words import FREE, Shared, a_completed_order, post
from linli.ground.policies import actions as policies
from linli.kernel.ids import PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import Leg
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payouts import actions, queries
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)
"""The provider's day of FREE, on which the shares are paid."""


@pytest.fixture(autouse=True)
def provider():
    values = {"held_for_split": True, "split_most_bp": 10_000}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)
    said = SaidProvider()
    with serving(PSP, said):  # type: ignore[arg-type]
        yield said


def a_held_collection() -> Due:
    due = a_collection()
    payments.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
    assert payments.record_told(SYSTEM, told=due.paid(), at=NOW) == "collected"
    return due


def a_held_order(*, receivers: bool = True) -> Shared:
    """The worked order, whose charge the provider holds and whose payees it knows; its coupon is funded."""
    shared = a_completed_order(due=a_held_collection())
    post(shared, "funds", Leg("bank:custody", Money(500)), Leg("own_funds", Money(-500)))
    for payee in (shared.merchant, shared.company, shared.courier) if receivers else ():
        actions.set_split_receiver(SYSTEM, payee=payee, receiver=f"r-{payee}", at=NOW)
    return shared


def drawn(shared: Shared) -> tuple[PayoutId, ...]:
    actions.release_holds(SYSTEM, at=FREE)
    return actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)


def payouts_of(payee) -> list[tuple[str, str, int, str]]:
    return as_the_house(
        "SELECT way, state, amount_minor, reason FROM payouts_payout WHERE payee = %s ORDER BY id", payee
    )


def splits(provider: SaidProvider) -> list[says.Split]:
    return [call for call in provider.calls if isinstance(call, says.Split)]


def bill(*lines: says.BillLine, day: date = DAY) -> int:
    payments.import_bill(SYSTEM, source=PSP, day=day, lines=lines, at=FREE)
    return actions.match_splits(SYSTEM, source=PSP, day=day, at=FREE)


def bill_line(kind: says.BillKind, reference: str, due: Due, minor: int, fee: int = 0, net: int = 0) -> says.BillLine:
    return says.BillLine(
        kind=kind, reference=reference, charge_reference=str(due.id), provider_reference="x",
        channel=says.Channel.WECHAT, amount_minor=minor, fee_minor=fee, net_minor=net, currency="CNY",
        status=says.BillStatus.SUCCEEDED, occurred_at=FREE,
    )  # fmt: skip


def merchants(shared: Shared) -> PayoutId:
    [(id_,)] = as_the_house(
        "SELECT id FROM payouts_payout WHERE payee = %s AND state NOT IN ('failed', 'returned')", shared.merchant
    )
    return id_


def sound() -> None:
    found = (*ledger.check(SYSTEM), *queries.check(SYSTEM, at=FREE))
    assert [finding.details for finding in found if not finding.ok] == []


def test_each_payee_gets_its_share_of_the_charge_that_it_earned(provider):
    shared = a_held_order()
    assert len(drawn(shared)) == 3
    assert actions.send_payouts(at=FREE) == 3
    asked = {
        call.receivers[0].receiver: (call.charge_reference, call.receivers[0].amount_minor) for call in splits(provider)
    }
    charge = str(shared.due.id)
    assert asked == {f"r-{shared.merchant}": (charge, 5336), f"r-{shared.company}": (charge, 186)}
    sound()


def test_what_the_charge_cannot_bear_leaves_through_the_bank(provider):
    """57.00 less a fee of 0.34 came in, and 59.22 goes out: a part of that is the coupon, which no payer paid."""
    shared = a_held_order()
    drawn(shared)
    rows = as_the_house("SELECT way, payee, amount_minor::int FROM payouts_payout ORDER BY amount_minor DESC")
    assert rows == [
        ("split", shared.merchant, 5336), ("custody", shared.courier, 400), ("split", shared.company, 186),
    ]  # fmt: skip
    assert 5336 + 186 <= 5700 - 34 < 5336 + 186 + 400
    sound()


def test_the_bill_settles_a_share_and_the_clearing_account_pays_it(provider):
    shared = a_held_order()
    drawn(shared)
    actions.send_payouts(at=FREE)
    payout = merchants(shared)
    assert payouts_of(shared.merchant) == [("split", "accepted", 5336, "")]
    before = shared.balance(CLEARING)
    assert bill(bill_line(says.BillKind.SPLIT, str(payout), shared.due, 5336)) == 1
    assert payouts_of(shared.merchant) == [("split", "settled", 5336, "")]
    assert (shared.balance(CLEARING), shared.balance(shared.in_transit)) == (before - 5336, 0)
    assert shared.balance("bank:custody") == 500
    bill(bill_line(says.BillKind.SPLIT, str(payout), shared.due, 5336))  # read again
    assert shared.balance(CLEARING) == before - 5336
    sound()


def test_an_unanswered_share_is_asked_for_again_under_the_same_key(provider):
    shared = a_held_order()
    drawn(shared)
    provider.fails = says.GatewayUnavailable()
    actions.send_payouts(at=FREE)
    assert {state for _way, state, *_rest in payouts_of(shared.merchant)} == {"sent"}
    provider.fails = None
    actions.send_payouts(at=FREE + timedelta(minutes=10))
    mine = [call for call in splits(provider) if call.receivers[0].receiver == f"r-{shared.merchant}"]
    assert len(mine) == 2
    assert mine[0] == mine[1]
    assert payouts_of(shared.merchant) == [("split", "accepted", 5336, "")]
    actions.send_payouts(at=FREE + timedelta(days=1))
    assert len([call for call in splits(provider) if call.receivers[0].receiver == f"r-{shared.merchant}"]) == 2


@pytest.mark.parametrize("code", ["SPLIT_EXCEEDS_CAP", "SPLIT_TOO_LATE", "NOT_HELD", "UNKNOWN_RECEIVER"])
def test_what_the_provider_refuses_leaves_through_the_bank_the_next_time(provider, code):
    shared = a_held_order()
    drawn(shared)
    provider.fails = says.GatewayRefused(code, "no")
    actions.send_payouts(at=FREE)
    assert payouts_of(shared.merchant) == [("split", "failed", 5336, code)]
    assert (shared.balance(shared.available), shared.balance(shared.in_transit)) == (-5336, 0)
    provider.fails = None
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    assert payouts_of(shared.merchant)[1:] == [("custody", "drawn", 5336, "")]
    sound()


def test_a_share_that_is_taken_back_days_later_opens_its_lines(provider):
    shared = a_held_order()
    drawn(shared)
    actions.send_payouts(at=FREE)
    payout, clearing = merchants(shared), shared.balance(CLEARING)
    bill(bill_line(says.BillKind.SPLIT, str(payout), shared.due, 5336))
    later = FREE + timedelta(days=4)
    actions.recall_payout(SYSTEM, payout=payout, why="wrong receiver", at=later)
    with pytest.raises(actions.NotRecallable):
        actions.recall_payout(SYSTEM, payout=payout, why="wrong receiver", at=later)
    provider.fails = says.GatewayUnavailable()
    assert actions.send_recalls(at=later) == 1
    assert payouts_of(shared.merchant)[0][1] == "settled"
    provider.fails = None
    assert actions.send_recalls(at=later + timedelta(minutes=10)) == 1
    backs = [call for call in provider.calls if isinstance(call, says.SplitReturn)]
    assert {(back.reference, back.split_reference, back.amount_minor) for back in backs} == {
        (f"{payout}-1", str(payout), 5336)
    }
    assert payouts_of(shared.merchant) == [("split", "returned", 5336, "recalled")]
    assert shared.balance(shared.available) == -5336
    assert actions.send_recalls(at=later + timedelta(days=1)) == 0
    bill(bill_line(says.BillKind.SPLIT_RETURN, f"{payout}-1", shared.due, 5336), day=DAY + timedelta(days=4))
    assert (shared.balance(CLEARING), shared.balance(shared.in_transit)) == (clearing, 0)
    assert [payee.why for payee in queries.waiting_payees(SYSTEM) if payee.payee == shared.merchant] == [
        "held: payout returned"
    ]
    sound()


def test_a_receiver_who_gives_nothing_back_keeps_it(provider):
    shared = a_held_order()
    drawn(shared)
    actions.send_payouts(at=FREE)
    payout = merchants(shared)
    actions.recall_payout(SYSTEM, payout=payout, why="wrong receiver", at=FREE)
    provider.fails = says.GatewayRefused("RETURN_EXCEEDS_SHARE", "no")
    actions.send_recalls(at=FREE)
    assert payouts_of(shared.merchant) == [("split", "accepted", 5336, "RETURN_EXCEEDS_SHARE")]
    assert actions.send_recalls(at=FREE + timedelta(days=1)) == 0


def test_what_a_payee_owes_is_set_off_before_the_share_is_paid(provider):
    shared = a_held_order()
    post(shared, "cash", Leg(f"cash_due:{shared.merchant}", Money(2000)), Leg("suspense", Money(-2000)))
    drawn(shared)
    rows = as_the_house(
        "SELECT way, gross_minor, netted_minor, amount_minor FROM payouts_payout WHERE payee = %s", shared.merchant
    )
    assert rows == [("split", 5336, 2000, 3336)]
    assert (shared.balance(f"cash_due:{shared.merchant}"), shared.balance(shared.in_transit)) == (0, -3336)
    sound()


def test_a_cap_of_thirty_percent_holds_for_the_charge_and_not_for_each_share(provider):
    values = {"split_most_bp": 1000}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)
    shared = a_held_order()
    drawn(shared)
    assert payouts_of(shared.merchant)[0][0] == "custody"
    small = as_the_house("SELECT sum(amount_minor)::int FROM payouts_payout WHERE way = 'split'")
    assert small[0][0] <= 570


def test_a_charge_that_is_too_old_is_paid_by_the_bank(provider):
    shared = a_held_order()
    late = NOW + timedelta(days=31)
    actions.release_holds(SYSTEM, at=late)
    actions.draw_payouts(SYSTEM, city=shared.city, at=late)
    assert {way for (way,) in as_the_house("SELECT way FROM payouts_payout")} == {"custody"}


def test_whom_the_provider_does_not_know_is_paid_by_the_bank(provider):
    shared = a_held_order(receivers=False)
    drawn(shared)
    assert [way for way, *_rest in payouts_of(shared.merchant)] == ["custody"]


def test_the_rest_of_a_charge_is_released_before_its_time_is_over(provider):
    shared = a_held_order()
    assert payments.release_held(at=NOW + timedelta(days=28)) == 0
    provider.fails = says.GatewayUnavailable()
    assert payments.release_held(at=NOW + timedelta(days=29)) == 1
    provider.fails = None
    assert payments.release_held(at=NOW + timedelta(days=29, minutes=10)) == 1
    asked = [call for call in provider.calls if isinstance(call, says.Unfreeze)]
    assert {call.reference for call in asked} == {f"u-{shared.due.id}"}
    assert payments.release_held(at=NOW + timedelta(days=40)) == 0
    drawn(shared)
    assert payouts_of(shared.merchant)[0][0] == "custody"


def test_a_refund_that_needs_more_than_is_held_has_the_charge_released_and_is_asked_again(provider):
    shared = a_held_order()
    post(shared, "back", Leg(shared.due.escrow, Money(-1000)), Leg("suspense", Money(1000)))
    refund = ask_refund(shared.due, 1000)
    provider.fails = says.GatewayRefused("SPLIT_ALREADY", "take shares back first")
    payments.send_refunds(at=NOW)
    provider.fails = None
    assert payments.release_held(at=NOW) == 1
    payments.send_refunds(at=NOW + timedelta(minutes=5))
    asked = [call for call in provider.calls if isinstance(call, says.Refund)]
    assert [call.reference for call in asked] == [str(refund), str(refund)]
    assert payment_queries.refunds(SYSTEM, collection=shared.due.id, waiting_only=True) == ()


def test_a_share_that_the_bill_does_not_know_is_a_difference_until_it_does(provider):
    shared = a_held_order()
    drawn(shared)
    actions.send_payouts(at=FREE)
    payout = merchants(shared)
    noted = as_the_house("SELECT occurred_at FROM payouts_event WHERE payout_id = %s", payout)
    day = (noted[0][0] + timedelta(hours=8)).date()
    bill(day=day)
    kinds = {(found.kind, found.reference) for found in payment_queries.differences(SYSTEM)}
    assert ("CHANNEL_MISSING", str(payout)) in kinds
    bill(bill_line(says.BillKind.SPLIT, str(payout), shared.due, 5336), day=day)
    kinds = {(found.kind, found.reference) for found in payment_queries.differences(SYSTEM)}
    assert ("CHANNEL_MISSING", str(payout)) not in kinds


def test_a_line_of_the_bill_that_fits_no_share_is_a_difference(provider):
    shared = a_held_order()
    drawn(shared)
    actions.send_payouts(at=FREE)
    payout = merchants(shared)
    bill(
        bill_line(says.BillKind.SPLIT, str(payout), shared.due, 5337),
        bill_line(says.BillKind.SPLIT, "somebody-else", shared.due, 100),
    )
    kinds = {(found.kind, found.reference) for found in payment_queries.differences(SYSTEM)}
    assert kinds >= {("AMOUNT_MISMATCH", str(payout)), ("LOCAL_MISSING", "somebody-else")}
    assert payouts_of(shared.merchant) == [("split", "accepted", 5336, "")]


def test_a_day_on_which_everything_stays_held_books_its_fees_once(provider):
    due = a_held_collection()
    line = bill_line(says.BillKind.CHARGE, str(due.id), due, 5700, fee=34)
    for _nth in range(2):
        bill(line, day=date(2026, 11, 22))
    assert (due.balance("psp_fees"), due.balance(CLEARING)) == (34, 5666)


def test_a_receiver_has_a_name_that_providers_can_read():
    shared = a_held_order(receivers=False)
    with pytest.raises(Invalid):
        actions.set_split_receiver(SYSTEM, payee=shared.merchant, receiver="a b", at=NOW)
