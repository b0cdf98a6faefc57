"""Two do the same at one moment: a round is asked for once, a mandate is one, a desk and a provider pay a bill once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.orders import climb
from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.killed import killed
from harness.payments_words import as_the_house
from harness.withholding_words import SaidWithholder
from linli.estate.billing import actions, queries, tasks
from linli.estate.billing.rules import Channel
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.money.payments.actions.agreements import Said, record_agreement
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways import withholding
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import AgreementVerb
from linli.spine.scope import SYSTEM


@pytest.fixture(autouse=True)
def provider():
    with serving("embedded", SaidWithholder()) as said:
        yield said


def a_home(own_database: OwnDatabase):
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    return desk, home


def planned(own_database: OwnDatabase):
    """A home whose bill of 100.00 is planned, and the moment at which it is taken."""
    desk, home = a_home(own_database)
    mandate = actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=Money(15_000), at=AT)
    ((agreement,),) = as_the_house("SELECT agreement FROM billing_mandate")
    record_agreement(SYSTEM, source="embedded", said=Said(str(agreement), "ag", AgreementVerb.SIGN), at=AT)
    actions.record_signature(SYSTEM, mandate=mandate, at=AT)
    desk.issued(AT.date().replace(day=1))
    ((due_on,),) = as_the_house("SELECT due_on FROM billing_line")
    day = AT + timedelta(days=(due_on - AT.date()).days)
    tasks.plan_deductions(at=day - timedelta(days=2))
    return desk, home, day


def test_two_clocks_plan_a_bill_once(own_database: OwnDatabase):
    planned(own_database)
    assert as_the_house("SELECT count(*) FROM billing_round") == [(1,)]


def test_two_clocks_ask_for_a_round_once(own_database: OwnDatabase, provider):
    _desk, _home, day = planned(own_database)
    ((round_,),) = as_the_house("SELECT id FROM billing_round")
    at_once(*[lambda: actions.take_round(SYSTEM, round_=round_, at=day)] * 3)
    assert as_the_house("SELECT count(*), sum(amount_minor)::int FROM payments_collection") == [(1, 10_000)]
    at_once(*[lambda: payments.send_deductions(at=day)] * 3)
    assert len(provider.calls) == 1


def test_the_news_told_twice_at_once_pays_once(own_database: OwnDatabase):
    _desk, _home, day = planned(own_database)
    tasks.take_rounds(at=day)
    payments.send_deductions(at=day)
    payments.send_deductions(at=day + timedelta(minutes=1))
    ((payment,),) = as_the_house("SELECT id FROM billing_payment")
    at_once(*[lambda: actions.record_deduction(SYSTEM, payment=payment, at=day)] * 3)
    assert as_the_house("SELECT count(*), sum(amount_minor)::int FROM billing_receipt") == [(1, 10_000)]
    assert as_the_house("SELECT state, taken_minor::int FROM billing_round") == [("taken", 10_000)]


def test_the_desk_and_the_provider_at_once_pay_a_bill_once_and_the_rest_goes_back(own_database: OwnDatabase):
    desk, home, day = planned(own_database)
    tasks.take_rounds(at=day)
    payments.send_deductions(at=day)
    payments.send_deductions(at=day + timedelta(minutes=1))
    ((payment, collection),) = as_the_house("SELECT id, collection FROM billing_payment")

    def at_the_desk() -> int:
        try:
            actions.take_payment(desk.scope, subject=home.id, amount=Money(10_000), channel=Channel.CASH, at=day)
        except Refusal:
            return 0
        return 10_000

    twice = at_once(lambda: actions.record_deduction(SYSTEM, payment=payment, at=day), at_the_desk)[1]
    ((paid,),) = as_the_house("SELECT paid_minor::int FROM billing_line")
    assert paid == 10_000
    back = sum(refund.amount.minor for refund in collections.refunds(SYSTEM, collection=collection))
    ((kept,),) = as_the_house("SELECT coalesce(sum(rest_minor), 0)::int FROM billing_receipt")
    assert back + kept == twice


def test_two_taps_set_up_one_mandate(own_database: OwnDatabase):
    _desk, home = a_home(own_database)

    def tap() -> str:
        try:
            actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=Money(15_000), at=AT)
        except Refusal as refusal:
            return type(refusal).__name__
        return "asked"

    at_once(tap, tap)
    assert as_the_house("SELECT count(*) FROM billing_mandate WHERE state <> 'ended'") == [(1,)]


class Lasting(SaidWithholder):
    """A provider that remembers what it took, whoever asked for it and died."""

    def __init__(self, book: Path) -> None:
        super().__init__()
        self._book = book
        book.touch()

    def withhold(self, deduction: withholding.Deduction) -> says.ChargeStatus:
        with self._book.open("a") as written:
            written.write(f"{deduction.reference} {deduction.amount_minor}\n")
        return super().withhold(deduction)

    def _charge(self, reference: str, state: says.ChargeState) -> says.ChargeStatus:
        self.taken |= self.took()
        if reference not in self.taken:
            raise says.GatewayRefused("NOT_FOUND", "no such charge")
        return super()._charge(reference, state)

    def took(self) -> dict[str, int]:
        """What was taken by reference: asked for again with the same one, it is taken once."""
        return {word: int(minor) for word, minor in map(str.split, self._book.read_text().splitlines())}


def everything(at) -> None:
    """All that the clocks and the worker do about automatic payments."""
    tasks.take_rounds(at=at)
    payments.send_deductions(at=at)
    payments.sweep_pending(at=at)
    climb(at)


def test_who_is_killed_in_the_middle_takes_each_bill_once(own_database: OwnDatabase, tmp_path):
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    homes = [desk.a_home() for _nth in range(4)]
    desk.charged(fee, *homes)
    with serving("embedded", Lasting(tmp_path / "book")) as provider:
        for home in homes:
            mandate = actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=Money(15_000), at=AT)
            ((agreement,),) = as_the_house("SELECT agreement FROM billing_mandate WHERE id = %s", mandate)
            said = Said(str(agreement), f"ag-{home.id}", AgreementVerb.SIGN)
            record_agreement(SYSTEM, source="embedded", said=said, at=AT)
            actions.record_signature(SYSTEM, mandate=mandate, at=AT)
        desk.issued(AT.date().replace(day=1))
        ((due_on,),) = as_the_house("SELECT min(due_on) FROM billing_line")
        day = AT + timedelta(days=(due_on - AT.date()).days)
        tasks.plan_deductions(at=day - timedelta(days=2))
        deaths = 0
        for nth, after in enumerate(range(2, 120, 6)):
            deaths += killed(after, partial(everything, day + timedelta(minutes=nth)))
        for nth in range(1, 6):
            everything(day + timedelta(hours=nth))
        assert deaths >= 10
        assert sorted(provider.took().values()) == [10_000] * 4
    assert as_the_house("SELECT state, count(*), sum(taken_minor)::int FROM billing_round GROUP BY state") == [
        ("taken", 4, 40_000)
    ]
    assert as_the_house("SELECT count(*), sum(amount_minor)::int FROM billing_receipt") == [(4, 40_000)]
    assert as_the_house("SELECT count(*), sum(paid_minor)::int FROM billing_line") == [(4, 40_000)]
    assert queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()
