"""Paying at a provider: the attempt is kept before anybody is asked, and what nobody tells is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.payments_words import NOW, PSP, SaidProvider, a_collection, a_paid_collection, facts
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions, queries
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import State
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=30)


def test_the_payer_gets_a_page_and_the_same_page_again():
    due, provider = a_collection(), SaidProvider()
    payer = Scope(role=Role.RESIDENT, person=due.payer)
    with serving(PSP, provider):
        page = actions.begin_payment(payer, collection=due.id, channel="wechat", at=NOW)
        again = actions.begin_payment(payer, collection=due.id, channel="wechat", at=NOW + timedelta(minutes=1))
    assert page == again == actions.PayPage(f"https://pay.example/{due.id}", f"https://pay.example/{due.id}")
    [call] = provider.calls
    assert isinstance(call, says.Charge)
    assert (call.amount_minor, call.expires_at) == (5700, NOW + timedelta(minutes=14))


def test_another_way_to_pay_is_another_charge_of_the_same_collection():
    due, provider = a_collection(), SaidProvider()
    with serving(PSP, provider):
        actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
        actions.begin_payment(SYSTEM, collection=due.id, channel="alipay", at=NOW)
    references = [call.reference for call in provider.calls if isinstance(call, says.Charge)]
    assert references == [str(due.id), f"{due.id}-2"]


def test_a_provider_that_is_away_is_said_so_and_asked_the_same_again():
    due, provider = a_collection(), SaidProvider(fails=says.GatewayUnavailable("no answer"))
    with serving(PSP, provider):
        with pytest.raises(actions.ProviderAway):
            actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
        provider.fails = None
        actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=SOON)
    first, second = provider.calls
    assert first == second


def test_what_is_paid_closed_or_expired_cannot_be_paid():
    paid, closed, expired = a_paid_collection(), a_collection(), a_collection(expires_at=NOW)
    actions.close_collection(SYSTEM, collection=closed.id, why="buyer", at=NOW)
    provider = SaidProvider()
    with serving(PSP, provider):
        for due, state in ((paid, "collected"), (closed, "closed"), (expired, "expired")):
            with pytest.raises(actions.CannotPay) as refusal:
                actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
            assert refusal.value.values["state"] == state
    assert provider.calls == []


def test_somebody_elses_collection_is_not_there():
    due, provider = a_collection(), SaidProvider()
    stranger = Scope(role=Role.RESIDENT, person=PartyId(ids.new()))
    with serving(PSP, provider), pytest.raises(NotFound):
        actions.begin_payment(stranger, collection=due.id, channel="wechat", at=NOW)
    assert provider.calls == []


def test_an_unknown_way_to_pay_is_refused():
    with pytest.raises(Invalid):
        actions.begin_payment(SYSTEM, collection=a_collection().id, channel="shells", at=NOW)


def test_what_nobody_told_is_asked_for_and_taken_by_the_same_handler():
    due, provider = a_collection(), SaidProvider()
    with serving(PSP, provider):
        actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
        assert actions.sweep_pending(at=NOW) == 0
        assert actions.sweep_pending(at=SOON) == 1
        assert queries.collection(SYSTEM, collection=due.id).state is State.OPEN
        provider.charge = says.ChargeState.PAID
        assert actions.sweep_pending(at=SOON + timedelta(seconds=60)) == 1
        assert actions.sweep_pending(at=SOON + timedelta(hours=1)) == 0
    assert queries.collection(SYSTEM, collection=due.id).state is State.COLLECTED
    assert actions.record_told(SYSTEM, told=due.paid(), at=NOW) == "repeated"
    assert len(facts("payments.Collected")) == 1


def test_the_sweep_asks_ever_more_slowly_and_then_leaves_it_to_the_bill():
    due, provider = a_collection(), SaidProvider()
    with serving(PSP, provider):
        actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=NOW)
        for hours in range(24):
            for minutes in range(0, 60, 5):
                actions.sweep_pending(at=NOW + timedelta(hours=hours, minutes=minutes))
    assert 8 <= len([c for c in provider.calls if isinstance(c, str)]) <= 9


def test_the_health_of_a_provider_shows_what_came_and_what_waits():
    due, waiting, provider = a_paid_collection(), a_collection(), SaidProvider()
    with serving(PSP, provider):
        actions.record_told(SYSTEM, told=waiting.declined(), at=NOW)
        actions.begin_payment(SYSTEM, collection=waiting.id, channel="wechat", at=NOW)
        [health] = queries.provider_health(SYSTEM, at=NOW + timedelta(minutes=30))
    assert (health.source, health.succeeded, health.declined, health.waiting, health.overdue) == (PSP, 1, 1, 1, 1)
    assert health.last_heard_at == NOW
    assert due.balance(due.escrow) == -6200
