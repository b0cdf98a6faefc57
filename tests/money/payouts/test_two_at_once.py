"""Two at once: shares of one charge are drawn, sent and recalled once, on many connections."""

from __future__ import annotations

from datetime import timedelta

from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import NOW, PSP, SaidProvider, a_collection, as_the_house, balance
from harness.payouts_words import FREE, Shared, a_completed_order
from linli.ground.policies import actions as policies
from linli.kernel.ids import PayoutId
from linli.money.payments import actions as payments
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payouts import actions
from linli.spine.scope import SYSTEM


def a_held_order(most_bp: int = 10_000) -> Shared:
    values = {"held_for_split": True, "split_most_bp": most_bp}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)
    due = a_collection()
    payments.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
    payments.record_told(SYSTEM, told=due.paid(), at=NOW)
    shared = a_completed_order(due=due)
    for payee in (shared.merchant, shared.company, shared.courier):
        actions.set_split_receiver(SYSTEM, payee=payee, receiver=f"r-{payee}", at=NOW)
    actions.release_holds(SYSTEM, at=FREE)
    return shared


def test_what_is_drawn_and_sent_at_once_is_paid_once(own_database: OwnDatabase):
    provider = SaidProvider()
    with serving(PSP, provider):  # type: ignore[arg-type]
        shared = a_held_order()
        ends_at_once(*[lambda: actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)] * 4)
        actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
        rows = as_the_house("SELECT way, amount_minor::int FROM payouts_payout ORDER BY amount_minor DESC")
        assert [minor for _way, minor in rows] == [5336, 400, 186]
        assert sum(minor for way, minor in rows if way == "split") <= 5666
        assert (balance(shared.city, shared.available), balance(shared.city, shared.in_transit)) == (0, -5336)
        ends_at_once(*[lambda: actions.send_payouts(at=FREE)] * 4)
        asked = [call.reference for call in provider.calls if isinstance(call, says.Split)]
        assert len(asked) == len(set(asked)) == len([way for way, _minor in rows if way == "split"])


def test_a_share_is_asked_back_once(own_database: OwnDatabase):
    provider = SaidProvider()
    with serving(PSP, provider):  # type: ignore[arg-type]
        shared = a_held_order()
        actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
        actions.send_payouts(at=FREE)
        [(payout,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s", shared.merchant)
        later = FREE + timedelta(days=2)
        ends = ends_at_once(
            *[lambda: actions.recall_payout(SYSTEM, payout=PayoutId(payout), why="wrong receiver", at=later)] * 3
        )
        assert ends == {"done": 1, "NotRecallable": 2}
        ends_at_once(*[lambda: actions.send_recalls(at=later)] * 3)
        assert len([call for call in provider.calls if isinstance(call, says.SplitReturn)]) == 1
        assert (balance(shared.city, shared.available), balance(shared.city, shared.in_transit)) == (-5336, 0)
