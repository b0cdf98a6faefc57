"""A month of charging against real PostgreSQL: what is drafted is what is issued, and the book says the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing import actions, rules
from linli.estate.billing.actions.charging import Overlaps
from linli.estate.billing.actions.crediting import PaidAlready
from linli.estate.billing.actions.drafting import ClosedAlready, IssuedAlready
from linli.estate.billing.actions.issuing import Unfinished
from linli.estate.billing.actions.tariffs import BilledUntil, HoldsFrom
from linli.estate.billing.models import DraftLine, Line
from linli.ground.people import actions as people
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import desk_cash, fee_income, fee_receivable, prepaid_fee, property_book
from linli.spine.scope import SYSTEM, HoldsEverywhere

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def a_month(desk, *, issue=True):
    summary = actions.draft_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    if issue:
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    return summary


@pytest.fixture
def desk():
    return a_desk()


def lines_of(home):
    return list(Line.objects.inside().filter(home=home.id).order_by("id"))


def test_a_month_is_drafted_issued_and_stands_in_the_companys_book(desk):
    fee = desk.priced(desk.an_item("property_fee"), price="2.85")
    lift = desk.priced(desk.an_item("lift"), "fixed", amount="30")
    one, two = desk.a_home(), desk.a_home(area_m2="120")
    desk.charged(fee, one, two)
    desk.charged(lift, one)
    summary = a_month(desk)
    assert (summary.lines, str(summary.amount), summary.stopped) == (3, "626.70", 0)
    assert [(line.amount_minor, line.paid_minor) for line in lines_of(one)] == [(25470, 0), (3000, 0)]
    assert book_of(desk, fee_receivable(one.id, one.owner)) == "284.70"
    assert book_of(desk, fee_receivable(two.id, two.owner)) == "342.00"
    assert (book_of(desk, fee_income("property_fee")), book_of(desk, fee_income("lift"))) == ("-596.70", "-30.00")
    assert lines_of(one)[0].reason["figures"] == "89.37 * 2.85 + 0"


def test_drafting_again_replaces_the_draft_and_posts_nothing(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10")
    home = desk.a_home()
    desk.charged(fee, home)
    assert a_month(desk, issue=False) == a_month(desk, issue=False)
    assert DraftLine.objects.inside().filter(home=home.id).count() == 1
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"


def test_seller_and_buyer_each_owe_their_days_and_together_the_month(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=date(2026, 3, 11), at=AT)
    sold = home.with_owner(since=date(2026, 3, 11))
    a_month(desk)
    assert [(line.obligor, line.amount_minor) for line in lines_of(home)] == [(home.owner, 3226), (sold.owner, 6774)]


def test_a_tenant_owes_what_tenants_pay_and_the_owner_the_rest(desk):
    water = desk.priced(desk.an_item(payer=rules.Payer.TENANT), "fixed", amount="20")
    fee = desk.priced(desk.an_item(), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(water, home)
    desk.charged(fee, home)
    home.with_tenant(since=date(2026, 3, 1))
    a_month(desk)
    owed = {line.item_id: line.obligor for line in lines_of(home)}
    assert owed[fee] == home.owner
    assert owed[water] != home.owner


def test_a_home_without_what_the_formula_needs_is_stopped_and_holds_the_month_back(desk):
    fee = desk.priced(desk.an_item(), price="2")
    whole, bare = desk.a_home(), desk.a_home(area_m2=None)
    desk.charged(fee, whole, bare)
    assert a_month(desk, issue=False).stopped == 1
    (stopped,) = DraftLine.objects.inside().filter(home=bare.id)
    assert (stopped.stop, stopped.about, stopped.amount_minor) == ("missing", "home.area", 0)
    with pytest.raises(Unfinished):
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    assert lines_of(whole) == []
    issued = actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, without_stopped=True, at=AT)
    assert (issued.bills, issued.lines) == (1, 1)
    assert lines_of(bare) == []


def test_days_without_a_tariff_are_told_and_not_given_away(desk):
    fee = desk.an_item()
    desk.priced(fee, "fixed", since=date(2026, 3, 21), amount="31")
    home = desk.a_home()
    desk.charged(fee, home)
    assert a_month(desk, issue=False).stopped == 1
    (gap,) = DraftLine.objects.inside().filter(home=home.id, stop="gap")
    assert gap.about == "2026-03-01"


def test_a_communitys_own_tariff_goes_before_the_companys(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="100")
    own = rules.TariffDraft(preset="fixed", parameters={"amount": "62"})
    actions.set_tariff(desk.scope, item=fee, draft=own, start_on=date(2026, 3, 16), community=desk.community.id, at=AT)
    home = desk.a_home()
    desk.charged(fee, home)
    a_month(desk)
    assert [line.amount_minor for line in lines_of(home)] == [4839, 3200]


def test_staff_of_one_community_settle_its_tariffs_and_leave_what_holds_everywhere(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="100")
    local = replace(desk.scope, of_a_community=True)
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "62"})
    said = {"name": {"zh": "物业费"}, "payer": rules.Payer.OWNER, "priority": 1, "payable_online": False}
    coming = actions.set_tariff(desk.scope, item=fee, draft=draft, start_on=date(2026, 8, 1), at=AT)
    for verb in (
        lambda: actions.set_tariff(local, item=fee, draft=draft, start_on=date(2026, 9, 1), at=AT),
        lambda: actions.withdraw_tariff(local, item=fee, tariff=coming, on=MARCH, at=AT),
        lambda: actions.change_item(local, item=fee, **said, at=AT),
        lambda: actions.retire_item(local, item=fee, at=AT),
    ):
        with pytest.raises(HoldsEverywhere):
            verb()
    own = actions.set_tariff(
        local, item=fee, draft=draft, start_on=date(2026, 9, 1), community=desk.community.id, at=AT
    )
    elsewhere = replace(local, communities=(a_desk().community.id,))
    with pytest.raises(NotFound):
        actions.withdraw_tariff(elsewhere, item=fee, tariff=own, on=MARCH, at=AT)
    actions.withdraw_tariff(local, item=fee, tariff=own, on=MARCH, at=AT)


def test_a_month_goes_out_once(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10")
    home = desk.a_home()
    desk.charged(fee, home)
    with pytest.raises(NotFound):
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    a_month(desk)
    with pytest.raises(IssuedAlready):
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    with pytest.raises(IssuedAlready):
        actions.draft_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    assert len(lines_of(home)) == 1


def test_a_closed_month_refuses_by_its_name_what_would_change_it(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10")
    home = desk.a_home()
    desk.charged(fee, home)
    a_month(desk)
    later, month = AT + timedelta(days=60), {"community": desk.community.id, "first_on": MARCH}
    actions.close_month(desk.scope, **month, at=later)
    for change in (actions.draft_month, actions.issue_month, actions.close_month):
        with pytest.raises(ClosedAlready) as refused:
            change(desk.scope, **month, at=later)
        assert refused.value.values["month"] == "2026-03"
    assert len(lines_of(home)) == 1


def test_a_formula_that_could_fail_is_refused_with_its_place_and_nothing_is_kept(desk):
    fee = desk.an_item()
    bad = rules.TariffDraft(formula="price / home.floor", parameters={"price": "3"})
    with pytest.raises(Invalid) as refused:
        actions.set_tariff(desk.scope, item=fee, draft=bad, start_on=MARCH, at=AT)
    assert refused.value.field == "formula"
    assert str(refused.value).startswith("This could divide by zero.")
    assert refused.value.values["at"] == 8
    with pytest.raises(Invalid) as refused:
        actions.set_tariff(desk.scope, item=fee, draft=rules.TariffDraft(preset="built_area"), start_on=MARCH, at=AT)
    assert refused.value.field == "parameters.price"


def test_a_new_price_begins_where_the_bills_end_and_changes_nothing_behind_their_back(desk):
    """March went out at 10.00: a price from the 15th of March would stand beside bills that say otherwise."""
    home = desk.a_home()
    fee = desk.priced(desk.an_item(), "fixed", amount="10", since=MARCH)
    desk.charged(fee, home, since=MARCH)
    desk.issued(MARCH)
    with pytest.raises(BilledUntil) as refused:
        desk.priced(fee, "fixed", amount="12", since=date(2026, 3, 15))
    assert (refused.value.field, refused.value.values["day"]) == ("start_on", "2026-04-01")
    desk.priced(fee, "fixed", amount="12", since=date(2026, 4, 1))
    unpriced = desk.an_item()
    desk.charged(unpriced, home, since=MARCH)
    assert desk.priced(unpriced, "fixed", amount="3", since=MARCH) == unpriced


def test_a_tariff_or_an_assignment_never_holds_twice(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10", since=MARCH)
    with pytest.raises(HoldsFrom) as refused:
        desk.priced(fee, "fixed", amount="12", since=MARCH - timedelta(days=1))
    assert (refused.value.field, refused.value.values["day"]) == ("start_on", MARCH.isoformat())
    home = desk.a_home()
    desk.charged(fee, home)
    with pytest.raises(Overlaps):
        desk.charged(fee, home, since=MARCH)


def test_money_at_the_desk_pays_the_oldest_first_and_keeps_what_is_too_much(desk):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    a_month(desk)
    part = actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse("30.00"), channel=rules.Channel.CASH, at=AT
    )
    assert (part.number, str(part.paid), str(part.kept)) == (f"R{AT.year}-000001", "30.00", "0.00")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "70.00"
    rest = actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse("100.00"), channel=rules.Channel.CASH, at=AT
    )
    assert (rest.number[-6:], str(rest.paid), str(rest.kept)) == ("000002", "70.00", "30.00")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "-30.00"
    assert book_of(desk, desk_cash("front")) == "130.00"
    (line,) = lines_of(home)
    assert (line.amount_minor, line.paid_minor) == (10000, 10000)


def test_a_line_is_credited_up_to_what_is_open_and_the_income_goes_with_it(desk):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    a_month(desk)
    (line,) = lines_of(home)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("30.00"), channel=rules.Channel.POS, at=AT)
    with pytest.raises(PaidAlready):
        actions.credit_line(desk.scope, line=line.pk, amount=Money.parse("70.01"), why="Wrong area", at=AT)
    actions.credit_line(desk.scope, line=line.pk, amount=Money.parse("20.00"), why="Wrong area", at=AT)
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "50.00"
    assert book_of(desk, fee_income("property_fee")) == "-80.00"
    assert [each.amount_minor for each in lines_of(home)] == [10000, -2000]


def test_strangers_find_nothing(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10")
    home, other = desk.a_home(), a_desk()
    desk.charged(fee, home)
    a_month(desk)
    (line,) = lines_of(home)
    with pytest.raises(NotFound):
        actions.draft_month(other.scope, community=desk.community.id, first_on=MARCH, at=AT)
    with pytest.raises(NotFound):
        actions.take_payment(other.scope, subject=home.id, amount=Money(1), channel=rules.Channel.CASH, at=AT)
    with pytest.raises(NotFound):
        actions.credit_line(other.scope, line=line.pk, why="mine", at=AT)
    with pytest.raises(NotFound):
        actions.set_tariff(
            other.scope,
            item=fee,
            draft=rules.TariffDraft(preset="fixed", parameters={"amount": "1"}),
            start_on=AT.date(),
            at=AT,
        )


def test_two_receipts_never_share_a_number_and_a_refused_one_leaves_no_gap(desk):
    fee = desk.priced(desk.an_item(), "fixed", amount="10")
    home = desk.a_home()
    desk.charged(fee, home)
    a_month(desk)
    with pytest.raises(Invalid):
        actions.take_payment(
            desk.scope, subject=home.id, amount=Money(500), channel=rules.Channel.CASH, lines=(999_999,), at=AT
        )
    taken = actions.take_payment(desk.scope, subject=home.id, amount=Money(500), channel=rules.Channel.CASH, at=AT)
    assert taken.number.endswith("-000001")
