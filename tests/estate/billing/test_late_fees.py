"""Late fees of the night: the database says what the rule says, adds nothing twice, and posts what it adds."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.billing import SINCE, a_desk
from builders.clock import AT
from builders.metering import at
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.models import Late, Line
from linli.kernel.money import Money, Rounding, Towards
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import LATE_FEE_INCOME, fee_receivable, property_book
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DUE = date(2026, 1, 31)
DAILY = rules.LateRule(rate=Decimal("0.0005"))

late_rules = st.builds(
    rules.LateRule,
    accrual=st.sampled_from(rules.Accrual),
    rate=st.decimals(0, "0.02", places=5),
    grace_days=st.integers(0, 40),
    from_due_on=st.booleans(),
    cap_bp=st.none() | st.integers(0, 20_000),
    cap=st.none() | st.builds(Money, st.integers(0, 30_000)),
    stops_on=st.none() | st.dates(DUE, DUE + timedelta(days=400)),
    rounding=st.builds(Rounding, st.sampled_from(Towards), st.sampled_from([1, 10, 100])),
)


@st.composite
def histories(draw):
    """A principal, and by how much what was unpaid fell (or rose again) on some days."""
    principal = draw(st.integers(1, 500_000))
    days = sorted(draw(st.sets(st.dates(date(2026, 1, 2), DUE + timedelta(days=300)), max_size=4)))
    left, falls = principal, []
    for _day in days:
        now = draw(st.integers(0, principal))
        falls.append(left - now)
        left = now
    return principal, days, falls


def in_the_database(principal, due_on, on, days, falls, rule):
    ((fee,),) = sql.fetch(
        "SELECT billing_late_fee(%s, %s, %s, %s::date[], %s::bigint[], %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        principal,
        due_on,
        on,
        days,
        falls,
        rule.accrual.value,
        rule.rate,
        rule.grace_days,
        rule.from_due_on,
        rule.cap_bp,
        None if rule.cap is None else rule.cap.minor,
        rule.stops_on,
        rule.rounding.towards.value,
        rule.rounding.step,
    )
    return fee


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), rule=late_rules, after=st.integers(-5, 700))
def test_the_database_works_out_what_the_rule_works_out(history, rule, after):
    principal, days, falls = history
    on, owed, left = DUE + timedelta(days=after), [rules.Owed(date(2026, 1, 1), Money(principal))], principal
    for day, fall in zip(days, falls, strict=True):
        left -= fall
        owed.append(rules.Owed(day, Money(left)))
    expected = rules.late_fee(Money(principal), DUE, owed, rule, on).amount
    assert in_the_database(principal, DUE, on, days, falls, rule) == expected.minor


@pytest.fixture
def desk():
    return a_desk()


def owing(desk, *homes, rule=DAILY, amount="100", word="property_fee"):
    """Each home owes for January since the 28th, at a late rule."""
    item = desk.an_item(word)
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": amount}, terms=rules.Terms(late=rule))
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=SINCE, at=AT)
    desk.charged(item, *homes)
    desk.issued(date(2026, 1, 1))


def morning(day):
    """An instant of that day in the community."""
    return datetime.fromisoformat(f"{day.isoformat()}T08:00:00+08:00")


def fees_of(home):
    return [
        (line.amount_minor, line.start_on, line.end_on)
        for line in Line.objects.inside().filter(subject=home.id, kind="late_fee").order_by("id")
    ]


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def test_the_fee_of_a_month_is_a_line_of_its_own_and_the_book_says_the_same(desk):
    home = desk.a_home()
    owing(desk, home)
    found = actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 28)))  # 30 days after 29 January
    assert (found.lines, str(found.amount), found.after) == (1, "1.50", None)
    assert fees_of(home) == [(150, date(2026, 1, 29), date(2026, 2, 28))]
    again = actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 28)))
    assert (again.lines, str(again.amount)) == (0, "0.00")
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 3, 1)))
    assert fees_of(home)[1:] == [(5, date(2026, 2, 28), date(2026, 3, 1))]
    assert Late.objects.inside().get(line__subject=home.id).minor == 155
    assert book_of(desk, LATE_FEE_INCOME) == "-1.55"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "101.55"


def test_every_night_or_once_at_the_end_comes_to_the_same(desk):
    nightly, once = desk.a_home(), a_desk()
    other = once.a_home()
    rule = rules.LateRule(rate=Decimal("0.0007"), accrual=rules.Accrual.DAILY_COMPOUND, grace_days=3)
    owing(desk, nightly, rule=rule, amount="333.33")
    for nth in range(40):
        actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 1, 29) + timedelta(days=nth)))
    owing(once, other, rule=rule, amount="333.33")
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 1, 29) + timedelta(days=39)))
    assert sum(fee for fee, *_ in fees_of(nightly)) == sum(fee for fee, *_ in fees_of(other))


def test_the_nights_of_a_month_grow_one_line_and_a_new_month_begins_another(desk):
    home = desk.a_home()
    owing(desk, home)
    for day in (date(2026, 2, 10), date(2026, 2, 11), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)):
        actions.accrue_late_fees(SYSTEM, at=morning(day))
    assert fees_of(home) == [
        (150, date(2026, 1, 29), date(2026, 2, 28)),
        (10, date(2026, 2, 28), date(2026, 3, 2)),
    ]
    february, march = Line.objects.inside().filter(kind="late_fee").order_by("id")
    assert (february.due_on, march.due_on) == (date(2026, 2, 10), date(2026, 3, 1))
    assert march.reason == {"late_of": march.late_of_id, "came_to": 160, "until": "2026-03-02"}
    assert book_of(desk, LATE_FEE_INCOME) == "-1.60"


REWRITTEN = "SELECT n_tup_upd::int, n_tup_hot_upd::int FROM pg_stat_xact_user_tables WHERE relname = 'billing_line'"


def test_a_fee_that_grows_by_a_night_touches_no_index(desk):
    owing(desk, desk.a_home(), desk.a_home())
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 10)))
    ((rewritten, in_place),) = sql.fetch(REWRITTEN)
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 11)))
    assert sql.fetch(REWRITTEN) == [(rewritten + 2, in_place + 2)]


def test_a_fee_of_which_something_was_paid_grows_no_more_and_the_next_night_begins_another(desk):
    home = desk.a_home()
    owing(desk, home)
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 10)))  # 0.60
    fee = Line.objects.inside().get(kind="late_fee")
    actions.take_payment(
        desk.scope,
        subject=home.id,
        amount=Money.parse("0.20"),
        channel=rules.Channel.CASH,
        lines=[fee.pk],
        at=morning(date(2026, 2, 10)),
    )
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 11)))
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 13)))
    assert [amount for amount, *_days in fees_of(home)] == [60, 15]
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.55"


def test_a_part_payment_lowers_what_further_days_cost_and_what_is_paid_costs_nothing_more(desk):
    home = desk.a_home()
    owing(desk, home)
    pay = {"subject": home.id, "channel": rules.Channel.CASH}
    actions.take_payment(desk.scope, amount=Money.parse("50.00"), at=morning(date(2026, 2, 13)), **pay)
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 28)))
    assert [fee for fee, *_ in fees_of(home)] == [113]  # 15 days of 100.00, 15 of 50.00
    actions.take_payment(desk.scope, amount=Money.parse("51.13"), at=morning(date(2026, 2, 28)), **pay)
    assert actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 6, 1))).lines == 0
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"


def test_items_without_a_late_rule_and_lines_not_due_cost_nothing(desk):
    home = desk.a_home()
    owing(desk, home, rule=None)
    assert actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 6, 1))).lines == 0
    other = a_desk()
    owing(other, other.a_home(), rule=rules.LateRule(rate=Decimal("0.0005"), grace_days=200))
    assert actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 6, 1))).lines == 0


def test_a_night_goes_by_portions_and_goes_on_where_it_stopped(desk, monkeypatch):
    from linli.estate.billing.actions import accruing

    monkeypatch.setattr(accruing, "PORTION", 2)
    homes = [desk.a_home() for _nth in range(5)]
    owing(desk, *homes)
    at = morning(date(2026, 2, 28))
    first = actions.accrue_late_fees(SYSTEM, at=at)
    assert (first.seen, first.lines) == (2, 2)
    second = actions.accrue_late_fees(SYSTEM, at=at)  # it fell, and begins anew: what was done is not done again
    assert (second.seen, second.lines) == (2, 0)
    third = actions.accrue_late_fees(SYSTEM, after=second.after, at=at)
    last = actions.accrue_late_fees(SYSTEM, after=third.after, at=at)
    assert (third.lines, last.lines, last.after) == (2, 1, None)
    assert book_of(desk, LATE_FEE_INCOME) == "-7.50"


def test_nothing_is_added_to_a_closed_month(desk):
    home = desk.a_home()
    owing(desk, home)
    actions.close_month(desk.scope, **desk.issued(date(2026, 2, 1)))
    assert actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 2, 28))).lines == 0
    actions.accrue_late_fees(SYSTEM, at=morning(date(2026, 3, 1)))
    assert [fee for fee, *_ in fees_of(home)] == [155]


def test_the_nights_of_a_line_are_one_row_of_its_bill_with_their_sum_worked_out():
    desk = a_desk()
    home = desk.a_home()
    item = desk.an_item("property_fee")
    terms = rules.Terms(late=rules.LateRule(rate=Decimal("0.0005")), due=rules.DueRule(day=31))
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "100"}, terms=terms)
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    desk.charged(item, home)
    month = {"community": desk.community.id, "first_on": date(2026, 1, 1), "at": at(date(2026, 1, 5))}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    for day in (date(2026, 2, 11), date(2026, 2, 16), date(2026, 2, 17), date(2026, 3, 3)):
        actions.accrue_late_fees(SYSTEM, at=at(day))
        if day == date(2026, 2, 16):
            cash = {"channel": rules.Channel.CASH, "payer": home.owner, "at": at(day)}
            line = Line.objects.inside().get(home=home.id, kind="charge")
            actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("50"), lines=[line.pk], **cash)
    (line, fee) = queries.bill_page(desk.scope, bill=Line.objects.inside().filter(home=home.id)[0].bill_id).lines
    months = Line.objects.inside().filter(home=home.id, kind="late_fee")
    assert (fee.kind, fee.nights, months.count()) == (rules.LineKind.LATE_FEE, 30, 2)
    assert fee.amount.minor == sum(months.values_list("amount_minor", flat=True))
    assert (str(fee.amount), str(fee.why.late.computed)) == ("1.13", "1.13")
    told = [(str(each.unpaid), each.days, each.cost) for each in fee.why.late.stretches]
    assert told == [("100.00", 15, "0.75"), ("50.00", 15, "0.375")]
    assert (fee.start_on, fee.end_on, fee.why.late.rate) == (date(2026, 2, 1), date(2026, 3, 3), "0.05")
    assert line.nights == 0
