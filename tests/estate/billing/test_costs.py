"""Shared costs in a month: entered, divided, issued as lines that add up, explained, and taken back by credits."""

from datetime import date
from decimal import Decimal

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.metering import a_meter, at
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.billing.actions.cost_sheets import MOST_ERRORS, CostImport, NothingOpen
from linli.estate.billing.actions.costs import CostsUndrafted, MonthIsOut
from linli.estate.billing.actions.issuing import Unfinished
from linli.estate.billing.models import Cost, DraftLine, Line
from linli.estate.billing.queries import CostTerms
from linli.estate.billing.rules import ShareBy
from linli.estate.metering import actions as metering
from linli.ground.people import actions as people
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import fee_income, fee_receivable, property_book
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
AFTER = at(date(2026, 4, 2))


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def homes(desk):
    doors = [("1-1-101", "89.37"), ("1-1-201", "120.5"), ("1-2-101", "64"), ("2-1-301", "143.33")]
    return [desk.a_home(door, area_m2=area) for door, area in doors]


def terms(desk, by=ShareBy.AREA, amount="1000.00", **given):
    money = None if amount is None else Money.parse(amount)
    return CostTerms(desk.community.id, MARCH, APRIL, by, amount=money, **given)


def entered(desk, item=None, *, title="Lift power", when=AT, **given):
    item = item or desk.an_item("lift_power")
    return actions.add_cost(desk.scope, item=item, first_on=MARCH, terms=terms(desk, **given), title=title, at=when)


def a_month(desk, *, issue=True, when=AFTER, **given):
    found = actions.draft_month(desk.scope, community=desk.community.id, first_on=MARCH, at=when)
    if issue:
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=when, **given)
    return found


def minors(cost):
    rows = Line.objects.inside().filter(cost=cost, credits=None)
    return {row.subject: row.amount_minor for row in rows}


def test_the_lines_of_a_cost_add_up_to_it_and_stand_in_the_book(desk, homes):
    cost = entered(desk, amount="1000.01")
    assert a_month(desk).lines == 4
    found = minors(cost)
    assert sum(found.values()) == 100_001
    assert found == {homes[0].id: 21422, homes[1].id: 28883, homes[2].id: 15340, homes[3].id: 34356}
    book = property_book(desk.company)
    assert str(ledger.balance(SYSTEM, book=book, address=fee_income("lift_power"))) == "-1000.01"
    owed = str(ledger.balance(SYSTEM, book=book, address=fee_receivable(homes[2].id, homes[2].owner)))
    assert owed == "153.40"
    assert Cost.objects.inside().get(pk=cost).state == "issued"


def test_a_line_explains_its_part(desk, homes):
    cost = entered(desk, amount="1000.01")
    a_month(desk)
    line = Line.objects.inside().get(cost=cost, subject=homes[2].id)
    share = queries.bill_page(desk.scope, bill=line.bill_id).lines[0].why.share
    assert (str(share.source), share.weight, share.total, share.homes) == ("1000.01", "64", "417.2", 4)
    assert (share.title, share.exact, str(share.amount), str(share.rounding)) == (
        "Lift power",
        "153.405177",
        "153.40",
        "0.00",
    )
    other = queries.bill_page(desk.scope, bill=Line.objects.inside().get(cost=cost, subject=homes[0].id).bill_id)
    assert str(other.lines[0].why.share.rounding) == "0.01"


def test_only_the_homes_of_a_building_or_a_stairwell_carry_it(desk, homes):
    building = entered(desk, by=ShareBy.HOME, building="1", amount="100.00")
    stairwell = entered(desk, desk.an_item("stairs"), by=ShareBy.HOME, building="1", unit="1", amount="0.01")
    a_month(desk)
    assert minors(building) == {homes[0].id: 3334, homes[1].id: 3333, homes[2].id: 3333}
    assert list(minors(stairwell).values()) == [1]


def test_a_floor_table_lets_the_ground_floor_carry_nothing(desk, homes):
    facts = [HomeFact(home=home.id, floor=n) for n, home in enumerate(homes, start=1)]
    actions.set_home_facts(desk.scope, community=desk.community.id, facts=facts, at=AT)
    cost = entered(desk, by=ShareBy.FLOOR, floors="1-2=0, 3+=1", amount="100.01")
    shown = queries.cost_page(desk.scope, cost=cost, at=AT).shares
    assert [str(each.amount) for each in shown.carried] == ["0.00", "0.00", "50.01", "50.00"]
    a_month(desk)
    assert minors(cost) == {homes[2].id: 5001, homes[3].id: 5000}


def test_per_head_and_by_a_value_of_the_homes(desk, homes):
    facts = [HomeFact(home=home.id, persons=n, attributes={"lift": Decimal(n) / 2}) for n, home in enumerate(homes)]
    actions.set_home_facts(desk.scope, community=desk.community.id, facts=facts, at=AT)
    heads = entered(desk, by=ShareBy.HEADS, amount="60.00")
    value = entered(desk, desk.an_item("lift"), by=ShareBy.ATTRIBUTE, attribute="lift", amount="60.00")
    a_month(desk)
    expected = {homes[1].id: 1000, homes[2].id: 2000, homes[3].id: 3000}
    assert minors(heads) == minors(value) == expected


def test_a_shared_meter_counts_what_is_shared_by_its_own_weights(desk, homes):
    meter = a_meter(desk, label="LIFT-1")
    weights = {homes[0].id: Decimal(1), homes[3].id: Decimal("1.5")}
    metering.set_shares(desk.scope, meter=meter.id, shares=weights, at=AT)
    cost = entered(desk, by=ShareBy.METER, amount=None, meter=meter.id, price=Decimal("0.8217"))
    stopped = a_month(desk, issue=False)
    assert (stopped.lines, stopped.stopped) == (0, 1)
    (line,) = DraftLine.objects.inside().filter(cost=cost)
    assert (line.stop, line.about) == ("no_reading", "LIFT-1")
    meter.reads(1000, date(2026, 3, 26))
    a_month(desk)
    assert minors(cost) == {homes[0].id: 32868, homes[3].id: 49302}
    why = Line.objects.inside().get(cost=cost, subject=homes[0].id).reason
    assert (why["share"]["quantity"], why["share"]["price"], why["readings"][0]["meter"]) == (
        "1000",
        "0.8217",
        "LIFT-1",
    )
    assert str(queries.cost_page(desk.scope, cost=cost, at=AT).shares.source) == "821.70"


def test_a_sale_within_the_month_cuts_a_part_and_both_ends_add_up_to_it(desk, homes):
    cost = entered(desk, by=ShareBy.HOME, amount="100.01")
    people.move_out(SYSTEM, party=homes[0].owner, home=homes[0].id, kind="owner", end_on=date(2026, 3, 11), at=AT)
    buyer = homes[0].with_owner(since=date(2026, 3, 11)).owner
    a_month(desk)
    rows = Line.objects.inside().filter(cost=cost, subject=homes[0].id).order_by("start_on")
    assert [(row.obligor, row.start_on.day, row.amount_minor) for row in rows] == [
        (homes[0].owner, 1, 807),
        (buyer, 11, 1694),
    ]
    assert sum(Line.objects.inside().filter(cost=cost).values_list("amount_minor", flat=True)) == 10001


def test_a_home_that_cannot_be_weighed_holds_back_the_whole_cost(desk, homes):
    bare = desk.a_home("1-1-301", area_m2=None)
    cost = entered(desk)
    found = a_month(desk, issue=False)
    assert (found.lines, found.stopped) == (0, 1)
    (line,) = DraftLine.objects.inside().filter(cost=cost)
    assert (line.subject, line.stop, line.about) == (bare.id, "missing", "home.area")
    with pytest.raises(Unfinished):
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AFTER)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, without_stopped=True, at=AFTER)
    assert minors(cost) == {}
    assert Cost.objects.inside().get(pk=cost).state == "entered"


def test_a_cost_that_came_after_the_draft_is_drafted_first(desk, homes):
    a_month(desk, issue=False, when=AT)
    cost = entered(desk, when=AFTER)
    with pytest.raises(CostsUndrafted):
        actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AFTER)
    assert minors(cost) == {}


def test_a_month_that_is_out_takes_no_further_cost(desk, homes):
    item = desk.an_item("lift_power")
    a_month(desk)
    with pytest.raises(MonthIsOut):
        entered(desk, item)
    assert not Cost.objects.inside().filter(item=item).exists()


def test_a_cost_is_withdrawn_before_its_month_goes_out_and_never_after(desk, homes):
    one, two = entered(desk), entered(desk, desk.an_item("water"))
    a_month(desk, issue=False)
    actions.withdraw_cost(desk.scope, cost=one, why="Entered twice", at=AFTER)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AFTER)
    assert (minors(one), sum(minors(two).values())) == ({}, 100_000)
    with pytest.raises(WrongState):
        actions.withdraw_cost(desk.scope, cost=two, why="Too late", at=AFTER)
    assert Cost.objects.inside().get(pk=two).state == "issued"


def test_what_went_out_is_taken_back_by_credit_lines_and_what_was_paid_stays_paid(desk, homes):
    cost = entered(desk, by=ShareBy.HOME, amount="100.00")
    a_month(desk)
    cash = {"channel": rules.Channel.CASH, "payer": homes[0].owner, "at": AFTER}
    actions.take_payment(desk.scope, subject=homes[0].id, amount=Money.parse("20"), **cash)
    assert str(actions.credit_cost(desk.scope, cost=cost, why="The bill was wrong", at=AFTER)) == "80.00"
    card = queries.cost_page(desk.scope, cost=cost, at=AFTER).card
    assert (str(card.charged), str(card.paid), str(card.credited)) == ("100.00", "20.00", "80.00")
    taken_back = Line.objects.inside().filter(cost=cost).exclude(credits=None)
    assert sorted(row.amount_minor for row in taken_back) == [-2500, -2500, -2500, -500]
    assert queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()
    with pytest.raises(NothingOpen):
        actions.credit_cost(desk.scope, cost=cost, why="Again", at=AFTER)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"amount": None}, "amount"),
        ({"building": "9"}, "building"),
        ({"by": ShareBy.FLOOR, "floors": "one=1"}, "floors"),
        ({"by": ShareBy.ATTRIBUTE}, "attribute"),
        ({"by": ShareBy.METER}, "meter"),
        ({"price": Decimal(1)}, "price"),
    ],
)
def test_what_cannot_be_divided_is_refused_by_its_field_and_nothing_is_entered(desk, homes, given, field):
    with pytest.raises(Invalid) as refused:
        entered(desk, **given)
    assert refused.value.field == field
    assert not Cost.objects.inside().filter(community=desk.community.id).exists()


SHEET = "收费项目,分摊方式,说明,楼栋,金额,表号,单价\nlift_power,面积,一栋电梯,1,1000.00,,\nlift_power,按户,,2,88.8,,\n"


def test_a_sheet_is_entered_whole_and_only_once(desk, homes):
    desk.an_item("lift_power")
    sheet = {"community": desk.community.id, "first_on": MARCH, "file_name": "costs.csv", "at": AT}
    assert actions.import_costs(desk.scope, content=SHEET.encode(), **sheet) == CostImport(2)
    assert actions.import_costs(desk.scope, content=SHEET.encode(), **sheet) == CostImport(0)
    found = queries.costs(desk.scope, community=desk.community.id, first_on=MARCH)
    assert [(each.title, str(each.terms.amount), each.terms.building) for each in found] == [
        ("一栋电梯", "1000.00", "1"),
        ("", "88.80", "2"),
    ]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ("gas,面积,,1,5,,", "item"),
        ("lift_power,随便,,1,5,,", "by"),
        ("lift_power,面积,,9,5,,", "building"),
        ("lift_power,面积,,1,five,,", "amount"),
        ("lift_power,面积,,1,,M-0,1", "meter"),
        ("lift_power,面积,,1,,,", "amount"),
    ],
)
def test_a_sheet_with_a_wrong_cell_names_it_and_enters_nothing(desk, homes, wrong, column):
    desk.an_item("lift_power")
    content = f"{SHEET}{wrong}\n".encode()
    found = actions.import_costs(
        desk.scope, community=desk.community.id, first_on=MARCH, file_name="c.csv", content=content, at=AT
    )
    assert [(found.entered, each.row, each.column) for each in found.errors] == [(0, 4, column)]
    assert not Cost.objects.inside().filter(community=desk.community.id).exists()


def test_every_wrong_cell_of_a_sheet_is_named_by_the_sheets_own_heading(desk, homes):
    desk.an_item("lift_power")
    wrong = "gas,随便,,9,five,M-0,?\nlift_power,面积,,1,,,\n"
    sheet = {"community": desk.community.id, "first_on": MARCH, "file_name": "c.csv", "at": AT}
    found = actions.import_costs(desk.scope, content=f"{SHEET}{wrong}".encode(), **sheet)
    assert [(each.row, each.heading, each.value) for each in found.errors] == [
        (4, "收费项目", "gas"),
        (4, "分摊方式", "随便"),
        (4, "楼栋", "9"),
        (4, "金额", "five"),
        (4, "表号", "M-0"),
        (4, "单价", "?"),
        (5, "金额", ""),
    ]
    many = actions.import_costs(desk.scope, content=(SHEET + 40 * "gas,随便,,9,five,M-0,?\n").encode(), **sheet)
    assert (len(many.errors), many.more_errors) == (MOST_ERRORS, 40 * 6 - MOST_ERRORS)
    assert not Cost.objects.inside().filter(community=desk.community.id).exists()


def test_another_companys_cost_is_not_there(desk, homes):
    cost, stranger = entered(desk), a_desk()
    for ask in (
        lambda: queries.cost_page(stranger.scope, cost=cost, at=AT),
        lambda: queries.costs(stranger.scope, community=desk.community.id, first_on=MARCH),
        lambda: actions.withdraw_cost(stranger.scope, cost=cost, why="Mine", at=AT),
        lambda: actions.credit_cost(stranger.scope, cost=cost, why="Mine", at=AT),
    ):
        with pytest.raises(NotFound):
            ask()
    assert Cost.objects.inside().get(pk=cost).state == "entered"
