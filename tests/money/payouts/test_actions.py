"""Payouts against a real PostgreSQL: held, released, drawn, sent, booked, and back again when they come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.payments_words import NOW, PSP, SaidProvider, as_the_house, facts
from harness.payouts_words import FREE, Shared, a_completed_order, a_receiver, post
from linli.kernel import ids
from linli.kernel.ids import OrderId, PartyId, PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid
from linli.money.ledger.rules import Leg
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payouts import actions
from linli.money.payouts.rules import Kind, PayoutState, Signal, TakeBack
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


def states(shared: Shared) -> dict[str, str]:
    rows = as_the_house(
        "SELECT kind, state FROM payouts_line WHERE order_id = %s AND reverses_id IS NULL", shared.order
    )
    return dict(rows)


def payouts_of(payee: PartyId) -> list[tuple[str, int, int, str]]:
    return as_the_house(
        "SELECT state, amount_minor, netted_minor, reason FROM payouts_payout WHERE payee = %s ORDER BY id", payee
    )


def drawn(shared: Shared) -> PayoutId:
    """Everything is free and drawn; gives the merchant's payout."""
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [(id_,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s AND state = 'drawn'", shared.merchant)
    return PayoutId(id_)


def tell(payout: PayoutId, signal: Signal, minor: int = 5336, *, line: str = "") -> str:
    return actions.record_signal(
        SYSTEM, source=PSP, signal=signal, reference=str(payout), amount=Money(minor), reason="", occurred_at=FREE,
        at=FREE, bank="custody", line=line,
    )  # fmt: skip


def test_money_is_held_and_then_moved_in_one_journal_per_account():
    shared = a_completed_order()
    assert actions.release_holds(SYSTEM, at=NOW + timedelta(hours=23)) == 0
    assert actions.release_holds(SYSTEM, at=NOW + timedelta(days=1)) == 2
    assert states(shared) == {"merchant": "pending", "property": "available", "courier": "available"}
    assert actions.release_holds(SYSTEM, at=NOW + timedelta(days=7)) == 1
    assert actions.release_holds(SYSTEM, at=FREE) == 0
    assert (shared.balance(shared.pending), shared.balance(shared.available)) == (0, -5336)
    where = f"{shared.company}:{shared.community}"
    assert (shared.balance(f"property_pending:{where}"), shared.balance(f"property_available:{where}")) == (0, -186)
    assert shared.balance(f"delivery_payable:{shared.courier}") == -400


def test_the_tier_shortens_the_hold():
    merchant = PartyId(ids.new())
    actions.set_hold_days(SYSTEM, payee=merchant, days=1, at=NOW)
    shared = a_completed_order(merchant=merchant)
    assert actions.release_holds(SYSTEM, at=NOW + timedelta(days=1)) == 3
    assert states(shared)["merchant"] == "available"


@pytest.mark.parametrize("days", [-1, 61])
def test_a_hold_is_a_number_of_days_that_makes_sense(days):
    with pytest.raises(Invalid):
        actions.set_hold_days(SYSTEM, payee=PartyId(ids.new()), days=days, at=NOW)


def test_a_draw_claims_the_lines_and_the_commission_is_subtracted_from_the_payout():
    shared = a_completed_order()
    drawn(shared)
    assert states(shared) == {"merchant": "in_payout", "property": "in_payout", "courier": "in_payout"}
    assert payouts_of(shared.merchant) == [("drawn", 5336, 0, "")]  # 58.00 less 8 % of commission
    assert payouts_of(shared.company) == [("drawn", 186, 0, "")]
    assert payouts_of(shared.courier) == [("drawn", 400, 0, "")]
    assert (shared.balance(shared.available), shared.balance(shared.in_transit)) == (0, -5336)
    assert actions.draw_payouts(SYSTEM, city=shared.city, at=FREE) == ()


def test_cash_that_a_payee_holds_is_netted_first():
    shared = a_completed_order()
    post(shared, "cash", Leg(f"cash_due:{shared.merchant}", Money(2000)), Leg("suspense", Money(-2000)))
    drawn(shared)
    assert payouts_of(shared.merchant) == [("drawn", 3336, 2000, "")]
    assert shared.balance(f"cash_due:{shared.merchant}") == 0
    assert (shared.balance(shared.available), shared.balance(shared.in_transit)) == (0, -3336)


def test_a_payee_that_owes_more_than_it_gets_is_paid_nothing_and_owes_less():
    shared = a_completed_order()
    owed = f"merchant_receivable:{shared.merchant}"
    post(shared, "clawback", Leg(owed, Money(6000)), Leg("suspense", Money(-6000)))
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    assert payouts_of(shared.merchant) == [("settled", 0, 5336, "")]
    assert states(shared)["merchant"] == "paid"
    assert (shared.balance(owed), shared.balance(shared.available), shared.balance(shared.in_transit)) == (664, 0, 0)


def test_less_than_the_minimum_waits():
    shared = a_completed_order()
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE, minimum=Money(5337))
    assert payouts_of(shared.merchant) == []
    assert states(shared)["merchant"] == "available"


def test_who_is_held_or_has_no_bank_account_keeps_its_balance():
    held, unknown = a_completed_order(), a_completed_order(receivers=False)
    actions.hold_payee(SYSTEM, payee=held.merchant, why="inspection", at=NOW)
    actions.release_holds(SYSTEM, at=FREE)
    for shared in (held, unknown):
        actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
        assert payouts_of(shared.merchant) == []
        assert shared.balance(shared.available) == -5336
    actions.free_payee(SYSTEM, payee=held.merchant, at=FREE)
    actions.draw_payouts(SYSTEM, city=held.city, at=FREE)
    assert payouts_of(held.merchant) == [("drawn", 5336, 0, "")]


def test_a_payout_is_sent_under_its_id_and_settled_only_by_the_banks_own_line():
    shared, provider = a_completed_order(), SaidProvider()
    payout = drawn(shared)
    with serving(PSP, provider):
        assert actions.send_payouts(at=FREE) == 3
        assert actions.send_payouts(at=FREE + timedelta(days=1)) == 0
    [call] = [c for c in provider.calls if isinstance(c, says.Transfer) and c.amount_minor == 5336]
    assert (call.reference, call.receiver_name) == (str(payout), "老王水果店")
    assert payouts_of(shared.merchant)[0][0] == "accepted"
    assert states(shared)["merchant"] == "in_payout"
    assert shared.balance("bank:custody") == 0
    assert tell(payout, Signal.BOOKED_OUT, line="B-1") == "settled"
    assert states(shared)["merchant"] == "paid"
    assert (shared.balance("bank:custody"), shared.balance(shared.in_transit)) == (-5336, 0)
    assert [f["payout"] for f in facts("payouts.PayoutSettled")] == [str(payout)]


def test_killed_between_claim_and_call_the_same_payout_is_retried():
    shared, provider = a_completed_order(), SaidProvider(fails=KeyboardInterrupt())
    drawn(shared)
    with serving(PSP, provider):
        with pytest.raises(KeyboardInterrupt):
            actions.send_payouts(at=FREE)
        provider.fails = None
        actions.send_payouts(at=FREE + timedelta(hours=2))
    transfers = [c for c in provider.calls if isinstance(c, says.Transfer)]
    assert len({t.reference for t in transfers}) == 3
    assert len(transfers) == 4
    assert len(set(transfers)) == 3  # the one that was cut off came again exactly as it was


def test_an_unanswered_payout_is_asked_again_and_not_drawn_anew():
    shared, provider = a_completed_order(), SaidProvider(fails=says.GatewayUnavailable("no answer"))
    drawn(shared)
    with serving(PSP, provider):
        actions.send_payouts(at=FREE)
        assert actions.draw_payouts(SYSTEM, city=shared.city, at=FREE) == ()
        provider.fails = None
        assert actions.send_payouts(at=FREE + timedelta(hours=2)) == 3
    assert payouts_of(shared.merchant)[0][0] == "accepted"


@pytest.mark.parametrize(
    "signals",
    [
        (Signal.SUCCEEDED, Signal.BOOKED_OUT, Signal.RETURNED, Signal.BOOKED_BACK),
        (Signal.SUCCEEDED, Signal.RETURNED, Signal.BOOKED_OUT, Signal.BOOKED_BACK),
        (Signal.RETURNED, Signal.SUCCEEDED, Signal.BOOKED_BACK, Signal.BOOKED_OUT),
        (Signal.BOOKED_OUT, Signal.BOOKED_BACK, Signal.RETURNED, Signal.SUCCEEDED),
    ],
)
def test_a_payout_that_the_bank_returned_does_not_read_as_settled_and_opens_its_lines_again(signals):
    shared = a_completed_order()
    payout = drawn(shared)
    for n, signal in enumerate(signals):
        line = f"B-{n}" if signal in (Signal.BOOKED_OUT, Signal.BOOKED_BACK) else ""
        tell(payout, signal, line=line)
        assert tell(payout, signal, line=line) == "repeated"
    assert payouts_of(shared.merchant)[0][0] == "returned"
    assert states(shared)["merchant"] == "available"
    assert shared.balance(shared.available) == -5336
    assert (shared.balance(shared.in_transit), shared.balance("bank:custody")) == (0, 0)
    assert [f["payout"] for f in facts("payouts.PayoutReturned")] == [str(payout)]


def test_a_returned_payout_is_paid_again_under_a_new_id_once_its_payee_is_freed():
    shared = a_completed_order()
    payout = drawn(shared)
    tell(payout, Signal.RETURNED)
    assert actions.draw_payouts(SYSTEM, city=shared.city, at=FREE) == ()  # held until somebody has looked
    a_receiver(shared.merchant, "6222 9999")
    actions.free_payee(SYSTEM, payee=shared.merchant, at=FREE)
    [again] = actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    assert again != payout
    assert [p[0] for p in payouts_of(shared.merchant)] == ["returned", "drawn"]


def test_what_was_netted_stays_netted_when_a_payout_comes_back():
    shared = a_completed_order()
    post(shared, "cash", Leg(f"cash_due:{shared.merchant}", Money(2000)), Leg("suspense", Money(-2000)))
    tell(drawn(shared), Signal.FAILED, 3336)
    assert shared.balance(shared.available) == -3336
    assert shared.balance(f"cash_due:{shared.merchant}") == 0
    actions.free_payee(SYSTEM, payee=shared.merchant, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    assert payouts_of(shared.merchant)[1][:3] == ("drawn", 3336, 0)


def test_a_booking_of_another_amount_changes_nothing():
    shared = a_completed_order()
    payout = drawn(shared)
    assert tell(payout, Signal.BOOKED_OUT, 5335, line="B-1") == "wrong"
    assert states(shared)["merchant"] == "in_payout"
    assert shared.balance("bank:custody") == 0


def test_a_payout_is_booked_out_once():
    shared = a_completed_order()
    payout = drawn(shared)
    assert tell(payout, Signal.BOOKED_OUT, line="B-1") == "settled"
    assert tell(payout, Signal.BOOKED_OUT, line="B-2") == "wrong"
    assert shared.balance("bank:custody") == -5336


def test_a_part_is_taken_back_from_pending_first():
    shared = a_completed_order()
    items = (shared.taken(shared.merchant, Kind.MERCHANT, 920), shared.taken(shared.company, Kind.PROPERTY, 32))
    legs = actions.take_back(SYSTEM, items=items, document="refund:1", at=NOW)
    assert legs == (
        Leg(shared.pending, Money(920)),
        Leg(f"property_pending:{shared.company}:{shared.community}", Money(32)),
    )
    post(shared, "refund", *legs, Leg("platform_commission", Money(48)), Leg("suspense", Money(-1000)))
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    assert payouts_of(shared.merchant) == [("drawn", 5336 - 920, 0, "")]
    assert payouts_of(shared.company) == [("drawn", 186 - 32, 0, "")]


def test_taken_back_twice_under_one_document_is_taken_once():
    shared = a_completed_order()
    items = (shared.taken(shared.merchant, Kind.MERCHANT, 920),)
    assert actions.take_back(SYSTEM, items=items, document="refund:1", at=NOW) != ()
    assert actions.take_back(SYSTEM, items=items, document="refund:1", at=NOW) == ()


def test_what_was_paid_out_already_becomes_a_receivable_and_is_netted_next_time():
    shared = a_completed_order()
    payout = drawn(shared)
    tell(payout, Signal.BOOKED_OUT, line="B-1")
    legs = actions.take_back(
        SYSTEM, items=(shared.taken(shared.merchant, Kind.MERCHANT, 920),), document="refund:1", at=FREE
    )
    assert legs == (Leg(f"merchant_receivable:{shared.merchant}", Money(920)),)
    post(shared, "refund", *legs, Leg("suspense", Money(-920)))
    second = a_completed_order(city=shared.city, merchant=shared.merchant)
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=second.city, at=FREE)
    assert payouts_of(shared.merchant)[1][:3] == ("drawn", 5336 - 920, 920)


def test_two_parts_of_one_call_do_not_take_the_same_money_twice():
    first = a_completed_order()
    second = a_completed_order(city=first.city, merchant=first.merchant)
    post(first, "spent", Leg(first.pending, Money(5336 * 2 - 1000)), Leg("suspense", Money(1000 - 5336 * 2)))
    items = (first.taken(first.merchant, Kind.MERCHANT, 800), second.taken(first.merchant, Kind.MERCHANT, 800))
    legs = actions.take_back(SYSTEM, items=items, document="refund:1", at=NOW)
    assert [(leg.address.split(":")[0], leg.amount.minor) for leg in legs] == [
        ("merchant_pending", 800),
        ("merchant_pending", 200),
        ("merchant_receivable", 600),
    ]


def test_more_than_was_earned_is_never_taken_back():
    shared = a_completed_order()
    with pytest.raises(actions.TakesTooMuch):
        actions.take_back(
            SYSTEM, items=(shared.taken(shared.merchant, Kind.MERCHANT, 5337),), document="refund:1", at=NOW
        )
    assert as_the_house("SELECT count(*) FROM payouts_line WHERE state = 'reversal'") == [(0,)]


def test_what_was_never_earned_is_not_taken_back():
    shared = a_completed_order()
    stranger = TakeBack(
        payee=shared.merchant, kind=Kind.MERCHANT, order=OrderId(ids.new()), community=shared.community, amount=Money(1)
    )
    with pytest.raises(actions.NothingEarned):
        actions.take_back(SYSTEM, items=(stranger,), document="refund:1", at=NOW)


def test_the_bank_file_holds_each_drawn_payout_once_and_no_formula():
    shared = a_completed_order()
    actions.set_receiver(SYSTEM, payee=shared.merchant, name="=HYPERLINK()", account="6222", bank="ICBC", at=NOW)
    payout = drawn(shared)
    file = actions.write_bank_file(SYSTEM, city=shared.city, at=FREE)
    text = file.content.decode("utf-8-sig")
    assert f"{payout},53.36,CNY,'=HYPERLINK(),6222,ICBC" in text
    assert len(text.splitlines()) == 4
    assert actions.write_bank_file(SYSTEM, city=shared.city, at=FREE + timedelta(days=1)).payouts == ()
    assert payouts_of(shared.merchant)[0][0] == PayoutState.SENT


def test_a_merchant_may_not_run_payouts_and_sees_only_its_own():
    shared, other = a_completed_order(), a_completed_order()
    scope = Scope(role=Role.MERCHANT, person=shared.merchant)
    with pytest.raises(Denied):
        actions.draw_payouts(scope, city=shared.city, at=FREE)
    with pytest.raises(Denied):
        actions.set_hold_days(scope, payee=other.merchant, days=0, at=NOW)
