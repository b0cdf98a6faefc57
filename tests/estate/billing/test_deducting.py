"""Automatic payment, from the signature to the receipt: told before, never above a limit, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import as_the_house
from harness.withholding_words import SaidWithholder
from linli.estate.billing import actions, queries, tasks
from linli.estate.billing.models import Line, Mandate, Receipt, Round
from linli.estate.billing.queries.nights import awake_at
from linli.estate.billing.rules import Bucket, Channel, MandateState, NotTaken, RoundState
from linli.ground.policies.actions import set_policy
from linli.ground.policies.queries import forget
from linli.kernel.ids import AgreementId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import due_from_platform, fee_receivable, property_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.money.payments.actions.agreements import Said, record_agreement
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import AgreementVerb
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
PSP = "embedded"
yuan = Money.parse
FIRST_ON = AT.date().replace(day=1)


@pytest.fixture(autouse=True)
def provider():
    with serving(PSP, SaidWithholder()) as said:
        yield said


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def fee(desk):
    return desk.priced(desk.an_item("property_fee"), "fixed", amount="100")


@pytest.fixture
def home(desk, fee):
    home = desk.a_home()
    desk.charged(fee, home)
    return home


def signed(home, most="150.00", **more):
    """The owner asks for automatic payment and signs at the provider, told as its call-back and the worker tell it."""
    mandate = actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=yuan(most), at=AT, **more)
    row = Mandate.objects.inside().get(pk=mandate)
    said = Said(str(row.agreement), "ag-1", AgreementVerb.SIGN)
    assert record_agreement(SYSTEM, source=PSP, said=said, at=AT) == "sign"
    actions.record_signature(SYSTEM, mandate=mandate, at=AT)
    return mandate


def issued(desk):
    desk.issued(FIRST_ON)


def soon():
    """Two days before what was issued is due: when it is planned, and told."""
    due_on = Line.objects.inside().order_by("id").first().due_on
    return at_noon(due_on - timedelta(days=2))


def planned():
    """The clock plans, and the day comes."""
    tasks.plan_deductions(at=soon())
    row = Round.objects.inside().order_by("-id").first()
    return row, None if row is None or row.next_on is None else at_noon(row.next_on)


def at_noon(day):
    return AT + timedelta(days=(day - AT.date()).days)


def round_of(row):
    return Round.objects.inside().get(pk=row.pk)


def carried(collection, at):
    """The fact about a collection, carried to billing as the worker carries facts."""
    card = collections.collection(SYSTEM, collection=collection)
    if card.state.value == "collected":
        return actions.record_deduction(SYSTEM, payment=card.for_, at=at)
    ((why,),) = as_the_house(
        "SELECT body->>'why' FROM spine_fact WHERE kind = 'payments.CollectionClosed' AND body->>'collection' = %s",
        str(collection),
    )
    return actions.decline_deduction(SYSTEM, collection=collection, why=why, at=at)


def told():
    return [
        row[0]
        for row in as_the_house("SELECT template FROM notify_message WHERE template LIKE 'deduction%%' ORDER BY id")
    ]


def test_nothing_is_taken_at_night(desk, home, provider):
    """Who is charged at five in the morning is woken by their bank: it waits until eight, there."""
    signed(home)
    issued(desk)
    _row, day = planned()
    night = day.replace(hour=21) - timedelta(days=1)
    assert [tasks.take_rounds(at=night + timedelta(hours=hours)) for hours in (0, 2, 3)] == [0, 0, 1]


def sent(at):
    payments.send_deductions(at=at)
    payments.send_deductions(at=at + timedelta(minutes=1))


def test_a_bill_is_told_of_taken_on_its_day_and_paid_once(desk, home, provider):
    mandate = signed(home)
    issued(desk)
    row, day = planned()
    assert told() == ["deduction_soon"]
    assert tasks.take_rounds(at=day - timedelta(days=1)) == 0
    assert tasks.take_rounds(at=day) == 1
    assert tasks.take_rounds(at=day) == 0
    sent(day)
    collection = round_of(row).collection
    assert str(carried(collection, day)) == "100.00"
    assert str(carried(collection, day)) == "0.00"
    after = round_of(row)
    assert (after.state, after.taken_minor) == (RoundState.TAKEN.value, 10000)
    receipt = Receipt.objects.inside().get(home=home.id)
    assert (receipt.channel, receipt.payer) == ("online", home.owner)
    book = property_book(desk.company)
    assert str(ledger.balance(SYSTEM, book=book, address=fee_receivable(home.id, home.owner))) == "0.00"
    assert str(ledger.balance(SYSTEM, book=book, address=due_from_platform(desk.community.city))) == "100.00"
    tasks.plan_deductions(at=day)
    assert Round.objects.inside().filter(mandate=mandate).count() == 1
    assert len([call for call in provider.calls if hasattr(call, "agreement_reference")]) == 1


def test_planning_twice_plans_and_tells_once(desk, home):
    signed(home)
    issued(desk)
    planned()
    planned()
    assert Round.objects.inside().count() == 1
    assert told() == ["deduction_soon"]


def test_the_wallet_pays_first_and_the_provider_the_rest(desk, home):
    signed(home)
    money = {"community": desk.community.id, "person": home.owner, "bucket": Bucket.PROPERTY, "channel": Channel.CASH}
    actions.take_topup(desk.scope, **money, amount=yuan("30.00"), at=AT)
    issued(desk)
    row, day = planned()
    assert str(actions.take_round(SYSTEM, round_=row.pk, at=day).amount) == "70.00"
    sent(day)
    assert str(carried(round_of(row).collection, day)) == "70.00"
    assert round_of(row).wallet_minor == 3000
    line = Line.objects.inside().get(home=home.id)
    assert line.paid_minor == line.amount_minor == 10000


def test_a_wallet_that_pays_all_leaves_nothing_to_ask_for(desk, home, provider):
    signed(home)
    money = {"community": desk.community.id, "person": home.owner, "bucket": Bucket.PROPERTY, "channel": Channel.CASH}
    actions.take_topup(desk.scope, **money, amount=yuan("300.00"), at=AT)
    issued(desk)
    row, day = planned()
    assert actions.take_round(SYSTEM, round_=row.pk, at=day).is_settled
    assert (round_of(row).state, provider.calls) == (RoundState.SETTLED.value, [])


def test_a_bill_above_the_limit_is_not_taken_and_its_owner_is_told(desk, home, provider):
    signed(home, most="99.99")
    issued(desk)
    row, day = planned()
    assert actions.take_round(SYSTEM, round_=row.pk, at=day).why is NotTaken.LIMIT
    sent(day)
    assert (round_of(row).state, round_of(row).reason) == ("given_up", "limit")
    assert told() == ["deduction_soon", "deduction_failed"]
    assert provider.calls == []
    assert Line.objects.inside().get(home=home.id).paid_minor == 0


def test_what_is_above_a_lowered_limit_is_not_promised_on_the_page(desk, home):
    mandate = signed(home, most="150.00")
    issued(desk)

    def shown():
        page = queries.mandate_page(home.scope, mandate=mandate, at=soon())
        return [each.why for each in page.coming] + [each.above for each in page.rounds], page.above_a_limit

    def limited(most, month=None, *, wallet_first=False):
        terms = {"most": yuan(most), "month_most": month and yuan(month), "wallet_first": wallet_first}
        actions.change_mandate(home.scope, mandate=mandate, at=AT, **terms)

    assert shown() == ([None], False)
    limited("99.99")
    assert shown() == ([NotTaken.LIMIT], True)
    planned()
    assert shown() == ([NotTaken.LIMIT], True)
    limited("150.00", "150.00")
    assert shown() == ([None], False)


def test_it_is_night_where_the_policies_say_so_in_one_statement(desk, home, django_assert_num_queries):
    """The statement over all communities says what the rule says of each, hour by hour, whoever set the hours."""
    signed(home)
    issued(desk)
    _row, day = planned()
    here = ("community", desk.community.id)
    city, company = ("city", desk.community.city), ("company", desk.company)
    said = [("platform", None, 1, 3), (*city, 12, 14), (*company, 22, 6), (*here, 9, 12), (*here, None, None)]
    for level, place, begins, ends in [("", None, 21, 8), *said]:
        if level:
            hours = {"quiet_from_hour": begins, "quiet_until_hour": ends}
            set_policy(SYSTEM, word="billing", level=level, place=place, values=hours, start_at=AT, at=AT)
            forget()
        for hour in range(24):
            at = day + timedelta(days=1, hours=hour)
            with django_assert_num_queries(2):  # the scope, and the rounds
                found = queries.rounds_due(SYSTEM, limit=10, at=at)
            assert (found != ()) == (awake_at(desk.community.id, at) == at), (level, hour)


def test_a_decline_is_tried_again_then_given_up_and_told(desk, home, provider):
    signed(home)
    issued(desk)
    row, day = planned()
    provider.outcome, provider.reason = says.ChargeState.DECLINED, "insufficient_balance"
    for tried, waits in ((1, 1), (2, 3), (3, None)):
        assert actions.take_round(SYSTEM, round_=row.pk, at=day) is not None
        sent(day)
        again = carried(round_of(row).collection, day)
        assert again == (None if waits is None else day.date() + timedelta(days=waits))
        assert round_of(row).tried == tried
        day = day if again is None else at_noon(again)
    assert round_of(row).state == "given_up"
    assert told() == ["deduction_soon", "deduction_again", "deduction_again", "deduction_failed"]
    tasks.plan_deductions(at=day)
    assert Round.objects.inside().count() == 1


def test_a_second_try_that_works_pays_the_bill(desk, home, provider):
    signed(home)
    issued(desk)
    row, day = planned()
    provider.outcome, provider.reason = says.ChargeState.DECLINED, "insufficient_balance"
    actions.take_round(SYSTEM, round_=row.pk, at=day)
    sent(day)
    again = at_noon(carried(round_of(row).collection, day))
    provider.outcome = says.ChargeState.PAID
    actions.take_round(SYSTEM, round_=row.pk, at=again)
    sent(again)
    assert str(carried(round_of(row).collection, again)) == "100.00"


def test_a_bill_paid_by_hand_before_its_day_is_not_taken(desk, home, provider):
    signed(home)
    issued(desk)
    row, day = planned()
    actions.take_payment(desk.scope, subject=home.id, amount=yuan("100.00"), channel=Channel.CASH, at=AT)
    assert actions.take_round(SYSTEM, round_=row.pk, at=day).is_settled
    assert provider.calls == []


def test_what_was_paid_by_hand_while_the_provider_was_asked_goes_back(desk, home):
    signed(home)
    issued(desk)
    row, day = planned()
    actions.take_round(SYSTEM, round_=row.pk, at=day)
    actions.take_payment(desk.scope, subject=home.id, amount=yuan("60.00"), channel=Channel.CASH, at=AT)
    sent(day)
    collection = round_of(row).collection
    assert str(carried(collection, day)) == "40.00"
    (refund,) = collections.refunds(SYSTEM, collection=collection)
    assert str(refund.amount) == "60.00"
    line = Line.objects.inside().get(home=home.id)
    assert line.paid_minor == 10000


def test_what_was_due_before_the_signature_is_paid_by_hand(desk, home):
    issued(desk)
    late = AT + timedelta(days=60)
    mandate = actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=yuan("150.00"), at=late)
    actions.record_signature(SYSTEM, mandate=mandate, at=late)
    tasks.plan_deductions(at=late)
    assert Round.objects.inside().count() == 0


def test_a_pause_calls_off_what_falls_into_it_and_an_end_all_that_is_planned(desk, home, fee, provider):
    other = desk.a_home()
    desk.charged(fee, other)
    paused, ended = signed(home), signed(other)
    issued(desk)
    _row, day = planned()
    actions.pause_mandate(home.scope, mandate=paused, at=AT)
    actions.end_mandate(other.scope, mandate=ended, at=AT)
    assert tasks.take_rounds(at=day) == 1
    reasons = Round.objects.inside().order_by("id").values_list("state", "reason")
    assert sorted(reasons) == [("called_off", "ended"), ("called_off", "paused")]
    payments.tend_agreements(at=AT)
    agreement = str(Mandate.objects.inside().get(pk=ended).agreement)
    assert provider.calls == [("terminate", agreement)]


def test_an_end_at_the_provider_ends_it_here(desk, home):
    mandate = signed(home)
    issued(desk)
    row, _day = planned()
    agreement = AgreementId(Mandate.objects.inside().get(pk=mandate).agreement)
    record_agreement(SYSTEM, source=PSP, said=Said(str(agreement), "", AgreementVerb.END, "ended by the payer"), at=AT)
    for _told_twice in range(2):
        actions.record_end(SYSTEM, mandate=mandate, why="ended by the payer", at=AT)
    assert Mandate.objects.inside().get(pk=mandate).state == MandateState.ENDED.value
    assert (round_of(row).state, round_of(row).reason) == ("called_off", "ended")


def test_lines_of_an_instalment_plan_are_left_to_the_plan(desk, home):
    signed(home)
    issued(desk)
    line = Line.objects.inside().get(home=home.id).pk
    plan = actions.ask_plan(
        desk.scope, subject=home.id, lines=[line], count=2, first_on=AT.date() + timedelta(days=5), why="hard", at=AT
    )
    actions.decide_plan(SYSTEM, plan=plan, approve=True, at=AT)
    tasks.plan_deductions(at=soon())
    assert Round.objects.inside().count() == 0


def test_two_mandates_for_one_home_are_refused_and_the_first_stays(desk, home):
    mandate = signed(home)
    with pytest.raises(actions.HasMandate):
        actions.ask_mandate(home.scope, home=home.id, channel="wechat", most=yuan("10.00"), at=AT)
    assert Mandate.objects.inside().get(pk=mandate).state == "active"
    assert Mandate.objects.inside().count() == 1


def test_limits_are_lowered_by_a_tap_and_raised_by_signing(desk, home):
    mandate = signed(home, most="150.00")
    terms = {"month_most": None, "wallet_first": False, "at": AT}
    actions.change_mandate(home.scope, mandate=mandate, most=yuan("80.00"), **terms)
    assert Mandate.objects.inside().get(pk=mandate).most_minor == 8000
    with pytest.raises(actions.SignAnew):
        actions.change_mandate(home.scope, mandate=mandate, most=yuan("150.01"), **terms)
    for most, month in (("0.00", None), ("10000.01", None), ("50.00", yuan("49.99"))):
        with pytest.raises(Invalid):
            actions.change_mandate(
                home.scope, mandate=mandate, most=yuan(most), month_most=month, wallet_first=True, at=AT
            )
    assert Mandate.objects.inside().get(pk=mandate).most_minor == 8000


def test_a_neighbours_home_and_mandate_are_not_there(desk, home):
    neighbour = desk.a_home()
    mandate = signed(home)
    with pytest.raises(NotFound):
        actions.ask_mandate(neighbour.scope, home=home.id, channel="wechat", most=yuan("10.00"), at=AT)
    for act in (actions.pause_mandate, actions.end_mandate):
        with pytest.raises(NotFound):
            act(neighbour.scope, mandate=mandate, at=AT)
    with pytest.raises(NotFound):
        queries.mandate_page(neighbour.scope, mandate=mandate, at=AT)
    assert Mandate.objects.inside().get(pk=mandate).state == "active"


def test_the_page_shows_what_is_coming_what_is_planned_and_what_was_taken(desk, home):
    mandate = signed(home)
    issued(desk)
    (coming,) = queries.mandate_page(home.scope, mandate=mandate, at=AT).coming
    line = Line.objects.inside().get(home=home.id)
    assert (coming.line, str(coming.amount), coming.due_on) == (line.pk, "100.00", line.due_on)
    row, _day = planned()
    page = queries.mandate_page(home.scope, mandate=mandate, at=AT)
    assert page.coming == ()
    assert [(str(each.amount), each.next_on) for each in page.rounds] == [("100.00", row.next_on)]
    assert [step.verb for step in page.history] == ["ask", "sign"]
    (card,) = queries.mandates(desk.scope, community=desk.community.id)
    assert card.last == page.rounds[0]
    assert queries.my_mandates(home.scope) == (card,)


def test_a_person_who_is_erased_is_charged_no_more(desk, home):
    mandate = signed(home)
    actions.forget_person(SYSTEM, person=home.owner, at=AT)
    assert Mandate.objects.inside().get(pk=mandate).state == "ended"
