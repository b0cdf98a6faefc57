"""The provider's bill against our events: five kinds of difference, each found, each resolved, none left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from harness.payments_words import (
    CLEARING,
    IN_TRANSIT,
    NOW,
    PSP,
    Due,
    SaidProvider,
    a_collection,
    a_paid_collection,
    ask_refund,
    balance,
)
from linli.kernel import ids
from linli.kernel.ids import CityId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.ledger.rules import Leg
from linli.money.payments import actions, queries, rules
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import DifferenceKind, State
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def line(due: Due, **changes: object) -> says.BillLine:
    """The line that the provider's bill has for a paid collection."""
    usual = says.BillLine(
        kind=says.BillKind.CHARGE,
        reference=str(due.id),
        charge_reference=str(due.id),
        provider_reference=f"ch-{due.id}",
        channel=says.Channel.WECHAT,
        amount_minor=due.amount.minor,
        fee_minor=34,
        net_minor=due.amount.minor - 34,
        currency="CNY",
        status=says.BillStatus.SUCCEEDED,
        occurred_at=NOW,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def refund_line(due: Due, refund: RefundId, minor: int, fee_back: int = 0) -> says.BillLine:
    return line(
        due, kind=says.BillKind.REFUND, reference=str(refund), amount_minor=minor, fee_minor=-fee_back,
        net_minor=fee_back - minor,
    )  # fmt: skip


def read(*lines: says.BillLine, day: date = DAY) -> list[DifferenceKind]:
    """The bill is read; gives what stands open then."""
    actions.import_bill(SYSTEM, source=PSP, day=day, lines=lines, at=NOW)
    return [d.kind for d in queries.differences(SYSTEM)]


def test_a_bill_that_agrees_leaves_nothing_open():
    due = a_paid_collection()
    refund = ask_refund(due, 914)
    with serving(PSP, SaidProvider(fee_returned_minor=5)):
        actions.send_refunds(at=NOW)
    assert read(line(due), refund_line(due, refund, 914, 5)) == []


def test_what_the_provider_does_not_know_is_channel_missing():
    a_paid_collection()
    assert read() == [DifferenceKind.CHANNEL_MISSING]


def test_what_we_do_not_know_is_local_missing_and_is_recorded_by_the_one_handler():
    due = a_collection()
    assert read(line(due)) == [DifferenceKind.LOCAL_MISSING]
    [difference] = queries.differences(SYSTEM)
    assert actions.record_missing(SYSTEM, difference=difference.id, at=NOW) == "collected"
    assert queries.collection(SYSTEM, collection=due.id).state is State.COLLECTED
    assert queries.differences(SYSTEM) == ()
    assert read(line(due)) == []
    with pytest.raises(NotFound):
        actions.record_missing(SYSTEM, difference=difference.id, at=NOW)


def test_another_amount_and_another_status_are_told_apart():
    one, two = a_paid_collection(), a_paid_collection()
    found = read(line(one, amount_minor=5701), line(two, status=says.BillStatus.REVERSED))
    assert sorted(found) == [DifferenceKind.AMOUNT_MISMATCH, DifferenceKind.STATUS_MISMATCH]


@pytest.mark.parametrize("how", ["missing here", "missing there", "other amount"])
def test_whatever_is_wrong_with_a_refund_is_a_refund_mismatch(how):
    due = a_paid_collection()
    refund = ask_refund(due, 914)
    if how != "missing here":
        with serving(PSP, SaidProvider()):
            actions.send_refunds(at=NOW)
    lines = {"missing here": 914, "other amount": 915}
    more = [refund_line(due, refund, lines[how])] if how in lines else []
    assert read(line(due), *more) == [DifferenceKind.REFUND_MISMATCH]


def test_what_happened_at_midnight_stands_in_the_next_bill_and_closes_by_itself():
    due = a_collection(expires_at=NOW + timedelta(days=2))
    late = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)  # one second before midnight in Shanghai
    actions.record_told(SYSTEM, told=replace(due.paid(), occurred_at=late), at=NOW)
    assert read() == [DifferenceKind.CHANNEL_MISSING]
    assert read(line(due), day=DAY + timedelta(days=1)) == []
    assert [d.how for d in queries.differences(SYSTEM, open_only=False)] == ["agrees now"]


def test_a_mended_bill_read_again_closes_what_it_mended():
    due = a_paid_collection()
    assert read(line(due, amount_minor=5701)) == [DifferenceKind.AMOUNT_MISMATCH]
    assert read(line(due, amount_minor=5701)) == [DifferenceKind.AMOUNT_MISMATCH]
    assert read(line(due)) == []


def test_money_of_nobody_waits_on_suspense_until_it_is_matched():
    due = a_paid_collection()
    phantom = line(due, reference="phantom-1", charge_reference="phantom-1", amount_minor=100, net_minor=99)
    assert read(line(due), phantom) == [DifferenceKind.LOCAL_MISSING]
    [difference] = queries.differences(SYSTEM)
    assert actions.record_missing(SYSTEM, difference=difference.id, at=NOW) == "unknown"
    actions.place_on_suspense(SYSTEM, difference=difference.id, city=due.city, at=NOW)
    assert (due.balance("suspense"), due.balance(CLEARING)) == (-100, 5800)
    with pytest.raises(actions.NotSo):
        actions.accept_difference(SYSTEM, difference=difference.id, how="never mind", at=NOW)
    with pytest.raises(Invalid):
        actions.match_suspense(SYSTEM, difference=difference.id, legs=(), how="found", at=NOW)
    legs = (Leg("own_funds", Money(-100)),)
    actions.match_suspense(SYSTEM, difference=difference.id, legs=legs, how="our own test", at=NOW)
    assert (due.balance("suspense"), due.balance("own_funds")) == (0, -100)
    assert queries.differences(SYSTEM) == ()


def test_a_wrong_amount_goes_back_to_its_payer():
    due, provider = a_collection(), SaidProvider()
    actions.record_told(SYSTEM, told=due.paid(amount=Money(57)), at=NOW)
    [difference] = queries.differences(SYSTEM)
    refund = RefundId(ids.new())
    actions.give_back_suspense(SYSTEM, difference=difference.id, refund=refund, at=NOW)
    assert (due.balance("suspense"), due.balance(IN_TRANSIT)) == (0, -57)
    with serving(PSP, provider):
        actions.send_refunds(at=NOW)
    assert (due.balance(CLEARING), due.balance(IN_TRANSIT)) == (0, 0)
    assert queries.differences(SYSTEM) == ()
    assert actions.record_told(SYSTEM, told=due.paid(reference=f"{due.id}-2"), at=NOW) == "collected"


def test_who_closed_a_difference_and_why_is_kept():
    operator = Scope(role=Role.PLATFORM, person=ids.PartyId(ids.new()))
    a_paid_collection()
    read()
    [difference] = queries.differences(operator)
    with pytest.raises(Invalid):
        actions.accept_difference(operator, difference=difference.id, how=" ", at=NOW)
    actions.accept_difference(operator, difference=difference.id, how="the provider will mend its bill", at=NOW)
    [kept] = queries.differences(operator, open_only=False)
    assert (kept.how, kept.resolved_by) == ("the provider will mend its bill", operator.person)


def test_only_operators_reconcile():
    with pytest.raises(Denied):
        actions.import_bill(Scope(role=Role.MERCHANT), source=PSP, day=DAY, lines=(), at=NOW)


def test_the_bills_of_all_providers_are_fetched():
    due = a_paid_collection()
    provider = SaidProvider(bill={DAY: [line(due)]})
    with serving(PSP, provider):
        assert actions.fetch_bills(day=DAY, at=NOW) == 0
        provider.fails = says.GatewayUnavailable("asleep")
        assert actions.fetch_bills(day=DAY, at=NOW) == 0
    assert provider.calls == [DAY, DAY]


def test_a_long_bill_is_kept_in_portions():
    due = a_paid_collection()
    strangers = (line(due, reference=f"stranger-{n}", charge_reference=f"stranger-{n}") for n in range(4500))
    open_ = actions.import_bill(SYSTEM, source=PSP, day=DAY, lines=strangers, at=NOW)
    assert open_ == 4501  # each stranger, and our own charge that the bill does not know
    assert len(queries.differences(SYSTEM, limit=10_000)) == open_


def test_the_providers_day_is_cut_in_its_own_zone():
    assert rules.bounds_of(DAY)[0] == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert rules.provider_day(datetime(2026, 11, 21, 16, tzinfo=UTC)) == DAY
    assert balance(CityId(ids.new()), CLEARING) == 0
