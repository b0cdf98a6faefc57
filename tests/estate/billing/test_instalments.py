"""A plan's parts are the debt to the fen; while it is kept no late fee runs, and one that is missed breaks it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from harness.budget import statements
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.instalments import InPlan
from linli.estate.billing.actions.waiving import OwnWaiver
from linli.estate.billing.models import Line, Payment, Plan
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
CASH = rules.Channel.CASH
APRIL_10 = date(2026, 4, 10)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for January since 28 January; 0.1 % a day runs on it."""
    home = desk.a_home()
    item = desk.an_item("property_fee")
    late = rules.LateRule(rate=Decimal("0.001"))
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "100"}, terms=rules.Terms(late=late))
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    desk.charged(item, home)
    desk.issued(date(2026, 1, 1))
    return home


def lines_of(home, kind="charge"):
    return list(Line.objects.inside().filter(subject=home.id, kind=kind).order_by("id"))


def on(day: date) -> datetime:
    return AT + timedelta(days=(day - AT.date()).days)


def fees(home):
    return sum(line.amount_minor for line in lines_of(home, "late_fee"))


def accrued(home, day):
    actions.accrue_late_fees(SYSTEM, at=on(day))
    return fees(home)


def asked(desk, home, count=3, first_on=APRIL_10, kind="charge"):
    lines = [line.pk for line in lines_of(home, kind)]
    return actions.ask_plan(
        desk.scope, subject=home.id, lines=lines, count=count, first_on=first_on, why="Lost their job", at=AT
    )


def approved(desk, home, **given):
    plan = asked(desk, home, **given)
    boss = replace(desk.scope, person=a_person())
    actions.decide_plan(boss, plan=plan, approve=True, at=AT)
    return plan


def kept(at=AT):
    return actions.keep_plans(SYSTEM, limit=100, at=at)


def state_of(plan):
    return Plan.objects.inside().get(pk=plan).state


def set_terms(desk, **values):
    policies.set_policy(
        SYSTEM, word="billing", level="community", place=desk.community.id, values=values, start_at=AT, at=AT
    )
    known_policies.forget()


def paid(desk, home, amount):
    return actions.take_payment(desk.scope, subject=home.id, amount=Money.parse(amount), channel=CASH, at=AT)


def test_the_parts_are_the_debt_and_what_is_paid_counts_for_the_first_of_them(desk, home):
    plan = approved(desk, home)
    page = queries.plan_page(home.scope, plan=plan)
    assert [(each.part.due_on, str(each.part.amount)) for each in page.parts] == [
        (date(2026, 4, 10), "33.34"),
        (date(2026, 5, 10), "33.33"),
        (date(2026, 6, 10), "33.33"),
    ]
    assert page.card.total == page.card.open == Money.parse("100.00")
    paid(desk, home, "40.00")
    page = queries.plan_page(home.scope, plan=plan)
    assert [str(each.open) for each in page.parts] == ["0.00", "26.67", "33.33"]
    assert Money.total(each.open for each in page.parts) == page.card.open


def test_who_asked_does_not_approve_and_a_line_is_in_one_plan(desk, home):
    plan = asked(desk, home)
    with pytest.raises(OwnWaiver):
        actions.decide_plan(desk.scope, plan=plan, approve=True, at=AT)
    assert state_of(plan) == "asked"
    with pytest.raises(InPlan):
        asked(desk, home)
    boss = replace(desk.scope, person=a_person())
    actions.decide_plan(boss, plan=plan, approve=False, answer="No", at=AT)
    with pytest.raises(WrongState):
        actions.decide_plan(boss, plan=plan, approve=True, at=AT)
    assert state_of(asked(desk, home)) == "asked"


def test_what_was_paid_between_asking_and_approving_is_not_asked_for_again(desk, home):
    plan = asked(desk, home)
    paid(desk, home, "10.00")
    boss = replace(desk.scope, person=a_person())
    actions.decide_plan(boss, plan=plan, approve=True, at=AT)
    page = queries.plan_page(home.scope, plan=plan)
    assert [str(each.part.amount) for each in page.parts] == ["30.00", "30.00", "30.00"]


def test_no_late_fee_runs_while_a_plan_is_kept_and_none_for_its_time_when_it_is_done(desk, home):
    before = accrued(home, date(2026, 3, 2))
    assert before == 10 * 32
    plan = approved(desk, home)
    assert accrued(home, date(2026, 5, 2)) == before
    paid(desk, home, "103.20")
    kept(on(date(2026, 5, 2)))
    assert state_of(plan) == "done"
    assert accrued(home, date(2026, 7, 2)) == before


@pytest.mark.parametrize(("since", "days"), [("break", 32 + 10), ("start", 32 + 55)])
def test_a_missed_part_breaks_the_plan_after_grace_and_late_fees_run_by_the_rule(desk, home, since, days):
    set_terms(desk, plan_broken_from=since)
    plan = approved(desk, home)
    kept(on(date(2026, 4, 15)))
    assert state_of(plan) == "kept"
    kept(on(date(2026, 4, 16)))
    assert state_of(plan) == "broken"
    assert accrued(home, date(2026, 4, 26)) == 10 * days
    kept(on(date(2026, 4, 17)))
    assert state_of(plan) == "broken"


def test_a_plan_may_leave_late_fees_running(desk, home):
    set_terms(desk, plan_stops_late=False)
    approved(desk, home)
    assert accrued(home, date(2026, 3, 12)) == 10 * 42


def test_the_phone_pays_the_next_part_in_the_plans_order(desk, home):
    plan = approved(desk, home)
    collection = actions.begin_plan_payment(home.scope, plan=plan, at=AT)
    card = collections.collection(SYSTEM, collection=collection)
    assert str(card.amount) == "33.34"
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=card.amount, line="1", at=AT)
    actions.record_payment(SYSTEM, payment=Payment.objects.inside().get().pk, at=AT)
    page = queries.plan_page(home.scope, plan=plan)
    assert [str(each.open) for each in page.parts] == ["0.00", "33.33", "33.33"]
    assert str(page.due.open) == "33.33"


def test_who_keeps_a_plan_is_told_of_each_part_once_and_not_reminded_as_a_debtor(desk, home):
    approved(desk, home)
    assert actions.remind(desk.scope, community=desk.community.id, at=AT) == 0
    kept(on(date(2026, 4, 8)))
    kept(on(date(2026, 4, 9)))
    assert [row.told_nth for row in Plan.objects.inside()] == [1]


def test_the_clock_asks_as_much_for_several_plans_as_for_one(desk, home):
    approved(desk, home)
    kept()
    with statements() as one:
        kept()
    card = desk.an_item("lost_card")
    for nth in range(3):
        other = desk.a_home()
        actions.charge_once(
            desk.scope,
            community=desk.community.id,
            subject=other.id,
            item=card,
            amount=Money.parse("60.00"),
            title={"en": "A card"},
            source=f"card:{nth}",
            at=AT,
        )
        approved(desk, other, kind="once")
    assert Plan.objects.inside().filter(state="kept").count() == 4
    with statements() as several:
        kept()
    assert len(several) == len(one)


def test_a_plan_taken_back_is_over_and_the_line_is_a_debt_again(desk, home):
    plan = approved(desk, home)
    actions.cancel_plan(desk.scope, plan=plan, why="Paid elsewhere", at=AT)
    assert state_of(plan) == "cancelled"
    assert actions.remind(desk.scope, community=desk.community.id, at=AT) == 1


def test_strangers_and_absurd_plans_are_refused(desk, home):
    plan = approved(desk, home)
    other = a_desk()
    for scope in (other.scope, desk.a_home().scope):
        with pytest.raises(NotFound):
            queries.plan_page(scope, plan=plan)
    with pytest.raises(NotFound):
        actions.cancel_plan(other.scope, plan=plan, why="mine", at=AT)
    with pytest.raises(NotFound):
        actions.begin_plan_payment(desk.a_home().scope, plan=plan, at=AT)
    actions.cancel_plan(desk.scope, plan=plan, why="anew", at=AT)
    for absurd in ({"count": 1}, {"count": 37}, {"first_on": date(2026, 3, 1)}):
        with pytest.raises(Invalid):
            asked(desk, home, **absurd)
    assert Plan.objects.inside().count() == 1
